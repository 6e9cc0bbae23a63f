"""``judge-desk review`` on published sets and on tables that go wrong: known figures, or words, no traceback."""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from judge_desk.cli import review
from judge_desk.domain.errors import KnownError
from judge_desk.i18n import Translator

LANGUAGES = ("kk", "ru", "en")
Row = tuple[str, str, str, float]
Run = Callable[..., tuple[int, str, str]]
HEAD = "subject,rater,criterion,score"
ICCS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")

# K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), section C; 0 where nobody looked.
KRIPPENDORFF_2011 = (
    "1 2 3 3 2 1 4 1 2 0 0 0",
    "1 2 3 3 2 2 4 1 2 5 0 3",
    "0 3 3 3 2 3 4 2 2 5 1 0",
    "1 2 3 3 2 4 4 1 2 5 1 0",
)
# The worked example of three coders and fifteen units that encyclopaedias and packages carry: .691, .807, .811.
THREE_CODERS = (
    "0 0 0 0 0 3 4 1 2 1 1 3 3 0 3",
    "1 0 2 1 3 3 4 3 0 0 0 0 0 0 0",
    "0 0 2 1 3 4 4 0 2 1 1 3 3 0 4",
)
# P. Shrout and J. Fleiss, Intraclass correlations (1979), table 2, a line for each of four judges.
SHROUT_FLEISS = ("9 6 8 7 10 6", "2 1 4 1 5 2", "5 3 6 2 6 4", "8 2 8 6 9 7")
# Eight wines by four judges: the example of pingouin and of Real Statistics.
WINES = ("1 1 3 6 6 7 8 9", "2 3 8 4 5 5 7 9", "0 3 1 3 5 6 7 9", "1 2 4 3 6 2 9 8")
# ``anxiety`` of R's package irr, twenty subjects by three raters: ICC(A,1) is .198.
ANXIETY = (
    "3 3 3 4 5 5 2 3 5 2 2 6 1 5 2 2 1 2 4 3",
    "3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4",
    "2 1 4 4 3 2 1 6 1 1 1 2 3 3 1 1 3 3 2 2",
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """(exit code, stdout, stderr) as the program gives them, in a language."""

    def command(*words: str | Path, language: str = "en") -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        review.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["review", *map(str, words)])
        arguments.text = Translator(language)
        try:
            code = int(arguments.func(arguments))
        except KnownError as error:
            capsys.readouterr()
            return 2, "", arguments.text(error.key, **error.params)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def panel(path: Path, lines: Sequence[str], *, missing: str = "") -> Path:
    rows = [
        f"u{unit:02d},o{observer},c,{value}"
        for observer, line in enumerate(lines)
        for unit, value in enumerate(line.split())
        if value != missing
    ]
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        (KRIPPENDORFF_2011, {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}),
        (THREE_CODERS, {"nominal": 0.691, "ordinal": 0.807, "interval": 0.811}),
    ],
)
def test_alpha_of_published_sets(run: Run, tmp_path: Path, lines: Sequence[str], known: dict[str, float]) -> None:
    path = panel(tmp_path / "set.csv", lines, missing="0")
    for metric, alpha in known.items():
        code, out, _ = run("analyse", path, "--metric", metric, "--json")
        assert (code, round(json.loads(out)["alpha"], 3)) == (0, alpha)


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        (SHROUT_FLEISS, {**dict(zip(ICCS, (0.166, 0.290, 0.715, 0.443, 0.620, 0.909), strict=True))}),
        (WINES, {**dict(zip(ICCS, (0.728, 0.728, 0.729, 0.914, 0.914, 0.915), strict=True))}),
        (ANXIETY, {"2,1": 0.198}),
    ],
)
def test_correlations_of_published_sets(
    run: Run, tmp_path: Path, lines: Sequence[str], known: dict[str, float]
) -> None:
    code, out, _ = run("analyse", panel(tmp_path / "set.csv", lines), "--json")
    answer = json.loads(out)
    assert code == 0
    assert {key: round(answer["iccs"][key], 3) for key in known} == known
    assert answer["icc"] == answer["iccs"]["2,1"]


def made(*, raters: int = 4, criteria: int = 2, low: int = 1, high: int = 5) -> list[Row]:
    """Twelve subjects, each by every rater on every criterion."""
    rng = random.Random(5)
    merit, severity = [rng.gauss(0, 1) for _ in range(12)], [rng.gauss(0, 0.4) for _ in range(raters)]
    return [
        (f"s{s}", f"r{r}", f"c{c}", min(high, max(low, round((low + high) / 2 + x * (high - low) / 5))))
        for s in range(12)
        for r in range(raters)
        for c in range(criteria)
        for x in [merit[s] - severity[r] + rng.gauss(0, 0.5)]
    ]


def table(rows: Sequence[Sequence[object]], head: str = HEAD, *, separator: str = ",", end: str = "\n") -> bytes:
    lines = [head.replace(",", separator), *(separator.join(map(str, row)) for row in rows)]
    return (end.join(lines) + end).encode()


USUAL = made()
WILD = (1e300, "1e999", "1_0", "inf", "٣")
SCORED: dict[str, bytes] = {
    "another order": table([(x, r, s, c) for s, r, c, x in USUAL], "score,rater,subject,criterion"),
    "semicolons": table(USUAL, separator=";"),
    "a separator line": b"sep=;\r\n" + table(USUAL, separator=";", end="\r\n"),
    "a remark above": "# жүктелген 2026\n".encode() + table(USUAL),
    "mark and line ends of Windows": b"\xef\xbb\xbf" + table(USUAL, end="\r\n"),
    "line ends of an old Mac": table(USUAL, end="\r"),
    "tabs": table(USUAL, separator="\t"),
    "UTF-16": table(USUAL).decode().encode("utf-16"),
    "quotes": table([(f'"Ivan, ""J"" {s}"', *rest) for s, *rest in USUAL]),
    "Kazakh heads": table(USUAL, "судья,бағалаушы,өлшем,ұпай"),
    "one endless cell": table([*USUAL, ("x" * 200_000, "r0", "c0", 3)]),
    "one name for subject and rater": table([("p" + s[1:], "p" + r[1:], c, x) for s, r, c, x in USUAL]),
    "gaps": table([(*row[:3], ("", "NA", row[3])[min(at % 4, 2)]) for at, row in enumerate(USUAL)]),
    "two raters": table(made(raters=2)),
    "one criterion": table(made(criteria=1)),
    "twenty criteria": table(made(raters=3, criteria=20)),
    "0 to 4": table(made(low=0, high=4)),
    "1 to 10": table(made(low=1, high=10)),
    "0 to 100": table(made(low=0, high=100)),
    "below nought": table([(s, r, c, x - 3) for s, r, c, x in USUAL]),
    "decimals": table([(s, r, c, x + at % 7 / 10) for at, (s, r, c, x) in enumerate(USUAL)]),
    "next to nothing": table([(s, r, c, x * 1e-300) for s, r, c, x in USUAL]),
    "a rater who always says three": table([(s, r, c, 3 if r == "r1" else x) for s, r, c, x in USUAL]),
    "a rater who only knows the best": table([(s, r, c, 5 if r == "r1" else x) for s, r, c, x in USUAL]),
    "raters at both ends": table([(s, r, c, 5 if r in {"r1", "r2"} else 1) for s, r, c, _ in USUAL]),
    "subjects at both ends": table([(s, r, c, {"s1": 5, "s2": 1}.get(s, x)) for s, r, c, x in USUAL]),
    "all alike": table([(s, r, c, 3) for s, r, c, _ in USUAL]),
    "a subject rated once": table([*USUAL, ("once", "r0", "c0", 4)]),
    "a level that nobody used": table([(s, r, c, {2: 1, 3: 5, 4: 5}.get(int(x), x)) for s, r, c, x in USUAL]),
    "one row": table(USUAL[:1]),
    "one rater": table([row for row in USUAL if row[1] == "r0"]),
    "one subject": table([row for row in USUAL if row[0] == "s0"]),
    "numbers nobody gives": table([*USUAL, *(("s0", "r0", f"c{at}", x) for at, x in enumerate(WILD, 7))]),
    "a quote left open": table([*USUAL[:9], ('"s', "r0", "c0", 3), *USUAL[9:]]),
}
REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "a head alone": HEAD.encode(),
    "no score at all": table([(s, r, c, "") for s, r, c, _ in USUAL]),
    "scores no form can hold": table([(s, r, c, x * 1e300) for s, r, c, x in USUAL]),
    "two islands": table([(s, f"{'ab'[int(s[1:]) % 2]}{r}", c, x) for s, r, c, x in USUAL]),
    "no rater": table([(s, c, x) for s, _, c, x in USUAL], "subject,criterion,score"),
    "a workbook": b"PK\x03\x04\x14\x00\x98\x81\x00\xff" * 40,
    "JSON": b'[{"subject": "a"}]',
}


def figures(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [found for each in value.values() for found in figures(each)]
    if isinstance(value, list):
        return [found for each in value for found in figures(each)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize("name", SCORED)
def test_a_hard_table_is_scored_with_finite_figures_or_words(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(SCORED[name])
    code, out, _ = run("analyse", path, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["subjects"]
    assert all(map(math.isfinite, figures(answer)))
    # Whatever has no figure has a remark in words.
    if answer["deviance"] is None or answer["icc"] is None or answer["alpha"] is None:
        assert answer["remarks"]


def test_remarks_speak_the_person_s_language(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(SCORED["all alike"])
    answers = [json.loads(run("analyse", path, "--json", language=each)[1])["remarks"] for each in LANGUAGES]
    assert len({tuple(each["message"] for each in remarks) for remarks in answers}) == 3


def test_the_way_a_table_is_written_changes_no_figure(run: Run, tmp_path: Path) -> None:
    found = set()
    for at, (name, body) in enumerate(SCORED.items()):
        path = tmp_path / f"{at}.csv"
        path.write_bytes(body)
        found.add(round(json.loads(run("analyse", path, "--json")[1])["deviance"], 6))
        if name == "quotes":
            break
    assert len(found) == 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scored_says_what_happened_what_is_safe_and_what_to_do(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(REFUSED[name])
    said = [run("analyse", path, "--json", language=each) for each in LANGUAGES]
    assert [code for code, _, _ in said] == [2, 2, 2]
    words = [error.strip().splitlines()[-1] for _, _, error in said]
    assert len(set(words)) == 3
    assert all(each.count(". ") >= 2 for each in words)


NONE = "judge_a,judge_b,reason\n"
JUDGES = "id,court\n" + "\n".join(f"j{at},c{at % 7}" for at in range(21))
HARD_POOLS = {
    "nobody": ("id,court\n", NONE, "3"),
    "one judge": ("id,court\na,1\n", NONE, "3"),
    "two judges": ("id,court\na,1\nb,2\n", NONE, "1"),
    "more than there are": (JUDGES, NONE, "100"),
    "none asked for": (JUDGES, NONE, "0"),
    "fewer than none": (JUDGES, NONE, "-1"),
    "all of one court": ("id,court\n" + "\n".join(f"j{at},c" for at in range(9)), NONE, "2"),
    "an empty file of conflicts": (JUDGES, "", "3"),
}


@pytest.mark.parametrize("name", HARD_POOLS)
def test_what_cannot_be_drawn_says_what_happened_what_is_safe_and_what_to_do(
    run: Run, tmp_path: Path, name: str
) -> None:
    judges, conflicts, number = HARD_POOLS[name]
    (tmp_path / "judges.csv").write_text(judges)
    (tmp_path / "conflicts.csv").write_text(conflicts)
    asked = ("assign", tmp_path / "judges.csv", tmp_path / "conflicts.csv", "--per-judge", number)
    said = [run(*asked, language=each) for each in LANGUAGES]
    assert [code for code, _, _ in said] == [2, 2, 2]
    words = [error.strip().splitlines()[-1] for _, _, error in said]
    assert len(set(words)) == 3
    assert all(each.count(". ") >= 2 for each in words)


def test_a_pool_of_an_office_is_drawn_whatever_its_letters(run: Run, tmp_path: Path) -> None:
    rows = "\r\n".join(f"j{at};c{at % 7};ru kk" for at in range(21))
    (tmp_path / "judges.csv").write_bytes(b"\xef\xbb\xbfid;court;languages\r\n" + rows.encode())
    (tmp_path / "conflicts.csv").write_text(NONE)
    for seed in ("-5", "1", str(10**30)):
        words = ("assign", tmp_path / "judges.csv", tmp_path / "conflicts.csv", "--seed", seed, "--json")
        code, out, _ = run(*words)
        assert (code, len(json.loads(out)["pairs"])) == (0, 63)
