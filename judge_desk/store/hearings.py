"""Hearings by time and by case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.store import records
from judge_desk.store.tables import RECORD_TABLES

_hearing = RECORD_TABLES[Kind.HEARING].c
_LONGEST = timedelta(hours=24)


def between(connection: Connection, start: datetime, end: datetime) -> list[tuple[Hearing, int]]:
    """Hearings that begin from ``start`` up to but not with ``end`` (aware), by time, each with its open operations."""
    statement = (
        sa.select(_hearing.body, _hearing.pending)
        .where(_hearing.starts_at >= stamp(start), _hearing.starts_at < stamp(end))
        .order_by(_hearing.starts_at, _hearing.row_no)
    )
    return [(codec.decode(Kind.HEARING, body), pending) for body, pending in connection.execute(statement)]


def of_case(connection: Connection, case_id: str) -> list[Hearing]:
    """By time."""
    return records.where(
        connection, Kind.HEARING, _hearing.case_id == case_id, order_by=(_hearing.starts_at, _hearing.row_no)
    )


def still_planned(connection: Connection, case_ids: Sequence[str]) -> list[Hearing]:
    """Those of these cases that nobody wrote an outcome of, past ones too, by time."""
    return records.where(
        connection,
        Kind.HEARING,
        _hearing.case_id.in_(list(case_ids)),
        _hearing.state == HearingState.PLANNED,
        order_by=(_hearing.starts_at, _hearing.row_no),
    )


def beside(connection: Connection, hearing: Hearing) -> list[Hearing]:
    """Planned hearings that could overlap with one: all that begin up to a day before its end."""
    return records.where(
        connection,
        Kind.HEARING,
        _hearing.state == HearingState.PLANNED,
        _hearing.starts_at >= stamp(hearing.starts_at - _LONGEST),
        _hearing.starts_at < stamp(hearing.ends_at),
        order_by=(_hearing.starts_at,),
    )


def pending_of(connection: Connection, hearing_id: str) -> int:
    """How many changes of it the hub has not confirmed."""
    return int(connection.execute(sa.select(_hearing.pending).where(_hearing.id == hearing_id)).scalar() or 0)


def stamp(moment: datetime) -> str:
    """A moment as the bodies write it, to be compared as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
