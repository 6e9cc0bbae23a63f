"""One of a few, all in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from judge_desk.desktop.wording import say


class Segmented(QFrame):
    """``Segmented((("light", "settings.theme.light"), ("dark", "settings.theme.dark")))``.

    Signals:
        picked: (value) chosen by the person.
    """

    picked = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name_key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segmented")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for value, key in choices:
            button = QPushButton()
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setProperty("kind", "segment")
            say(button.setText, key)
            button.clicked.connect(lambda _on=False, each=value: self.picked.emit(each))
            self._group.addButton(button)
            self._buttons[value] = button
            row.addWidget(button)
        if name_key:
            say(self.setAccessibleName, name_key)

    def value(self) -> str:
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show a choice without telling anybody."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)

    def set_enabled_value(self, value: str, on: bool) -> None:
        self._buttons[value].setEnabled(on)
