"""Opens the encrypted database: key from outside, pragmas that were measured, and a refusal for what is not ours to
touch."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlcipher3 import dbapi2

from judge_desk.domain.errors import DamagedStore, DiskFull, NewerStore, StoreLocked, StoreProblem
from judge_desk.store.tables import CASE_WORDS_DDL, OPERATION_TEXT_DDL, SEARCH_DDL, metadata

SCHEMA = 1
"""The schema this build writes, kept in the database's user_version; migrations/versions has one file for each
number."""

PRAGMAS = (
    "cipher_log_level=NONE",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "cache_size=-64000",
    "temp_store=MEMORY",
    "secure_delete=ON",
)
"""synchronous=FULL: what the screen calls saved survives a power cut. secure_delete: what is forgotten is
overwritten."""


GUARD = "HMAC_SHA256"
"""What guards the pages of every encrypted file that this process opens or makes, a copy by VACUUM INTO too. Processors
have instructions for SHA-256, and none for the SHA-512 that SQLCipher takes by itself: that is a third of the time in
which a page is read or written. On an old one without them (OPENSSL_ia32cap=:~0x20000000) it takes a seventh longer."""

# For the whole process, and to be told before the first key is given.
with closing(dbapi2.connect(":memory:")) as _any:
    _any.execute(f"PRAGMA cipher_default_hmac_algorithm={GUARD}")


def _as_it_is(value: Any) -> Any:
    return value


# For what it does not bind at sight the driver looks for an adapter in three places, each time in vain and at the price
# of an exception: ten times the price of the value itself.
dbapi2.register_adapter(type(None), _as_it_is)
dbapi2.register_adapter(bytes, _as_it_is)


def make_engine(path: Path, key: bytes) -> sa.Engine:
    """An engine over the SQLCipher file; ``key`` is the raw 32-byte key (skips the passphrase derivation of each
    connection)."""
    url = sa.URL.create("sqlite+pysqlcipher", password=f"x'{key.hex()}'", database=str(path))
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=6,
        max_overflow=6,
        connect_args={"check_same_thread": False, "timeout": 10},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def open_engine(path: Path, key: bytes) -> sa.Engine:
    """Open or create the store, brought up to SCHEMA; raises DamagedStore, NewerStore, DiskFull or StoreProblem."""
    is_new = not path.exists()
    if not is_new:
        _refuse_newer(path, key)
    engine = make_engine(path, key)
    try:
        with engine.connect() as connection:
            found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        _bring_up_to_date(engine, path, is_new=is_new or found == 0, found=found)
    except sa.exc.DBAPIError as fault:
        engine.dispose()
        raise explain(fault) from None
    except BaseException:
        engine.dispose()
        raise
    return engine


def close_engine(engine: sa.Engine) -> None:
    """Close every connection, one on loan as soon as it is given back, and open no other: by itself an engine would
    open the file again for who comes late, with the key, or make a new one where the file was destroyed."""
    event.listen(engine, "checkin", _close_returned)
    event.listen(engine, "do_connect", _refuse_late)
    engine.dispose()


def _close_returned(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.close()


def _refuse_late(*_: Any) -> None:
    raise StoreLocked


def _refuse_newer(path: Path, key: bytes) -> None:
    """Raises NewerStore for what a newer program wrote, before any connection that may write.

    Behind a crash the schema's number may stand in the log alone, and the first connection that may write would fold
    that log into the file when it closes; one that may only read leaves both byte for byte. Whatever else is wrong with
    the file is for the ordinary connection to say.
    """
    try:
        # URI: the only way to say "read only"; as_uri escapes what a path may hold.
        connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
    except dbapi2.Error:
        return
    try:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    except dbapi2.Error:
        return
    finally:
        connection.close()
    if found > SCHEMA:
        raise NewerStore(found=found, known=SCHEMA)


def _bring_up_to_date(engine: sa.Engine, path: Path, *, is_new: bool, found: int) -> None:
    if found > SCHEMA:
        raise NewerStore(found=found, known=SCHEMA)
    if is_new:
        create(engine)
    elif found < SCHEMA:
        from judge_desk.store.migrations import upgrade  # alembic stays off the start path

        upgrade(engine, path)
    else:
        for copy in path.parent.glob(f"{path.name}.before-*"):  # the upgraded store has opened again: see migrations
            copy.unlink(missing_ok=True)


def create(engine: sa.Engine) -> None:
    """All tables of a new database in one transaction; equal to what the migrations build (a test compares them)."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver opens no transaction of its own for CREATE
        metadata.create_all(connection)
        for statement in (*SEARCH_DDL, CASE_WORDS_DDL, *OPERATION_TEXT_DDL):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
        connection.commit()


def explain(fault: sa.exc.DBAPIError) -> StoreProblem:
    """The judge's word for a fault of the database; never carries the statement or its values."""
    text = str(fault.orig).casefold()
    if "not a database" in text or "malformed" in text or "corrupt" in text or "disk i/o" in text:
        return DamagedStore()
    if "full" in text:
        return DiskFull()
    return StoreProblem()


def check_integrity(engine: sa.Engine) -> bool:
    """Whether SQLite and SQLCipher find every page whole; reads the whole file."""
    with engine.connect() as connection:
        cipher = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
        plain = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return not cipher and plain == ["ok"]
