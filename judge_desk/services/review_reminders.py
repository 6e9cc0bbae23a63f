"""Reminders of forms that are still to be written: they stand on the reviewer's own desk, on dated days before the last
one, until they were seen; nothing is sent, so nobody learns who reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_periods import LATE, Reminder, reminder
from judge_desk.domain.reviews import Review, ReviewAssignment
from judge_desk.services.campaigns import periods_on
from judge_desk.services.context import DeskContext
from judge_desk.store import records, session_data

SEEN = "review_reminders"


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One form that is nearly due or late; ``is_new``: this reminder was not seen yet."""

    assignment_id: str
    title: str
    due_on: date
    reminder: Reminder
    is_new: bool


class ReminderService:
    """Reads this desk's own assignments."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def rows(self) -> list[ReminderRow]:
        """Every reminder that stands today, the nearest last day first."""
        today = self._context.clock.today()
        steps = periods_on(today).remind_days_before
        with self._context.store.reading() as connection:
            seen = session_data.get(connection, SEEN, dict[str, str]) or {}
            open_forms = _open(connection)
        rows = [
            ReminderRow(each.id, each.act_title, each.due_on, found, seen.get(each.id) != _mark(found, today))
            for each in open_forms
            if (found := reminder(each.due_on, today, steps)) is not None
        ]
        return sorted(rows, key=lambda row: (row.due_on, row.assignment_id))

    def unseen(self) -> list[ReminderRow]:
        """Those that were not seen yet; one that is late comes again each day."""
        return [each for each in self.rows() if each.is_new]

    def see(self) -> None:
        """The reviewer has read the reminders of today; the next one comes on its day."""
        today = self._context.clock.today()
        marks = {each.assignment_id: _mark(each.reminder, today) for each in self.rows()}
        with self._context.store.writing() as connection:
            session_data.put(connection, SEEN, marks)


def _mark(found: Reminder, today: date) -> str:
    return f"late {today}" if found.step == LATE else str(found.step)


def _open(connection: Connection) -> list[ReviewAssignment]:
    assignments: list[ReviewAssignment] = records.where(connection, Kind.REVIEW_ASSIGNMENT)
    written: list[Review] = records.where(connection, Kind.REVIEW)
    sealed = {each.assignment_id for each in written if each.is_sealed}
    return [each for each in assignments if each.id not in sealed]
