"""What is shown is read back equal to the bit: random acts, Kazakh letters, undo and redo."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument

from judge_desk.desktop.editor.reading import read_act
from judge_desk.desktop.editor.showing import replace_act, show_act
from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Align,
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
    check_act,
    normalised,
)
from judge_desk.domain.cases import Language

WORDS = [
    *"сот талап қоюшының дәлелдерін тыңдап ғұмыр іңір өңір hello № 7140-26".split(),
    *("1\u00a0250\u00a0000", "теңге", "«шарт»", "—", "т.б."),
]
SPREAD = (BlockKind.PLACE_LINE, BlockKind.SIGNATURE)


def random_act(seed: int) -> ActText:
    """An act of any shape that ``check_act`` allows."""
    dice = random.Random(seed)
    kinds = [PartKind.INTRODUCTORY, PartKind.DESCRIPTIVE, PartKind.REASONING, PartKind.OPERATIVE]
    numbers = iter(range(10_000))
    parts = tuple(
        Part(kind=kind, blocks=tuple(random_block(dice, f"b{next(numbers)}") for _ in range(dice.randint(0, 6))))
        for kind in kinds
    )
    act = normalised(
        with_notes(ActText(language=Language.KAZAKH, kind=ActKind.DECISION, template="civil_decision.kk", parts=parts))
    )
    check_act(act)
    return act


def with_notes(act: ActText) -> ActText:
    """Every footnote of the act gets its mark in the block before it; others are no footnotes."""
    parts: list[Part] = []
    for part in act.parts:
        blocks: list[Block] = []
        for block in part.blocks:
            if block.kind is BlockKind.FOOTNOTE and blocks and blocks[-1].kind is not BlockKind.FOOTNOTE:
                blocks[-1] = marked(blocks[-1], Run(text="", note=block.id))
            blocks.append(block)
        parts.append(replace(part, blocks=tuple(blocks)))
    return replace(act, parts=tuple(parts))


def marked(block: Block, mark: Run) -> Block:
    if not block.rows:
        return replace(block, runs=(*block.runs[:1], mark, *block.runs[1:]))
    first, *rest = block.rows[0].cells
    row = replace(block.rows[0], cells=(replace(first, runs=(*first.runs, mark)), *rest))
    return replace(block, rows=(row, *block.rows[1:]))


def random_block(dice: random.Random, block_id: str) -> Block:
    kind = dice.choice(list(BlockKind))
    if kind in SPREAD:
        rows = tuple(Row(cells=tuple(cells(dice, dice.randint(2, 3)))) for _ in range(dice.randint(1, 2)))
        return Block(id=block_id, kind=kind, rows=rows)
    if kind is BlockKind.TABLE:
        columns = dice.randint(1, 4)
        rows = tuple(
            Row(cells=tuple(cells(dice, columns)), header=number == 0 and dice.random() < 0.5)
            for number in range(dice.randint(1, 4))
        )
        widths = tuple([100 // columns] * columns) if dice.random() < 0.5 else ()
        return Block(id=block_id, kind=kind, rows=rows, widths=widths)
    return Block(
        id=block_id,
        kind=kind,
        runs=random_runs(dice),
        level=dice.randint(1, 3),
        align=dice.choice(list(Align)),
        numbering=dice.choice(list(Numbering)),
        restart=dice.random() < 0.2,
        language=dice.choice([None, None, Language.RUSSIAN]),
    )


def cells(dice: random.Random, count: int) -> list[Cell]:
    return [Cell(runs=random_runs(dice, most=2), align=dice.choice(list(Align))) for _ in range(count)]


def random_runs(dice: random.Random, most: int = 5) -> tuple[Run, ...]:
    return tuple(random_run(dice) for _ in range(dice.randint(0, most)))


def random_run(dice: random.Random) -> Run:
    text = " ".join(dice.choices(WORDS, k=dice.randint(1, 8))) + dice.choice(["", " ", ". "])
    marks = tuple(mark for mark in Mark if dice.random() < 0.2)
    what = dice.randint(0, 5)
    reference = CaseReference(document_id="document-1", page=dice.randint(0, 200)) if what == 1 else None
    field = "act.date" if what in (2, 3) else ""
    return Run(
        text=text, marks=marks, field=field, blank=what == 3, norm="cpc.226" if what == 4 else "", reference=reference
    )


@pytest.mark.parametrize("seed", range(60))
def test_what_is_shown_is_read_back(qapp: object, seed: int) -> None:
    act = random_act(seed)
    document = QTextDocument()
    show_act(document, act)
    assert read_act(document, act) == act
    assert not document.isUndoAvailable()


@pytest.mark.parametrize("seed", range(20))
def test_a_replaced_text_is_undone_and_redone_whole(qapp: object, seed: int) -> None:
    first, second = random_act(seed), random_act(seed + 1000)
    document = QTextDocument()
    show_act(document, first)
    replace_act(document, second)
    assert read_act(document, first) == second
    document.undo()
    assert read_act(document, first) == first
    document.redo()
    assert read_act(document, first) == second


def test_random_edits_are_undone_to_the_bit(qapp: object) -> None:
    dice = random.Random(7)
    for seed in range(15):
        act = random_act(seed)
        document = QTextDocument()
        show_act(document, act)
        for _ in range(20):
            cursor = QTextCursor(document)
            cursor.setPosition(dice.randrange(max(1, document.characterCount() - 1)))
            cursor.insertText(dice.choice(WORDS))
        changed = read_act(document, act)
        while document.isUndoAvailable():
            document.undo()
        assert read_act(document, act) == act
        while document.isRedoAvailable():
            document.redo()
        assert read_act(document, act) == changed


def test_a_no_break_space_survives(qapp: object) -> None:
    block = Block(id="b1", runs=(Run(text="1\u00a0250\u00a0000\u00a0теңге"),))
    act = ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=(Part(kind=PartKind.WHOLE, blocks=(block,)),))
    document = QTextDocument()
    show_act(document, act)
    assert read_act(document, replace(act, parts=())) == act
