"""What stands beside the lines and is no text: numbers and dashes of lists, of notes, the bar of a quotation."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock
from PySide6.QtWidgets import QTextEdit

from judge_desk.desktop.editor import formats
from judge_desk.desktop.editor.looks import note_font
from judge_desk.desktop.theme import Space, Theme
from judge_desk.domain.acts import ActKind, ActText, BlockKind, Part, PartKind, markers
from judge_desk.domain.cases import Language


def paint_margins(painter: QPainter, edit: QTextEdit, notes: dict[str, str]) -> None:
    """Paint for the lines in sight only; ``notes`` are the numbers of footnotes."""
    theme = Theme.current()
    painter.setFont(theme.font("act"))
    known: dict[str, str] = {}
    for line, room in _in_sight(edit):
        kind = formats.kind_of(line.blockFormat())
        if kind == BlockKind.LIST_ITEM:
            block_id = formats.attributes(line.blockFormat()).id
            if block_id not in known:
                known.update(_numbers(line))
            _paint_marker(painter, edit, line, room, known.get(block_id, ""))
        elif kind == BlockKind.FOOTNOTE:
            painter.save()
            painter.setFont(note_font())
            _paint_marker(painter, edit, line, room, notes.get(formats.attributes(line.blockFormat()).id, ""))
            painter.restore()
        elif kind == BlockKind.QUOTATION:
            width = theme.px(Space.TIGHT) / 2
            left = room.left() + edit.document().indentWidth() / 2
            painter.fillRect(QRectF(left, room.top(), width, room.height()), theme.colour("edge"))


def _in_sight(edit: QTextEdit) -> Iterator[tuple[QTextBlock, QRectF]]:
    layout = edit.document().documentLayout()
    shift = -edit.verticalScrollBar().value()
    line = edit.cursorForPosition(QPoint(0, 0)).block()
    while line.isValid():
        room = layout.blockBoundingRect(line).translated(-edit.horizontalScrollBar().value(), shift)
        if room.top() > edit.viewport().height():
            return
        yield line, room
        line = line.next()


def _paint_marker(painter: QPainter, edit: QTextEdit, line: QTextBlock, room: QRectF, marker: str) -> None:
    text_line = line.layout().lineAt(0)
    if not marker or not text_line.isValid():
        return
    painter.setPen(Theme.current().colour("muted"))
    left = line.layout().position().x() - edit.horizontalScrollBar().value()
    top = line.layout().position().y() - edit.verticalScrollBar().value() + text_line.y()
    width = edit.document().indentWidth()
    gap = Theme.current().px(Space.TIGHT)
    inner = line.blockFormat().indent() * width
    cell = QRectF(left + inner - width - gap, top, width, text_line.height())
    if text_line.x() < inner:
        cell.translate(text_line.x() - inner, 0)
    painter.drawText(cell, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), marker)


def _numbers(line: QTextBlock) -> dict[str, str]:
    """The markers of the whole list that a line belongs to."""
    first = line
    while first.previous().isValid() and formats.kind_of(first.previous().blockFormat()) == BlockKind.LIST_ITEM:
        first = first.previous()
    items = []
    while first.isValid() and formats.kind_of(first.blockFormat()) == BlockKind.LIST_ITEM:
        items.append(formats.attributes(first.blockFormat()))
        first = first.next()
    part = Part(kind=PartKind.WHOLE, blocks=tuple(items))
    return markers(ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=(part,)))
