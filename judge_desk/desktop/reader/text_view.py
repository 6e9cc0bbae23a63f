"""Plain text to read: copied, found in, never changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.wording import say

Span = tuple[int, int]


class TextView(QPlainTextEdit):
    """Text in the face of documents; ``show_hits`` marks (start, end) places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Span] = []
        self._current = -1
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "reading")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        say(self.setAccessibleName, "reader.text")
        Theme.current().changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str) -> None:
        self.setPlainText(text)
        self.show_hits([])

    def show_hits(self, spans: list[Span], current: int = -1) -> None:
        """Mark these places; the current one is brought into sight."""
        self._hits, self._current = spans, current
        marks = []
        for number, (start, end) in enumerate(spans):
            mark = QTextEdit.ExtraSelection()
            style = QTextCharFormat()
            style.setBackground(Theme.current().colour("mark"))
            style.setForeground(Theme.current().colour("text"))
            if number == current:
                style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                style.setUnderlineColor(Theme.current().colour("accent"))
            cursor = self.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, style
            marks.append(mark)
        self.setExtraSelections(marks)
        if 0 <= current < len(spans):
            cursor = self.textCursor()
            cursor.setPosition(spans[current][0])
            self.setTextCursor(cursor)
            self.centerCursor()

    def _restyle(self) -> None:
        theme = Theme.current()
        self.setFont(theme.font("act"))
        side = theme.px(Space.PAGE)
        self.setViewportMargins(side, theme.px(Space.CARD), side, theme.px(Space.CARD))
        self.show_hits(self._hits, self._current)
