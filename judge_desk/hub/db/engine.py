"""Opens the hub's database and runs one piece of work in one transaction, again when the database asks for that."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from judge_desk.domain.errors import BadInput, HubProblem
from judge_desk.hub.db import waking
from judge_desk.protocol.feed import level_of

TRIES = 6
STATEMENT_SECONDS = 60
_LOCK_SECONDS = 30
_PLANS = "-c random_page_cost=1.1 -c jit=off"
"""A server takes its disk for a turning one unless it is told, and reads a court's 60,000 scopes from end to end to
find a judge's 600. None of our statements is long enough to be worth compiling first."""
_WRITE = "hub_write"
_AGAIN = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available

T = TypeVar("T")


class HubBusy(HubProblem):
    """The database did not let the work through; nothing of it happened, it may be sent again."""

    default_key = "hub.busy"


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://…``; raises BadInput for any other URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadInput("hub.bad_database_url") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database:
        _keep_private(Path(parsed.database))
        engine = create_engine(
            parsed,
            connect_args={"check_same_thread": False, "timeout": _LOCK_SECONDS},
            pool_size=pool_size,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if backend == "postgresql":
        options = f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=20s -c timezone=UTC {_PLANS}"
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={"options": options, "connect_timeout": 10},
            pool_size=pool_size,
            max_overflow=pool_size,
            # One desk after the other meets the same connection, on which its statements are prepared already.
            pool_use_lifo=True,
            hide_parameters=True,
        )
    raise BadInput("hub.bad_database_url")


def _keep_private(file: Path) -> None:
    """A new database is for its owner alone: it holds the court's cases and the secret that tokens are sealed with."""
    with suppress(OSError):  # there already, or no such folder, which the database tells better
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # Transactions are begun by _begin_sqlite alone: the driver begins late on its own, which breaks BEGIN IMMEDIATE.
    raw.isolation_level = None
    _keep_log(raw)
    # An acknowledged write must survive a power cut; NORMAL would lose the last commits of the log.
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute(f"PRAGMA busy_timeout = {_LOCK_SECONDS * 1000}")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA cache_size = -32000")
    raw.create_function("level_of", 1, _level_of, deterministic=True)


def _keep_log(raw: sqlite3.Connection) -> None:
    """Write ahead to a log. Where several processes open a new database at once, SQLite refuses this to all but one
    without waiting as it does for other locks."""
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)  # nothing tells when the other is done
        else:
            return


def _level_of(held: str | None) -> str:
    return level_of((held or "").encode())


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` in one writing transaction and commit. It may run more than once: it must have no other effect.

    Raises HubBusy when the database refused it each time.
    """
    return _run(engine, work, {_WRITE: True})


def read(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` over one unchanging picture of the database."""
    if engine.dialect.name == "sqlite":
        return _run(engine, work, {})
    return _run(engine, work, {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def glance(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run ``work`` of a single statement. It is one picture of the database by itself; to begin and end a transaction
    would cost two more trips to a server."""
    if engine.dialect.name == "sqlite":
        return _run(engine, work, {})
    return _run(engine, work, {"isolation_level": "AUTOCOMMIT"})


def write_snapshot(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Write, and read back over one unchanging picture."""
    if engine.dialect.name == "sqlite":
        return write(engine, work)
    return _run(engine, work, {"isolation_level": "REPEATABLE READ"})


def learn(engine: Engine) -> None:
    """Have PostgreSQL count its tables after many new rows. Until it does so by itself, a minute later, it plans for
    empty ones, and reads a court's whole table to find ten rows of it."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _run(engine: Engine, work: Callable[[Connection], T], options: dict[str, Any]) -> T:
    for _ in range(TRIES):
        try:
            with engine.connect() as plain:
                connection = plain.execution_options(**options)
                waking.begin(connection)
                with connection.begin():
                    result = work(connection)
                waking.tell(engine, connection)
                return result
        except IntegrityError:
            # Two transactions made the same new row; the one that lost sees the other's row when it runs again.
            continue
        except DBAPIError as fault:
            if not _is_passing(fault):
                raise
    raise HubBusy


def _is_passing(fault: DBAPIError) -> bool:
    if fault.connection_invalidated or getattr(fault.orig, "sqlstate", None) in _AGAIN:
        return True
    return isinstance(fault.orig, sqlite3.OperationalError) and "locked" in str(fault.orig)
