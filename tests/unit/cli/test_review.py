"""``judge-desk review``: the contract of its JSON, its exit codes, and that no later command line bends them."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from judge_desk.analytics.assignment import draw
from judge_desk.cli import review
from judge_desk.domain.campaigns import combined_seed, pairs_sha256
from judge_desk.domain.errors import BadInput
from judge_desk.domain.review_protocol import DrawingProtocol, seal_in_groups
from judge_desk.i18n import Translator
from judge_desk.protocol import codec
from tests.unit.analytics.made_ratings import many_facet
from tests.unit.analytics.test_assignment import country


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*words: str | Path) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        review.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["review", *map(str, words)])
        arguments.text = Translator("en")
        code = int(arguments.func(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def written(path: Path, head: str, rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head.split())
        writer.writerows(rows)
    return path


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    made, _ = many_facet(subjects=30, raters=5, criteria=2, share=0.8)
    rows: list[tuple[object, ...]] = [(each.subject, each.rater, each.criterion, each.score) for each in made]
    return written(tmp_path / "ratings.csv", "subject rater criterion score", [*rows, ("s1", "r1", "c1", "?")])


def test_analyse_keeps_its_contract(run: Any, ratings: Path) -> None:
    code, out, _ = run("analyse", ratings, "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer["subjects"][0]) >= {"subject", "score", "low", "high", "forms"}
    assert set(answer["raters"][0]) >= {"rater", "severity", "se", "infit"}
    assert set(answer["criteria"][0]) >= {"criterion", "difficulty", "se"}
    assert all(isinstance(answer[key], float) for key in ("alpha", "icc", "deviance"))
    fault = answer["refused"][0]
    assert (fault["file"], fault["line"], fault["field"]) == (
        "ratings.csv",
        len(ratings.read_text().splitlines()),
        "score",
    )
    assert not {key for key in answer if "rank" in key}


def test_analyse_tests_the_groups_it_is_given(run: Any, ratings: Path, tmp_path: Path) -> None:
    people = [(f"s{at:04d}", "north" if at % 2 else "south", "") for at in range(30)]
    people += [(f"r{at:03d}", "north" if at % 2 else "south", "f") for at in range(5)]
    groups = written(tmp_path / "groups.csv", "id region sex", people)
    answer = json.loads(run("analyse", ratings, "--groups", groups, "--json")[1])
    assert [each["grouping"] for each in answer["fairness"]] == ["region"]
    assert {"grouping", "p", "differences", "found"} <= set(answer["fairness"][0])
    assert "sex" in {each["about"] for each in answer["remarks"]}


def test_analyse_in_words_names_faults_and_scores(run: Any, ratings: Path) -> None:
    code, out, said = run("analyse", ratings)
    assert code == 0
    assert "s0000\t" in out
    assert "Krippendorff's alpha 0." in out
    assert "ratings.csv:" in said


def test_a_design_in_parts_is_refused_and_named(run: Any, tmp_path: Path) -> None:
    rows = [(f"s{at}", f"r{at // 2}", "c", at) for at in range(4)]
    path = written(tmp_path / "parts.csv", "subject rater criterion score", rows)
    code, out, said = run("analyse", path, "--json")
    answer = json.loads(out)
    assert (code, answer["subjects"], answer["connected"], answer["alpha"]) == (2, [], False, None)
    assert answer["components"] == [
        {"subjects": ["s0", "s1"], "raters": ["r0"]},
        {"subjects": ["s2", "s3"], "raters": ["r1"]},
    ]
    assert "2 parts" in said
    assert "s0, s1" in run("analyse", path)[1]


def test_assign_keeps_its_contract(run: Any, tmp_path: Path) -> None:
    members, conflicts = country(60, 1)
    rows = [(each.id, each.court, each.region, each.branch, "/".join(sorted(each.languages))) for each in members]
    judges = written(tmp_path / "judges.csv", "id court region branch languages", rows)
    pairs = written(
        tmp_path / "conflicts.csv", "judge_a judge_b reason", [(c.one, c.other, c.reason) for c in conflicts]
    )
    code, out, _ = run("assign", judges, pairs, "--per-judge", "3", "--seed", "1", "--json")
    answer = json.loads(out)
    assert code == 0
    assert len(answer["pairs"]) == 180
    assert set(answer["pairs"][0]) == {"reviewer", "subject"}
    assert (answer["violations"], answer["optimal"], answer["gap"]) == ([], True, 0.0)
    assert answer["seconds"] > 0
    assert {"seed", "input_sha256", "solver", "components", "reserves"} <= set(answer)
    assert len(run("assign", judges, pairs)[1].splitlines()) == 180


def test_assign_says_whom_and_what_it_could_not_keep(run: Any, tmp_path: Path) -> None:
    judges = written(tmp_path / "judges.csv", "id court", [("a", "1"), ("b", "1"), ("c", "1"), ("d", "2")])
    none = written(tmp_path / "conflicts.csv", "a b reason", [("a", "nobody", "kin")])
    code, out, _ = run("assign", judges, none, "--per-judge", "2", "--json")
    answer = json.loads(out)
    assert (code, answer["pairs"], answer["optimal"]) == (2, [], False)
    assert {(each["judge"], each["rule"]) for each in answer["violations"]} == {
        ("a", "court"),
        ("b", "court"),
        ("c", "court"),
    }
    assert [(each["line"], each["field"]) for each in answer["refused"]] == [(2, "b")]
    assert "same court" in run("assign", judges, none, "--per-judge", "2")[2]


def test_acts_are_drawn_again_from_the_pool_by_seed_and_period_alone(run: Any, tmp_path: Path) -> None:
    lines = [
        {"id": f"a{at}", "judge": f"j{at % 3}", "date": f"2026-0{1 + at % 6}-10", "text": f"act {at}", "category": "x"}
        for at in range(18)
    ]
    pool = tmp_path / "pool.jsonl"
    pool.write_text("\n".join([*map(json.dumps, lines), '{"id": "b", "judge": "j0", "text": "no day"}']))
    period = ("--from", "2026-03-01", "--to", "2026-05-31", "--number", "2", "--json")
    code, out, _ = run("acts", pool, "--seed", "7", *period)
    told = json.loads(out)
    assert code == 0
    assert (told["pool"], len(told["acts"]), len(told["refused"])) == (18, 6, 1)
    days = {each["id"]: each["date"] for each in lines}
    assert {days[each["id"]][5:7] for each in told["acts"]} <= {"03", "04", "05"}
    pool.write_text("\n".join(map(json.dumps, reversed(lines))))
    again = json.loads(run("acts", pool, "--seed", "7", *period)[1])
    assert (again["acts"], again["pool_sha256"]) == (told["acts"], told["pool_sha256"])
    assert json.loads(run("acts", pool, "--seed", "8", *period)[1])["acts"] != told["acts"]


def test_a_drawing_is_replayed_from_its_protocol_and_a_changed_one_is_found(run: Any, tmp_path: Path) -> None:
    members, conflicts = country(60, seed=1)
    nonce = "0f" * 16
    drawing = draw(members, conflicts, per_judge=3, seed=combined_seed(5, nonce))
    protocol = DrawingProtocol(
        campaign_id="c",
        title="Spring",
        seed=5,
        nonce=nonce,
        per_judge=3,
        members=tuple(members),
        conflicts=tuple(conflicts),
        pairs=drawing.pairs,
        reserves=drawing.reserves,
        nonce_sha256=sha256(nonce.encode()).hexdigest(),
        input_sha256=drawing.input_sha256,
        pairs_sha256=pairs_sha256(drawing.pairs, nonce),
        solver=drawing.solver,
    )
    path = tmp_path / "protocol.json"
    path.write_bytes(codec.encode(protocol))
    code, out, _ = run("replay", path, "--json")
    assert (code, json.loads(out)["same"], json.loads(out)["pairs"]) == (0, True, len(drawing.pairs))
    assert run("replay", path)[0] == 0
    seal = seal_in_groups(protocol.pairs_sha256)
    assert seal in run("replay", path)[1]
    assert run("replay", path, "--shown", seal.upper())[0] == 0
    # A part of the seal proves nothing, and a hub that rewrote protocol and hashes alike is found by who kept it.
    for wrong in (seal[:20], seal.replace(seal[0], "x", 1)):
        code, out, _ = run("replay", path, "--shown", wrong, "--json")
        assert (code, json.loads(out)["shown_fits"], json.loads(out)["same"]) == (1, False, False)
    other = replace(protocol, nonce="1f" * 16, nonce_sha256=sha256(("1f" * 16).encode()).hexdigest())
    anew = draw(members, conflicts, per_judge=3, seed=combined_seed(5, other.nonce))
    other = replace(other, pairs=anew.pairs, pairs_sha256=pairs_sha256(anew.pairs, other.nonce))
    path.write_bytes(codec.encode(other))
    assert run("replay", path)[0] == 0
    assert run("replay", path, "--shown", seal)[0] == 1
    path.write_bytes(codec.encode(replace(protocol, pairs=drawing.pairs[1:])))
    code, out, _ = run("replay", path)
    assert code == 1
    assert f"{drawing.pairs[0].reviewer} → {drawing.pairs[0].subject}" in out
    path.write_bytes(codec.encode(replace(protocol, format=99)))
    with pytest.raises(BadInput, match="format"):
        run("replay", path)
