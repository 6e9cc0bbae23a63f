"""Brings the database to the tables of this program, and refuses one that a newer program wrote.

Alembic is configured here in code; it is loaded only when there is something to migrate.

Context: a country's hubs are many processes over one database and cannot all stop for a change of its tables.
Decision: expand, then contract. A script says ``KIND = "expand"`` (new tables, columns that may be empty or have a
default, indexes: the program before it goes on reading and writing) or ``KIND = "contract"`` (drops what the newest two
programs no longer use, at least one release later). An expanding script leaves ``hub_state.oldest_program`` alone, a
contracting one raises it to the oldest revision whose program still works; a program serves a database that is newer
than itself as long as that names a revision it knows. Order of a release: migrate (expand), replace the processes one
by one, next release: migrate (contract). A test reads every script and refuses an expanding one that takes away.
Alternatives: stopping for a migration; two schemas side by side. Consequences: a column is renamed in three releases.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from judge_desk.domain.errors import NewerStore, StoreProblem

REVISIONS = ("0001",)
"""Every revision of the tables, oldest first; a test compares it with the scripts."""

_LOCK = 5_402_026  # any number, the same for every hub process


class NotMigrated(StoreProblem):
    """The database is older than this program: ``judge-desk-hub migrate`` comes first."""

    default_key = "hub.not_migrated"


def current(connection: Connection) -> str | None:
    """The database's revision; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def check(engine: Engine) -> None:
    """Raises NewerStore or NotMigrated unless this program may work over these tables."""
    with engine.connect() as connection:
        found = current(connection)
        if found is not None and found not in REVISIONS:
            if not _is_only_expanded(connection):
                raise NewerStore("hub.newer_database", found=found)
            return
    if found != REVISIONS[-1]:
        raise NotMigrated


def _is_only_expanded(connection: Connection) -> bool:
    """Whether a newer program's tables still hold everything that this one needs."""
    if not inspect(connection).has_table("hub_state"):
        return False
    oldest = connection.scalar(text("SELECT oldest_program FROM hub_state WHERE id = 1"))
    return oldest in REVISIONS


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Upgrade to the newest tables; the revision before and after. Raises NewerStore and leaves such a database alone;
    one that a newer program has only expanded is left alone too.

    Several processes may call this at once: on PostgreSQL they wait for each other, on SQLite the file is locked.
    """
    with engine.connect().execution_options(hub_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = current(connection)
        if before is not None and before not in REVISIONS:
            if _is_only_expanded(connection):
                return before, before
            raise NewerStore("hub.newer_database", found=before)
        if before != REVISIONS[-1]:
            _upgrade(connection)
    return before, REVISIONS[-1]


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
