"""Appeals against a result of peer review: a fresh panel reads the same acts, and both results stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.domain.working_days import Holidays, add_working_days


class AppealState(StrEnum):
    """REFUSED at once with reasons; RUNNING: the second panel writes; OPENED: its forms are here; TOLD: the judge has
    both results; DECIDED: it is recorded which of them stands."""

    REFUSED = "refused"
    RUNNING = "running"
    OPENED = "opened"
    TOLD = "told"
    DECIDED = "decided"


NEXT_APPEAL_STATES = {
    AppealState.REFUSED: frozenset[AppealState](),
    AppealState.RUNNING: frozenset({AppealState.OPENED}),
    AppealState.OPENED: frozenset({AppealState.TOLD}),
    AppealState.TOLD: frozenset({AppealState.DECIDED}),
    AppealState.DECIDED: frozenset[AppealState](),
}


class Standing(StrEnum):
    """Which result stands after an appeal."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One judge's appeal, as the commission recorded it on the campaign. ``id`` is the id of the judge's own words.

    ``reason`` is why another panel was granted or refused; ``outcome_reason`` why the one result or the other stands.
    """

    id: str
    subject_id: str
    state: AppealState
    reason: str
    decided_by: str
    decided_at: datetime
    due_on: date | None = None
    told_at: datetime | None = None
    """When the judge got both results."""
    outcome: Standing | None = None
    outcome_reason: str = ""
    outcome_by: str = ""
    outcome_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in (AppealState.REFUSED, AppealState.DECIDED)


def told_on(*days: date) -> date | None:
    """The day from which the time for an appeal runs: the latest of when a result was written and when the hub took
    it, for the judge could not read it before."""
    return max(days, default=None)


def appeal_until(told_on: date, periods: ReviewPeriods, holidays: Holidays) -> date:
    """The last day on which a judge who was told on a day may ask for another panel."""
    return add_working_days(told_on, periods.appeal_working_days, holidays)


def came_in_time(until: date, *, arrived_on: date, written_on: date, periods: ReviewPeriods) -> bool:
    """Whether an appeal is taken that the hub got on a day.

    One that was written without a link counts by the day that its desk wrote on it, for as long as
    ``appeal_late_days`` allows: a clock that was set back wins no more than those days.
    """
    if arrived_on <= until:
        return True
    return written_on <= until and arrived_on <= last_taken_on(until, periods)


def last_taken_on(until: date, periods: ReviewPeriods) -> date:
    """The day after which no appeal can come any more."""
    return until + timedelta(days=periods.appeal_late_days)


_MOVING = {
    AppealState.OPENED: frozenset({"state"}),
    AppealState.TOLD: frozenset({"state", "told_at"}),
    AppealState.DECIDED: frozenset({"state", "outcome", "outcome_reason", "outcome_by", "outcome_at"}),
}


def may_follow(before: tuple[Appeal, ...], after: tuple[Appeal, ...]) -> bool:
    """Whether appeals may change so: new ones at the end, granted or refused; old ones one step on, no word changed."""
    if len(after) < len(before):
        return False
    new = after[len(before) :]
    starts = all(each.state in (AppealState.RUNNING, AppealState.REFUSED) and each.outcome is None for each in new)
    ids = {each.id for each in after}
    steps = all(_may_step(old, now) for old, now in zip(before, after, strict=False))
    return starts and len(ids) == len(after) and steps


def _may_step(before: Appeal, after: Appeal) -> bool:
    if before == after:
        return True
    changed = {name for name in Appeal.__dataclass_fields__ if getattr(before, name) != getattr(after, name)}
    if after.state not in NEXT_APPEAL_STATES[before.state]:
        return False
    return changed <= _MOVING[after.state]
