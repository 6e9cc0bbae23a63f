"""One contest: what was published, one's own application, the applications before the panel, and the log."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.pages.contests.application_lines import show_application
from judge_desk.desktop.pages.contests.lines import Lines
from judge_desk.desktop.pages.contests.panel_card import PanelCard
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.contest_log import LogEvent
from judge_desk.domain.norms import Certainty, norm_in
from judge_desk.i18n import formats
from judge_desk.services.contest_log import LogView
from judge_desk.services.contests import ContestView

ACTIONS = ("apply", "withdraw", "end_consent", "end", "save_log")
PRIMARY = frozenset({"apply", "end"})
ICONS = {
    "apply": "file-plus",
    "withdraw": "undo-2",
    "end_consent": "undo-2",
    "end": "gavel",
    "save_log": "download",
}


class ContestPane(QWidget):
    """``show_contest(view, today)``.

    Signals:
        asked: (action) one of ACTIONS.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.broken = Banner()
        self.broken.set_closable(False)
        self.name = PlainLabel(face="title", wrap=True)
        self.phase = PlainLabel(face="strong", wrap=True)
        self.about = PlainLabel(wrap=True)
        self.facts = Lines()
        self.buttons = {name: _button(name) for name in ACTIONS}
        ways = FlowRow()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            ways.add(button)
        head = Card()
        for widget in (self.name, self.phase, self.about, self.facts, ways):
            head.body.addWidget(widget)
        self.outcome = _lines_card("contests.outcome")
        self.mine = _lines_card("contests.mine")
        self.panel = PanelCard()
        self.criteria = _lines_card("contests.criteria")
        self.log = _lines_card("contests.log.title")
        self._lay_out(head)

    def _lay_out(self, head: Card) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ROW, 0)
        column.setSpacing(Theme.current().px(Space.CARD))
        cards = (self.broken, head, self.outcome[0], self.mine[0], self.panel, self.criteria[0], self.log[0])
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        self.scrolled = QScrollArea()
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scrolled)

    def show_contest(self, view: ContestView, today: date) -> None:
        """Everything that this person may know of the contest; another one begins at its top."""
        if view.vacancy.id != self._shown:
            self._shown = view.vacancy.id
            self.scrolled.verticalScrollBar().setValue(0)
        self._show_head(view, today)
        self._show_outcome(view)
        self._show_mine(view)
        self.panel.setVisible(view.on_panel)
        if view.on_panel:
            self.panel.show_view(view, today)
        self._show_criteria(view)
        self._show_log(view.log)
        is_ended, may_take_back = view.vacancy.outcome is not None, _may_take_back(view)
        allowed = {
            "apply": view.may_apply,
            "withdraw": may_take_back and not is_ended,
            "end_consent": may_take_back and is_ended,
            "end": view.on_panel and view.may_end and not view.waiting,
            "save_log": view.log is not None and bool(view.log.links),
        }
        for name, button in self.buttons.items():
            button.setVisible(allowed[name])

    def _show_head(self, view: ContestView, today: date) -> None:
        vacancy = view.vacancy
        self.name.setText(vacancy.title)
        self.phase.setText(words.phase(view, today))
        self.phase.set_tone("accent" if view.may_apply else "text")
        self.about.setText(vacancy.text)
        self.about.setVisible(bool(vacancy.text))
        self.facts.clear()
        self.facts.fact("contests.fact.post", f"{vacancy.post} · {vacancy.court}")
        self.facts.fact("contests.fact.panel", ", ".join(each.name for each in vacancy.panel))
        self._say_until(view, today)
        self.facts.fact("contests.fact.sections", words.sections(vacancy.sections))
        if view.log is not None and vacancy.outcome is None:
            counted = t("contests.fact.applications.count", standing=view.standing, withdrawn=view.withdrawn)
            self.facts.fact("contests.fact.applications", counted)
        self.facts.fact("contests.fact.norm", norm_in(vacancy.norm, Wording.current().language))
        if vacancy.certainty is not Certainty.SOURCED:
            self.facts.say(t("contests.fact.assumed"), "muted")
        if view.waiting:
            self.facts.fact("contests.fact.link", t("contests.waiting"), "warn")

    def _say_until(self, view: ContestView, today: date) -> None:
        last = words.day(view.vacancy.apply_until_on)
        if today <= view.vacancy.apply_until_on:
            self.facts.fact("contests.fact.until", t("contests.fact.until.late", day=last, n=view.vacancy.late_days))
            return
        told = [t("contests.fact.closed", day=last), t("contests.fact.not_applied") if view.let_pass else ""]
        self.facts.say(" ".join(each for each in told if each))

    def _show_outcome(self, view: ContestView) -> None:
        card, lines = self.outcome
        outcome = view.vacancy.outcome
        card.setVisible(outcome is not None)
        lines.clear()
        if outcome is not None:
            lines.say(t("contests.phase.chosen", name=outcome.name) if outcome.name else t("contests.phase.nobody"))
            at = formats.date_and_time(outcome.decided_at, Wording.current().language)
            lines.under(outcome.reasons)
            lines.say(t("contests.outcome.by", name=outcome.decided_by, at=at), "muted")

    def _show_mine(self, view: ContestView) -> None:
        card, lines = self.mine
        card.setVisible(view.mine is not None)
        lines.clear()
        if view.mine is None:
            return
        decided = words.result(view.mine)
        if decided is not None:
            lines.say(words.capital(decided[0]), decided[1])
        text, tone = words.mine(view.mine)
        lines.say(text, tone)
        made = formats.date_and_time(view.mine.application.made_at, Wording.current().language)
        consent = view.mine.application.consent
        told = words.sections(consent.sections)
        lines.say(t("contests.mine.consent", made=made, sections=told, day=words.day(consent.until_on)), "muted")
        show_application(lines, view.vacancy, view.mine.seen, is_own=True)

    def _show_criteria(self, view: ContestView) -> None:
        _, lines = self.criteria
        lines.clear()
        total = sum(each.weight for each in view.vacancy.criteria)
        for number, step in enumerate(view.vacancy.steps, 1):
            name, days = words.named(step.names, step.id), f"{words.day(step.from_on)} – {words.day(step.to_on)}"
            lines.head(t("contests.step", number=number, name=name, days=days))
            for each in view.vacancy.criteria_of(step.id):
                share = formats.percent(each.weight / total, Wording.current().language, 0)
                lines.say(t("contests.criterion", name=words.named(each.names, each.id), share=share))
                for anchor in sorted(each.anchors, key=lambda one: one.score):
                    lines.under(f"{anchor.score} — {words.named(anchor.texts)}")

    def _show_log(self, log: LogView | None) -> None:
        card, lines = self.log
        card.setVisible(log is not None)
        self.broken.setVisible(log is not None and bool(log.faults))
        lines.clear()
        if log is None:
            return
        if log.faults:
            self.broken.say_text("contests.log.broken", "bad", "contests.log.broken.hint", n=len(log.faults))
            for number, fault in log.faults:
                lines.say(t("contests.log.fault", number=number, fault=t(f"contests.fault.{fault}")), "bad")
        else:
            lines.say(t("contests.log.whole", n=len(log.links), compared=log.compared, last=log.last[:8]), "muted")
        language = Wording.current().language
        outcome = next((each.number for each in log.links if each.event is LogEvent.OUTCOME), len(log.links))
        for link in reversed(log.links):
            said = t(f"contests.event.{link.event.value}")
            if link.event is LogEvent.WITHDRAWN and link.number > outcome:
                said = t("contests.event.consent_ended")
            who = " · ".join(each for each in (link.name, link.application_id[-6:]) if each)
            at = formats.date_and_time(link.at, language)
            lines.under(" · ".join(each for each in (str(link.number), at, said, who, link.hash[:8]) if each))


def _may_take_back(view: ContestView) -> bool:
    """Whether the consent to one's own extract holds, so that it can be ended: with the application, or behind it."""
    own = view.mine
    if own is None or own.code or own.application.withdrawn_at is not None:
        return False
    return own.seen.candidacy is None or own.seen.candidacy.is_open


def _lines_card(title_key: str) -> tuple[Card, Lines]:
    card, lines = Card(title_key), Lines()
    card.body.addWidget(lines)
    return card, lines


def _button(name: str) -> QuietButton:
    made = PrimaryButton if name in PRIMARY else QuietButton
    return made(f"contests.action.{name}", icon_name=ICONS[name])
