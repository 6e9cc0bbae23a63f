"""Reads an act out of a document: the same blocks, ids and runs that were shown, and what was typed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFrame, QTextTable

from judge_desk.desktop.editor import formats
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.domain.acts import ActText, Align, Block, BlockKind, Cell, Part, PartKind, Row, Run, normalised
from judge_desk.domain.cases import Language

_LINE_BREAKS = str.maketrans({"\u2028": " ", "\u2029": " ", "\t": " ", "\ufffc": None})


def read_act(document: QTextDocument, like: ActText) -> ActText:
    """The act in the document; language, kind and form are those of ``like``."""
    parts: list[Part] = []
    blocks: list[Block] = []
    kind: PartKind | None = None
    for each in pieces(document):
        if isinstance(each, QTextBlock) and formats.kind_of(each.blockFormat()) == Line.PART:
            if kind is not None:
                parts.append(Part(kind=kind, blocks=tuple(blocks)))
            kind, blocks = PartKind(each.blockFormat().stringProperty(Key.PART)), []
            continue
        read = read_table(each) if isinstance(each, QTextTable) else read_line(each)
        if read is not None:
            blocks.append(read)
    if kind is not None:
        parts.append(Part(kind=kind, blocks=tuple(blocks)))
    return normalised(replace(like, parts=tuple(parts)))


def pieces(document: QTextDocument) -> Iterator[QTextBlock | QTextTable]:
    """Lines and tables in the order of the text; lines inside tables belong to their table."""
    at: QTextFrame.iterator = document.rootFrame().begin()
    while not at.atEnd():
        frame = at.currentFrame()
        if isinstance(frame, QTextTable):
            yield frame
        elif at.currentBlock().isValid():
            yield at.currentBlock()
        at += 1


def read_line(line: QTextBlock) -> Block | None:
    """A text block; None for a filler line that nobody wrote into."""
    look = line.blockFormat()
    if formats.kind_of(look) == Line.FILLER and not line.text().strip():
        return None
    return replace(formats.attributes(look), runs=runs_in(line))


def runs_in(line: QTextBlock) -> tuple[Run, ...]:
    """The stretches of a line."""
    found: list[Run] = []
    at = line.begin()
    while not at.atEnd():
        fragment = at.fragment()
        if fragment.isValid():
            found.append(formats.run_of(fragment.charFormat(), fragment.text().translate(_LINE_BREAKS)))
        at += 1
    return tuple(found)


def read_table(table: QTextTable) -> Block:
    """A table, place line or signature with its rows."""
    look = table.format()
    widths = tuple(int(each) for each in look.stringProperty(Key.WIDTHS).split(",") if each)
    language = look.stringProperty(Key.LANGUAGE)
    return Block(
        id=look.stringProperty(Key.ID),
        kind=BlockKind(formats.kind_of(look) or BlockKind.TABLE),
        rows=tuple(_row(table, number) for number in range(table.rows())),
        widths=widths if len(widths) == table.columns() else (),
        align=Align(look.stringProperty(Key.ALIGN) or Align.AUTO),
        language=Language(language) if language else None,
        level=formats.level_of(look),
    )


def _row(table: QTextTable, number: int) -> Row:
    cells: list[Cell] = []
    header = False
    for column in range(table.columns()):
        place = table.cellAt(number, column)
        look = place.format()
        header = header or look.boolProperty(Key.HEADER_ROW)
        cell = _cell(place.firstCursorPosition().block(), place.lastCursorPosition().block())
        if cell.runs or not look.boolProperty(Key.NO_CELL):
            cells.append(cell)
    return Row(cells=tuple(cells), header=header)


def _cell(first: QTextBlock, last: QTextBlock) -> Cell:
    runs = list(runs_in(first))
    line = first
    while line != last and line.isValid():
        line = line.next()
        runs.extend((Run(text=" "), *runs_in(line)))
    align = Align(first.blockFormat().stringProperty(Key.ALIGN) or Align.AUTO)
    return Cell(runs=tuple(run for run in runs if run.text or run.note), align=align)
