"""What may come over the link now, and for which days files are urgent: from the settings and the court's calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from judge_desk.domain.working_days import Holidays, add_working_days, next_working_day
from judge_desk.runtime.clock import COURT_ZONE, Clock
from judge_desk.runtime.settings import CACHE_MB, METERED, Settings
from judge_desk.store.file_order import FilePlan

TERM_WORKING_DAYS = 5
"""As far ahead as the first page shows terms."""


class FilePlans:
    """Asked anew before each fetch, so that a choice in the settings, or a new day, holds at once."""

    def __init__(self, settings: Settings, clock: Clock, holidays: Callable[[], Holidays]) -> None:
        self._settings, self._clock, self._holidays = settings, clock, holidays

    def __call__(self) -> FilePlan:
        today, holidays = self._clock.today(), self._holidays()
        following = next_working_day(today + timedelta(days=1), holidays)
        return FilePlan(
            today_from=datetime.combine(today, time(), COURT_ZONE),
            hearings_until=datetime.combine(following + timedelta(days=1), time(), COURT_ZONE),
            terms_until=add_working_days(today, TERM_WORKING_DAYS, holidays),
            metered=self._settings.get(METERED),
            budget_bytes=self._settings.get(CACHE_MB) << 20,
        )
