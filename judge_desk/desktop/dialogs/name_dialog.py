"""Asks for a name, such as that of a saved filter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t


class NameDialog(QDialog):
    """One line; ``on_named`` gets it, trimmed and never empty."""

    def __init__(self, parent: QWidget, title_key: str, name_key: str, on_named: Callable[[str], object]) -> None:
        super().__init__(parent.window())
        theme = Theme.current()
        self._on_named = on_named
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t(title_key))
        self.setMinimumWidth(theme.px(Size.DIALOG))
        self.line = QLineEdit()
        say(self.line.setAccessibleName, name_key)
        say(self.line.setPlaceholderText, name_key)
        self.line.textChanged.connect(self._enable)
        self._save = PrimaryButton("common.save", "Return")
        self._save.setDefault(True)
        self._save.clicked.connect(self._take)
        cancel = QuietButton("common.cancel", "Esc")
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(t(title_key), "title", wrap=True))
        column.addWidget(self.line)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._save)
        column.addLayout(row)
        self._enable()

    def ask(self, name: str = "") -> None:
        """Open with a name to change; returns at once."""
        self.line.setText(name)
        self.line.selectAll()
        self.open()
        self.line.setFocus()

    def _enable(self) -> None:
        self._save.setEnabled(bool(self.line.text().strip()))

    def _take(self) -> None:
        name = self.line.text().strip()
        if name:
            self.accept()
            self._on_named(name)
