"""The time, from outside: every part that needs it is handed a Clock, so that a test can stop it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# One zone for the whole country since 1 March 2024. Fixed here, since an old Windows still believes in UTC+6.
COURT_ZONE = timezone(timedelta(hours=5), "UTC+05:00")


class Clock(Protocol):
    """What a part may ask about the time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""

    def today(self) -> date:
        """The date on the court's wall (UTC+5)."""

    def monotonic(self) -> float:
        """Seconds from an unknown start; never goes back."""


class SystemClock:
    """The clock of this PC."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The date on the court's wall (UTC+5)."""
        return court_time(self.now()).date()

    def monotonic(self) -> float:
        """Seconds from an unknown start; never goes back."""
        return time.monotonic()


class FixedClock:
    """A clock that stands still until it is told to move; for tests, and for demo data that is the same every run."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = now.astimezone(UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The moment it was set to, aware, in UTC."""
        return self._now

    def today(self) -> date:
        """The date on the court's wall (UTC+5) at that moment."""
        return court_time(self._now).date()

    def monotonic(self) -> float:
        """Seconds it was advanced by so far."""
        return self._monotonic

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move on; negative values move the wall clock back but never the monotonic one."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._now += step
        self._monotonic += max(step.total_seconds(), 0.0)

    def set(self, now: datetime) -> None:
        """Jump to an aware moment, as a PC does when its clock is corrected."""
        if now.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = now.astimezone(UTC)


def court_time(moment: datetime) -> datetime:
    """The aware moment as the court's wall shows it (UTC+5)."""
    return moment.astimezone(COURT_ZONE)
