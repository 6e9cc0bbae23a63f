"""The court's day begins at 19:00 UTC, and a fixed clock moves only when told."""

from datetime import UTC, date, datetime

import pytest

from judge_desk.runtime.clock import Clock, FixedClock, SystemClock, court_time


def test_the_courts_day_is_five_hours_ahead() -> None:
    assert FixedClock(datetime(2026, 11, 22, 18, 59, tzinfo=UTC)).today() == date(2026, 11, 22)
    assert FixedClock(datetime(2026, 11, 22, 19, 0, tzinfo=UTC)).today() == date(2026, 11, 23)
    assert f"{court_time(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)):%d %H:%M}" == "23 04:30"


def test_a_fixed_clock_moves_only_when_told(clock: FixedClock) -> None:
    before = clock.now()
    assert clock.now() == before
    clock.advance(days=1, seconds=5)
    assert (clock.now() - before).total_seconds() == 86_405
    assert clock.monotonic() == 86_405


def test_setting_the_wall_clock_back_leaves_the_monotonic_one(clock: FixedClock) -> None:
    clock.advance(seconds=10)
    clock.advance(days=-1)
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.monotonic() == 10


def test_a_naive_moment_is_refused(clock: FixedClock) -> None:
    naive = datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        FixedClock(naive)
    with pytest.raises(ValueError, match="aware"):
        clock.set(naive)


def test_the_system_clock_is_aware_and_agrees_with_itself() -> None:
    system: Clock = SystemClock()
    before = system.monotonic()
    assert system.now().tzinfo is UTC
    assert system.today() == court_time(system.now()).date()
    assert system.monotonic() >= before
