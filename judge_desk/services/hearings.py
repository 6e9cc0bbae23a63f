"""Hearings: the calendar of this desk, planning with a warning of clashes, and iCalendar for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from judge_desk.domain.cases import Language, Procedure
from judge_desk.domain.changes import Changes
from judge_desk.domain.hearings import Hearing
from judge_desk.services.context import DeskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRow:
    """A hearing with what a list says about its case; ``documents_here`` of ``documents_total`` can be read offline."""

    hearing: Hearing
    case_number: str
    case_title: str
    procedure: Procedure
    language: Language
    documents_total: int
    documents_here: int
    missing_bytes: int
    pending: int = 0

    @property
    def is_ready(self) -> bool:
        return self.documents_here == self.documents_total


class HearingService:
    """``from_on`` and ``to_on`` are days of the court's wall clock (UTC+5), both included."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def between(self, from_on: date, to_on: date) -> list[HearingRow]:
        """The hearings of these days, by time; cancelled and adjourned ones too (see ``hearing.state``)."""
        raise NotImplementedError

    def get(self, hearing_id: str) -> HearingRow:
        """One hearing; raises NotFound."""
        raise NotImplementedError

    def clashing(self, hearing: Hearing) -> list[HearingRow]:
        """Planned hearings known here that cannot take place beside this one: a warning, for the hub decides."""
        raise NotImplementedError

    def new(self, case_id: str, starts_at: datetime, minutes: int = 60) -> Hearing:
        """An unsaved hearing of a case, filled in from the case, the person and the last hearing; nothing is written."""
        raise NotImplementedError

    def plan(self, hearing: Hearing) -> Changes:
        """Save a new or changed hearing; raises NotAllowed, BadInput for an impossible time or length."""
        raise NotImplementedError

    def move(
        self, hearing_id: str, starts_at: datetime, *, minutes: int | None = None, room: str | None = None
    ) -> Changes:
        """Put a planned hearing at another time, length or room."""
        raise NotImplementedError

    def adjourn(self, hearing_id: str, reason: str, next_at: datetime | None = None) -> Changes:
        """Close a hearing as adjourned; with ``next_at`` plan the next one of the same kind."""
        raise NotImplementedError

    def hold(self, hearing_id: str, outcome: str = "") -> Changes:
        """Write down that a hearing took place."""
        raise NotImplementedError

    def cancel(self, hearing_id: str, reason: str = "") -> Changes:
        raise NotImplementedError

    def calendar(self, from_on: date, to_on: date) -> str:
        """The planned hearings of these days as an iCalendar file (RFC 5545): numbers and rooms, no names of parties."""
        raise NotImplementedError
