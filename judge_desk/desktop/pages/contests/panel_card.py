"""The panel's side of a contest: the applications, one of them open, the sheet that is owed, and the deeds on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.pages.contests.application_lines import show_application
from judge_desk.desktop.pages.contests.lines import Lines
from judge_desk.desktop.pages.contests.score_form import ScoreForm
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t
from judge_desk.domain.contests import Seat
from judge_desk.services.contests import ApplicationView, ContestView, HalfSheet

DEEDS = ("choose", "not_choose", "recuse")
ICONS = {"choose": "check", "not_choose": "x", "recuse": "scale"}


class PanelCard(Card):
    """``show_view(view, today)``.

    Signals:
        asked: (deed, application id) one of DEEDS.
        typed: (contest, application, step, HalfSheet).
        given: (contest, application, step, scores).
    """

    asked = Signal(str, str)
    typed = Signal(str, str, str, object)
    given = Signal(str, str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("contests.applications", parent)
        self._view: ContestView | None = None
        self._today = date.min
        self.shown = ""
        self.told = PlainLabel(tone="muted", wrap=True)
        self.list = LazyList("contests.applications")
        self.list.picked.connect(self._pick)
        self.lines = Lines()
        self.form = ScoreForm()
        self._halves: dict[tuple[str, str, str], HalfSheet] = {}
        self.form.changed.connect(self._typed)
        self.form.given.connect(self._given)
        self.buttons = {name: _button(name) for name in DEEDS}
        ways = FlowRow()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name, self.shown))
            ways.add(button)
        for widget in (self.told, self.list, self.lines, self.form, ways):
            self.body.addWidget(widget)

    def show_view(self, view: ContestView, today: date) -> None:
        """The applications that this member may read; the open one stays open while it is here."""
        self._view, self._today = view, today
        ids = [_id(each) for each in view.applications]
        told = [t("contests.panel.none")] if not ids else []
        if view.recused_from:
            told.append(t("contests.panel.recused", n=view.recused_from))
        self.told.setText(" ".join(told))
        self.told.setVisible(bool(told))
        self.list.setVisible(bool(ids))
        self.list.setFixedHeight(min(4, max(1, len(ids))) * Theme.current().px(Size.ROW_TWO_LINES))
        self.list.show_lines([_line(each) for each in view.applications])
        if self.shown not in ids:
            self.shown = next((_id(each) for each in view.applications if each.to_score), ids[0] if ids else "")
        if self.shown:
            self.list.select(self.shown)
        self._show_one()

    def absent(self) -> list[Seat]:
        """Members who owe a sheet for the open application in a step that is over."""
        seen = self._seen()
        if self._view is None or seen is None:
            return []
        over = {each.id for each in self._view.vacancy.steps if each.to_on < self._today}
        owed = {member for step, member in seen.lacking if step in over}
        return [each for each in self._view.vacancy.panel if each.person_id in owed]

    def shown_name(self) -> str:
        """Whose application is open."""
        seen = self._seen()
        return seen.candidacy.judge_name if seen is not None and seen.candidacy is not None else ""

    def _typed(self, half: HalfSheet) -> None:
        """Newer than what was last read: this application may be left and opened again before the next reading."""
        self._halves[self.form.key] = half
        self.typed.emit(*self.form.key, half)

    def _given(self, scores: object, _comment: str) -> None:
        self._halves.pop(self.form.key, None)
        self.given.emit(*self.form.key, scores)

    def _seen(self) -> ApplicationView | None:
        found = self._view.applications if self._view is not None else ()
        return next((each for each in found if _id(each) == self.shown), None)

    def _pick(self, application_id: str) -> None:
        if application_id and application_id != self.shown:
            self.shown = application_id
            self._show_one()

    def _show_one(self) -> None:
        self.lines.clear()
        seen, view = self._seen(), self._view
        is_open = seen is not None and seen.candidacy is not None and seen.candidacy.is_open
        scores = seen is not None and bool(seen.to_score)
        self.form.setVisible(scores)
        self.buttons["recuse"].setVisible(is_open and seen is not None and seen.decision is None)
        may_decide = seen is not None and seen.may_decide
        someone = view is not None and any(each.decision and each.decision.chosen for each in view.applications)
        self.buttons["choose"].setVisible(may_decide and not someone)
        self.buttons["not_choose"].setVisible(may_decide)
        if view is None or seen is None:
            self.form.forget()
            return
        show_application(self.lines, view.vacancy, seen, is_own=False)
        if scores:
            step = next(each for each in view.vacancy.steps if each.id == seen.to_score[0])
            key, name = (view.vacancy.id, self.shown, step.id), words.named(step.names, step.id)
            half = self._halves.get(key, seen.half[step.id])
            self.form.show_step(key, name, view.vacancy.criteria_of(step.id), half)
        else:
            self.form.forget()


def _line(seen: ApplicationView) -> Line:
    candidacy = seen.candidacy
    assert candidacy is not None
    states: Sequence[tuple[bool, str, str]] = (
        (seen.waiting, "contests.line.waiting", "warn"),
        (seen.decision is not None and seen.decision.chosen, "contests.line.chosen", "ok"),
        (seen.decision is not None, "contests.line.decided", "muted"),
        (bool(seen.to_score), "contests.line.to_score", "accent"),
        (seen.may_decide, "contests.line.to_decide", "accent"),
        (bool(seen.lacking), "contests.line.owed", "muted"),
    )
    state = next(((t(key), tone) for holds, key, tone in states if holds), ("", "muted"))
    return Line(
        id=candidacy.id,
        title=candidacy.judge_name,
        detail=t("contests.line.number", number=seen.number),
        icon="user-round",
        trailing=state[0],
        trailing_tone=state[1],
    )


def _id(seen: ApplicationView) -> str:
    return seen.candidacy.id if seen.candidacy is not None else ""


def _button(name: str) -> QuietButton:
    made = PrimaryButton if name == "choose" else QuietButton
    return made(f"contests.action.{name}", icon_name=ICONS[name])
