"""A line at the bottom for some seconds: what was done, and the way to undo it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain

SHOWN_MS = 6_000


class Toast(QFrame):
    """One at a time; a new one takes the place of the old. It goes with the page that it speaks of."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._undo: Callable[[], object] | None = None
        self._label = PlainLabel()
        self._button = QPushButton()
        say(self._button.setText, "common.undo")
        self._button.clicked.connect(self._take_back)
        self._row = row = QHBoxLayout(self)
        row.setSpacing(Space.CARD)
        row.addWidget(self._label)
        row.addWidget(self._button)
        self._clock = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._clock.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """A finished plain sentence."""
        self._undo = undo
        say_plain(self._label.setText, text)
        self.setAccessibleName(text)
        self._button.setVisible(undo is not None)
        # A button has room of its own around its words.
        end = Space.CARD if undo is None else Space.ROW
        self._row.setContentsMargins(Space.CARD, Space.ROW, end, Space.ROW)
        self.show()
        self.raise_()
        self.place()
        self._clock.start()

    def can_undo(self) -> bool:
        return self.isVisible() and self._undo is not None

    def undo(self) -> None:
        self._take_back()

    def place(self) -> None:
        room = self._over.rect()
        self.adjustSize()
        self.move(
            (room.width() - self.width()) // 2, room.height() - self.height() - Theme.current().px(3 * Space.CARD)
        )

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
