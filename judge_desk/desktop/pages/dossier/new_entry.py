"""The commission's form for a new entry; once entered it does not change, and the form says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.domain.dossier import ChangeCause, DossierEntry, DossierSection


class NewEntryDialog(QDialog):
    """``entry(blank)`` is ``blank`` with what the form says. The cause is asked for changed acts only."""

    def __init__(self, parent: QWidget, section: DossierSection | None = None) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("dossier.enter"))
        self.setMinimumWidth(theme.px(Size.DIALOG + Size.THUMBNAIL))
        self.section = Chooser()
        for each in DossierSection:
            self.section.addItem(_capital(t(f"word.dossier.{each.value}")), each)
        if section is not None:
            self.section.setCurrentIndex(list(DossierSection).index(section))
        self.section.currentIndexChanged.connect(self._show_cause)
        self.title, self.case_number, self.source = QLineEdit(), QLineEdit(), QLineEdit()
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(3 * theme.px(Size.CONTROL))
        self.from_on, self.to_on = DateField("dossier.enter.from_on"), DateField("dossier.enter.to_on")
        self.cause = Chooser()
        self.cause.addItem(t("dossier.enter.no_cause"), None)
        for cause in ChangeCause:
            self.cause.addItem(t(f"word.cause.{cause.value}"), cause)
        self.save = PrimaryButton("dossier.enter.save", "Ctrl+Return")
        self.save.setShortcut("Ctrl+Return")
        self.save.setEnabled(False)
        self.save.clicked.connect(self.accept)
        self.title.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self._lay_out()
        self._show_cause()
        self.title.setFocus()

    def entry(self, blank: DossierEntry) -> DossierEntry:
        """What was typed, in a new entry's place."""
        section = DossierSection(self.section.currentData())
        cause = self.cause.currentData() if section is DossierSection.APPEALS else None
        return replace(
            blank,
            section=section,
            title=self.title.text().strip(),
            text=self.text.toPlainText().strip(),
            from_on=self.from_on.value(),
            to_on=self.to_on.value(),
            case_number=self.case_number.text().strip(),
            cause=None if cause is None else ChangeCause(cause),
            source=self.source.text().strip(),
        )

    def _lay_out(self) -> None:
        theme = Theme.current()
        self._form = QFormLayout()
        self._form.setSpacing(theme.px(Space.ROW))
        for key, field in (
            ("dossier.enter.section", self.section),
            ("dossier.enter.what", self.title),
            ("dossier.enter.text", self.text),
            ("dossier.enter.from_on", self.from_on),
            ("dossier.enter.to_on", self.to_on),
            ("dossier.enter.case_number", self.case_number),
            ("dossier.enter.cause", self.cause),
            ("dossier.enter.source_of", self.source),
        ):
            say(field.setAccessibleName, key)
            self._form.addRow(PlainLabel(t(key), "caption", "muted"), field)
        keep = QuietButton("common.cancel", "Esc")
        keep.clicked.connect(self.reject)
        ways = FlowRow(to_end=True)
        ways.add(keep)
        ways.add(self.save)
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(t("dossier.enter"), "title"))
        column.addLayout(self._form)
        column.addWidget(PlainLabel(t("dossier.enter.final"), tone="muted", wrap=True))
        column.addWidget(ways)

    def _show_cause(self) -> None:
        self._form.setRowVisible(self.cause, self.section.currentData() == DossierSection.APPEALS)
        self.adjustSize()


def ask_entry(
    parent: QWidget, section: DossierSection | None, on_entry: Callable[[NewEntryDialog], object]
) -> NewEntryDialog:
    """Open the form and return at once; ``on_entry(dialog)`` runs if the person agrees."""
    dialog = NewEntryDialog(parent.window(), section)
    dialog.accepted.connect(lambda: on_entry(dialog))
    dialog.open()
    return dialog


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
