"""Forgotten words leave the file too: the index keeps dropped words as dead entries until it is rewritten."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Engine

from judge_desk.store import session_data
from judge_desk.store.tables import SEARCH_WORDS

STATE = "search.scrub"
OWED, BEGUN, DONE = "owed", "begun", ""
PAGES = 500
"""Of the index in one step: some tens of milliseconds, for which a save may have to wait."""


def owe(connection: Connection) -> None:
    """Words were dropped that must not stay: `step` has to run."""
    session_data.put(connection, STATE, OWED)


def is_owed(connection: Connection) -> bool:
    return bool(session_data.get(connection, STATE, str))


def step(connection: Connection) -> bool:
    """Write a part of the index anew. True when it is done; else call again, in a transaction of its own."""
    state = session_data.get(connection, STATE, str)
    if not state:
        return True
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    # A negative number begins a rewriting of the whole, positive ones go on with it.
    pages = -PAGES if state == OWED else PAGES
    connection.exec_driver_sql(f"INSERT INTO {SEARCH_WORDS} ({SEARCH_WORDS}, rank) VALUES ('merge', {pages})")  # noqa: S608 - our own name
    after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    # SQLite's own sign that nothing was left to merge: the command alone counts as one change.
    is_done = state == BEGUN and int(after) - int(before) < 2
    session_data.put(connection, STATE, DONE if is_done else BEGUN)
    return is_done


def empty_log(engine: Engine) -> None:
    """Take the log into the database and cut it to nothing: it still holds pages as they were. A reader that is just at
    work leaves it for the next time."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
