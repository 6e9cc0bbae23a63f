"""A calm strip above the page: what happened, what is safe, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, say_plain

SHAPES: Final = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "gold": "cloud-off",
    "accent": "info",
}


class Banner(QFrame):
    """Hidden until told something: ``say_text(key, tone)`` or ``show_failure(failure)``.

    Signals:
        closed: the person put it away.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self._failure: Failure | None = None
        self._shape = IconLabel("info", "accent")
        self._first = PlainLabel(face="strong", wrap=True)
        self._rest = PlainLabel(tone="muted", wrap=True)
        self._buttons: list[QWidget] = []
        self._close = IconButton("x", "common.close", "")
        self._close.clicked.connect(self.put_away)
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT // 2)
        words.addWidget(self._first)
        words.addWidget(self._rest)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.CARD, Space.ROW, Space.ROW, Space.ROW)
        self._row.setSpacing(Space.GAP)
        self._row.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        Wording.current().changed.connect(self._reword)

    def say_text(self, key: str, tone: str = "accent", detail_key: str = "", **params: object) -> None:
        """One sentence, and perhaps a second, quieter one."""
        self._failure = None
        say(self._first.setText, key, **params)
        self._rest.setVisible(bool(detail_key))
        if detail_key:
            say(self._rest.setText, detail_key, **params)
        self._show(tone)

    def show_failure(self, failure: Failure) -> None:
        self._failure = failure
        self._reword()
        self._rest.setVisible(bool(failure.advice()))
        self._show("gold" if failure.is_offline else "bad" if failure.is_bug else "warn")

    def add_button(self, key: str, handler: Callable[[], object]) -> None:
        """A quiet button before the cross; goes away with the next text."""
        button = QuietButton(key)
        button.clicked.connect(lambda: handler())
        self._buttons.append(button)
        self._row.insertWidget(self._row.count() - 1, button, 0, Qt.AlignmentFlag.AlignTop)

    def set_closable(self, on: bool) -> None:
        self._close.setVisible(on)

    def put_away(self) -> None:
        self.hide()
        self._clear_buttons()
        self.closed.emit()

    def _show(self, tone: str) -> None:
        self._clear_buttons()
        self.setProperty("tone", tone)
        self._shape.set_icon(SHAPES[tone], tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(f"{self._first.text()} {self._rest.text()}".strip())
        self.show()

    def _clear_buttons(self) -> None:
        for button in self._buttons:
            button.deleteLater()
        self._buttons.clear()

    def _reword(self) -> None:
        if self._failure is not None:
            say_plain(self._first.setText, self._failure.happened())
            say_plain(self._rest.setText, self._failure.advice())
