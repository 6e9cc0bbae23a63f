"""Draws the marks of footnotes: small raised numbers, counted anew whenever one comes or goes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPyTextObject, QTextDocument, QTextFormat

from judge_desk.desktop.editor import formats, notes
from judge_desk.desktop.editor.formats import Key
from judge_desk.desktop.theme import TYPE, Theme

GROWTH = 0.68
"""Of the letters beside it."""


class NoteMarks(QPyTextObject):
    """Made once for a document; ``look_again`` after edits."""

    def __init__(self, document: QTextDocument, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self.numbers: dict[str, str] = {}
        document.documentLayout().registerHandler(formats.NOTE_OBJECT, self)

    def look_again(self) -> None:
        """Count the marks; where a number got more figures its line is laid out anew."""
        before, self.numbers = self.numbers, notes.numbers_in(self._document)
        if before == self.numbers:
            return
        for position, note in notes.marks_in(self._document):
            if len(before.get(note, "")) != len(self.numbers[note]):
                self._document.markContentsDirty(position, 1)

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        del doc, posInDocument
        return QSizeF(QFontMetricsF(_font()).horizontalAdvance(self._number(format)) + 1.0, _height())

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,
        format: QTextFormat,
    ) -> None:
        del doc, posInDocument
        font = _font()
        painter.setFont(font)
        painter.setPen(Theme.current().colour("accent"))
        painter.drawText(QPointF(rect.x(), rect.y() + QFontMetricsF(font).ascent()), self._number(format))

    def _number(self, mark: Any) -> str:
        return self.numbers.get(mark.stringProperty(Key.NOTE), "*")


def _font() -> QFont:
    font = Theme.current().font("act")
    font.setPixelSize(max(round(Theme.current().px(TYPE["act"].px * GROWTH)), 1))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _height() -> float:
    """As high as the letters beside it, so that no line grows by a mark."""
    return QFontMetricsF(Theme.current().font("act")).ascent()
