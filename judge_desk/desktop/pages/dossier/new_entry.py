"""The commission's form for a new entry; once entered it does not change, and the form says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from judge_desk.desktop.pages.dossier.entry_details import EvidenceFile, GuaranteeFields, PostFields, read_figures
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.dossier import ChangeCause, DossierEntry, DossierSection
from judge_desk.domain.guarantees import Guarantee, GuaranteeFault
from judge_desk.services.dossier_extract import fault_in_words, law_in_words

Check = Callable[[Guarantee], GuaranteeFault | None]
OF_CASES = frozenset({DossierSection.APPEALS, DossierSection.JURY_CASSATION, DossierSection.DISCIPLINE})
WITH_FIGURES = frozenset(
    {
        *(DossierSection.TRAINING, DossierSection.WORKLOAD, DossierSection.TERMS_KEPT, DossierSection.QUALIFICATION),
        *(DossierSection.JURY_CASSATION, DossierSection.REVIEWS, DossierSection.CONTESTS),
    }
)
ENTERED: list[DossierSection] = [each for each in DossierSection if each is not DossierSection.DECLARATIONS]
"""Declarations are the judge's own to make, in a form of their own."""


class NewEntryDialog(QDialog):
    """``entry(blank)`` is ``blank`` with what the form says. What is asked follows from the section: the cause for
    changed acts, court and office for a post, for a measure who allowed it; a wrong body is told at once, in words."""

    def __init__(
        self, parent: QWidget, section: DossierSection | None = None, check: Check = lambda _guarantee: None
    ) -> None:
        super().__init__(parent)
        self._check_guarantee = check
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("dossier.enter"))
        self.setMinimumWidth(theme.px(Size.READING))
        self.section = Chooser()
        for each in ENTERED:
            self.section.addItem(_capital(t(f"word.dossier.{each.value}")), each)
        if section in ENTERED:
            self.section.setCurrentIndex(ENTERED.index(section))
        self.section.currentIndexChanged.connect(self._show_fields)
        self.post, self.guarantee = PostFields(), GuaranteeFields()
        self.evidence, self.evidence_file, self.figures = QLineEdit(), EvidenceFile(), QLineEdit()
        self.verdict = PlainLabel(tone="bad", wrap=True)
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
        self.title.textChanged.connect(lambda _text: self._check())
        self.figures.textChanged.connect(lambda _text: self._check())
        self.guarantee.on_change(self._check)
        self._lay_out()
        self._show_fields()
        self.title.setFocus()

    def entry(self, blank: DossierEntry) -> DossierEntry:
        """What was typed, in a new entry's place."""
        section = DossierSection(self.section.currentData())
        cause = self.cause.currentData() if section is DossierSection.APPEALS else None
        guarantee = self.guarantee.value() if section is DossierSection.GUARANTEES else None
        return replace(
            blank,
            section=section,
            title=self.title.text().strip(),
            text=self.text.toPlainText().strip(),
            from_on=self.from_on.value() if guarantee is None else guarantee.allowed_on,
            to_on=self.to_on.value(),
            case_number=self.case_number.text().strip(),
            cause=None if cause is None else ChangeCause(cause),
            source=self.source.text().strip(),
            evidence=self.evidence.text().strip(),
            evidence_sha256=self.evidence_file.sha256,
            figures=read_figures(self.figures.text()) or {},
            post=self.post.value() if section is DossierSection.POSTS else None,
            guarantee=guarantee,
        )

    def _lay_out(self) -> None:
        theme = Theme.current()
        self._form = QFormLayout()
        self._form.setSpacing(theme.px(Space.ROW))
        for key, field in (
            ("dossier.enter.section", self.section),
            ("dossier.enter.what", self.title),
            *self.post.rows(),
            *self.guarantee.rows(),
            ("dossier.enter.text", self.text),
            ("dossier.enter.from_on", self.from_on),
            ("dossier.enter.to_on", self.to_on),
            ("dossier.enter.case_number", self.case_number),
            ("dossier.enter.cause", self.cause),
            ("dossier.enter.figures", self.figures),
            ("dossier.enter.source_of", self.source),
            ("dossier.enter.evidence", self.evidence),
            ("dossier.enter.evidence_file", self.evidence_file),
        ):
            say(field.setAccessibleName, key)
            self._form.addRow(PlainLabel(t(key), "caption", "muted"), field)
        keep = QuietButton("common.cancel", "Esc")
        keep.clicked.connect(self.reject)
        ways = FlowRow(to_end=True)
        ways.add(keep)
        ways.add(self.save)
        self._column = column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(t("dossier.enter"), "title"))
        self._scroll_form()
        column.addWidget(self._scroll, 1)
        column.addWidget(self.verdict)
        column.addWidget(PlainLabel(t("dossier.enter.final"), tone="muted", wrap=True))
        column.addWidget(ways)

    def _scroll_form(self) -> None:
        self._fields = QWidget()
        self._fields.setLayout(self._form)
        self._form.setContentsMargins(0, 0, Theme.current().px(Space.ROW), 0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._fields)

    def _show_fields(self) -> None:
        section = DossierSection(self.section.currentData())
        asked = {
            self.cause: section is DossierSection.APPEALS,
            self.case_number: section in OF_CASES,
            self.figures: section in WITH_FIGURES,
            # A measure has one day, the one on which it was allowed.
            self.from_on: section is not DossierSection.GUARANTEES,
            self.to_on: section is not DossierSection.GUARANTEES,
            **{field: section is DossierSection.POSTS for _, field in self.post.rows()},
            **{field: section is DossierSection.GUARANTEES for _, field in self.guarantee.rows()},
        }
        for field, is_asked in asked.items():
            self._form.setRowVisible(field, is_asked)
        self._check()
        self._fit()

    def _fit(self) -> None:
        """As high as the form needs, on a low screen with a scroll bar."""
        room = self.screen().availableSize().height() * 3 // 5
        self._fields.adjustSize()
        self._scroll.setMinimumHeight(min(self._fields.sizeHint().height() + 2, room))
        self.adjustSize()

    def _check(self) -> None:
        """Whether it may be saved; why not stands in the form, before anything was tried."""
        told, tone, is_whole = "", "bad", bool(self.title.text().strip())
        if self.section.currentData() == DossierSection.GUARANTEES:
            guarantee = self.guarantee.value()
            fault = None if guarantee is None else self._check_guarantee(guarantee)
            words = Wording.current().translator
            if fault is not None:
                told = _capital(fault_in_words(fault, words))
            elif guarantee is not None:
                told, tone = _capital(law_in_words(guarantee, words)), "muted"
            is_whole = is_whole and guarantee is not None and fault is None
        if read_figures(self.figures.text()) is None:
            told, tone, is_whole = t("dossier.enter.figures_bad"), "bad", False
        self.verdict.set_tone(tone)
        self.verdict.setText(told)
        self.verdict.setVisible(bool(told))
        # The sentence wraps: only the whole layout knows how high that makes the form.
        self.resize(self.width(), max(self.height(), self._column.totalHeightForWidth(self.width())))
        self.save.setEnabled(is_whole)


def ask_entry(
    parent: QWidget, section: DossierSection | None, on_entry: Callable[[NewEntryDialog], object], check: Check
) -> NewEntryDialog:
    """Open the form and return at once; ``on_entry(dialog)`` runs if the person agrees."""
    dialog = NewEntryDialog(parent.window(), section, check)
    dialog.accepted.connect(lambda: on_entry(dialog))
    dialog.open()
    return dialog


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
