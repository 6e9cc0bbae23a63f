"""`judge-desk ruling render`, `sign`, `verify` and `diff`: the contract of the command line, with real keys."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from judge_desk.cli import ruling
from judge_desk.cli.answer import Exit
from judge_desk.cli.ruling import files
from judge_desk.domain.acts import canonical_json, normalised
from judge_desk.domain.errors import BadInput, WrongPin
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.templates import template
from judge_desk.i18n.translator import Translator
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.signing import SigningService
from tests.authority import JUDGE, PASSWORD, Authority, stamp_server
from tests.factories import desk_context
from tests.pdfa import assert_pdfa
from tests.unit.services.test_signing import finals

Run = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def act(tmp_path: Path) -> Path:
    form = template("civil_decision.kk")
    made = normalised(compose(form, CaseFacts(language=form.language, values=dict.fromkeys(form.slots, "Ақтөбе"))))
    path = tmp_path / "act.json"
    path.write_bytes(canonical_json(made))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("JUDGE_DESK_PIN", PASSWORD)

    def call(*words: str | Path, open_desk: Any = None) -> tuple[int, Any]:
        parser = argparse.ArgumentParser()
        ruling.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["ruling", *map(str, words)])
        arguments.text, arguments.open_desk = Translator("en"), open_desk
        code = arguments.func(arguments)
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in words else out

    return call


def test_render_makes_every_format_by_the_ending(run: Run, act: Path, tmp_path: Path) -> None:
    for ending, start in ((".pdf", b"%PDF-1.7"), (".docx", b"PK"), (".xml", b"<?xml"), (".txt", "ҚАЗАҚСТАН".encode())):
        code, answer = run("render", act, "--out", tmp_path / f"x{ending}", "--json")
        assert (code, answer["bytes"]) == (Exit.DONE, (tmp_path / f"x{ending}").stat().st_size)
        assert (tmp_path / f"x{ending}").read_bytes().startswith(start)
    with pytest.raises(BadInput, match=r"drafting\.bad\.format"):
        run("render", act, "--out", tmp_path / "x.odt")
    assert not (tmp_path / "x.odt").exists()


def test_an_act_is_signed_and_verified_and_a_forged_one_is_found(
    run: Run, act: Path, authority: Authority, tmp_path: Path
) -> None:
    out = tmp_path / "signed.pdf"
    code, answer = run("sign", act, "--out", out, "--key-file", authority.key_file(), "--json")
    assert code == Exit.DONE
    assert answer["signed"] == [{"file": str(act), "out": str(out), "stamped": False}]
    assert_pdfa(out, "2a", "ua1")
    code, verdict = run("verify", out, "--trust", authority.root_file, "--json")
    assert (code, verdict["valid"], verdict["reasons"]) == (Exit.DONE, True, [])
    assert verdict["signers"][0]["name"] == JUDGE
    code, verdict = run("verify", out, "--json")
    assert (code, verdict["valid"], verdict["codes"]) == (Exit.FINDINGS, False, ["no_roots"])
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(out.read_bytes() + b"\nmore")
    code, verdict = run("verify", forged, "--trust", authority.root_file, "--json")
    assert (code, verdict["valid"]) == (Exit.FINDINGS, False)
    assert verdict["reasons"]
    code, text = run("verify", out, "--trust", authority.root_file)
    assert text.splitlines()[0] == "The signature is valid: the file is what was signed."


def test_a_second_signature_and_a_stamp(run: Run, act: Path, tmp_path: Path) -> None:
    with stamp_server(tmp_path / "world") as (authority, _server, url):
        once, twice = tmp_path / "once.pdf", tmp_path / "twice.pdf"
        run("sign", act, "--out", once, "--key-file", authority.key_file())
        stamp = ("--stamp", url, "--trust", authority.root_file)
        code, answer = run("sign", once, "--out", twice, "--key-file", authority.key_file("ЕКІНШІ"), *stamp, "--json")
        assert (code, answer["signed"][0]["stamped"], answer["problem"]) == (Exit.DONE, True, "")
        code, verdict = run("verify", twice, "--trust", authority.root_file, "--json")
        assert code == Exit.DONE
        assert [each["level"] for each in verdict["signers"]] == ["B-LTA", "B-LTA"]


def test_many_files_go_into_a_folder_and_a_wrong_pin_leaves_nothing(
    run: Run, act: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = [tmp_path / f"a{number}.json" for number in range(5)]
    for path in acts:
        path.write_bytes(act.read_bytes())
    folder = tmp_path / "signed"
    with pytest.raises(BadInput, match=r"signing\.cli\.folder"):
        run("sign", *acts, "--out", folder, "--key-file", authority.key_file())
    folder.mkdir()
    monkeypatch.setenv("JUDGE_DESK_PIN", "wrong")
    with pytest.raises(WrongPin):
        run("sign", *acts, "--out", folder, "--key-file", authority.key_file())
    assert list(folder.iterdir()) == []
    monkeypatch.setenv("JUDGE_DESK_PIN", PASSWORD)
    code, answer = run("sign", *acts, "--out", folder, "--key-file", authority.key_file(), "--json")
    assert (code, len(answer["signed"]), answer["left"]) == (Exit.DONE, 5, [])
    assert sorted(path.name for path in folder.iterdir()) == [f"a{number}.pdf" for number in range(5)]
    with pytest.raises(BadInput, match=r"signing\.cli\.means"):
        run("sign", *acts, "--out", folder)


def test_an_act_with_blanks_is_not_signed(run: Run, authority: Authority, tmp_path: Path) -> None:
    form = template("civil_decision.kk")
    path = tmp_path / "blank.json"
    path.write_bytes(canonical_json(compose(form, CaseFacts(language=form.language))))
    with pytest.raises(BadInput, match=r"drafts\.finalise\.blanks"):
        run("sign", path, "--out", tmp_path / "x.pdf", "--key-file", authority.key_file())
    assert not (tmp_path / "x.pdf").exists()


def test_the_acts_of_a_profile_are_noted_as_signed_on_paper(run: Run, tmp_path: Path) -> None:
    context = desk_context(tmp_path, clock=FixedClock(datetime(2026, 11, 24, 9, tzinfo=UTC)))
    made = finals(context, 2)

    @contextmanager
    def open_desk(_folder: Path) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(desk=SimpleNamespace(signing=SigningService(context)))

    profile = ("sign", "--profile", tmp_path, "--json")
    code, answer = run(*profile, "--on-paper", "2026-11-24", "--act", made[1], open_desk=open_desk)
    assert (code, answer) == (Exit.DONE, {"signed": [{"id": made[1]}], "left": [], "problem": ""})
    code, answer = run(*profile, "--list", open_desk=open_desk)
    assert [each["id"] for each in answer["unsigned"]] == [made[0]]
    with pytest.raises(BadInput, match=r"signing\.paper\.future"):
        run(*profile, "--on-paper", "2026-11-25", open_desk=open_desk)
    assert SigningService(context).signed() == {made[1]: date(2026, 11, 24)}
    context.store.close()


def test_diff_compares_acts_and_what_came_back_from_word(run: Run, act: Path, tmp_path: Path) -> None:
    word = tmp_path / "act.docx"
    run("render", act, "--out", word)
    assert run("diff", act, word, "--json") == (Exit.DONE, {"count": 0, "blocks": []})
    other = tmp_path / "other.json"
    other.write_text(act.read_text(encoding="utf-8").replace("ШЕШІМ", "ҰЙҒАРЫМ", 1), encoding="utf-8")
    code, answer = run("diff", act, other, "--json")
    assert (code, answer["count"]) == (Exit.FINDINGS, 1)
    assert {piece["change"] for piece in answer["blocks"][0]["pieces"]} == {"removed", "added"}
    assert files.read_act(word) == files.read_act(act)
