"""The bookings of the court: an index of planned hearings by time, so that nobody is booked twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, delete, or_, select, tuple_

from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import upsert
from judge_desk.protocol import codec


def keep_slots(connection: Connection, court_id: str, hearings: Iterable[tuple[str, str, Hearing | None]]) -> None:
    """Keep the index of planned hearings in line: (scope, id, the hearing now, None when it was deleted)."""
    slot = tables.hearing_slot
    newest = {(scope, record_id): hearing for scope, record_id, hearing in hearings}
    planned = [
        {"court_id": court_id, "scope": scope, "id": record_id, "starts_at": each.starts_at, "ends_at": each.ends_at}
        for (scope, record_id), each in newest.items()
        if each is not None and each.state is HearingState.PLANNED
    ]
    gone = sorted(newest.keys() - {(row["scope"], row["id"]) for row in planned})
    if gone:
        connection.execute(delete(slot).where(slot.c.court_id == court_id, tuple_(slot.c.scope, slot.c.id).in_(gone)))
    if planned:
        upsert(connection, slot, planned)


def planned_beside(connection: Connection, court_id: str, hearings: Sequence[Hearing]) -> list[Hearing]:
    """The planned hearings of the court at the times of these; other bookings wait until this one is done."""
    # Two bookings of one room touch different records: only a lock of the court keeps them in one line.
    court, slot, entity = tables.court, tables.hearing_slot, tables.entity
    connection.execute(select(court.c.court_id).where(court.c.court_id == court_id).with_for_update())
    times = or_(*(and_(slot.c.starts_at < each.ends_at, slot.c.ends_at > each.starts_at) for each in hearings))
    same = and_(entity.c.court_id == slot.c.court_id, entity.c.scope == slot.c.scope, entity.c.id == slot.c.id)
    query = (
        select(entity.c.body)
        .join_from(slot, entity, and_(same, entity.c.kind == Kind.HEARING.value))
        .where(slot.c.court_id == court_id, times)
    )
    return [codec.decode(Kind.HEARING, body) for body in connection.scalars(query)]
