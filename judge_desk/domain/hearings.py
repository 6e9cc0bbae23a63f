"""Hearings: who sits where and when; a double booking is refused by the hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class HearingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One sitting, in the scope of its case. ``starts_at`` is aware UTC."""

    id: str
    case_id: str
    starts_at: datetime
    minutes: int
    room: str
    judge_id: str
    purpose: str = ""
    state: HearingState = HearingState.PLANNED
    prosecutor: str = ""
    by_video: bool = False
    outcome: str = ""

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def owes_outcome(self, now: datetime) -> bool:
        """Its time is over, and nobody wrote down what became of it."""
        return self.state is HearingState.PLANNED and self.ends_at <= now


def clashes(one: Hearing, other: Hearing) -> bool:
    """Whether two planned hearings cannot both take place: same room or same judge (or prosecutor) at overlapping
    times."""
    if one.id == other.id or HearingState.PLANNED not in {one.state} & {other.state}:
        return False
    shared = (
        (one.room and one.room == other.room)
        or one.judge_id == other.judge_id
        or (one.prosecutor and one.prosecutor == other.prosecutor)
    )
    return bool(shared) and one.starts_at < other.ends_at and other.starts_at < one.ends_at
