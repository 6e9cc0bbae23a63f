"""Asks for some words before something is done: a reason, a purpose, a decision."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.dialogs.frame import fit_height
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t


class AskTextDialog(QDialog):
    """``field`` holds the words; the button stays off while they are empty, and Ctrl+Enter presses it."""

    def __init__(self, parent: QWidget, title: str, hint: str, action_key: str) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(Size.DIALOG))
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(title)
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(3 * theme.px(Size.CONTROL))
        self.do_it = PrimaryButton(action_key, "Ctrl+Return")
        self.do_it.setShortcut("Ctrl+Return")
        self.do_it.setEnabled(False)
        self.do_it.clicked.connect(self.accept)
        self.field.textChanged.connect(lambda: self.do_it.setEnabled(bool(self.text())))
        keep = QuietButton("common.cancel", "Esc")
        keep.clicked.connect(self.reject)
        column = self._column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(title, "title", wrap=True))
        if hint:
            column.addWidget(PlainLabel(hint, tone="muted", wrap=True))
        column.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(theme.px(Space.ROW))
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(self.do_it)
        column.addLayout(row)
        say(self.do_it.setAccessibleName, action_key)
        self.field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self, self._column)

    def text(self) -> str:
        """The words without blanks around them."""
        return self.field.toPlainText().strip()


def ask_text(
    parent: QWidget,
    title_key: str,
    action_key: str,
    on_words: Callable[[str], object],
    *,
    hint_key: str = "",
    text: str = "",
    **params: object,
) -> AskTextDialog:
    """Open the question and return at once; ``on_words(text)`` runs if the person agrees. ``params`` fill the title."""
    dialog = AskTextDialog(parent.window(), t(title_key, **params), t(hint_key) if hint_key else "", action_key)
    dialog.field.setPlainText(text)
    dialog.accepted.connect(lambda: on_words(dialog.text()))
    dialog.open()
    return dialog
