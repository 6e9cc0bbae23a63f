"""Reads records as domain values: by id, by many ids, by scope; the capability modules beside it know the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.store.tables import RECORD_TABLES

CHUNK = 500
"""Ids in one statement; SQLite allows far more, but a plan for 500 is cached and reused."""


def find(connection: Connection, kind: Kind, record_id: str) -> Any | None:
    """The record, or None."""
    table = RECORD_TABLES[kind]
    body = connection.execute(sa.select(table.c.body).where(table.c.id == record_id)).scalar()
    return None if body is None else codec.decode(kind, body)


def get(connection: Connection, kind: Kind, record_id: str) -> Any:
    """The record; raises NotFound."""
    record = find(connection, kind, record_id)
    if record is None:
        raise NotFound(kind=kind.value, id=record_id)
    return record


def by_ids(connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, Any]:
    """The records that exist among ``ids``, by id."""
    wanted = list(dict.fromkeys(ids))
    table = RECORD_TABLES[kind]
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for record_id, body in connection.execute(sa.select(table.c.id, table.c.body).where(table.c.id.in_(part))):
            found[record_id] = codec.decode(kind, body)
    return found


def where(
    connection: Connection, kind: Kind, *conditions: Any, order_by: Sequence[Any] = (), limit: int | None = None
) -> list[Any]:
    """Records that meet the conditions (over ``RECORD_TABLES[kind].c``), in order."""
    table = RECORD_TABLES[kind]
    statement = sa.select(table.c.body).where(*conditions).order_by(*(order_by or (table.c.row_no,)))
    if limit is not None:
        statement = statement.limit(limit)
    return [codec.decode(kind, body) for body in connection.execute(statement).scalars()]


def scope_of(connection: Connection, kind: Kind, record_id: str) -> str:
    """The scope a record lies in; raises NotFound."""
    table = RECORD_TABLES[kind]
    scope = connection.execute(sa.select(table.c.scope).where(table.c.id == record_id)).scalar()
    if scope is None:
        raise NotFound(kind=kind.value, id=record_id)
    return str(scope)


def scopes_of(connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, str]:
    """The scopes of those records that exist among ``ids``."""
    wanted = list(dict.fromkeys(ids))
    table = RECORD_TABLES[kind]
    found: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for record_id, scope in connection.execute(sa.select(table.c.id, table.c.scope).where(table.c.id.in_(part))):
            found[record_id] = scope
    return found
