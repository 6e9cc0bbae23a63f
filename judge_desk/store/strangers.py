"""Records of a kind that this build does not know: kept and counted, so that their scopes add up, never shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.protocol.feed import Row
from judge_desk.store import bulk
from judge_desk.store.tables import stranger

KNOWN_KINDS = frozenset(kind.value for kind in Kind)
"""All others are strangers."""
_NEWER = (
    "ON CONFLICT (kind, id) DO UPDATE SET scope = excluded.scope, rev = excluded.rev, body = excluded.body "
    "WHERE excluded.rev > stranger.rev"
)
_OF_SCOPES = "SELECT kind, scope, id, rev FROM stranger WHERE scope IN (SELECT value FROM json_each(?))"


def keep(connection: Connection, came: Iterable[tuple[Row, str]]) -> None:
    """Write the rows, the newest of each record; a deleted one goes."""
    listed = list(came)
    live = [(row.kind, row.id, row.scope, row.rev, body) for row, body in listed if not row.deleted]
    bulk.insert(connection, "stranger", ("kind", "id", "scope", "rev", "body"), live, _NEWER)
    gone = [(row.kind, row.id, row.scope, row.rev) for row, _ in listed if row.deleted]
    if gone:
        connection.exec_driver_sql("DELETE FROM stranger WHERE kind = ? AND id = ? AND scope = ? AND rev < ?", gone)


def of_scopes(connection: Connection, scopes: Sequence[str]) -> Sequence[Any]:
    """Kind, scope, id and revision of each."""
    return connection.exec_driver_sql(_OF_SCOPES, (json.dumps(list(scopes)),)).all()


def counted(connection: Connection) -> tuple[int, int]:
    """How many there are, and their revisions together."""
    rows, revs = connection.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(stranger.c.rev), 0))).one()
    return rows, revs


def forget(connection: Connection, scope: str) -> int:
    """Drop those of a scope; gives how many."""
    return connection.execute(sa.delete(stranger).where(stranger.c.scope == scope)).rowcount


def count(connection: Connection) -> int:
    """How many records wait for a newer version of the program."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(stranger)).scalar_one())


def take_out(connection: Connection, known: Set[str]) -> list[tuple[Row, bytes]]:
    """Those whose kind this build knows by now, as the feed brought them; they are strangers no longer."""
    table = stranger.c
    if not connection.execute(sa.select(sa.literal(1)).select_from(stranger).limit(1)).first():
        return []
    rows = connection.execute(sa.select(stranger).where(table.kind.in_(known))).all()
    connection.execute(sa.delete(stranger).where(table.kind.in_(known)))
    return [
        (Row(scope=row.scope, seq=0, kind=row.kind, id=row.id, rev=row.rev, deleted=False), row.body.encode())
        for row in rows
    ]
