"""The few statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart.

Many rows go to PostgreSQL in one statement, as one JSON text and beside it the bodies as an array: row by row, however
they are driven, it takes four times as long. SQLite, in this very process, is at its best row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    literal,
    update,
)
from sqlalchemy import insert as plain_insert

from judge_desk.hub.db.engine import is_sqlite
from judge_desk.hub.db.tables import Moment, moment_text

_encoder = msgspec.json.Encoder()
Rows = Sequence[dict[str, Any]]


def add(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert new rows; raises IntegrityError where a key is there already. Rows must name the same columns."""
    if len(rows) == 1 or is_sqlite(connection):
        connection.execute(plain_insert(table), rows)
    else:
        _insert_many(connection, table, rows, "")


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows; where the key is there already, the other columns are set. Rows must name every column."""
    keys = _keys(table)
    rest = [name for name in rows[0] if name not in keys]
    if len(rows) == 1 or is_sqlite(connection):
        insert = _insert(connection, table)
        if rest:
            changed = {name: insert.excluded[name] for name in rest}
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)
        else:
            connection.execute(insert.on_conflict_do_nothing(index_elements=keys), rows)
    else:
        changed_ones = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
        _insert_many(connection, table, rows, f"DO UPDATE SET {changed_ones}" if rest else "DO NOTHING")


def add_missing(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows; where the key is there already, nothing happens."""
    keys = _keys(table)
    connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=keys), rows)


def change_all(connection: Connection, table: Table, rows: Rows) -> None:
    """Set the columns that each row of one court names beside its key.

    The court is named once more by itself: only so does PostgreSQL know which part of the table to look into.
    """
    if is_sqlite(connection):
        keys = [table.c[name] == bindparam(f"_{name}") for name in _keys(table)]
        named = [{f"_{name}" if name in table.primary_key.columns else name: row[name] for name in row} for row in rows]
        connection.execute(update(table).where(and_(*keys)), named)
    else:
        statement = _change_statement(table, tuple(rows[0]))
        connection.exec_driver_sql(statement, {**_packed(table, rows), "_court": rows[0]["court_id"]})


def among(connection: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column is one of the values, however many they are, as one parameter where that may be."""
    if is_sqlite(connection):
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(column.type)))


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _insert_many(connection: Connection, table: Table, rows: Rows, conflict: str) -> None:
    connection.exec_driver_sql(_insert_statement(table, tuple(rows[0]), conflict), _packed(table, rows))


def _packed(table: Table, rows: Rows) -> dict[str, Any]:
    """The rows as JSON, with moments in the text that the tables keep; bodies, which it would take long to write and
    to read as JSON within JSON, by themselves."""
    bodies = _bodies(table, rows[0])
    told = [{name: row[name] for name in row if name not in bodies} for row in rows] if bodies else rows
    moments = [name for name in told[0] if isinstance(table.c[name].type, Moment)]
    if moments:
        texts = {at: at and moment_text(at) for at in {row[name] for row in told for name in moments}}
        told = [{**row, **{name: texts[row[name]] for name in moments}} for row in told]
    return {"_rows": _encoder.encode(told).decode(), **{name: [row[name] for row in rows] for name in bodies}}


def _bodies(table: Table, names: Iterable[str]) -> list[str]:
    return [name for name in names if isinstance(table.c[name].type, Text)]


@cache
def _insert_statement(table: Table, names: tuple[str, ...], conflict: str) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    keys = ", ".join(f'"{name}"' for name in _keys(table))
    otherwise = f"ON CONFLICT ({keys}) {conflict}" if conflict else ""
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM {_given(table, names)} {otherwise}'  # noqa: S608 - our own names


@cache
def _change_statement(table: Table, names: tuple[str, ...]) -> str:
    keys = _keys(table)
    new = ", ".join(f'"{name}" = given."{name}"' for name in names if name not in keys)
    same = " AND ".join(f't."{name}" = given."{name}"' for name in keys)
    given = _given(table, names)
    return f'UPDATE "{table.name}" AS t SET {new} FROM {given} WHERE {same} AND t.court_id = %(_court)s'  # noqa: S608 - our own names


def _given(table: Table, names: tuple[str, ...]) -> str:
    """The rows of `_packed` as a table. The arrays are binary (``%b``): as text, the driver takes ten times as long."""
    from sqlalchemy.dialects import postgresql

    bodies = _bodies(table, names)
    short = [name for name in names if name not in bodies]
    types = [table.c[name].type.compile(postgresql.dialect()) for name in short]  # type: ignore[no-untyped-call]  # the dialect's class has no types
    typed = ", ".join(f'"{name}" {of_type}' for name, of_type in zip(short, types, strict=True))
    arrays = "".join(f", unnest(%({name})b::text[])" for name in bodies)
    columns = ", ".join(f'"{name}"' for name in (*short, *bodies))
    return f"ROWS FROM (json_to_recordset(CAST(%(_rows)s AS json)) AS ({typed}){arrays}) AS given ({columns})"


def _insert(connection: Connection, table: Table) -> Any:
    # Each dialect brings all its drivers: a hub over SQLite need not load PostgreSQL's.
    if is_sqlite(connection):
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table)
