"""What a Word file that came back did to an act: what was left out, and which facts of the case are known again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from judge_desk.domain.acts import ActText, Block, Cell, Row, Run, notes_in, text_of, with_runs


class LeftOutKind(StrEnum):
    """What is not taken over."""

    DELETION = "deletion"
    COMMENT = "comment"
    HIDDEN = "hidden"
    TEXT_BOX = "text_box"
    FOOTNOTE = "footnote"
    PICTURE = "picture"
    CHANGE = "change"
    """A tracked change whose words are not found, or not once, where it was made."""
    ROW = "row"
    """A row of a table that was added or removed."""
    JOINED = "joined"
    """Two paragraphs that were made one."""
    LOOKS = "looks"
    """So many changes of looks alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One thing that stays in the Word file; ``text`` are its words, ``author`` who wrote it, where that is known."""

    kind: LeftOutKind
    text: str
    author: str = ""


def adopted(act: ActText, base: ActText) -> ActText:
    """The act with the meanings that its blocks had in ``base``, wherever their words still stand.

    A word processor may drop content controls and list restarts; words and ids it keeps.
    """
    known = {block.id: block for block in base.blocks()}
    act = _with_known_notes(act, known)
    parts = tuple(
        replace(part, blocks=tuple(_block(block, known.get(block.id)) for block in part.blocks)) for part in act.parts
    )
    return replace(act, parts=parts)


def _with_known_notes(act: ActText, known: dict[str, Block]) -> ActText:
    """Notes under their old ids where a block has as many marks as before: LibreOffice drops names inside of notes."""
    here = {block.id for block in act.blocks()}
    ids: dict[str, str] = {}
    for block in act.blocks():
        before = known.get(block.id)
        marks, old = list(notes_in(block)), list(notes_in(before)) if before else []
        if len(marks) == len(old):
            ids |= {mark: name for mark, name in zip(marks, old, strict=True) if name not in here}
    if not ids:
        return act

    def renamed(block: Block) -> Block:
        named = with_runs(block, lambda runs: tuple(replace(run, note=ids.get(run.note, run.note)) for run in runs))
        return replace(named, id=ids.get(block.id, block.id))

    return replace(act, parts=tuple(replace(part, blocks=tuple(map(renamed, part.blocks))) for part in act.parts))


def _block(block: Block, before: Block | None) -> Block:
    if before is not None and block.rows and before.rows:
        # LibreOffice forgets the names of table styles, by which a place line is told from a table.
        block = replace(block, kind=before.kind, widths=before.widths)
    if before is None or before.kind is not block.kind:
        return block
    rows = block.rows
    if len(rows) == len(before.rows):
        rows = tuple(_row(row, old) for row, old in zip(rows, before.rows, strict=True))
    found = replace(block, runs=_runs(block.runs, before.runs), rows=rows)
    is_same = found.text == before.text
    return replace(found, restart=before.restart, widths=before.widths) if is_same else found


def _row(row: Row, before: Row) -> Row:
    if len(row.cells) != len(before.cells):
        return row
    cells = tuple(
        Cell(runs=_runs(cell.runs, old.runs), align=cell.align)
        for cell, old in zip(row.cells, before.cells, strict=True)
    )
    return replace(row, cells=cells)


def _runs(runs: tuple[Run, ...], before: tuple[Run, ...]) -> tuple[Run, ...]:
    """The same words with their old meanings; a meaning whose words are gone is gone with them."""
    has_marks = any(run.note for run in before)
    if text_of(runs) == text_of(before) and not any(map(_means, runs)) and _looks(runs) == _looks(before):
        # Whose note was taken out in Word keeps its words, but not the mark.
        return tuple(run for run in before if not run.note) if has_marks else before
    left = list(runs)
    for old in before:
        if not _means(old) or any(_means(run) and _same_meaning(run, old) for run in left):
            continue
        for place, run in enumerate(left):
            at = -1 if _means(run) else run.text.find(old.text)
            if at >= 0 and old.text:
                named = replace(old, marks=run.marks)
                rest = (replace(run, text=run.text[:at]), named, replace(run, text=run.text[at + len(old.text) :]))
                left[place : place + 1] = [piece for piece in rest if piece.text]
                break
    return tuple(left)


def _means(run: Run) -> bool:
    return bool(run.field or run.norm or run.reference or run.note)


def _same_meaning(run: Run, other: Run) -> bool:
    return (run.field, run.norm, run.reference) == (other.field, other.norm, other.reference)


def _looks(runs: tuple[Run, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(letter, run.marks) for run in runs for letter in run.text]
