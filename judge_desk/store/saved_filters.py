"""Lists that the judge named: kept on this desk, one set for each kind of list."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.ids import new_id
from judge_desk.store.tables import saved_filter


def of_list(connection: Connection, list_name: str) -> list[tuple[str, str, str]]:
    """(id, name, query as JSON) by name."""
    rows = connection.execute(
        sa.select(saved_filter.c.id, saved_filter.c.name, saved_filter.c.query)
        .where(saved_filter.c.list == list_name)
        .order_by(saved_filter.c.name)
    )
    return [(row.id, row.name, row.query) for row in rows]


def save(connection: Connection, list_name: str, name: str, query: str) -> str:
    """Keep a query under a name, in the place of another of that name; gives its id."""
    same_name = sa.and_(saved_filter.c.list == list_name, saved_filter.c.name == name)
    known = connection.execute(sa.select(saved_filter.c.id).where(same_name)).scalar()
    if known is not None:
        connection.execute(sa.update(saved_filter).where(same_name).values(query=query))
        return str(known)
    filter_id = new_id()
    connection.execute(sa.insert(saved_filter).values(id=filter_id, list=list_name, name=name, query=query))
    return filter_id


def rename(connection: Connection, filter_id: str, name: str) -> None:
    connection.execute(sa.update(saved_filter).where(saved_filter.c.id == filter_id).values(name=name))


def delete(connection: Connection, filter_id: str) -> None:
    connection.execute(sa.delete(saved_filter).where(saved_filter.c.id == filter_id))
