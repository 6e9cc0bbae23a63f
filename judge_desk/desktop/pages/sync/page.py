"""The page of the sync: what was sent, received, refused or is in conflict, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QStackedWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.hearings.plan_dialog import PlanDialog
from judge_desk.desktop.pages.sync.courier_card import CourierCard
from judge_desk.desktop.pages.sync.decision import DecisionView
from judge_desk.desktop.pages.sync.overview import Overview
from judge_desk.desktop.pages.sync.questions import KEYS, Decision
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.domain.changes import Changes
from judge_desk.runtime.clock import court_time
from judge_desk.services.attention import AttentionRow
from judge_desk.services.desk import Desk
from judge_desk.services.sync import OutboxState, SyncView

STANDING = "sync"
"""The pseudo-kind by which the shell announces how the exchange stands."""

CHOICES: Final = (
    ("mine", "sync.keep_mine"),
    ("hubs", "sync.keep_hubs"),
    ("own", "sync.merge"),
    ("both", "sync.keep_both"),
)


class SyncPage(Page):
    """The overview, and over it one decision at a time."""

    id = "sync"
    title_key = "sync.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        waiting = desk.sync.attention_lines()
        return ({}, *({"mid": str(each.mid)} for each in waiting[:2]))

    def build(self) -> None:
        self.head.set_title("sync.title")
        self.head.set_subtitle("sync.subtitle")
        self._view: SyncView | None = None
        self._shown_cycle: object = None
        self._wanted = ""
        self._pause = QuietButton("sync.pause", "Ctrl+Shift+P", "pause")
        self._pause.clicked.connect(self._toggle_pause)
        self._now = PrimaryButton("sync.now", "Ctrl+R", "refresh-cw")
        self._now.clicked.connect(self._sync_now)
        self.head.add_button(self._pause)
        self.head.add_button(self._now)
        self.overview = Overview()
        self.courier = CourierCard(self.context)
        self.overview.add_card(self.courier)
        self.overview.opened.connect(lambda mid: self.context.window.open_page(self.id, mid=mid))
        self.overview.files.opened.connect(self._hurry)
        self.decision = DecisionView()
        self.decision.left.connect(lambda: self.context.window.go_back())
        self.decision.decided.connect(self._decide)
        self.decision.answered.connect(lambda: self.context.actions.refresh())
        self.decision.case_asked.connect(lambda case_id: self.context.window.open_page("case", case_id=case_id))
        self.decision.plan_asked.connect(self._ask_plan)
        self.decision.copied.connect(lambda: self.context.window.toast("sync.copied"))
        self._faces = QStackedWidget()
        self._faces.addWidget(self.overview)
        self._faces.addWidget(self.decision)
        self.content.addWidget(self._faces)
        self.states.retry_asked.connect(self._read)

    def activate(self, params: Mapping[str, str]) -> None:
        self.courier.refresh()
        self._wanted = params.get("mid", "")
        if not self._wanted:
            self._show_overview()
        self._show_standing()
        self._read()

    def refresh(self, changes: Changes) -> None:
        self._show_standing()
        cycle = self.context.desk.sync.standing.last
        if changes.kinds - {STANDING} or cycle is not self._shown_cycle:
            self._shown_cycle = cycle
            self._read()

    def retranslate(self) -> None:
        self.courier.retranslate()
        self._show_standing()
        if self._view is not None:
            self._show(self._view)
        if self.decision.row is not None:
            self.decision.show_row(self.decision.row)

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(id="sync.now", text_key="sync.now", handler=self._sync_now, shortcut="Ctrl+R", icon="refresh-cw"),
            Action(
                id="sync.pause",
                text_key="sync.pause_or_resume",
                handler=self._toggle_pause,
                shortcut="Ctrl+Shift+P",
                icon="pause",
            ),
            Action(
                id="sync.copy",
                text_key="sync.copy",
                handler=self.decision.copy,
                shortcut="Ctrl+Shift+C",
                icon="copy",
                enabled_when=lambda: self._is_deciding() and self.decision.has_text,
            ),
            Action(
                id="sync.decide",
                text_key="sync.decide",
                handler=self.decision.decide,
                shortcut="Ctrl+Return",
                icon="check",
                enabled_when=lambda: self._is_deciding() and self.decision.is_ready,
            ),
            *(
                Action(
                    id=key,
                    text_key=key,
                    handler=partial(self.decision.choose, side),
                    shortcut=KEYS[side],
                    icon="git-compare",
                    enabled_when=partial(self._may_choose, side),
                )
                for side, key in CHOICES
            ),
        )

    def focus_first(self) -> None:
        if self._view is not None and self._view.attention and not self._is_deciding():
            self.overview.attention.setFocus()
        elif self._is_deciding():
            self.decision.focus_choice()
        else:
            super().focus_first()

    def _may_choose(self, side: str) -> bool:
        return self._is_deciding() and self.decision.may_choose(side)

    def _is_deciding(self) -> bool:
        return self._faces.currentWidget() is self.decision

    def _read(self) -> None:
        if self._view is None:
            self.states.show_loading()
        self.context.tasks.run(self.context.desk.sync.view, self._show, self.states.show_failure, key=self.id)

    def _show(self, view: SyncView) -> None:
        self._view = view
        self.states.show_ready()
        self._show_standing()
        self.overview.show_view(view)
        if self._wanted:
            self._open(self._wanted)
            self._wanted = ""
        elif self._is_deciding() and self.decision.row is not None:
            self._open(str(self.decision.row.mid))

    def _show_standing(self) -> None:
        standing = self.context.desk.sync.standing
        today = None if self._view is None else self._view.today
        self.overview.show_standing(standing, today)
        self._pause.say("sync.resume" if standing.paused else "sync.pause")
        self._now.setEnabled(not standing.paused)

    def _open(self, mid: str) -> None:
        service = self.context.desk.sync
        number = int(mid) if mid.isdecimal() else 0
        self.context.tasks.run(lambda: service.attention_row(number), self._show_row, key="sync:row")

    def _show_row(self, row: AttentionRow | None) -> None:
        if row is None:
            # Decided on another page, or settled by the exchange meanwhile.
            self._show_overview()
            return
        if row != self.decision.row:
            self.decision.show_row(row)
        is_new = not self._is_deciding()
        self._faces.setCurrentWidget(self.decision)
        self._now.setVisible(False)
        if is_new and self.isVisible():
            self.decision.focus_choice()
        self.context.actions.refresh()

    def _hurry(self, document_id: str) -> None:
        """A file of the queue is wanted first."""
        desk = self.context.desk

        def want() -> Changes:
            changes = desk.documents.want(document_id)
            desk.sync.now()
            return changes

        self.context.tasks.run(want, self._hurried)

    def _hurried(self, changes: Changes) -> None:
        self._read()
        self.context.events.announce(changes, self)
        self.context.window.toast("documents.wanted")

    def _show_overview(self) -> None:
        self._faces.setCurrentWidget(self.overview)
        self._now.setVisible(True)
        self.context.actions.refresh()
        if self.isVisible():
            self.overview.attention.setFocus()

    def _decide(self, decision: Decision) -> None:
        row = decision.row
        gives_up = (decision.use_case == "keep_hubs" and row.mine is not None) or (
            decision.use_case == "dismiss" and row.is_only_here and not row.is_superseded
        )
        if not gives_up:
            self._carry_out(decision)
            return
        confirm(
            self,
            "sync.give_up.title",
            "sync.dismiss" if row.state is OutboxState.REFUSED else "sync.keep_hubs",
            lambda: self._carry_out(decision),
            body_key="sync.give_up.body" if self.decision.has_text else "sync.give_up.body.value",
            danger=True,
        )

    def _ask_plan(self, row: AttentionRow) -> None:
        """What is chosen instead goes to the hub in the place of the hearing that it refused."""
        dialog = PlanDialog(self.context, self, court_time(row.mine.starts_at).date(), row.mine)
        dialog.planned.connect(lambda hearing: self._carry_out(Decision(row, "keep_merged", hearing)))
        dialog.open()

    def _carry_out(self, decision: Decision) -> None:
        service, mid = self.context.desk.sync, decision.row.mid
        use_cases = {
            "keep_mine": lambda: service.keep_mine(mid),
            "keep_hubs": lambda: service.keep_hubs(mid),
            "keep_both": lambda: service.keep_both(mid),
            "keep_merged": lambda: service.keep_merged(mid, decision.record),
            "dismiss": lambda: service.dismiss(mid),
        }
        self.context.tasks.run(use_cases[decision.use_case], self._decided)

    def _decided(self, changes: Changes) -> None:
        self._show_overview()
        self.context.window.go_back()
        self._read()
        self.context.events.announce(changes, self)
        self.context.window.toast("sync.decided")

    def _sync_now(self) -> None:
        self.context.desk.sync.now()

    def _toggle_pause(self) -> None:
        sync = self.context.desk.sync
        sync.pause(paused=not sync.standing.paused)
        self._show_standing()


PAGE = SyncPage
