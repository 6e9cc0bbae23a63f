"""What a judge does with hearings: plan, move, adjourn, hold, call off, export; each off the main thread, with undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.pages.hearings.close_dialog import CloseDialog
from judge_desk.desktop.pages.hearings.plan_dialog import PlanDialog
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DiskFull
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.i18n import formats
from judge_desk.services.hearings import HearingRow

FILE_NAME = "hearings.ics"
DONE = {
    HearingState.ADJOURNED: "hearings.adjourned",
    HearingState.HELD: "hearings.held",
    HearingState.CANCELLED: "hearings.cancelled",
}
DONE_WHEN_OVER = DONE | {HearingState.CANCELLED: "hearings.not_held.done"}


class HearingDeeds:
    """Opens the dialogs of a page and carries out what they answer."""

    def __init__(self, context: PageContext, page: QWidget) -> None:
        self._context, self._page = context, page

    def plan(self, day: date, case_id: str = "") -> PlanDialog:
        """A new hearing, from a day on; for a case where one is given."""
        dialog = PlanDialog(self._context, self._page, day)
        dialog.planned.connect(partial(self._save, "hearings.planned", None))
        if case_id:
            dialog.plan_for(case_id)
        dialog.open()
        return dialog

    def move(self, row: HearingRow) -> PlanDialog:
        """Another day, time or room."""
        dialog = PlanDialog(self._context, self._page, row.hearing.starts_at.date(), row.hearing)
        dialog.planned.connect(partial(self._save, "hearings.moved", row.hearing))
        dialog.open()
        return dialog

    def close(self, row: HearingRow, state: HearingState) -> CloseDialog:
        """Adjourn, hold or cancel; asks for a reason once."""
        language = Wording.current().language
        named = joined(formats.date_and_time(row.hearing.starts_at, language), row.case_number, row.case_title)
        dialog = CloseDialog(self._page, state, named, is_over=row.owes_outcome)
        dialog.closed_as.connect(partial(self._close, row, state))
        dialog.open()
        return dialog

    def export(self, from_on: date, to_on: date) -> QFileDialog:
        """The planned hearings of these days into a file that the person chooses."""
        dialog = QFileDialog(self._page.window(), t("hearings.export"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([t("hearings.export.filter")])
        dialog.setDefaultSuffix("ics")
        dialog.selectFile(FILE_NAME)
        dialog.fileSelected.connect(lambda path: self.write_calendar(Path(path), from_on, to_on))
        dialog.open()
        return dialog

    def write_calendar(self, path: Path, from_on: date, to_on: date) -> None:
        """Write the file off the main thread and say so."""
        hearings = self._context.desk.hearings

        def write() -> str:
            try:
                path.write_text(hearings.calendar(from_on, to_on), encoding="utf-8", newline="")
            except OSError as error:
                raise DiskFull("hearings.export.failed") from error
            return path.name

        self._context.tasks.run(write, lambda name: self._context.window.toast("hearings.exported", name=name))

    def _save(self, key: str, before: Hearing | None, hearing: Hearing) -> None:
        plan = self._context.desk.hearings.plan
        undo = partial(self._run, partial(plan, before)) if before is not None else None
        self._run(partial(plan, hearing), key, undo)

    def _close(self, row: HearingRow, state: HearingState, reason: str, next_at: datetime | None) -> None:
        hearings, hearing = self._context.desk.hearings, row.hearing
        jobs: dict[HearingState, partial[Changes]] = {
            HearingState.ADJOURNED: partial(hearings.adjourn, hearing.id, reason, next_at),
            HearingState.HELD: partial(hearings.hold, hearing.id, reason),
            HearingState.CANCELLED: partial(hearings.cancel, hearing.id, reason),
        }
        # With the next hearing planned in the same step there are two to take back: that one is called off by hand.
        undo = partial(self._run, partial(hearings.plan, hearing)) if next_at is None else None
        self._run(jobs[state], (DONE_WHEN_OVER if row.owes_outcome else DONE)[state], undo)

    def _run(self, job: partial[Changes], key: str = "", undo: Callable[[], object] | None = None) -> None:
        def tell(changes: Changes) -> None:
            if key:
                self._context.window.toast(key, undo)
            self._context.events.announce(changes, self._page)

        self._context.tasks.run(job, tell)
