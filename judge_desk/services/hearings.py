"""Hearings: the calendar of this desk, planning with a warning of clashes, and iCalendar for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.engine import Connection

from judge_desk.domain.cases import Case, Language, Procedure
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.hearings import Hearing, HearingState, clashes
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime.clock import COURT_ZONE
from judge_desk.services.calendar_file import calendar_text
from judge_desk.services.context import DeskContext
from judge_desk.store import cases, documents, hearings, records
from judge_desk.store.cases import CaseTitle
from judge_desk.store.documents import FileCounts
from judge_desk.store.unit_of_work import UnitOfWork

LONGEST_MINUTES = 12 * 60
_UNKNOWN_CASE = CaseTitle("", "", Procedure.MATERIAL, Language.RUSSIAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRow:
    """A hearing with what a list says about its case; ``documents_here`` of ``documents_total`` can be read offline.
    ``owes_outcome``: its time is over, and nobody wrote down what became of it."""

    hearing: Hearing
    case_number: str
    case_title: str
    procedure: Procedure
    language: Language
    documents_total: int
    documents_here: int
    missing_bytes: int
    owes_outcome: bool
    pending: int = 0

    @property
    def is_ready(self) -> bool:
        return self.documents_here == self.documents_total


class HearingService:
    """``from_on`` and ``to_on`` are days of the court's wall clock (UTC+5), both included."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def today(self) -> date:
        """The day on the court's wall."""
        return self._context.clock.today()

    def between(self, from_on: date, to_on: date) -> list[HearingRow]:
        """The hearings of these days, by time; cancelled and adjourned ones too (see ``hearing.state``)."""
        with self._context.store.reading() as connection:
            return hearing_rows(connection, from_on, to_on, self._context.clock.now())

    def get(self, hearing_id: str) -> HearingRow:
        """One hearing; raises NotFound."""
        with self._context.store.reading() as connection:
            hearing: Hearing = records.get(connection, Kind.HEARING, hearing_id)
            found = [(hearing, hearings.pending_of(connection, hearing_id))]
            return _rows(connection, found, self._context.clock.now())[0]

    def clashing(self, hearing: Hearing) -> list[HearingRow]:
        """Planned hearings known here that cannot take place beside this one: a warning, for the hub decides."""
        with self._context.store.reading() as connection:
            found = [each for each in hearings.beside(connection, hearing) if clashes(hearing, each)]
            return _rows(connection, [(each, 0) for each in found], self._context.clock.now())

    def new(self, case_id: str, starts_at: datetime, minutes: int = 60) -> Hearing:
        """An unsaved hearing, filled in from the case and its last hearing; nothing is written."""
        with self._context.store.reading() as connection:
            case: Case = records.get(connection, Kind.CASE, case_id)
            earlier = hearings.of_case(connection, case_id)
        fresh = Hearing(
            id=new_id(),
            case_id=case_id,
            starts_at=starts_at,
            minutes=minutes,
            room="",
            judge_id=case.judge_id or self._context.person.id,
        )
        if not earlier:
            return fresh
        last = earlier[-1]
        return replace(fresh, room=last.room, prosecutor=last.prosecutor, by_video=last.by_video)

    def plan(self, hearing: Hearing) -> Changes:
        """Save a new or changed hearing; raises NotAllowed, BadInput for an impossible time or length."""
        if hearing.starts_at.tzinfo is None or not 0 < hearing.minutes <= LONGEST_MINUTES:
            raise BadInput("hearings.plan.impossible", minutes=hearing.minutes)
        with self._context.store.unit_of_work(self._context.person.id, "hearing.plan") as work:
            self._put(work, work.get(Kind.HEARING, hearing.id), hearing)
        return work.changes

    def move(
        self, hearing_id: str, starts_at: datetime, *, minutes: int | None = None, room: str | None = None
    ) -> Changes:
        """Put a planned hearing at another time, length or room."""
        before = self._planned(hearing_id)
        return self.plan(
            replace(
                before,
                starts_at=starts_at,
                minutes=before.minutes if minutes is None else minutes,
                room=before.room if room is None else room,
            )
        )

    def adjourn(self, hearing_id: str, reason: str, next_at: datetime | None = None) -> Changes:
        """Close a hearing as adjourned; with ``next_at`` plan the next one of the same kind, in one step."""
        before = self._planned(hearing_id)
        with self._context.store.unit_of_work(self._context.person.id, "hearing.adjourn") as work:
            self._put(work, before, replace(before, state=HearingState.ADJOURNED, outcome=reason))
            if next_at is not None:
                self._put(work, None, replace(before, id=new_id(), starts_at=next_at))
        return work.changes

    def hold(self, hearing_id: str, outcome: str = "") -> Changes:
        """Write down that a hearing took place."""
        return self._close(hearing_id, HearingState.HELD, outcome)

    def cancel(self, hearing_id: str, reason: str = "") -> Changes:
        """Call a planned hearing off."""
        return self._close(hearing_id, HearingState.CANCELLED, reason)

    def calendar(self, from_on: date, to_on: date) -> str:
        """The planned hearings of these days as an iCalendar file (RFC 5545): numbers and rooms, no names."""
        planned = [each for each in self.between(from_on, to_on) if each.hearing.state is HearingState.PLANNED]
        return calendar_text([(each.hearing, each.case_number) for each in planned], self._context.clock.now())

    def _close(self, hearing_id: str, state: HearingState, outcome: str) -> Changes:
        before = self._planned(hearing_id)
        with self._context.store.unit_of_work(self._context.person.id, f"hearing.{state}") as work:
            self._put(work, before, replace(before, state=state, outcome=outcome))
        return work.changes

    def _planned(self, hearing_id: str) -> Hearing:
        with self._context.store.reading() as connection:
            hearing: Hearing | None = records.find(connection, Kind.HEARING, hearing_id)
        if hearing is None:
            raise NotFound(kind=Kind.HEARING.value, id=hearing_id)
        if hearing.state is not HearingState.PLANNED:
            raise BadInput("hearings.not_planned")
        return hearing

    def _put(self, work: UnitOfWork, before: Hearing | None, after: Hearing) -> None:
        scope = case_scope(after.case_id)
        self._context.authorise(work, Kind.HEARING, scope, before, after)
        work.put(Kind.HEARING, scope, after)


def hearing_rows(connection: Connection, from_on: date, to_on: date, now: datetime) -> list[HearingRow]:
    """The hearings of these days (court's wall clock, both included) within somebody else's read."""
    start = datetime.combine(from_on, time.min, COURT_ZONE)
    end = datetime.combine(to_on, time.min, COURT_ZONE) + timedelta(days=1)
    return _rows(connection, hearings.between(connection, start, end), now)


def _rows(connection: Connection, found: Sequence[tuple[Hearing, int]], now: datetime) -> list[HearingRow]:
    case_ids = [hearing.case_id for hearing, _ in found]
    titles = cases.titles(connection, case_ids)
    files = documents.counts(connection, case_ids)
    rows = []
    for hearing, pending in found:
        case = titles.get(hearing.case_id, _UNKNOWN_CASE)
        rows.append(_row(hearing, pending, case, files.get(hearing.case_id, FileCounts()), now))
    return rows


def _row(hearing: Hearing, pending: int, case: CaseTitle, files: FileCounts, now: datetime) -> HearingRow:
    return HearingRow(
        hearing=hearing,
        case_number=case.number,
        case_title=case.title,
        procedure=case.procedure,
        language=case.language,
        documents_total=files.total,
        documents_here=files.here,
        missing_bytes=files.missing_bytes,
        owes_outcome=hearing.owes_outcome(now),
        pending=pending,
    )
