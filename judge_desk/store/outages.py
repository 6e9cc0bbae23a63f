"""When the hub could be reached and when not: a few rows, each a stretch in which every attempt ended alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.store.tables import outage

MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """``began_at`` and ``ended_at`` are the first and the last attempt, by this PC's clock; ``seconds`` lie between
    them by a clock that nobody sets. ``reasons`` counts what the attempts met, by message key."""

    no: int
    run: str
    reachable: bool
    began_at: datetime
    ended_at: datetime
    seconds: float
    attempts: int
    reasons: dict[str, int]


def begin(connection: Connection, run: str, *, reachable: bool, at: datetime, reason: str) -> int:
    """A new stretch of one attempt; gives its number. The oldest rows make room."""
    values = {"run": run, "reachable": reachable, "began_at": at.isoformat(), "ended_at": at.isoformat()}
    counted = {"seconds": 0.0, "attempts": 1, "reasons": json.dumps({reason: 1} if reason else {})}
    made = connection.execute(sa.insert(outage).values(**values, **counted))
    number = int(made.lastrowid)
    connection.execute(sa.delete(outage).where(outage.c.no <= number - MOST_ROWS))
    return number


def extend(
    connection: Connection, no: int, *, at: datetime, seconds: float, attempts: int, reasons: dict[str, int]
) -> None:
    """The stretch goes on until now."""
    values = {"ended_at": at.isoformat(), "seconds": seconds, "attempts": attempts, "reasons": json.dumps(reasons)}
    connection.execute(sa.update(outage).where(outage.c.no == no).values(values))


def between(connection: Connection, since: datetime, until: datetime) -> list[Spell]:
    """Stretches that touch the period, in the order in which they were noted."""
    touches = (outage.c.ended_at >= since.isoformat(), outage.c.began_at <= until.isoformat())
    return [_spell(row) for row in connection.execute(sa.select(outage).where(*touches).order_by(outage.c.no))]


def _spell(row: Any) -> Spell:
    return Spell(
        no=row.no,
        run=row.run,
        reachable=bool(row.reachable),
        began_at=datetime.fromisoformat(row.began_at),
        ended_at=datetime.fromisoformat(row.ended_at),
        seconds=row.seconds,
        attempts=row.attempts,
        reasons=json.loads(row.reasons),
    )
