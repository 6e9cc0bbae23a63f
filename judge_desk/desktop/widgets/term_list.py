"""A list of terms whose rows end in "why?"."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import ID_ROLE, LINE_ROLE, Line


class TermList(LazyList):
    """``LazyList`` of terms; the word at the end of a row, or the key W, asks why.

    Signals:
        why_asked: (id, point of the screen beside the row).
    """

    why_asked = Signal(str, QPoint)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = index.data(LINE_ROLE) if index.isValid() else None
        if not isinstance(line, Line) or not line.trailing:
            return
        theme = Theme.current()
        words = QFontMetrics(theme.font("body")).horizontalAdvance(line.trailing) + 2 * theme.px(Space.CARD)
        if event.position().x() >= self.viewport().width() - words:
            self._ask(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_W and self.currentIndex().isValid():
            self.ask_why()
            return
        super().keyPressEvent(event)

    def ask_why(self) -> None:
        """For the chosen row."""
        if self.currentIndex().isValid():
            self._ask(self.currentIndex().row())

    def _ask(self, row: int) -> None:
        index = self.lines.index(row)
        line = index.data(LINE_ROLE)
        if isinstance(line, Line) and line.trailing:
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomRight())
            self.why_asked.emit(str(index.data(ID_ROLE)), place)
