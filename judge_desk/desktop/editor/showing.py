"""Writes an act into a document, block by block."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from judge_desk.desktop.editor import formats
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.desktop.theme import Space, Theme
from judge_desk.domain.acts import ActText, Align, Block, BlockKind, Cell, Row, Run, text_of
from judge_desk.drafting.no_break import NO_BREAK_HYPHEN, NO_BREAK_SPACE, joints
from judge_desk.i18n.translator import Translator

NUMBER_SIGN: Final = "№"


def show_act(document: QTextDocument, act: ActText) -> None:
    """Fill the document anew; what could be undone before is forgotten."""
    document.setUndoRedoEnabled(False)
    document.clear()
    write_act(QTextCursor(document), act)
    document.setUndoRedoEnabled(True)
    document.setModified(False)


def replace_act(document: QTextDocument, act: ActText) -> None:
    """Put another text in the place of the present one, as one step that can be undone."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.removeSelectedText()
    cursor.setBlockFormat(formats.line_format(Line.FILLER))
    cursor.setCharFormat(QTextCharFormat())
    write_act(cursor, act)
    cursor.endEditBlock()


def write_act(cursor: QTextCursor, act: ActText) -> None:
    """Write the parts at the cursor, which stands in an empty first line."""
    pen = _Pen(cursor, is_free=True, language=act.language)
    names = Translator(act.language)
    for number, part in enumerate(act.parts):
        # The filler behind a table that ends a part stays: without it nothing could be written there.
        pen.is_free = number == 0
        pen.line(formats.part_format(part.kind))
        cursor.insertText(names.text(f"word.part.{part.kind}"), QTextCharFormat())
        pen.is_free = False
        write_blocks(pen, part.blocks)
        if not part.blocks:
            pen.line(formats.line_format(Line.FILLER))
            pen.is_free = False


def write_blocks(pen: _Pen, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        if block.rows or block.kind in formats.SPREAD or block.kind is BlockKind.TABLE:
            pen.table(block)
        else:
            pen.line(formats.block_format(block))
            write_runs(pen.cursor, block.runs, block.language or pen.language)
            pen.is_free = False
    tail = [block for block in blocks if block.kind is not BlockKind.FOOTNOTE][-1:]
    if blocks and blocks[-1].kind is BlockKind.FOOTNOTE and tail and tail[0].rows:
        pen.line(formats.line_format(Line.FILLER))


def write_runs(cursor: QTextCursor, runs: tuple[Run, ...], language: str = "") -> None:
    """Stretches of one line; ``language`` says which words stay on one line, "" those of any."""
    text = text_of(runs)
    held, at = joints(text, language), 0
    for run in runs:
        end = at + len(run.text)
        if run.note:
            cursor.insertText(formats.NOTE_SIGN, formats.note_format(run.note))
        else:
            # A blank is filled as a whole, so it stays one stretch.
            _write_run(cursor, run, [place - at for place in held if at <= place < end and not run.blank])
        at = end


def _write_run(cursor: QTextCursor, run: Run, held: list[int]) -> None:
    """The run's letters; where no line may end, one that Qt keeps together and ``reading`` takes for what it was."""
    look, at = formats.char_format(run), 0
    for place in held:
        if place > at:
            cursor.insertText(run.text[at:place], look)
        sign = NO_BREAK_SPACE if run.text[place] == " " else NO_BREAK_HYPHEN
        cursor.insertText(sign, formats.held_format(look, on=True))
        at = place + 1
    if at < len(run.text):
        cursor.insertText(run.text[at:], look)


class _Pen:
    """Knows whether the line that the cursor stands in is still free to become the next block."""

    def __init__(self, cursor: QTextCursor, *, is_free: bool, language: str = "") -> None:
        self.cursor, self.is_free, self.language = cursor, is_free, language

    def line(self, line_format: QTextBlockFormat) -> None:
        if self.is_free:
            self.cursor.setBlockFormat(line_format)
            self.cursor.setBlockCharFormat(QTextCharFormat())
        else:
            self.cursor.insertBlock(line_format, QTextCharFormat())

    def table(self, block: Block) -> None:
        """A table at the cursor, and behind it a free filler line."""
        write_table(self.cursor, block)
        self.cursor.setBlockFormat(formats.line_format(Line.FILLER))
        self.cursor.setBlockCharFormat(QTextCharFormat())
        self.is_free = True


def pen_at(cursor: QTextCursor, *, is_free: bool) -> _Pen:
    """A pen that goes on at the cursor."""
    return _Pen(cursor, is_free=is_free)


def write_table(cursor: QTextCursor, block: Block) -> QTextTable:
    """A table, place line or signature; the cursor ends in the line behind it."""
    rows = block.rows or (Row(cells=(Cell(), Cell())),)
    columns = max(len(row.cells) for row in rows)
    table = cursor.insertTable(len(rows), columns, table_format(block, columns))
    for number, row in enumerate(rows):
        for column in range(columns):
            _write_cell(table, number, column, row)
            if block.kind in formats.SPREAD:
                _spread(table, number, column, len(row.cells))
    cursor.setPosition(table.lastPosition() + 1)
    return table


def table_format(block: Block, columns: int) -> QTextTableFormat:
    """Borders for a table; none for the cells of a place line or a signature, which are spread over the width."""
    theme = Theme.current()
    made = QTextTableFormat()
    made.setProperty(Key.ID, block.id)
    made.setProperty(Key.KIND, block.kind.value)
    made.setProperty(Key.WIDTHS, ",".join(map(str, block.widths)))
    made.setProperty(Key.ALIGN, block.align.value)
    made.setProperty(Key.LANGUAGE, block.language.value if block.language else "")
    made.setProperty(Key.LEVEL, block.level)
    is_spread = block.kind in formats.SPREAD
    made.setBorder(0 if is_spread else Space.HAIR)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderCollapse(True)
    made.setCellPadding(theme.px(Space.TIGHT))
    made.setTopMargin(theme.px(Space.ROW))
    made.setBottomMargin(theme.px(Space.TIGHT))
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    if is_spread and not block.widths:
        # Each as wide as its words ask for: a third of a narrow page would break the act's number.
        made.setColumnWidthConstraints([QTextLength()] * columns)
        return made
    shares = block.widths or tuple([100 // columns] * columns)
    made.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, each) for each in shares])
    return made


def _write_cell(table: QTextTable, number: int, column: int, row: Row) -> None:
    place = table.cellAt(number, column)
    look = place.format()
    look.setProperty(Key.HEADER_ROW, row.header)
    look.setProperty(Key.NO_CELL, column >= len(row.cells))
    place.setFormat(look)
    if column >= len(row.cells):
        return
    cell = row.cells[column]
    cursor = place.firstCursorPosition()
    line = cell_format(cell, is_header=row.header)
    # Where a word may end on any letter, Qt makes a column as narrow as one: the act's number would lose its last.
    line.setNonBreakableLines(table.format().stringProperty(Key.KIND) in formats.SPREAD and _is_one_word(cell))
    cursor.setBlockFormat(line)
    write_runs(cursor, cell.runs)


def _is_one_word(cell: Cell) -> bool:
    """Whether a cell has no place to end a line at: a number, with its sign or without, a name of one word."""
    return len(text_of(cell.runs).replace(NUMBER_SIGN, "").split()) <= 1


def _spread(table: QTextTable, number: int, column: int, count: int) -> None:
    """Show a place line from margin to margin: the first cell left, the last right; the act's own alignment stays."""
    cursor = table.cellAt(number, column).firstCursorPosition()
    line = cursor.blockFormat()
    if line.stringProperty(Key.ALIGN) != Align.AUTO or not column:
        return
    is_last = column == count - 1
    line.setAlignment(Qt.AlignmentFlag.AlignRight if is_last else Qt.AlignmentFlag.AlignHCenter)
    cursor.setBlockFormat(line)


def cell_format(cell: Cell, *, is_header: bool = False) -> QTextBlockFormat:
    """The format of the one line in a cell."""
    made = formats.line_format(BlockKind.TABLE)
    made.setBottomMargin(0)
    made.setProperty(Key.HEADER_ROW, is_header)
    formats.set_align(made, cell.align)
    return made
