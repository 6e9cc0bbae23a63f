"""Which days a court works: plain calendar arithmetic, so that a term is counted alike on every desk and on the hub.

Nothing here knows a time zone or a clock: days are dates of the court's own calendar. The rules themselves (which
holidays there are, which of them move) are data in ``resources/rules/holidays.toml``.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from judge_desk.domain.norms import Certainty, Rule

ONE_DAY = timedelta(days=1)


class DayOffReason(StrEnum):
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED = "moved"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekendRule(Rule):
    """The weekly days off (``days``: 0 is Monday), and whether a holiday on one of them moves to a working day."""

    days: tuple[int, ...]
    moves_holidays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyHoliday(Rule):
    """A holiday on the same date every year; one that ``moves`` takes the next working day when it meets a weekend."""

    month: int
    day: int
    moves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedHoliday(Rule):
    """A holiday on one date only: a moving feast, or a single day off."""

    on: date
    moves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Rule):
    """A government order that makes ``off_on`` a day off and, if given, ``works_on`` a working day."""

    off_on: date
    works_on: date | None = None


@dataclass(frozen=True, slots=True)
class DayOff:
    """One day on which the court does not work, and why. ``moved_from`` is the holiday that a MOVED day stands for."""

    on: date
    reason: DayOffReason
    names: dict[str, str]
    norm: str
    certainty: Certainty
    moved_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """The court's calendar. The days off of a year are worked out once, when first asked for."""

    weekends: tuple[WeekendRule, ...] = ()
    yearly: tuple[YearlyHoliday, ...] = ()
    dated: tuple[DatedHoliday, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    _years: dict[int, dict[date, DayOff]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def day_off(self, on: date) -> DayOff | None:
        """Why the court does not work on this day; None for a working day."""
        year = self._years.get(on.year)
        if year is None:
            year = self._years[on.year] = self._year(on.year)
        return year.get(on)

    def _year(self, year: int) -> dict[date, DayOff]:
        # A holiday of late December may move into this year, so the year before is worked out too.
        days: dict[date, DayOff] = {}
        holidays = [each for of in (year - 1, year, year + 1) for each in self._holidays(of)]
        days.update({on: _off(on, DayOffReason.HOLIDAY, rule) for on, rule in holidays})
        days.update({each.off_on: _off(each.off_on, DayOffReason.TRANSFERRED, each) for each in self.transfers})
        for on, rule in holidays:
            weekend = self._weekend(on)
            if rule.moves and weekend and weekend.moves_holidays:
                target = on + ONE_DAY
                while target in days or self._weekend(target):
                    target += ONE_DAY
                days[target] = _off(target, DayOffReason.MOVED, rule, moved_from=on)
        for number in range(366 if calendar.isleap(year) else 365):
            day = date(year, 1, 1) + timedelta(days=number)
            weekend = self._weekend(day)
            if weekend and day not in days:
                days[day] = _off(day, DayOffReason.WEEKEND, weekend)
        return {on: off for on, off in days.items() if on.year == year}

    def _weekend(self, on: date) -> WeekendRule | None:
        if any(each.works_on == on for each in self.transfers):
            return None
        return next((each for each in self.weekends if on.weekday() in each.days and each.holds_on(on)), None)

    def _holidays(self, year: int) -> list[tuple[date, YearlyHoliday | DatedHoliday]]:
        if not date.min.year <= year <= date.max.year:
            return []
        found: list[tuple[date, YearlyHoliday | DatedHoliday]] = []
        for each in self.yearly:
            if each.day <= calendar.monthrange(year, each.month)[1]:
                on = date(year, each.month, each.day)
                if each.holds_on(on):
                    found.append((on, each))
        found += [(each.on, each) for each in self.dated if each.on.year == year]
        return sorted(found, key=lambda pair: (pair[0], pair[1].moves))


def _off(on: date, reason: DayOffReason, rule: Rule, moved_from: date | None = None) -> DayOff:
    return DayOff(on, reason, rule.names, rule.norm, rule.certainty, moved_from)


def is_working_day(on: date, holidays: Holidays) -> bool:
    return holidays.day_off(on) is None


def next_working_day(on: date, holidays: Holidays) -> date:
    """The day itself when the court works on it, else the first working day after it."""
    while not is_working_day(on, holidays):
        on += ONE_DAY
    return on


def add_working_days(start: date, count: int, holidays: Holidays) -> date:
    """The ``count``-th working day after ``start``, which is not counted (``count`` 0: see ``next_working_day``).

    Source norm: a term in working days runs from the day after the event and leaves days off out (CPC ch. 10; general
    knowledge, see the pack). ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("a term is never negative")
    day = start
    for _ in range(count):
        day = next_working_day(day + ONE_DAY, holidays)
    return next_working_day(day, holidays)


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` comes first, 0 on the same day."""
    if end < start:
        return -working_days_between(end, start, holidays)
    return sum(1 for day in days_after(start, end) if is_working_day(day, holidays))


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after ``start`` up to and with ``end``."""
    for number in range(1, (end - start).days + 1):
        yield start + timedelta(days=number)


def add_months(start: date, count: int) -> date:
    """The day of the same number ``count`` months later; the last day of the month where that number does not exist.

    Source norm: a term in months ends on the corresponding number of its last month, or on that month's last day (CPC
    ch. 10; seen in the Law "On administrative procedures", art. 12-1, parts 2 and 3).
    """
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
