"""One of a few, all in sight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLayout, QPushButton, QSizePolicy, QWidget

from judge_desk.desktop.actions import shortcut_text
from judge_desk.desktop.widgets.flow_row import FlowLayout
from judge_desk.desktop.wording import say

INSIDE: Final = 2
"""Between the choices, and between them and their frame."""


class Segmented(QFrame):
    """``Segmented((("light", "settings.theme.light"), ("dark", "settings.theme.dark")))``; with ``wraps`` the
    choices stand below each other where one line has no room for all.

    Signals:
        picked: (value) chosen by the person.
    """

    picked = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        name_key: str = "",
        parent: QWidget | None = None,
        *,
        wraps: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segmented")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._row = self._flowing() if wraps else self._in_line()
        for value, key in choices:
            self.add(value, key)
        if name_key:
            say(self.setAccessibleName, name_key)

    def _in_line(self) -> QLayout:
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        row.setSpacing(INSIDE)
        return row

    def _flowing(self) -> QLayout:
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flow = FlowLayout(self, gap=INSIDE, stacks=True)
        flow.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        return flow

    def add(self, value: str, key: str, **params: object) -> None:
        """One more choice; ``params`` fill its text."""
        button = QPushButton()
        button.setCheckable(True)
        button.setProperty("kind", "segment")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        say(button.setText, key, **params)
        button.clicked.connect(lambda _on=False, each=value: self.picked.emit(each))
        self._group.addButton(button)
        self._buttons[value] = button
        self._row.addWidget(button)

    def value(self) -> str:
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show a choice without telling anybody."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)

    def focus_value(self) -> None:
        """The keyboard on the choice that is shown, or on the first where none is."""
        shown = self._buttons.get(self.value()) or next(iter(self._buttons.values()), None)
        if shown is not None:
            shown.setFocus()

    def set_hint(self, value: str, keys: str) -> None:
        """The keys that pick a choice, in Qt's portable text; told by its tooltip."""
        self._buttons[value].setToolTip(shortcut_text(keys))

    def offers(self, value: str) -> bool:
        return value in self._buttons

    def offer(self, values: Collection[str]) -> None:
        """Show these choices alone: one that can never be taken here is no choice."""
        for value, button in self._buttons.items():
            button.setVisible(value in values)
