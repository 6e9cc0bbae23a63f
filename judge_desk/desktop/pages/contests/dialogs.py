"""The questions of a contest: a new vacancy, an application with its consent, stepping back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from judge_desk.desktop.dialogs.form import FormDialog
from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.line import row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.tick_list import TickList
from judge_desk.desktop.wording import t
from judge_desk.domain.contests import RecusalReason, Seat, Vacancy
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.people import Person

MOST_ROWS = 6


class VacancyDialog(FormDialog):
    """What a vacancy needs beyond the rules of the day: post, court, panel, last day."""

    def __init__(self, parent: QWidget, council: Sequence[Person], last_day: date, least: int) -> None:
        super().__init__(parent, "contests.new", "contests.new.publish")
        self._least = least
        self.title, self.post, self.court = QLineEdit(), QLineEdit(), QLineEdit()
        self.text = _field(2)
        self.panel = TickList("contests.new.panel")
        self.panel.show_rows([(each.id, each.name) for each in council])
        self.panel.setFixedHeight(_rows(len(council)))
        self.last_day = DateField("contests.new.last_day")
        self.last_day.set_value(last_day)
        for key, field in (
            ("contests.new.title", self.title),
            ("contests.new.post", self.post),
            ("contests.new.court", self.court),
            ("contests.new.text", self.text),
            ("contests.new.panel", self.panel),
            ("contests.new.last_day", self.last_day),
        ):
            self.add(key, field)
        for line in (self.title, self.post, self.court):
            line.textChanged.connect(self._check)
        self.panel.ticked.connect(self._check)
        self.last_day.picked.connect(self._check)
        self._check()
        self.title.setFocus()

    def _check(self, _: object = None) -> None:
        chosen = len(self.panel.chosen())
        lines = all(each.text().strip() for each in (self.title, self.post, self.court))
        self.do_it.setEnabled(lines and chosen >= self._least and self.last_day.value() is not None)
        few = chosen < self._least
        self.say_note(t("contests.publish.panel", least=self._least) if few else t("contests.new.note"), "muted")


class ApplyDialog(FormDialog):
    """Which sections, until when, which members are kin; the note says what the council will read."""

    def __init__(self, parent: QWidget, vacancy: Vacancy, counts: dict[DossierSection, int]) -> None:
        super().__init__(parent, "contests.apply", "contests.apply.consent")
        self._counts = counts
        self.statement = _field(2)
        self.sections = TickList("contests.apply.which")
        asked = [*vacancy.sections, *(each for each in DossierSection if each not in vacancy.sections)]
        rows = [(each.value, t("contests.apply.section", name=words.section(each), n=counts[each])) for each in asked]
        self.sections.show_rows(rows)
        # The dialog scrolls where the screen is low: a list that scrolls in it would hide what one consents to.
        self.sections.set_most(len(asked))
        for each in asked:
            if each not in vacancy.sections:
                self.sections.untick(each.value)
        self.until_on = DateField("contests.apply.until_on")
        self.until_on.set_value(vacancy.consent_until_on)
        self.kin = TickList("contests.apply.kin_which")
        self.kin.show_rows([(each.person_id, each.name) for each in vacancy.panel])
        for seat in vacancy.panel:
            self.kin.untick(seat.person_id)
        self.kin.set_most(max(1, len(vacancy.panel)))
        post = PlainLabel(f"{vacancy.post} · {vacancy.court}", "strong", wrap=True)
        self.form.addRow(PlainLabel(t("contests.fact.post"), "caption", "muted"), post)
        self.add("contests.apply.statement", self.statement)
        self.add("contests.apply.which", self.sections)
        self.add("contests.apply.until_on", self.until_on)
        self.add("contests.apply.kin_which", self.kin)
        self.sections.ticked.connect(self._check)
        self.until_on.picked.connect(self._check)
        self._check()
        self.statement.setFocus()

    def chosen_sections(self) -> list[DossierSection]:
        return [DossierSection(each) for each in self.sections.chosen()]

    def _check(self, _: object = None) -> None:
        chosen, until_on = self.chosen_sections(), self.until_on.value()
        self.do_it.setEnabled(bool(chosen) and until_on is not None)
        number = sum(self._counts[each] for each in chosen)
        if until_on is not None:
            self.say_note(t("contests.apply.note", n=number, day=words.day(until_on)))


class RecuseDialog(FormDialog):
    """Why one steps back; or which member stays away and owes a sheet that is overdue."""

    def __init__(self, parent: QWidget, absent: Sequence[Seat]) -> None:
        super().__init__(parent, "contests.recuse", "contests.recuse.do")
        self.reason = Chooser()
        for each in RecusalReason:
            if each is not RecusalReason.ABSENT:
                self.reason.addItem(words.capital(t(f"contests.recusal.{each.value}")), (each, ""))
        for seat in absent:
            self.reason.addItem(t("contests.recuse.absent", name=seat.name), (RecusalReason.ABSENT, seat.person_id))
        self.text = _field(2)
        self.add("contests.recuse.why", self.reason)
        self.add("contests.recuse.text", self.text)
        self.say_note(t("contests.recuse.note"))
        self.reason.setFocus()

    def chosen(self) -> tuple[RecusalReason, str]:
        """The reason, and whom it is about: empty for oneself."""
        reason, member_id = self.reason.currentData()
        return RecusalReason(reason), member_id


def _rows(number: int) -> int:
    """The height in which so many ticks are seen, or the first of many and that there are more."""
    return min(MOST_ROWS, max(1, number)) * row_height(two_lines=False) + 2


def _field(lines: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setTabChangesFocus(True)
    field.setFixedHeight(lines * Theme.current().px(Size.CONTROL))
    return field
