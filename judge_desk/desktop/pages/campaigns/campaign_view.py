"""One campaign: where it stands, what may be done now, and only after fairness and the judges' days the results."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.campaigns.acts_panel import ActsPanel
from judge_desk.desktop.pages.campaigns.appeals_panel import AppealsPanel
from judge_desk.desktop.pages.campaigns.forms_panel import FormsPanel
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.campaigns import CampaignState, Drawing
from judge_desk.i18n import formats
from judge_desk.services.campaigns import ActRow, CampaignRow
from judge_desk.services.review_appeals import AppealRow
from judge_desk.services.review_results import FairnessView, FormRow, JudgeResult
from judge_desk.services.review_words import Names, criterion_in_words

ACTIONS = (*("trial", "stop", "launch", "open", "fairness", "forms", "publish", "results", "report", "keys", "close"),)
PRIMARY = frozenset({"launch", "open", "publish"})
SETTLING_MS = 300
HEAD = "head"
"""In place of a tone: the line begins a group."""
ICONS = {
    "trial": "play",
    "launch": "arrow-up",
    "open": "lock-open",
    "fairness": "scale",
    "publish": "inbox",
    "results": "chart-line",
    "report": "printer",
    "forms": "file-search",
    "keys": "key-round",
    "close": "check",
}


class CampaignView(QWidget):
    """Signals:
    asked: (action) one of ACTIONS.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_told = False
        self._pressed = self._shown = ""
        self._revealed: Card | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self.is_opened = False
        self.standing = PlainLabel(wrap=True)
        self.told = PlainLabel(wrap=True)
        self.buttons = {name: _button(name) for name in ACTIONS}
        ways = FlowRow()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self._ask(name))
            ways.add(button)
        head = Card()
        self.name = PlainLabel(face="section", wrap=True)
        self.next = PlainLabel(tone="muted", wrap=True)
        for widget in (self.name, self.standing, self.next, ways, self.told):
            head.body.addWidget(widget)
        self.acts = ActsPanel()
        self.acts_card = Card("campaigns.act.list")
        self.acts_card.body.addWidget(self.acts)
        self.forms = FormsPanel()
        self.forms_card = Card("campaigns.forms.list")
        self.forms_card.body.addWidget(self.forms)
        self.appeals = AppealsPanel()
        self.appeals_card = Card("campaigns.appeal.list")
        self.appeals_card.body.addWidget(self.appeals)
        self.found = Card("campaigns.action.fairness")
        self._lines = QVBoxLayout()
        self.found.body.addLayout(self._lines)
        self._lay_out(head)
        for card in (self.found, self.forms_card, self.appeals_card):
            card.hide()
        self.told.hide()

    def _lay_out(self, head: Card) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.CARD))
        for card in (head, self.acts_card, self.appeals_card, self.forms_card, self.found):
            column.addWidget(card)
        column.addStretch(1)
        self.scrolled = QScrollArea()
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setWidget(inside)
        self.scrolled.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._scroll_there())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scrolled)

    def _ask(self, action: str) -> None:
        self._pressed = action
        self.asked.emit(action)

    def _reveal(self, card: Card, *actions: str) -> None:
        """Bring the answer to a pressed button on screen: it may stand below what the window shows."""
        card.show()
        if self._pressed not in actions:
            return
        self._pressed = self._shown = ""
        self._revealed = card
        self._settling.start()
        QTimer.singleShot(0, card, self._scroll_there)

    @property
    def is_settling(self) -> bool:
        """Whether the answer is still on its way to where it will stand."""
        return self._settling.isActive()

    def _scroll_there(self) -> None:
        """Where the card begins is known only after the layout has made room, which takes it some turns."""
        if self._revealed is not None and self._settling.isActive():
            self.scrolled.verticalScrollBar().setValue(self._revealed.y())

    def show_campaign(
        self, row: CampaignRow, acts: Sequence[ActRow], appeals: Sequence[AppealRow], *, seen: bool
    ) -> None:
        """What may be done follows from where the campaign stands; another campaign begins at its top."""
        if row.campaign.id != self._shown:
            self._shown = row.campaign.id
            self.scrolled.verticalScrollBar().setValue(0)
        state, is_told = row.campaign.state, row.campaign.published_at is not None
        self._is_told = is_told
        self.name.setText(row.campaign.title)
        self.standing.setText(standing_in_words(row))
        self.next.setText(t(f"campaigns.next.{next_step(row, seen=seen)}"))
        opened = state in (CampaignState.OPENED, CampaignState.CLOSED) and row.has_key
        self.is_opened = opened
        allowed = {
            "trial": state is CampaignState.PREPARED,
            "launch": state is CampaignState.PREPARED and row.acts == row.cleared > 0,
            "open": state is CampaignState.RUNNING and row.may_open,
            "fairness": opened,
            "publish": opened and seen and not is_told,
            "results": opened and is_told,
            "report": opened,
            "forms": opened,
            "keys": state is not CampaignState.CLOSED,
            "close": opened and is_told and state is CampaignState.OPENED,
            "stop": False,
        }
        for name, button in self.buttons.items():
            button.setVisible(allowed[name])
        self.acts_card.setVisible(state is CampaignState.PREPARED)
        if state is CampaignState.PREPARED:
            self.acts.show_rows(acts)
        self.appeals_card.setVisible(bool(appeals))
        self.appeals.show_rows(appeals)
        if not opened:
            self.found.hide()
            self.forms_card.hide()

    def tell(self, text: str, tone: str = "muted") -> None:
        """A sentence under the buttons."""
        self.told.setText(text)
        self.told.set_tone(tone)
        self.told.setVisible(bool(text))

    def set_trying(self, *, on: bool) -> None:
        """While the trial runs it can be stopped, and nothing else begun."""
        self.buttons["trial"].setVisible(not on)
        self.buttons["stop"].setVisible(on)
        self.buttons["launch"].setEnabled(not on)
        if on:
            self.tell(t("campaigns.trial.running"))

    def show_trial(self, drawing: Drawing | None) -> None:
        """What the trial found: that it can be drawn, or who and which rule stand in the way."""
        self.set_trying(on=False)
        if drawing is None:
            self.tell(t("campaigns.trial.stopped"))
        elif drawing.violations:
            told = [t(f"campaigns.rule.{each.rule}", judge=each.judge, left=each.left) for each in drawing.violations]
            self.tell("\n".join(told), "bad")
        else:
            self.tell(t("campaigns.trial.good", pairs=len(drawing.pairs), low=drawing.low, high=drawing.high), "ok")

    def show_forms(self, rows: Sequence[FormRow]) -> None:
        """The opened forms, for a decision to set one aside."""
        self.forms.show_rows(rows, may_decide=not self._is_told)
        self._reveal(self.forms_card, "forms")

    def show_fairness(self, view: FairnessView) -> None:
        """The campaign as a whole, without a word about any judge."""
        self._show_lines("campaigns.action.fairness", fairness_in_words(view))

    def show_results(self, results: Sequence[JudgeResult], names: Names) -> None:
        """Each judge by name, each score with its interval and its words."""
        lines = []
        translator = Wording.current().translator
        for each in results:
            lines.append((each.judge_name, HEAD))
            told = [criterion_in_words(one, names, translator) for one in each.panel.criteria]
            # One label a judge: hundreds of them would make the answer wait.
            lines.append(("\n".join(told), "muted"))
        self._show_lines("campaigns.action.results", lines)

    def _show_lines(self, key: str, lines: Sequence[tuple[str, str]]) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text, tone in lines:
            is_head = tone == HEAD
            label = PlainLabel(text, "strong" if is_head else "body", "text" if is_head else tone, wrap=True)
            if is_head and self._lines.count():
                label.setContentsMargins(0, Theme.current().px(Space.ROW), 0, 0)
            self._lines.addWidget(label)
        self.found.set_title(key)
        self._reveal(self.found, "fairness", "results")


def next_step(row: CampaignRow, *, seen: bool) -> str:
    """What the commission does next, as the last part of a key of words."""
    state = row.campaign.state
    if state is CampaignState.PREPARED:
        return "launch" if row.acts == row.cleared > 0 else "read"
    if state is CampaignState.RUNNING:
        return "open" if row.may_open else "wait"
    if state is CampaignState.CLOSED:
        return "closed"
    if not row.has_key:
        return "key"
    return "told" if row.campaign.published_at is not None else "publish" if seen else "fairness"


def standing_in_words(row: CampaignRow) -> str:
    """State, last day, acts and forms in one line."""
    day = formats.date_short(row.campaign.due_on, Wording.current().language)
    told = [t(f"campaigns.state.{row.campaign.state}"), t("campaigns.due", day=day)]
    told.append(t("campaigns.acts.cleared", cleared=row.cleared, total=row.acts))
    if row.progress is not None and row.progress.asked:
        progress = row.progress
        counts = {"received": progress.received, "asked": progress.asked, "declined": progress.declined}
        told.append(t("campaigns.forms", **counts))
    drawing = row.campaign.act_drawing
    if drawing is not None:
        language = Wording.current().language
        begin, end = formats.date_short(drawing.from_on, language), formats.date_short(drawing.to_on, language)
        told.append(t("campaigns.acts.period", begin=begin, end=end, pool=drawing.pool_size))
    if row.campaign.state is not CampaignState.CLOSED:
        told.append(t("campaigns.holders.count", n=row.holders))
    if row.campaign.few_holders_reason:
        told.append(t("campaigns.holders.few", reason=row.campaign.few_holders_reason))
    if row.progress is not None:
        for each in row.progress.violations:
            told.append(t(f"campaigns.rule.{each.rule}", judge=each.judge, left=each.left))
    return " · ".join(told)


def fairness_in_words(view: FairnessView) -> list[tuple[str, str]]:
    """(sentence, tone) of agreement and of each test of bias."""
    lines = [(t("campaigns.fairness.forms", forms=view.forms, aside=view.set_aside), "text")]
    if not view.is_connected:
        return [*lines, (t("campaigns.fairness.parts"), "bad")]
    language = Wording.current().language
    bounds = (view.alpha, view.alpha_low, view.alpha_high)
    figures = ["—" if each is None else formats.number(each, language, 2) for each in bounds]
    lines.append((t("campaigns.fairness.alpha", alpha=figures[0], low=figures[1], high=figures[2]), "text"))
    for each in view.tests:
        key = "campaigns.fairness.found" if each.is_found else "campaigns.fairness.clear"
        grouping = t(f"campaigns.group.{each.grouping}")
        lines.append(
            (t(key, grouping=grouping, p=formats.number(each.p, language, 3)), "warn" if each.is_found else "ok")
        )
    lines.append((t("campaigns.fairness.erratic", count=view.erratic), "muted"))
    lines.append((t("campaigns.fairness.odd_acts", count=view.odd_acts), "muted"))
    return lines


def _button(name: str) -> QuietButton:
    made = PrimaryButton if name in PRIMARY else QuietButton
    return made(f"campaigns.action.{name}", icon_name=ICONS.get(name, ""))
