"""The court's calendar: weekends, holidays that move, those that do not, and orders of the government."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.norms import Certainty
from judge_desk.domain.working_days import (
    DatedHoliday,
    DayOffReason,
    Holidays,
    Transfer,
    WeekendRule,
    YearlyHoliday,
    add_months,
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
)
from judge_desk.protocol.rule_packs import read_folder
from judge_desk.runtime import paths

HOLIDAYS = read_folder(paths.resource("rules")).book.holidays
DAYS = st.dates(date(2015, 1, 1), date(2032, 12, 31))
GROUND: dict[str, Any] = {"names": {"en": "x"}, "norm": "x", "certainty": Certainty.SOURCED}
WEEKEND = WeekendRule(id="w", days=(5, 6), **GROUND)


def off(on: date) -> DayOffReason | None:
    found = HOLIDAYS.day_off(on)
    return found.reason if found else None


def test_the_year_2026_is_the_official_calendar() -> None:
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    on_weekdays = {f"{day:%m-%d}" for day in year if day.weekday() < 5 and off(day)}
    # inform.kz, 2 January 2026, without 31 August (no holiday any more: taspanews.kz, 18 March 2026)
    assert on_weekdays == {
        "01-01", "01-02", "01-07", "03-09", "03-23", "03-24", "03-25", "05-01", "05-07", "05-11", "05-27", "07-06",
        "10-26", "12-16",
    }  # fmt: skip


def test_constitution_day_goes_from_august_to_march() -> None:
    assert off(date(2025, 8, 30)) is DayOffReason.HOLIDAY
    assert off(date(2025, 9, 1)) is DayOffReason.MOVED
    assert off(date(2026, 8, 31)) is None
    assert off(date(2026, 3, 15)) is DayOffReason.HOLIDAY
    assert off(date(2026, 3, 16)) is None
    assert off(date(2027, 3, 15)) is DayOffReason.HOLIDAY
    assert off(date(2027, 8, 30)) is None
    assert off(date(2028, 3, 15)) is DayOffReason.HOLIDAY


def test_a_holiday_on_a_weekend_moves_and_says_from_where() -> None:
    moved = HOLIDAYS.day_off(date(2026, 5, 11))
    assert moved is not None
    assert (moved.reason, moved.moved_from) == (DayOffReason.MOVED, date(2026, 5, 9))
    assert moved.names["kk"] == "Жеңіс күні"


def test_christmas_and_kurban_ait_do_not_move() -> None:
    assert off(date(2023, 1, 7)) is DayOffReason.HOLIDAY
    assert off(date(2023, 1, 9)) is None
    assert off(date(2024, 6, 16)) is DayOffReason.HOLIDAY
    assert off(date(2024, 6, 17)) is None


def test_a_transfer_makes_a_day_off_and_a_working_saturday() -> None:
    assert off(date(2018, 8, 31)) is DayOffReason.TRANSFERRED
    assert is_working_day(date(2018, 8, 25), HOLIDAYS)


def test_two_holidays_on_one_weekend_take_two_days() -> None:
    holiday, moved = DayOffReason.HOLIDAY, DayOffReason.MOVED
    found = [off(date(2026, 3, day)) for day in range(20, 27)]
    assert found == [None, holiday, holiday, holiday, moved, moved, None]


def test_a_holiday_may_move_into_the_next_year() -> None:
    eve = YearlyHoliday(id="e", month=12, day=31, **GROUND)
    new_year = YearlyHoliday(id="n", month=1, day=1, **GROUND)
    calendar = Holidays(weekends=(WEEKEND,), yearly=(eve, new_year))
    assert not is_working_day(date(2023, 1, 2), calendar)
    assert not is_working_day(date(2023, 1, 3), calendar)
    assert is_working_day(date(2023, 1, 4), calendar)


def test_a_leap_day_holiday_and_the_ends_of_the_calendar_raise_nothing() -> None:
    leap = YearlyHoliday(id="l", month=2, day=29, **GROUND)
    feast = DatedHoliday(id="d", on=date(2025, 2, 3), **GROUND)
    order = Transfer(id="t", off_on=date(2025, 2, 4), **GROUND)
    calendar = Holidays(weekends=(WEEKEND,), yearly=(leap,), dated=(feast,), transfers=(order,))
    assert is_working_day(date(2025, 2, 28), calendar)
    assert not is_working_day(date(2024, 2, 29), calendar)
    assert next_working_day(date(2025, 2, 1), calendar) == date(2025, 2, 5)
    assert is_working_day(date.max, calendar)
    assert is_working_day(date.min, calendar)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 10), 2, date(2026, 5, 10)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_same_number_or_on_the_last_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, HOLIDAYS)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = add_working_days(start, count, HOLIDAYS)
    assert is_working_day(end, HOLIDAYS)
    assert working_days_between(start, end, HOLIDAYS) == count
    assert working_days_between(end, start, HOLIDAYS) <= 0


@given(DAYS, DAYS, st.integers(0, 40))
def test_an_earlier_start_never_ends_later(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert add_working_days(first, count, HOLIDAYS) <= add_working_days(second, count, HOLIDAYS)
    assert add_months(first, count) <= add_months(second, count)
