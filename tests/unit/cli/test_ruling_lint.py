"""`judge-desk ruling lint`: the contract of its answer and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judge_desk.domain.acts import ActText, PartKind, canonical_json
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.domain.twins import with_authority
from tests.unit.assistant.whole_acts import whole_decision, with_block, without_part
from tests.unit.cli.test_ruling import run

DAY = ("--signed", "2026-05-20")


def written(folder: Path, act: ActText, name: str = "act.json") -> str:
    path = folder / name
    path.write_bytes(canonical_json(act))
    return str(path)


def test_a_whole_act_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lint", written(tmp_path, whole_decision(Language.KAZAKH)), "--json", *DAY) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": []}


def test_findings_have_the_keys_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    act = without_part(whole_decision(Language.RUSSIAN), PartKind.OPERATIVE)
    assert run("lint", written(tmp_path, act), "--json", *DAY) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {"rule", "severity", "part", "block", "message", "norm"} <= found[0].keys()
    assert found[0]["rule"] == "part.missing"
    assert found[0]["part"] == "operative"
    assert "ГПК ст. 226" in found[0]["norm"]


def test_parts_out_of_order_are_a_finding_not_a_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    act = whole_decision(Language.RUSSIAN)
    path = tmp_path / "act.json"
    body = json.loads(canonical_json(act))
    body["parts"].reverse()
    path.write_text(json.dumps(body), encoding="utf-8")
    assert run("lint", str(path), "--json", *DAY) == 1
    assert "part.order" in {each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]}


def test_the_twin_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = (
        with_authority(whole_decision(each), Language.KAZAKH) for each in (Language.RUSSIAN, Language.KAZAKH)
    )
    twin = written(tmp_path, with_block(there, "op-costs", "60 000 теңге мемлекеттік баж өндірілсін"), "twin.json")
    assert run("lint", written(tmp_path, here), "--twin", twin, "--json", "--lang", "en", *DAY) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["rule"], each["block"], each["other_block"]) for each in found] == [
        ("twin.sum", "op-costs", "op-costs")
    ]
    assert found[0]["message"].startswith("Sum differs")


def test_in_words_each_finding_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    act = without_part(whole_decision(Language.RUSSIAN), PartKind.DESCRIPTIVE)
    assert run("lint", written(tmp_path, act), *DAY) == 1
    assert "В акте нет части: описательная часть." in capsys.readouterr().out


def test_what_is_no_act_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput):
        run("lint", str(path))
