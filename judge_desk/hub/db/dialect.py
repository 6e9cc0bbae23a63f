"""The few statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table

from judge_desk.hub.db.engine import is_sqlite


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; where the key is there already, the other columns are set. Rows must name every column."""
    keys = [column.name for column in table.primary_key.columns]
    insert = _insert(connection, table)
    rest = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    if rest:
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=rest), rows)
    else:
        connection.execute(insert.on_conflict_do_nothing(index_elements=keys), rows)


def add_missing(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; where the key is there already, nothing happens."""
    keys = [column.name for column in table.primary_key.columns]
    connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=keys), rows)


def _insert(connection: Connection, table: Table) -> Any:
    # Each dialect brings all its drivers: a hub over SQLite need not load PostgreSQL's.
    if is_sqlite(connection):
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table)
