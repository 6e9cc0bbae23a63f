"""F1: every key of the window and of the page on screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.key_hint import KeyHint
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t


class ShortcutHelp(QDialog):
    """``groups``: heading and its actions; actions without a key are left out."""

    def __init__(self, parent: QWidget, groups: Sequence[tuple[str, Sequence[Action]]]) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("shell.help.title"))
        self.resize(theme.px(Size.PALETTE), theme.px(Size.PALETTE))
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(theme.px(Space.CARD))
        for heading, actions in groups:
            self._add(grid, heading, [action for action in actions if action.shortcut])
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setAccessibleName(t("shell.help.title"))
        column = QVBoxLayout(self)
        side = theme.px(Space.CARD)
        column.setContentsMargins(side, side, side, side)
        column.addWidget(PlainLabel(t("shell.help.title"), "title"))
        column.addWidget(area)
        area.setFocus()

    @staticmethod
    def _add(grid: QGridLayout, heading: str, actions: Sequence[Action]) -> None:
        if not actions:
            return
        head = PlainLabel(heading, "caption", "muted")
        head.setContentsMargins(0, Space.GAP, 0, 0)
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for action in actions:
            row = grid.rowCount()
            grid.addWidget(PlainLabel(t(action.text_key)), row, 0)
            grid.addWidget(KeyHint(action.shortcut), row, 1, Qt.AlignmentFlag.AlignRight)
