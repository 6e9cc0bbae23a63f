"""Footnotes under the hand: a mark in the text is one letter of its own kind, the note a line under its paragraph.

Every edit that may touch either goes through ``kept``, which afterwards puts each note behind the paragraph with its
mark, brings back a note whose mark is still there, and takes away one whose mark is gone; all in the same step of undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)

from judge_desk.desktop.editor import formats
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.desktop.editor.reading import pieces, read_line
from judge_desk.desktop.editor.showing import write_runs
from judge_desk.domain.acts import Block, BlockKind, new_block_id

SIGN: Final = formats.NOTE_SIGN
Mark = tuple[int, str]
"""Where the mark stands in the document, and the id of its note."""


def is_note(line: QTextBlock) -> bool:
    return formats.kind_of(line.blockFormat()) == BlockKind.FOOTNOTE


def marks_in(document: QTextDocument) -> list[Mark]:
    """Every mark in the order of the text."""
    found: list[Mark] = []
    line = document.begin()
    while line.isValid():
        found += marks_of(line)
        line = line.next()
    return found


def marks_of(line: QTextBlock) -> list[Mark]:
    """The marks of one line."""
    found: list[Mark] = []
    if SIGN not in line.text():
        return found
    at = line.begin()
    while not at.atEnd():
        fragment = at.fragment()
        note = fragment.charFormat().stringProperty(Key.NOTE)
        found += [(fragment.position() + step, note) for step in range(fragment.length()) if note]
        at += 1
    return found


def numbers_in(document: QTextDocument) -> dict[str, str]:
    """The number of each note as it stands now, by its id."""
    names = dict.fromkeys(note for _, note in marks_in(document))
    return {note: str(number) for number, note in enumerate(names, start=1)}


def note_line(document: QTextDocument, note: str) -> QTextBlock | None:
    """The line of a note's words."""
    line = document.begin()
    while line.isValid():
        if is_note(line) and line.blockFormat().stringProperty(Key.ID) == note:
            return line
        line = line.next()
    return None


def mark_beside(cursor: QTextCursor) -> Mark | None:
    """The mark right before the caret, or right behind it."""
    beside = {cursor.position() - 1: 0, cursor.position(): 1}
    found = [mark for mark in marks_of(cursor.block()) if mark[0] in beside]
    return min(found, key=lambda mark: beside[mark[0]], default=None)


def insert(cursor: QTextCursor) -> str:
    """A mark at the caret, or behind what is selected, and an empty note; gives its id, "" where none can stand."""
    line = cursor.document().findBlock(cursor.selectionEnd())
    if is_note(line) or formats.kind_of(line.blockFormat()) == Line.PART:
        return ""
    note = new_block_id()
    with kept(cursor):
        cursor.setPosition(cursor.selectionEnd())
        cursor.insertText(SIGN, formats.note_format(note))
    return note


def drop(cursor: QTextCursor, note: str) -> bool:
    """Take a note and its mark out; the cursor stands where the mark was."""
    mark = next((each for each in marks_in(cursor.document()) if each[1] == note), None)
    if mark is None:
        return False
    with kept(cursor):
        cursor.setPosition(mark[0])
        cursor.deleteChar()
    return True


def past_notes(line: QTextBlock) -> QTextBlock:
    """The last of the notes under a line, or the line itself."""
    while line.next().isValid() and is_note(line.next()):
        line = line.next()
    return line


def above_notes(line: QTextBlock) -> QTextBlock:
    """The nearest line above that is no note."""
    while line.isValid() and is_note(line):
        line = line.previous()
    return line


def reach_past(cursor: QTextCursor, start: QTextBlock) -> bool:
    """What Backspace or Delete selected from a line on, drawn past the notes that lie between two paragraphs; False
    where the key would tear a note from its place."""
    moved = cursor.block()
    if moved == start or not (is_note(start) or is_note(moved)):
        return True
    if is_note(start):
        return False
    anchor = cursor.anchor()
    if moved.position() < start.position():
        line = above_notes(moved)
        to = line.position() + line.length() - 1
    else:
        line = past_notes(start).next()
        if not line.isValid():
            return False
        to = line.position()
    cursor.setPosition(anchor)
    cursor.setPosition(to, QTextCursor.MoveMode.KeepAnchor)
    return True


def is_touched(cursor: QTextCursor) -> bool:
    """Whether a selection may hold marks or notes."""
    text = cursor.selectedText()
    return SIGN in text or "\u2029" in text


@contextmanager
def kept(cursor: QTextCursor, new: Iterable[Block] = ()) -> Iterator[None]:
    """One step of undo, at whose end notes and marks answer each other again; ``new`` notes come with pasted marks."""
    document = cursor.document()
    known = {block.id: block for block in (*new, *_note_blocks(document))}
    cursor.beginEditBlock()
    try:
        yield
        if known or marks_in(document):
            settle(document, known)
    finally:
        cursor.endEditBlock()


def settle(document: QTextDocument, known: dict[str, Block] | None = None) -> bool:
    """Put notes and marks right; ``known`` are notes whose words may have been lost. Says whether they were wrong."""
    if is_settled(document):
        return False
    words = {**(known or {}), **{block.id: block for block in _note_blocks(document)}}
    _drop_double_marks(document)
    for line in reversed(_note_lines(document)):
        remove_line(line)
    bearers = [(_end_of(each), notes) for each in _bearers(document) if (notes := _marks_on(each))]
    # From the end: what is put in must not move what is still to come.
    for end, notes in reversed(bearers):
        put(document, end, [words.get(note) or Block(id=note, kind=BlockKind.FOOTNOTE) for note in notes])
    return True


def is_settled(document: QTextDocument) -> bool:
    """Whether each mark has its note under it, and each note its mark above."""
    wanted = _wanted(document)
    return wanted == _places(document) and sum(map(len, wanted.values())) == len(marks_in(document))


def put(document: QTextDocument, end: int, notes: list[Block]) -> None:
    """Notes as lines under the line or table that ends at a position."""
    cursor = QTextCursor(document)
    cursor.setPosition(end)
    if cursor.currentTable() is not None:
        # Behind a table a line must stay in which one can go on writing.
        cursor.setPosition(cursor.currentTable().lastPosition() + 1)
        following = QTextBlockFormat(cursor.blockFormat())
        for note in notes:
            cursor.insertBlock(following)
            cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
            cursor.setBlockFormat(formats.block_format(note))
            write_runs(cursor, note.runs)
            cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        return
    for note in notes:
        cursor.insertBlock(formats.block_format(note), QTextCharFormat())
        write_runs(cursor, note.runs)


def remove_line(line: QTextBlock) -> None:
    """A line and its end; what stands before and behind it keeps its kind."""
    cursor, behind = QTextCursor(line), line.next()
    before = line.previous()
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    is_behind_table = before.isValid() and QTextCursor(before).currentTable() is not None
    if before.isValid() and not is_behind_table:
        look = QTextBlockFormat(before.blockFormat())
        cursor.deletePreviousChar()
        cursor.setBlockFormat(look)
    elif behind.isValid() and QTextCursor(behind).currentTable() is None:
        look = QTextBlockFormat(behind.blockFormat())
        cursor.deleteChar()
        cursor.setBlockFormat(look)
    else:
        cursor.setBlockFormat(formats.line_format(Line.FILLER))


def _wanted(document: QTextDocument) -> dict[str, list[str]]:
    """By the id of each line or table that bears marks: its notes."""
    found: dict[str, list[str]] = {}
    for at, each in enumerate(_bearers(document)):
        if notes := _marks_on(each):
            found[str(at)] = notes
    return found


def _places(document: QTextDocument) -> dict[str, list[str]]:
    """The same, as the lines of notes stand."""
    found: dict[str, list[str]] = {}
    at = -1
    for each in pieces(document):
        if isinstance(each, QTextBlock) and is_note(each):
            found.setdefault(str(at), []).append(each.blockFormat().stringProperty(Key.ID))
        else:
            at += 1
    return found


def _bearers(document: QTextDocument) -> list[QTextBlock | QTextTable]:
    return [each for each in pieces(document) if isinstance(each, QTextTable) or not is_note(each)]


def _marks_on(each: QTextBlock | QTextTable) -> list[str]:
    if isinstance(each, QTextBlock):
        return list(dict.fromkeys(note for _, note in marks_of(each)))
    line, found = each.firstCursorPosition().block(), list[str]()
    while line.isValid() and line.position() <= each.lastPosition():
        found += [note for _, note in marks_of(line)]
        line = line.next()
    return list(dict.fromkeys(found))


def _end_of(each: QTextBlock | QTextTable) -> int:
    return each.lastPosition() if isinstance(each, QTextTable) else each.position() + each.length() - 1


def _note_lines(document: QTextDocument) -> list[QTextBlock]:
    return [each for each in pieces(document) if isinstance(each, QTextBlock) and is_note(each)]


def _note_blocks(document: QTextDocument) -> Iterator[Block]:
    return (block for line in _note_lines(document) if (block := read_line(line)) is not None)


def _drop_double_marks(document: QTextDocument) -> None:
    seen: set[str] = set()
    doubles: list[int] = []
    for position, note in marks_in(document):
        bears = note in seen or is_note(document.findBlock(position))
        doubles += [position] if bears else []
        seen.add(note)
    for position in reversed(doubles):
        cursor = QTextCursor(document)
        cursor.setPosition(position)
        cursor.deleteChar()


def note_at(cursor: QTextCursor) -> str:
    """The id of the note whose line the caret stands in, or of the mark beside it; "" for neither."""
    if is_note(cursor.block()):
        return cursor.block().blockFormat().stringProperty(Key.ID)
    mark = mark_beside(cursor)
    return mark[1] if mark else ""
