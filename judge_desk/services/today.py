"""The first page of the day: what is heard, what runs out, what waits for a signature or a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from judge_desk.services.context import DeskContext
from judge_desk.services.hearings import HearingRow
from judge_desk.services.terms import TermRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftToSign:
    id: str
    title: str
    case_id: str
    case_number: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue:
    """A peer review still to submit; ``days_left`` in working days, below 0 when late."""

    id: str
    title: str
    campaign: str
    due_on: date
    days_left: int
    is_started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Of one day: ``hearings`` planned, ``ready`` of them fully readable offline, and what the others lack."""

    on: date
    hearings: int
    ready: int
    lacking: int
    missing_documents: int
    missing_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Numbers beside the entries of the navigation."""

    open_cases: int
    hearings_today: int
    terms_soon: int
    terms_missed: int
    drafts: int
    drafts_to_sign: int
    reviews_due: int
    waiting_to_send: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayOverview:
    """``tomorrow`` is the court's next working day. ``terms``: missed ones, and those that end within the window."""

    on: date
    hearings: tuple[HearingRow, ...]
    terms: tuple[TermRow, ...]
    drafts_to_sign: tuple[DraftToSign, ...]
    reviews_due: tuple[ReviewDue, ...]
    tomorrow: Readiness
    counters: Counters


class TodayService:
    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def overview(self, day: date | None = None, *, working_days_ahead: int = 5) -> TodayOverview:
        """Everything of the page in one consistent read; ``day`` is today unless given."""
        raise NotImplementedError

    def counters(self, day: date | None = None) -> Counters:
        """Only the numbers of the navigation."""
        raise NotImplementedError
