"""Terms that run: each legal deadline of a case, and why it ends on the day it ends, step by step.

A date without its reason is not trusted, so the date and its explanation come from one calculation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum

from judge_desk.domain.norms import Certainty, weakest
from judge_desk.domain.rules import Length, LengthUnit, TermRule, Trigger
from judge_desk.domain.working_days import (
    ONE_DAY,
    DayOff,
    Holidays,
    add_months,
    add_working_days,
    days_after,
    next_working_day,
    working_days_between,
)

# One zone without summer time since 1 March 2024. A fixed offset, because old Windows zone data is wrong about it.
KAZAKHSTAN_TIME = timezone(timedelta(hours=5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One deadline of a case, in the scope of the case.

    ``due_on`` and ``due_at`` are as registered and may be missing or differ from what the rule gives; ``due_at`` and
    ``trigger_at`` are aware UTC and used by terms in hours. ``rule_id`` is empty for a term that the court set itself;
    then ``title`` says what it is.
    """

    id: str
    case_id: str
    rule_id: str = ""
    title: str = ""
    trigger_on: date | None = None
    trigger_at: datetime | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    extended_to: date | None = None
    done_on: date | None = None
    note: str = ""
    created_at: datetime | None = None

    @property
    def ends_on(self) -> date | None:
        """The last day as it stands now: the extension, else the registered end."""
        if self.extended_to is not None:
            return self.extended_to
        if self.due_on is None and self.due_at is not None:
            return self.due_at.astimezone(KAZAKHSTAN_TIME).date()
        return self.due_on

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    def is_overdue(self, today: date) -> bool:
        """Whether it was missed: done after its last day, or still open when that day is over."""
        return self.ends_on is not None and (self.done_on or today) > self.ends_on

    def working_days_left(self, today: date, holidays: Holidays) -> int | None:
        """See ``working_days_left``; None when the term is done or has no end."""
        if self.ends_on is None or not self.is_open:
            return None
        return working_days_left(self.ends_on, today, holidays)


class StepKind(StrEnum):
    """SKIPPED is a day off left out of the count, SHIFTED one over which the end moved on; any other occurs once."""

    TRIGGER = "trigger"
    STARTS = "starts"
    SKIPPED = "skipped"
    RUNS_OUT = "runs_out"
    SHIFTED = "shifted"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class TermStep:
    """One line of an explanation. ``at`` (aware UTC) only for terms in hours, ``day_off`` where one mattered."""

    kind: StepKind
    on: date
    at: datetime | None = None
    day_off: DayOff | None = None


@dataclass(frozen=True, slots=True)
class TermExplanation:
    """The last day of a term with its reasons; ``certainty`` is the weakest of all that mattered."""

    due_on: date
    due_at: datetime | None
    length: Length
    trigger: Trigger
    steps: tuple[TermStep, ...]
    norm: str
    certainty: Certainty


def explain(
    rule: TermRule, trigger: date | datetime, holidays: Holidays, zone: tzinfo = KAZAKHSTAN_TIME
) -> TermExplanation:
    """When a term ends, and why.

    ``trigger`` is a date of the court's calendar, or an aware moment; a term in hours needs a moment. ValueError for a
    naive moment, or a date where hours are counted. A moment counts as its date in ``zone``.
    """
    if isinstance(trigger, datetime):
        if trigger.tzinfo is None:
            raise ValueError("a moment must name its time zone")
        if rule.length.unit is LengthUnit.HOURS:
            return _explain_hours(rule, trigger, zone)
        trigger = trigger.astimezone(zone).date()
    elif rule.length.unit is LengthUnit.HOURS:
        raise ValueError("a term in hours runs from a moment")
    counted, runs_out = _count(rule, trigger, holidays)
    due_on = next_working_day(runs_out, holidays) if rule.shifts else runs_out
    shifted = _days_off(StepKind.SHIFTED, runs_out - ONE_DAY, due_on, holidays) if due_on > runs_out else []
    steps = (
        TermStep(StepKind.TRIGGER, trigger),
        TermStep(StepKind.STARTS, trigger + ONE_DAY),
        *counted,
        TermStep(StepKind.RUNS_OUT, runs_out),
        *shifted,
        TermStep(StepKind.DUE, due_on),
    )
    sure = (step.day_off.certainty for step in steps if step.day_off)
    return TermExplanation(due_on, None, rule.length, rule.trigger, steps, rule.norm, weakest(rule.certainty, *sure))


def _count(rule: TermRule, trigger: date, holidays: Holidays) -> tuple[list[TermStep], date]:
    length = rule.length
    if length.unit is LengthUnit.WORKING_DAYS:
        end = add_working_days(trigger, length.count, holidays)
        return _days_off(StepKind.SKIPPED, trigger, end, holidays), end
    if length.unit is LengthUnit.MONTHS:
        return [], add_months(trigger, length.count)
    return [], trigger + timedelta(days=length.count)


def _days_off(kind: StepKind, after: date, end: date, holidays: Holidays) -> list[TermStep]:
    offs = (holidays.day_off(day) for day in days_after(after, end))
    return [TermStep(kind, off.on, day_off=off) for off in offs if off is not None]


def _explain_hours(rule: TermRule, trigger: datetime, zone: tzinfo) -> TermExplanation:
    # Hours run through nights and days off, from the very moment: the stricter reading where a person's liberty waits.
    start = trigger.astimezone(UTC)
    end = start + timedelta(hours=rule.length.count)
    steps = tuple(
        TermStep(kind, at.astimezone(zone).date(), at)
        for kind, at in ((StepKind.TRIGGER, start), (StepKind.STARTS, start), (StepKind.DUE, end))
    )
    return TermExplanation(steps[-1].on, end, rule.length, rule.trigger, steps, rule.norm, rule.certainty)


def working_days_left(due_on: date, today: date, holidays: Holidays) -> int:
    """Working days after today up to and with the last day: 0 is "today", below 0 the working days since it was missed.

    On the days off after a missed last day, when no working day has passed yet, this is -1: it is missed all the same.
    """
    left = working_days_between(today, due_on, holidays)
    return min(left, -1) if today > due_on else left
