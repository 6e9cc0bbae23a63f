"""A hub restored from a backup is another one: how it is noticed, and how nothing is lost or doubled behind it.

Context: desks hold what the hub acknowledged after the moment of the backup; the restored hub has forgotten it, gives
the same numbers out again, and two texts would bear one revision.
Decision: (1) each restore gives the hub a new *generation*: the tenth of a second in which it was noticed, above the
last one. To count would not do: the same backup restored twice would be the same generation with other contents. On
PostgreSQL each new connection compares the server's line of history (system identifier and timeline: a restore to a
point, and a failover, begin a new one) with the one noted before; `restore` and `restored` of the command line tell it.
(2) Revisions of a generation begin above all of those before it, so a revision names one text for ever, and checksums
and stale writes are never mistaken. (3) A desk names the generation it knows; another one refuses it with HUB_RESTORED.
The desk then asks which of its acknowledged operations are lost (/v1/lost), sends those again under their own numbers,
and compares every scope by its checksum. (4) What was made on a revision that the restore lost stands on the hub's
older one and is taken. (5) For some days after a restore a scope that the hub knows nothing about for this person is
neither revoked nor refused: whoever made it may not have brought it back yet.
Alternatives: cursors alone notice only heads that fell behind; resets of everything cost a country one full pull.
Consequences: desks keep what they sent for a while (store/sent.py); a failover costs each desk one comparison.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, ScalarSelect, event, select, update
from sqlalchemy.pool import ConnectionPoolEntry

from judge_desk.hub.db import engine as database
from judge_desk.hub.db import movements, tables
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.limits import GENERATION_REVS
from judge_desk.runtime import logs

log = logs.topic("hub")
SETTLING = timedelta(days=7)
"""How long after a restore desks may bring back scopes that the hub has lost."""

_STATE = tables.hub_state
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def number() -> ScalarSelect[int]:
    """The hub's generation, as a column of any query."""
    return select(_STATE.c.generation).where(_STATE.c.id == 1).scalar_subquery()


def current(connection: Connection) -> int:
    return int(connection.scalar(select(_STATE.c.generation).where(_STATE.c.id == 1)) or 0)


def check(named: int, generation: int) -> None:
    """Raises Refused, HUB_RESTORED, unless the desk knows this generation."""
    if named != generation:
        raise Refused(Code.HUB_RESTORED, generation=generation)


def is_settling(connection: Connection, generation: int, at: datetime) -> bool:
    """Whether desks may still bring back scopes that a restore has lost."""
    if generation == 0:
        return False
    until = connection.scalar(select(_STATE.c.settles_at).where(_STATE.c.id == 1))
    return until is not None and at < until


def next_rev(before: int, generation: int) -> int:
    """The revision behind ``before`` (0: none)."""
    return max(before, generation * GENERATION_REVS) + 1


def is_descendant(base_rev: int, rev: int, generation: int) -> bool:
    """Whether ``base_rev`` was given out before the restore, after the backup that holds ``rev``."""
    return rev < base_rev <= generation * GENERATION_REVS


def moment(at: datetime) -> int:
    """What a restore at that tenth of a second is called. Until 2054 a million revisions of it stay exact in JSON, and
    nobody restores twice within one; within a whole second a script does."""
    return max(0, int((at - _FIRST).total_seconds() * 10))


def begin(engine: Engine, at: datetime, settling: timedelta = SETTLING) -> int:
    """Note a restore; the new generation."""

    def work(connection: Connection) -> int:
        values = {"generation": max(current(connection) + 1, moment(at)), "settles_at": at + settling}
        connection.execute(update(_STATE).where(_STATE.c.id == 1).values(values))
        movements.clear(connection)
        return current(connection)

    return database.write(engine, work)


_MARK = (
    "SELECT system_identifier || ':' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) FROM pg_control_system()"
)
_NOTE = (
    "UPDATE hub_state SET generation = CASE WHEN mark = '' THEN generation ELSE greatest(generation + 1, %s) END,"
    " settles_at = CASE WHEN mark = '' THEN settles_at ELSE %s END, mark = %s WHERE id = 1 AND mark <> %s"
)


def watch(engine: Engine) -> None:
    """Have each new connection to PostgreSQL notice a restore or failover before it serves anybody."""
    if engine.dialect.name == "postgresql":
        engine.dispose()
        event.listen(engine, "connect", _note)


def _note(raw: Any, _entry: ConnectionPoolEntry) -> None:
    import psycopg

    try:
        mark = raw.execute(_MARK).fetchone()[0]
        now = datetime.now(UTC)
        if raw.execute(_NOTE, (moment(now), tables.moment_text(now + SETTLING), mark, mark)).rowcount:
            raw.execute("DELETE FROM movement")
        raw.commit()
    except psycopg.errors.InsufficientPrivilege:
        # A hosted server that hides its line of history: there the command `restored` must tell.
        raw.rollback()
        log.warning("line_of_history_hidden")
