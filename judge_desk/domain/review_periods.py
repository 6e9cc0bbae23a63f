"""When a judge is due for peer review, when a reviewer is reminded, and until when a result may be contested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from judge_desk.domain.norms import Rule
from judge_desk.domain.working_days import add_months


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPeriods(Rule):
    """When a judge is due and what a campaign must keep: the law's figures where it gives any, ours marked as assumed.

    No score is shown under ``fewest_forms``; a criterion whose alpha lies below ``least_alpha`` is shown by its
    comments; the commission sees a judge's result ``judge_first_days`` days after the judge, who may appeal within
    ``appeal_working_days``; an appeal that was written in time without a link is taken ``appeal_late_days`` later.
    A second panel writes for ``panel_days`` at most. Reviewers are reminded so many days before the last day. Fewer
    than ``least_holders`` desks with the key of the forms are launched with a recorded reason only.

    ``standard`` is the score from which a criterion is met, on the form's scale. Reviewers write for ``campaign_days``
    unless the commission says otherwise; who read whom in the ``last_campaigns`` does not again.
    """

    first_after_years: int
    every_years: int
    exempt_after_years: int
    fewest_forms: int
    acts: int
    months_back: int
    least_alpha: float
    judge_first_days: int
    appeal_working_days: int
    appeal_late_days: int
    panel_days: int
    least_holders: int
    standard: float
    campaign_days: int
    last_campaigns: int
    remind_days_before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A judge's time in office, as far as it decides who is due. ``appointed_on``: since when it counts, None for who
    is not in office."""

    judge_id: str
    appointed_on: date | None
    last_reviewed_on: date | None = None


class DueReason(StrEnum):
    FIRST = "first"
    PERIODIC = "periodic"
    NOT_YET = "not_yet"
    EXEMPT = "exempt"
    NOT_IN_OFFICE = "not_in_office"


IS_DUE = frozenset({DueReason.FIRST, DueReason.PERIODIC})


def due(service: Service, periods: ReviewPeriods, on: date) -> tuple[DueReason, date]:
    """Whether a judge is due on a day, and since when or from when: an anniversary of 29 February falls on 1 March."""
    if service.appointed_on is None:
        return DueReason.NOT_IN_OFFICE, on
    exempt_on = _years_later(service.appointed_on, periods.exempt_after_years)
    if on >= exempt_on:
        return DueReason.EXEMPT, exempt_on
    if service.last_reviewed_on is None:
        first_on = _years_later(service.appointed_on, periods.first_after_years)
        return (DueReason.FIRST if on >= first_on else DueReason.NOT_YET), first_on
    next_on = _years_later(service.last_reviewed_on, periods.every_years)
    return (DueReason.PERIODIC if on >= next_on else DueReason.NOT_YET), next_on


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that stands on a day: the latest of the dated ones, ``days_left`` before the last day.

    ``step`` names it (so many days before), so that one that was seen is known; -1 for a day that has passed.
    """

    step: int
    days_left: int


LATE = -1


def reminder(due_on: date, on: date, days_before: tuple[int, ...]) -> Reminder | None:
    """The reminder that stands on a day, or None while the first is still to come."""
    left = (due_on - on).days
    if left < 0:
        return Reminder(LATE, left)
    begun = [each for each in days_before if left <= each]
    return Reminder(min(begun), left) if begun else None


def acts_since(on: date, periods: ReviewPeriods, months_back: int | None = None) -> date:
    """The first day of the period from which acts are drawn."""
    return add_months(on, -(periods.months_back if months_back is None else months_back))
