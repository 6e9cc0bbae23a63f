"""Filter as you type, without a query for every letter."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from judge_desk.desktop.icons import icon
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.wording import say

DEBOUNCE_MS: Final = 150


class SearchField(QLineEdit):
    """A line with a magnifier; Esc empties it first, then goes on to the page.

    Signals:
        asked: (text) 150 ms after the last key, at once on Enter; never twice the same text in a row.
        moved_down: the arrow key that leads into the list below.
    """

    asked = Signal(str)
    moved_down = Signal()

    def __init__(self, placeholder_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = ""
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)
        # Qt's own button, which it leaves without a name.
        say(self.findChildren(QToolButton)[-1].setAccessibleName, "widgets.clear")
        say(self._glass.setText, placeholder_key)
        say(self.setPlaceholderText, placeholder_key)
        say(self.setAccessibleName, placeholder_key)
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(lambda _text: self._pause.start())
        self.returnPressed.connect(self._ask)
        self._draw()
        Theme.current().changed.connect(self._draw)

    def set_quietly(self, text: str) -> None:
        """Put a text there without asking for it."""
        self.setText(text)
        self._pause.stop()
        self._last = text.strip()

    def event(self, event: QEvent) -> bool:
        # Else the window's own Esc would take the key before the field can empty itself.
        wants_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and bool(self.text())
        if wants_key and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
            return
        super().keyPressEvent(event)

    def _ask(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.asked.emit(text)

    def _draw(self) -> None:
        self._glass.setIcon(icon("search", "muted"))
