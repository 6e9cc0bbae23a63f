"""`judge-desk ruling new` and `render`: the contract of the command line, without a window or a profile."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from judge_desk.cli import ruling
from judge_desk.domain.acts import act_hash, plain_text
from judge_desk.domain.errors import BadInput, NotFound
from tests.pdfa import assert_pdfa
from tests.unit.drafting.test_templates import CASE, COURT, HEARING


def run(*words: str, **more: Any) -> int:
    parser = argparse.ArgumentParser()
    ruling.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["ruling", *words], argparse.Namespace(**more))
    return int(arguments.func(arguments))


def test_the_list_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "--list", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"id", "procedure", "kind", "language"} <= answer["templates"][0].keys()
    assert len(answer["templates"]) >= 30


def test_an_act_goes_from_form_to_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    act, facts = tmp_path / "act.json", tmp_path / "facts.json"
    facts.write_text(json.dumps({"judge": "Ахметов Д. С.", "case.number": "7"}), encoding="utf-8")
    words = ("--template", "civil_decision.kk", "--facts", str(facts), "--out", str(act), "--json")
    assert run("new", *words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sha256"] == act_hash(ruling.read_act(act))
    assert {"block": "op-operative", "field": "operative"} in answer["blanks"]
    pdf, text = tmp_path / "act.pdf", tmp_path / "act.txt"
    assert run("render", str(act), "--out", str(pdf)) == 0
    assert run("render", str(act), "--out", str(text)) == 0
    assert_pdfa(pdf, "2a", "ua1")
    assert "Ахметов Д. С." in text.read_text(encoding="utf-8")


def test_final_paper_does_not_say_draft(tmp_path: Path) -> None:
    act = tmp_path / "act.json"
    run("new", "--template", "court_order.ru", "--out", str(act))
    for name, more in (("a", ()), ("b", ("--final",))):
        run("render", str(act), "--out", str(tmp_path / f"{name}.pdf"), *more)
    assert (tmp_path / "a.pdf").read_bytes() != (tmp_path / "b.pdf").read_bytes()


def test_without_a_file_the_act_goes_to_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("new", "--template", "civil_decision.kk") == 0
    assert json.loads(capsysbinary.readouterr().out)["template"] == "civil_decision.kk"


def test_a_case_fills_the_form(tmp_path: Path) -> None:
    def case_file(case_id: str) -> Any:
        assert case_id == "case"
        return SimpleNamespace(case=CASE, hearings=(HEARING,))

    cases = SimpleNamespace(case_file=case_file, find_number={CASE.number: "case"}.get)

    @contextmanager
    def open_desk(folder: Path) -> Iterator[Any]:
        assert folder == tmp_path
        yield SimpleNamespace(desk=SimpleNamespace(cases=cases, court=COURT))

    act = tmp_path / "act.json"
    words = ("new", "--template", "civil_adjournment.ru", "--case", CASE.number, "--profile", str(tmp_path))
    assert run(*words, "--date", "2026-05-12", "--out", str(act), open_desk=open_desk) == 0
    text = plain_text(ruling.read_act(act))
    assert "Сейітқали Әсет (ИИН" in text
    assert "12\u00a0мая 2026\u00a0года в\u00a010:30, зал № 3." in text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("drafting.bad.no_profile", ("new", "--template", "civil_decision.kk", "--case", "x")),
        ("drafting.bad.not_in_force", ("new", "--template", "civil_decision.kk", "--date", "2001-01-01")),
        ("drafting.bad.file", ("new", "--template", "civil_decision.kk", "--facts", "nothing.json")),
        ("drafting.bad.file", ("render", "nothing.json", "--out", "x.pdf")),
        ("drafting.bad.format", ("render", "ACT", "--out", "x.exe")),
        ("drafting.bad.not_written", ("render", "ACT", "--out", "no/such/folder/x.txt")),
        ("errors.bad_body", ("render", "BROKEN", "--out", "x.pdf")),
    ],
)
def test_bad_use_is_named(key: str, words: tuple[str, ...], tmp_path: Path) -> None:
    act, broken = tmp_path / "act.json", tmp_path / "broken.json"
    run("new", "--template", "court_order.kk", "--out", str(act))
    broken.write_text('{"language": "kk", "kind": "opinion"}', encoding="utf-8")
    files = {"ACT": str(act), "BROKEN": str(broken)}
    with pytest.raises(BadInput) as caught:
        run(*(files.get(word, word) for word in words))
    assert caught.value.key == key
    assert not Path("x.pdf").exists()


def test_an_unknown_form_is_not_found() -> None:
    with pytest.raises(NotFound):
        run("new", "--template", "x.kk", "--date", date(2026, 1, 1).isoformat())
