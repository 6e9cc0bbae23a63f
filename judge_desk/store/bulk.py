"""Inserts rows by the thousand while other threads compute: few statements with many rows instead of one a row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlcipher3 import dbapi2

ROWS = 1_000
"""Rows in one statement. Around each statement the driver lets go of the interpreter's lock, and while another thread
computes, getting it back takes up to 5 ms: a row at a time, that is all the time there is."""


def rows(connection: Connection, sql: str, values: tuple[object, ...]) -> list[Any]:
    """What a statement finds, as the driver gives it: to wrap ten thousand rows takes longer than to find them."""
    try:
        return list(connection.connection.cursor().execute(sql, values))
    except dbapi2.Error as fault:
        # As every other statement fails, so that it is told in our words.
        raise sa.exc.DatabaseError(None, None, fault) from None


def insert(
    connection: Connection, table: str, names: Sequence[str], rows: Sequence[Sequence[object]], otherwise: str = ""
) -> None:
    """Insert rows whose values stand in the order of ``names``; ``otherwise`` is an ON CONFLICT clause."""
    quoted = ", ".join(f'"{name}"' for name in names)
    one = f"({', '.join('?' * len(names))})"
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        sql = f'INSERT INTO "{table}" ({quoted}) VALUES {", ".join([one] * len(part))} {otherwise}'  # noqa: S608 - our own names
        connection.exec_driver_sql(sql, tuple(chain.from_iterable(part)))
