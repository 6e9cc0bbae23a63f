"""A button with a menu of things to tick, for a filter: it says what is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from judge_desk.desktop.wording import Wording, say, t


class StayingMenu(QMenu):
    """Stays open while things are ticked; Esc or a click beside it closes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = cast("QAction | None", self.activeAction())
        if action is not None and action.isCheckable():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = cast("QAction | None", self.activeAction())
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)


class CheckMenu(QPushButton):
    """``CheckMenu("cases.chip.stage", (("hearing", "word.stage.hearing"), …))``; nothing ticked means any.

    Signals:
        ticked: another choice.
    """

    ticked = Signal()

    def __init__(self, name_key: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name_key = name_key
        self._keys = dict(choices)
        self._entries: dict[str, QAction] = {}
        self._menu = StayingMenu(self)
        for value, key in choices:
            entry = self._entries[value] = self._menu.addAction("")
            entry.setCheckable(True)
            say(entry.setText, key)
            entry.triggered.connect(self._tick)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        Wording.current().changed.connect(self._describe)
        self._describe()

    def values(self) -> frozenset[str]:
        return frozenset(value for value, entry in self._entries.items() if entry.isChecked())

    def set_values(self, values: frozenset[str]) -> None:
        """Tick these without telling anybody."""
        for value, entry in self._entries.items():
            entry.setChecked(value in values)
        self._describe()

    def _tick(self) -> None:
        self._describe()
        self.ticked.emit()

    def _open(self) -> None:
        self._describe()
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _describe(self) -> None:
        chosen = [t(self._keys[value]) for value, entry in self._entries.items() if entry.isChecked()]
        name = t(self._name_key)
        words = chosen[0] if len(chosen) == 1 else str(len(chosen))
        self.setText(t("widgets.chip", name=name, chosen=words) if chosen else name)
        self.setAccessibleName(t("widgets.chip", name=name, chosen=", ".join(chosen)) if chosen else name)
        self.setChecked(bool(chosen))
