"""What a hand does to the text: typing, splitting, changing kinds, tables, references. Each is one step of undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextTable

from judge_desk.desktop.editor import formats, notes, showing
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.domain.acts import (
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Numbering,
    Row,
    Run,
    new_block_id,
)
from judge_desk.drafting.no_break import NO_BREAK_SPACE, holds


@contextmanager
def one_step(cursor: QTextCursor) -> Iterator[None]:
    """All edits inside are undone together."""
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


def is_part_line(line: QTextBlock) -> bool:
    return formats.kind_of(line.blockFormat()) == Line.PART


def table_at(cursor: QTextCursor) -> QTextTable | None:
    """The table, place line or signature that a cursor stands in."""
    return cursor.currentTable()


def is_in_grid(cursor: QTextCursor) -> bool:
    """Whether a cursor stands in a table with frames, through which Tab leads from cell to cell."""
    table = table_at(cursor)
    return table is not None and formats.kind_of(table.format()) == BlockKind.TABLE


def next_cell(cursor: QTextCursor, *, backwards: bool = False) -> None:
    """Move to the next cell or the one before; behind the last cell of a table with frames a new row begins."""
    step = QTextCursor.MoveOperation.PreviousCell if backwards else QTextCursor.MoveOperation.NextCell
    if cursor.movePosition(step) or backwards or not change_table(cursor, "row_below"):
        return
    table = table_at(cursor)
    if table is not None:
        cursor.setPosition(table.cellAt(table.rows() - 1, 0).firstPosition())


def language_of(line: QTextBlock) -> str:
    """The language of a line that is not in its act's own; "" for all others."""
    return line.blockFormat().stringProperty(Key.LANGUAGE)


def may_change(document: QTextDocument, start: int, end: int) -> bool:
    """Whether a stretch can be removed or written over: no name of a part in it, and no border of a table or of a note
    cut."""
    line = document.findBlock(start)
    if line != document.findBlock(end) and (notes.is_note(line) or notes.is_note(document.findBlock(end))):
        return False
    while line.isValid() and line.position() <= end:
        if is_part_line(line):
            return False
        line = line.next()
    first, last = QTextCursor(document), QTextCursor(document)
    first.setPosition(start)
    last.setPosition(end)
    return first.currentTable() == last.currentTable()


def typing_format(cursor: QTextCursor) -> QTextCharFormat:
    """How typed letters look and what they mean: inside a fact they belong to it, at its edge they do not.

    What is typed over a whole blank fills the fact that it stands for.
    """
    return formats.held_format(_typing_format(cursor), on=False)


def _typing_format(cursor: QTextCursor) -> QTextCharFormat:
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    left, right = _format_at(cursor, start), _format_at(cursor, start + 1)
    if start != end and not right.hasProperty(Key.NOTE):
        last = _format_at(cursor, end)
        if formats.meaning(right) and formats.meaning(right) == formats.meaning(last):
            filled = QTextCharFormat(right)
            filled.clearProperty(Key.BLANK)
            return filled
        return formats.plain(right)
    if cursor.atBlockStart():
        return formats.plain(right if not cursor.atBlockEnd() else cursor.charFormat())
    if formats.meaning(left) and not cursor.atBlockEnd() and formats.meaning(left) == formats.meaning(right):
        return left
    return formats.plain(left)


def _format_at(cursor: QTextCursor, position: int) -> QTextCharFormat:
    """The format of the letter before a position."""
    probe = QTextCursor(cursor.document())
    probe.setPosition(min(position, cursor.document().characterCount() - 1))
    return probe.charFormat()


def blank_around(cursor: QTextCursor, position: int) -> tuple[int, int] | None:
    """Start and end of the blank whose letters stand before and behind a position."""
    line = cursor.document().findBlock(position)
    for start, end, look in stretches(line):
        if look.boolProperty(Key.BLANK) and start < position < end:
            return start, end
    return None


def stretches(line: QTextBlock) -> Iterator[tuple[int, int, QTextCharFormat]]:
    """(start, end, format) of each fragment of a line, by position in the document."""
    at = line.begin()
    while not at.atEnd():
        fragment = at.fragment()
        yield fragment.position(), fragment.position() + fragment.length(), fragment.charFormat()
        at += 1


def blanks_in(document: QTextDocument) -> list[tuple[int, int]]:
    """Every blank in reading order; neighbouring fragments of one field are one blank."""
    found: list[tuple[int, int]] = []
    before: tuple[object, ...] = ()
    line = document.begin()
    while line.isValid():
        for start, end, look in stretches(line):
            if not look.boolProperty(Key.BLANK):
                before = ()
                continue
            meaning = formats.meaning(look)
            if found and found[-1][1] == start and meaning == before:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
            before = meaning
        line = line.next()
    return found


def split(cursor: QTextCursor) -> None:
    """Enter: the words keep their block's id, the new line gets one of its own; an empty list item ends its list."""
    with notes.kept(cursor):
        cursor.removeSelectedText()
        line = cursor.block()
        look = QTextBlockFormat(line.blockFormat())
        kind = formats.kind_of(look)
        if kind == BlockKind.LIST_ITEM and line.length() == 1:
            _set_kind(cursor, BlockKind.PARAGRAPH, 1, Numbering.DASH)
            return
        letters = formats.plain(cursor.charFormat())
        at_start = cursor.atBlockStart() and line.length() > 1
        if at_start:
            cursor.insertBlock(look, letters)
            above = QTextCursor(line)
            above.setBlockFormat(_renamed(look))
            return
        following = _renamed(look)
        if kind == BlockKind.HEADING and cursor.atBlockEnd():
            following, letters = formats.block_format(Block(id=new_block_id())), QTextCharFormat()
        if cursor.atBlockEnd():
            below = notes.past_notes(line)
            cursor.setPosition(below.position() + below.length() - 1)
        cursor.insertBlock(following, letters)


def _renamed(look: QTextBlockFormat) -> QTextBlockFormat:
    made = QTextBlockFormat(look)
    made.setProperty(Key.ID, new_block_id())
    made.setProperty(Key.RESTART, False)
    return made


def lines_of(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines that a selection touches, but for names of parts and cells of tables."""
    document = cursor.document()
    line = document.findBlock(cursor.selectionStart())
    found: list[QTextBlock] = []
    while line.isValid() and line.position() <= cursor.selectionEnd():
        if not is_part_line(line) and not notes.is_note(line) and table_at(QTextCursor(line)) is None:
            found.append(line)
        line = line.next()
    return found


def set_kind(cursor: QTextCursor, kind: BlockKind, level: int = 1, numbering: Numbering = Numbering.DASH) -> None:
    """Turn the lines of a selection into another kind; the same again turns them back into paragraphs."""
    lines = lines_of(cursor)
    wanted = (kind, level, numbering if kind is BlockKind.LIST_ITEM else Numbering.DASH)
    if lines and all(_shape(line) == wanted for line in lines):
        wanted = (BlockKind.PARAGRAPH, 1, Numbering.DASH)
    with one_step(cursor):
        for line in lines:
            _set_kind(QTextCursor(line), *wanted)


def _shape(line: QTextBlock) -> tuple[BlockKind, int, Numbering]:
    block = formats.attributes(line.blockFormat())
    return block.kind, block.level, block.numbering


def _set_kind(cursor: QTextCursor, kind: BlockKind, level: int, numbering: Numbering) -> None:
    block = formats.attributes(cursor.block().blockFormat())
    changed = replace(block, id=block.id or new_block_id(), kind=kind, level=level, numbering=numbering, restart=False)
    cursor.setBlockFormat(formats.block_format(changed))


def change_level(cursor: QTextCursor, step: int) -> bool:
    """Move list items one step in or out; False where there is none."""
    items = [line for line in lines_of(cursor) if formats.kind_of(line.blockFormat()) == BlockKind.LIST_ITEM]
    with one_step(cursor):
        for line in items:
            block = formats.attributes(line.blockFormat())
            level = min(3, max(1, block.level + step))
            QTextCursor(line).setBlockFormat(formats.block_format(replace(block, level=level)))
    return bool(items)


def toggle_restart(cursor: QTextCursor) -> bool:
    """Let the numbering begin anew at the item of the caret, or go on there; False where there is no item."""
    block = formats.attributes(cursor.block().blockFormat())
    if block.kind is not BlockKind.LIST_ITEM:
        return False
    with one_step(cursor):
        cursor.setBlockFormat(formats.block_format(replace(block, restart=not block.restart)))
    return True


def toggle_mark(cursor: QTextCursor, mark: Mark) -> None:
    """Put a mark on the selection, or take it off where the whole of it bears it."""
    pieces = list(_selected(cursor))
    on = not all(mark in formats.marks_of(look) for _, _, look in pieces)
    with one_step(cursor):
        for start, end, look in pieces:
            marks = set(formats.marks_of(look)) ^ ({mark} if on != (mark in formats.marks_of(look)) else set())
            changed = QTextCharFormat(look)
            formats.set_marks(changed, tuple(marks))
            part = QTextCursor(cursor.document())
            part.setPosition(start)
            part.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            part.setCharFormat(changed)


def _selected(cursor: QTextCursor) -> Iterator[tuple[int, int, QTextCharFormat]]:
    low, high = cursor.selectionStart(), cursor.selectionEnd()
    line = cursor.document().findBlock(low)
    while line.isValid() and line.position() <= high:
        if not is_part_line(line):
            for start, end, look in stretches(line):
                if max(start, low) < min(end, high):
                    yield max(start, low), min(end, high), look
        line = line.next()


def insert_reference(cursor: QTextCursor, text: str, document_id: str, page: int) -> None:
    """A place in the case file, as words that lead there."""
    run = Run(text=text, reference=CaseReference(document_id=document_id, page=page))
    with one_step(cursor):
        cursor.insertText(text, formats.char_format(run))


def insert_norm(cursor: QTextCursor, text: str, norm: str) -> None:
    """A cited provision in the place of a selection; later checks know it by its id, not by its words."""
    with one_step(cursor):
        cursor.insertText(text, formats.char_format(Run(text=text, norm=norm)))


def hold_together(cursor: QTextCursor, language: str) -> None:
    """Let the gap before the word at the caret hold or part, as its words now are; it joins the step of the typing."""
    line, at = cursor.block(), cursor.positionInBlock()
    text = formats.as_typed(line.text())
    gap = text.rfind(" ", 0, max(at - 1, 0)) if text[at - 1 : at] == " " else text.rfind(" ", 0, at)
    if gap <= 0:
        return
    start, end = text.rfind(" ", 0, gap) + 1, text.find(" ", gap + 1)
    word, following = text[start:gap], text[gap + 1 : end if end > 0 else len(text)]
    is_held = bool(word and following) and holds(word, following, language)
    probe = QTextCursor(line)
    probe.setPosition(line.position() + gap)
    probe.setPosition(line.position() + gap + 1, QTextCursor.MoveMode.KeepAnchor)
    look = probe.charFormat()
    is_plain = probe.selectedText() == " "
    if is_held is not is_plain or look.boolProperty(Key.BLANK) or not (is_plain or look.boolProperty(Key.HELD)):
        return
    probe.joinPreviousEditBlock()
    probe.insertText(NO_BREAK_SPACE if is_held else " ", formats.held_format(look, on=is_held))
    probe.endEditBlock()


def words_before(cursor: QTextCursor, most: int = 3) -> QTextCursor:
    """The last words before the caret, selected: what is being typed there. Empty at the beginning of a line."""
    found = QTextCursor(cursor)
    found.clearSelection()
    text = formats.as_typed(cursor.block().text()[: cursor.positionInBlock()])
    words = text.split(" ")[-most:]
    length = len(" ".join(words))
    found.setPosition(cursor.position() - length)
    found.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
    return found


def insert_table(cursor: QTextCursor, rows: int, columns: int) -> QTextTable | None:
    """A table behind the line of the cursor, its first row the heading; None inside another table."""
    if table_at(cursor) is not None or is_part_line(cursor.block()) or notes.is_note(cursor.block()):
        return None
    block = Block(
        id=new_block_id(),
        kind=BlockKind.TABLE,
        rows=tuple(Row(cells=tuple(Cell() for _ in range(columns)), header=row == 0) for row in range(rows)),
    )
    with one_step(cursor):
        cursor.clearSelection()
        below = notes.past_notes(cursor.block())
        if below.length() > 1 or notes.is_note(below):
            cursor.setPosition(below.position() + below.length() - 1)
        table = showing.write_table(cursor, block)
        behind = cursor.block()
        if formats.kind_of(behind.blockFormat()) != Line.FILLER and behind.length() == 1:
            cursor.setBlockFormat(formats.line_format(Line.FILLER))
    return table


def change_table(cursor: QTextCursor, change: str) -> bool:
    """``row_above``, ``row_below``, ``column_left``, ``column_right``, ``drop_row``, ``drop_column``, ``drop``."""
    table = table_at(cursor)
    if table is None or formats.kind_of(table.format()) != BlockKind.TABLE:
        return False
    place = table.cellAt(cursor)
    row, column = place.row(), place.column()
    with notes.kept(cursor), _line_kept(table):
        if change in {"row_above", "row_below"}:
            at = row + (change == "row_below")
            table.insertRows(at, 1)
            _settle_cells(table, rows=[at])
        elif change in {"column_left", "column_right"}:
            at = column + (change == "column_right")
            table.insertColumns(at, 1)
            _settle_cells(table, rows=list(range(table.rows())), column=at)
        elif change == "drop_row" and table.rows() > 1:
            table.removeRows(row, 1)
        elif change == "drop_column" and table.columns() > 1:
            table.removeColumns(column, 1)
        else:
            table.removeRows(0, table.rows())
            return True
        _settle_widths(table)
    return True


@contextmanager
def _line_kept(table: QTextTable) -> Iterator[None]:
    """Qt gives an empty line before a table the look of a first cell that goes; it gets its own back."""
    line = table.firstCursorPosition().block().previous()
    look = QTextBlockFormat(line.blockFormat())
    cursor = QTextCursor(line)
    is_in_table = table_at(cursor) is not None
    yield
    if not is_in_table and cursor.blockFormat() != look:
        cursor.setBlockFormat(look)


def _settle_cells(table: QTextTable, rows: list[int], column: int | None = None) -> None:
    """New cells take no heading from their neighbours, but those of a heading row do."""
    for row in rows:
        is_header = column is not None and any(
            table.cellAt(row, other).format().boolProperty(Key.HEADER_ROW)
            for other in range(table.columns())
            if other != column
        )
        for at in range(table.columns()) if column is None else [column]:
            place = table.cellAt(row, at)
            look = place.format()
            look.setProperty(Key.HEADER_ROW, is_header)
            look.setProperty(Key.NO_CELL, False)
            place.setFormat(look)
            place.firstCursorPosition().setBlockFormat(showing.cell_format(Cell(), is_header=is_header))


def _settle_widths(table: QTextTable) -> None:
    look = table.format()
    fresh = showing.table_format(
        Block(id=look.stringProperty(Key.ID), kind=BlockKind.TABLE, level=formats.level_of(look)), table.columns()
    )
    table.setFormat(fresh)
