"""The calendar of hearings: four weeks as a list or one week as columns, and what may be done with the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.pages.hearings.deeds import HearingDeeds
from judge_desk.desktop.pages.hearings.detail_panel import DetailPanel
from judge_desk.desktop.pages.hearings.views import WeekColumns, WeeksList
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.hearings import HearingRow

PAUSE_MS = 250
LIST_DAYS, WEEK_DAYS = 28, 7
DETAIL_FROM = 720


class HearingsPage(Page):
    """``hearing_id`` shows and chooses one; ``plan`` with ``case_id`` opens the form for a new one."""

    id = "hearings"
    title_key = "hearings.title"

    def build(self) -> None:
        self._room = -1.0
        self._monday = date.min
        self._rows: dict[str, HearingRow] = {}
        self._loaded = False
        self._chosen = self._wish = ""
        self.deeds = HearingDeeds(self.context, self)
        self.head.set_title("hearings.title")
        self.weeks, self.week = WeeksList(), WeekColumns()
        self.detail = DetailPanel()
        self._build_head()
        self._build_views()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._load)
        for view in (self.weeks, self.week):
            view.picked.connect(self._choose)
            view.opened.connect(self._open_case)
        self.detail.asked.connect(self._do)
        self.states.retry_asked.connect(self._load)
        Theme.current().changed.connect(self._fold_sides)

    def activate(self, params: Mapping[str, str]) -> None:
        self._wish = params.get("hearing_id", "")
        if not self._loaded:
            self.states.show_loading()
        self.context.tasks.run(self._find_start, self._start, self.states.show_failure, key="hearings:start")
        if params.get("plan"):
            self.deeds.plan(self._today() + timedelta(days=1), params.get("case_id", ""))

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind.value) for kind in (Kind.HEARING, Kind.CASE, Kind.DOCUMENT)):
            self._pause.start()

    def retranslate(self) -> None:
        if self._loaded:
            self._show(list(self._rows.values()))

    def page_actions(self) -> Sequence[Action]:
        def planned() -> bool:
            row = self._rows.get(self._chosen)
            return row is not None and row.hearing.state is HearingState.PLANNED

        def movable() -> bool:
            return planned() and not self._rows[self._chosen].owes_outcome

        def deed(key: str, name: str, keys: str, icon: str) -> Action:
            may = movable if name == "move" else planned
            return Action(
                id=key, text_key=key, handler=lambda: self._do(name), shortcut=keys, icon=icon, enabled_when=may
            )

        def step(key: str, handler: Callable[[], object], keys: str, icon: str) -> Action:
            return Action(id=key, text_key=key, handler=handler, shortcut=keys, icon=icon)

        return (
            step("hearings.plan", self._plan, "Ctrl+N", "plus"),
            deed("hearings.move", "move", "Ctrl+M", "calendar-clock"),
            deed("hearings.hold", "hold", "Ctrl+H", "circle-check"),
            deed("hearings.adjourn", "adjourn", "Ctrl+D", "calendar-days"),
            deed("hearings.cancel", "cancel", "Ctrl+Del", "circle-x"),
            step("hearings.week.next", lambda: self._go(WEEK_DAYS), "Alt+Right", "chevron-right"),
            step("hearings.week.previous", lambda: self._go(-WEEK_DAYS), "Alt+Left", "chevron-left"),
            step("hearings.to_today", self._go_today, "Ctrl+T", "calendar"),
            step("hearings.switch", self._switch, "Ctrl+Shift+W", "columns-2"),
            step("hearings.export", self._export, "Ctrl+E", "download"),
        )

    def focus_first(self) -> None:
        if self.view.value() == "week":
            self.week.focus_day(self._today().weekday())
        else:
            self.weeks.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_sides()

    def _fold_sides(self) -> None:
        """Only when the limit is crossed: what the person folded by hand stays as it is."""
        before, self._room = self._room, self.width() / Theme.current().scale
        for side, limit in ((self.detail, DETAIL_FROM),):
            if before < 0 or (before < limit) != (self._room < limit):
                side.setVisible(self._room >= limit)

    def _build_head(self) -> None:
        export = QuietButton("hearings.export", "Ctrl+E")
        export.clicked.connect(self._export)
        plan = PrimaryButton("hearings.plan", "Ctrl+N")
        plan.clicked.connect(self._plan)
        self.head.add_button(export)
        self.head.add_button(plan)

    def _build_views(self) -> None:
        self.view = Segmented((("list", "hearings.view.list"), ("week", "hearings.view.week")), "hearings.view")
        self.view.set_value("list")
        self.view.picked.connect(lambda _value: self._load())
        self._span = PlainLabel(face="section")
        line = FlowRow()
        for icon, key, keys, days in (
            ("chevron-left", "hearings.week.previous", "Alt+Left", -WEEK_DAYS),
            ("chevron-right", "hearings.week.next", "Alt+Right", WEEK_DAYS),
        ):
            button = IconButton(icon, key, keys)
            button.clicked.connect(lambda _checked=False, by=days: self._go(by))
            line.add(button)
        today = QuietButton("hearings.to_today", "Ctrl+T")
        today.clicked.connect(self._go_today)
        for widget in (today, self.view, self._span):
            line.add(widget)
        paper = Card()
        paper.body.addWidget(self.weeks)
        self._views = QStackedWidget()
        self._views.addWidget(paper)
        self._views.addWidget(self.week)
        self.inside = StateStack()
        self.inside.content.addWidget(self._views)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(line)
        column.addWidget(self.inside, 1)
        self.content.addWidget(FoldingSplitter(None, left, self.detail))

    def _today(self) -> date:
        return self.context.desk.hearings.today()

    def _find_start(self) -> date:
        """The day to show: of the hearing asked for, else the one shown before, else today. Off the main thread."""
        if self._wish:
            return court_time(self.context.desk.hearings.get(self._wish).hearing.starts_at).date()
        return self._monday if self._monday != date.min else self._today()

    def _start(self, day: date) -> None:
        self._monday = day - timedelta(days=day.weekday())
        self._load()

    def _load(self) -> None:
        days = WEEK_DAYS if self.view.value() == "week" else LIST_DAYS
        first, last = self._monday, self._monday + timedelta(days=days - 1)
        hearings = self.context.desk.hearings
        self.context.tasks.run(
            lambda: hearings.between(first, last), self._show, self.states.show_failure, key="hearings:rows"
        )

    def _show(self, rows: list[HearingRow]) -> None:
        self._loaded = True
        self._rows = {row.hearing.id: row for row in rows}
        is_week = self.view.value() == "week"
        self._views.setCurrentIndex(1 if is_week else 0)
        if is_week:
            self.week.show_hearings(rows, self._monday, self._today())
        else:
            self.weeks.show_hearings(rows, self._today())
        self._say_span(rows, WEEK_DAYS if is_week else LIST_DAYS)
        self._span.updateGeometry()
        self.states.show_ready()
        if rows or is_week:
            self.inside.show_ready()
        else:
            plan = QuietButton("hearings.plan", "Ctrl+N")
            plan.clicked.connect(self._plan)
            self.inside.show_empty("calendar", "hearings.none", "hearings.none.hint", plan)
        self._choose_again()

    def _choose_again(self) -> None:
        """The one asked for, the one chosen before, or the first that is still planned, an owed outcome before all."""
        wanted, self._wish = self._wish or self._chosen, ""
        if wanted not in self._rows:
            upcoming = [row for row in self._rows.values() if row.hearing.state is HearingState.PLANNED]
            first = min(upcoming, key=lambda row: row.hearing.starts_at, default=None)
            wanted = first.hearing.id if first is not None else ""
        self._chosen = ""
        if wanted:
            (self.week if self.view.value() == "week" else self.weeks).select(wanted)
        self._choose(wanted)

    def _say_span(self, rows: Sequence[HearingRow], days: int) -> None:
        language = Wording.current().language
        last = self._monday + timedelta(days=days - 1)
        self._span.setText(f"{formats.day_and_month(self._monday, language)} – {formats.day_and_month(last, language)}")
        ahead = [row for row in rows if row.hearing.state is HearingState.PLANNED and not row.owes_outcome]
        owed = sum(1 for row in rows if row.owes_outcome)
        lacking = sum(1 for row in ahead if not row.is_ready)
        self.head.set_subtitle_text(
            joined(
                t("hearings.ahead_count", n=len(ahead)) if ahead or not owed else "",
                t("hearings.owed_count", n=owed) if owed else "",
                t("hearings.lacking_count", n=lacking) if lacking else "",
            )
        )

    def _choose(self, hearing_id: str) -> None:
        if hearing_id and hearing_id not in self._rows:
            return
        if hearing_id != self._chosen:
            self._chosen = hearing_id
            self.context.actions.refresh()
        self.detail.show_hearing(self._rows.get(hearing_id))

    def _open_case(self, hearing_id: str) -> None:
        row = self._rows.get(hearing_id)
        if row is not None:
            self.context.window.open_page("case", case_id=row.hearing.case_id)

    def _do(self, name: str) -> None:
        row = self._rows.get(self._chosen)
        if row is None:
            return
        states = {
            "hold": HearingState.HELD,
            "adjourn": HearingState.ADJOURNED,
            "cancel": HearingState.CANCELLED,
        }
        if name == "open":
            self._open_case(row.hearing.id)
        elif name == "move":
            self.deeds.move(row)
        else:
            self.deeds.close(row, states[name])

    def _plan(self) -> None:
        self.deeds.plan(max(self._today() + timedelta(days=1), self._monday))

    def _go(self, days: int) -> None:
        self._monday += timedelta(days=days)
        self._load()

    def _go_today(self) -> None:
        self._start(self._today())

    def _switch(self) -> None:
        self.view.set_value("list" if self.view.value() == "week" else "week")
        self._load()

    def _export(self) -> None:
        days = WEEK_DAYS if self.view.value() == "week" else LIST_DAYS
        self.deeds.export(self._monday, self._monday + timedelta(days=days - 1))


PAGE = HearingsPage
