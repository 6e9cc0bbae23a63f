"""What a record was when hub and desk last agreed about it: the base of every merge while an edit of it is open."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import open_mids
from judge_desk.store.tables import operation_text, shadow


def base_of(connection: Connection, kind: Kind, record_id: str) -> tuple[int, str]:
    """(revision, body) last agreed with the hub; (0, ``null``) when there is none."""
    row = connection.execute(
        sa.select(shadow.c.rev, shadow.c.body).where(shadow.c.kind == kind, shadow.c.record_id == record_id)
    ).first()
    return (0, NONE) if row is None else (int(row.rev), str(row.body))


def put_base(connection: Connection, kind: Kind, record_id: str, rev: int, body: str) -> None:
    """Agreed anew: the record's open operations stand on this now."""
    statement = upsert(shadow).values(kind=kind, record_id=record_id, rev=rev, body=body)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "record_id"], set_={"rev": statement.excluded.rev, "body": statement.excluded.body}
        )
    )
    still = operation_text.c.mid.in_(open_mids(connection, kind, record_id))
    connection.execute(sa.update(operation_text).where(still).values(base_body=body))


def drop_base(connection: Connection, kind: Kind, record_id: str) -> None:
    """Nothing of the record is open any more."""
    connection.execute(sa.delete(shadow).where(shadow.c.kind == kind, shadow.c.record_id == record_id))
