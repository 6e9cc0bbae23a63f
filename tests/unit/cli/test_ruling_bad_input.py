"""Acts and forms that cannot be put on paper: each gets its sentence in every language, and nothing half-made stays."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from judge_desk.cli import ruling
from judge_desk.domain.acts import (
    LONGEST_WORD,
    MOST_COLUMNS,
    ActText,
    Block,
    BlockKind,
    Cell,
    Part,
    PartKind,
    Row,
    Run,
    canonical_json,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.pdf import render_pdf
from judge_desk.drafting.sheets import LEFT, PAGE_WIDTH, RIGHT
from judge_desk.i18n.translator import Translator
from tests.unit.drafting.acts import META, one_block, text
from tests.unit.drafting.reading import drawn_lines, elements


def wide(columns: int, words: str) -> ActText:
    row = Row(cells=tuple(Cell(runs=(Run(text=words),)) for _ in range(columns)))
    act = one_block(Run(text=""))
    table = Block(id="t", kind=BlockKind.TABLE, rows=(replace(row, header=True), row, row))
    return replace(act, parts=(Part(kind=PartKind.OPERATIVE, blocks=(table,)),))


def endless() -> ActText:
    act = one_block(Run(text=""))
    blocks = tuple(text(f"b{number}", "сөз") for number in range(20_001))
    return replace(act, parts=(Part(kind=PartKind.OPERATIVE, blocks=blocks),))


# What is given, and what its sentence must name.
BAD = {
    "a letter of no face": (one_block(Run(text="Шешім 漢")), "漢 (U+6F22"),
    "a picture": (one_block(Run(text="Шешім 😀")), "U+1F600"),
    "a word of ten thousand letters": (one_block(Run(text="ы" * 10_000)), "10000"),
    "a table wider than the page": (wide(MOST_COLUMNS + 1, "сома"), str(MOST_COLUMNS)),
    "more blocks than an act may have": (endless(), "20001"),
}

LETTERS = {"a letter of no face", "a picture"}


@pytest.fixture
def nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to write into; fails the test when it, or the place for passing files, holds anything at the end."""
    out, passing = tmp_path / "out", tmp_path / "passing"
    for each in (out, passing):
        each.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    yield out
    assert [path.name for each in (out, passing) for path in each.rglob("*")] == []


# Only paper has a font of its own.
EACH = [
    (what, suffix) for what in BAD for suffix in ("pdf", "docx", "xml", "txt") if suffix == "pdf" or what not in LETTERS
]


@pytest.mark.parametrize(("what", "suffix"), EACH)
def test_a_bad_act_gets_its_sentence_and_leaves_nothing(
    what: str, suffix: str, tmp_path: Path, nothing_beside: Path
) -> None:
    act, named = BAD[what]
    path = tmp_path / "act.json"
    path.write_bytes(canonical_json(act))
    parser = argparse.ArgumentParser()
    ruling.add_parser(parser.add_subparsers())
    out = nothing_beside / f"act.{suffix}"
    arguments = parser.parse_args(["ruling", "render", str(path), "--out", str(out)])
    with pytest.raises(BadInput) as problem:
        arguments.func(arguments)
    for language in Language:
        sentence = Translator(language).text(problem.value.key, **problem.value.params)
        assert sentence != problem.value.key
        assert "{" not in sentence
        assert named.replace(" ", "") in "".join(sentence.split())


@pytest.mark.parametrize("words", ["сома", "ы" * LONGEST_WORD, "жауапкершілігі шектеулі серіктестік " * 12])
def test_the_widest_table_stays_inside_the_page(words: str) -> None:
    data = render_pdf(wide(MOST_COLUMNS, words), META)
    lines = [line for line in drawn_lines(data) if line[3].strip()]
    assert min(line[0] for line in lines) >= LEFT - 0.1
    assert max(line[1] for line in lines) <= PAGE_WIDTH - RIGHT + 0.1
    said = [said for role, said in elements(data) if role in ("TD", "TH")]
    assert said == [words] * (3 * MOST_COLUMNS)
