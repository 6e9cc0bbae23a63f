"""Footnotes as they are shown: numbered through the whole act in the order of their marks, never typed.

A note is a block of its own behind the block that bears its mark, so that search, comparison, merge, checks and the
public copy see its words as they see all others; ``acts.normalised`` keeps note and mark together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from judge_desk.domain.acts import ActText, Block, BlockKind, Run, notes_in, with_runs


def note_numbers(act: ActText) -> dict[str, str]:
    """The number of each note, by the id of its block."""
    marks = (note for block in act.blocks() for note in notes_in(block))
    return {note: str(number) for number, note in enumerate(dict.fromkeys(marks), start=1)}


def notes_of(act: ActText) -> dict[str, Block]:
    """Every note by its id."""
    return {block.id: block for block in act.blocks() if block.kind is BlockKind.FOOTNOTE}


def without_notes(blocks: Iterable[Block]) -> list[Block]:
    """What stands in the text itself."""
    return [block for block in blocks if block.kind is not BlockKind.FOOTNOTE]


def with_numbers(block: Block, numbers: dict[str, str], form: str = "[{}]") -> Block:
    """The block with a number in the place of each mark, for papers that know no footnotes."""

    def shown(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(
            replace(run, text=form.format(numbers.get(run.note, "?")), note="") if run.note else run for run in runs
        )

    return with_runs(block, shown) if any(notes_in(block)) else block
