"""The extract on paper: first what for, then whether it is signed and with what key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.dialogs.sign_means import MeansPanel
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.wording import say
from judge_desk.runtime.settings import Settings


class PrintDialog(DialogFrame):
    """``purpose()`` stands on the paper and in the signature; ``means`` is used when ``is_signed()``."""

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent, "dossier.print.title")
        self.add_sentence("dossier.print.hint")
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(2 * Theme.current().px(Size.CONTROL))
        self.add_field("dossier.print.what_for", self.field)
        self.signed = CheckBox()
        say(self.signed.setText, "dossier.print.sign")
        self.signed.setChecked(True)
        self.column.addWidget(self.signed)
        self.means = MeansPanel(settings)
        self.column.addWidget(self.means)
        self.make = PrimaryButton("dossier.print.write", "Ctrl+Return")
        self.make.setShortcut("Ctrl+Return")
        self.make.clicked.connect(self.accept)
        self.add_buttons(self.make)
        self.field.textChanged.connect(self._enable)
        self.signed.toggled.connect(self._show_means)
        self.means.changed.connect(self._enable)
        self._enable()
        self.field.setFocus()

    def purpose(self) -> str:
        return self.field.toPlainText().strip()

    def is_signed(self) -> bool:
        return self.signed.isChecked()

    def _show_means(self, on: bool) -> None:
        self.means.setVisible(on)
        self._enable()
        self.adjustSize()

    def _enable(self) -> None:
        self.make.setEnabled(bool(self.purpose()) and (not self.is_signed() or self.means.is_ready()))


def ask_print(parent: QWidget, settings: Settings, on_agreed: Callable[[PrintDialog], object]) -> PrintDialog:
    """Open the question and return at once; ``on_agreed(dialog)`` runs if the person agrees."""
    dialog = PrintDialog(parent, settings)
    dialog.accepted.connect(lambda: on_agreed(dialog))
    dialog.open()
    return dialog
