"""The first page of the day: what is heard, what runs out, what waits for a signature or a review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from judge_desk.domain.drafts import DraftState
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.review_periods import Reminder, reminder
from judge_desk.domain.rules import RuleBook
from judge_desk.domain.terms import working_days_left
from judge_desk.domain.working_days import add_working_days, next_working_day
from judge_desk.runtime.clock import court_time
from judge_desk.services.appeal_days import AppealDue, appeals_due
from judge_desk.services.campaigns import periods_on
from judge_desk.services.context import DeskContext
from judge_desk.services.hearings import HearingRow, hearing_rows
from judge_desk.services.terms import TermRow, TermService
from judge_desk.store import cases, documents, outbox, signed_acts, terms, today
from judge_desk.store.outbox import OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftToSign:
    id: str
    title: str
    case_id: str
    case_number: str
    changed_at: datetime | None
    is_final: bool
    """Made final already, and without its signature still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue:
    """A peer review still to submit; ``days_left`` in working days, below 0 when late."""

    id: str
    title: str
    campaign: str
    due_on: date
    days_left: int
    is_started: bool
    reminder: Reminder | None = None
    """That stands today, by the dated rules; it counts calendar days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Of one day: ``hearings`` planned, ``ready`` of them fully readable offline, and what the others lack: a document
    that two hearings need counts once."""

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
    appeals_open: int
    """Results of peer review about oneself that may still be appealed against, however far off the last day."""
    waiting_to_send: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayOverview:
    """``tomorrow`` is the court's next working day. ``terms``: missed ones, and those that end within the window;
    ``appeals``: one's own last days that do."""

    on: date
    hearings: tuple[HearingRow, ...]
    terms: tuple[TermRow, ...]
    appeals: tuple[AppealDue, ...]
    drafts_to_sign: tuple[DraftToSign, ...]
    reviews_due: tuple[ReviewDue, ...]
    tomorrow: Readiness
    counters: Counters


class TodayService:
    """``rules`` is for tests, as in TermService."""

    def __init__(self, context: DeskContext, rules: RuleBook | None = None) -> None:
        self._context = context
        self._terms = TermService(context, rules)

    def overview(self, day: date | None = None, *, working_days_ahead: int = 5) -> TodayOverview:
        """Everything of the page in one consistent read; ``day`` is today unless given."""
        on = day or self._context.clock.today()
        holidays = self._terms.rules.holidays
        following = next_working_day(on + timedelta(days=1), holidays)
        until = add_working_days(on, working_days_ahead, holidays)
        with self._context.store.reading() as connection:
            both = hearing_rows(connection, on, following, self._context.clock.now())
            ending = self._terms.due_rows(connection, until, on)
            appeals = appeals_due(connection, self._context.person.id, on)
            return TodayOverview(
                on=on,
                hearings=tuple(each for each in both if _heard_on(each) == on),
                terms=tuple(ending),
                appeals=tuple(each for each in appeals if each.until_on <= until),
                drafts_to_sign=_drafts_to_sign(connection, self._context.person.id),
                reviews_due=self._reviews(connection, on),
                tomorrow=_readiness(connection, following, (each for each in both if _heard_on(each) == following)),
                counters=self._counters(connection, on, until, appeals),
            )

    def counters(self, day: date | None = None, *, working_days_ahead: int = 5) -> Counters:
        """Only the numbers of the navigation."""
        on = day or self._context.clock.today()
        until = add_working_days(on, working_days_ahead, self._terms.rules.holidays)
        with self._context.store.reading() as connection:
            appeals = appeals_due(connection, self._context.person.id, on)
            return self._counters(connection, on, until, appeals)

    def _counters(self, connection: Connection, on: date, until: date, appeals: Sequence[AppealDue]) -> Counters:
        rows = hearing_rows(connection, on, on, self._context.clock.now())
        unsigned = signed_acts.count_unsigned(connection, self._context.person.id)
        drafts = today.draft_counts(connection)
        owed = outbox.counts(connection)
        return Counters(
            open_cases=cases.open_count(connection),
            hearings_today=sum(each.hearing.state is HearingState.PLANNED for each in rows),
            terms_soon=terms.ending(connection, on, until),
            terms_missed=terms.missed(connection, on),
            drafts=drafts[DraftState.WRITING] + drafts[DraftState.TO_SIGN],
            drafts_to_sign=drafts[DraftState.TO_SIGN] + unsigned,
            reviews_due=today.review_count(connection),
            appeals_open=len(appeals),
            waiting_to_send=owed[OutboxState.WAITING] + owed[OutboxState.SENT],
            conflicts=owed[OutboxState.CONFLICT],
        )

    def _reviews(self, connection: Connection, on: date) -> tuple[ReviewDue, ...]:
        steps = periods_on(on).remind_days_before
        return tuple(
            ReviewDue(
                id=each.id,
                title=each.act_title,
                campaign=each.campaign,
                due_on=each.due_on,
                days_left=working_days_left(each.due_on, on, self._terms.rules.holidays),
                is_started=each.is_started,
                reminder=reminder(each.due_on, on, steps),
            )
            for each in today.reviews_due(connection)
        )


def _heard_on(row: HearingRow) -> date:
    return court_time(row.hearing.starts_at).date()


def _drafts_to_sign(connection: Connection, person_id: str) -> tuple[DraftToSign, ...]:
    """What is final first: nothing is left to be done to it but to sign."""
    final = signed_acts.unsigned_drafts(connection, person_id)
    laid_out = today.drafts_to_sign(connection)
    titles = cases.titles(connection, (each.case_id for each in (*final, *laid_out)))
    return tuple(
        DraftToSign(
            id=each.id,
            title=each.title or "",
            case_id=each.case_id or "",
            case_number=titles[each.case_id].number if each.case_id in titles else "",
            changed_at=datetime.fromisoformat(each.changed_at) if each.changed_at else None,
            is_final=place < len(final),
        )
        for place, each in enumerate((*final, *laid_out))
    )


def _readiness(connection: Connection, on: date, rows: Iterable[HearingRow]) -> Readiness:
    planned = [each for each in rows if each.hearing.state is HearingState.PLANNED]
    ready = sum(1 for each in planned if each.is_ready)
    files = documents.counts(connection, (each.hearing.case_id for each in planned))
    return Readiness(
        on=on,
        hearings=len(planned),
        ready=ready,
        lacking=len(planned) - ready,
        missing_documents=sum(each.total - each.here for each in files.values()),
        missing_bytes=sum(each.missing_bytes for each in files.values()),
    )
