"""The right column: what to know about the case: parties, terms, notes, hearings, drafts, completeness."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.case.lines import draft_line, hearing_of_case_line, next_first, term_of_case_line
from judge_desk.desktop.pages.case.notes_section import NotesSection
from judge_desk.desktop.pages.case.receipt_section import ReceiptSection
from judge_desk.desktop.pages.court_lines import capital
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.widgets.term_list import TermList
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.cases import Party
from judge_desk.domain.declarations import Kin
from judge_desk.services.cases import CaseFile
from judge_desk.services.dossier_extract import kin_in_words


class ListSection(QWidget):
    """A heading and a list that grows; a quiet sentence while there is nothing."""

    def __init__(self, title_key: str, empty_key: str, rows: LazyList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = SectionHead(title_key)
        self.rows = rows
        rows.set_grows()
        self._nothing = PlainLabel(tone="muted", wrap=True)
        say(self._nothing.setText, empty_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        for widget in (self.head, self._nothing, rows):
            column.addWidget(widget)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.rows.show_lines(lines)
        self.rows.setVisible(bool(lines))
        self._nothing.setVisible(not lines)


class PartiesSection(QWidget):
    """Who stands against whom; names wrap, nothing of them is cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._column.addWidget(SectionHead("cases.file.parties"))
        self._labels: list[QWidget] = []

    def show_parties(self, parties: Sequence[Party], kin: Sequence[Kin] = ()) -> None:
        for label in self._labels:
            label.deleteLater()
        self._labels = [PlainLabel(t("cases.file.no_parties"), tone="muted", wrap=True)] if not parties else []
        names = {party.id: party.name for party in parties}
        if kin:
            told = "; ".join(kin_in_words(each, Wording.current().translator) for each in kin)
            self._labels.append(PlainLabel(t("cases.file.kin", names=told), tone="warn", wrap=True))
        for party in parties:
            self._labels += _party(party, names.get(party.represents, party.represents))
        for label in self._labels:
            self._column.addWidget(label)


class KnowPanel(Card):
    """``show_file`` fills all sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.parties = PartiesSection()
        self.term_rows = TermList("cases.file.terms")
        self.terms = ListSection("cases.file.terms", "cases.file.no_terms", self.term_rows)
        self.done = LinkButton("terms.done.mark", icon_name="check")
        self.terms.head.add_trailing(self.done)
        self.notes = NotesSection()
        self.hearings = ListSection("cases.file.hearings", "cases.file.no_hearings", LazyList("cases.file.hearings"))
        self.plan = LinkButton("cases.file.plan.short", icon_name="plus")
        self.hearings.head.add_trailing(self.plan)
        self.drafts = ListSection("cases.file.drafts", "cases.file.no_drafts", LazyList("cases.file.drafts"))
        self.receipt = ReceiptSection()
        sheet = self._sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, Space.TIGHT, 0)
        column.setSpacing(Theme.current().px(Space.SECTION))
        for section in (self.notes, self.terms, self.hearings, self.parties, self.drafts, self.receipt):
            column.addWidget(section)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(sheet)
        self.body.addWidget(self._scroll)

    def show_file(self, file: CaseFile) -> None:
        """Everything beside the documents."""
        self.parties.show_parties(file.case.parties, file.kin)
        self.terms.show_lines([term_of_case_line(each) for each in file.terms])
        self.hearings.show_lines(
            [
                hearing_of_case_line(each, owes_outcome=each.id in file.outcomes_owed)
                for each in next_first(file.hearings)
            ]
        )
        self.drafts.show_lines([draft_line(each) for each in file.drafts])
        self.notes.show_notes(file.notes, {each.document.id: each.document.title for each in file.documents})
        self.receipt.show_receipt(file.receipt)

    def bring_into_sight(self, section: QWidget) -> None:
        self._scroll.ensureWidgetVisible(section)


def _party(party: Party, represented: str) -> list[QWidget]:
    role = capital(t(f"word.party.{party.role.value}"))
    if represented:
        role = t("cases.file.represents", role=role, whom=represented)
    labels: list[QWidget] = [PlainLabel(role, "caption", "muted", wrap=True), PlainLabel(party.name, wrap=True)]
    if party.number:
        number = PlainLabel(t("cases.file.party_number", number=party.number), "caption", "muted", wrap=True)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        labels.append(number)
    return labels
