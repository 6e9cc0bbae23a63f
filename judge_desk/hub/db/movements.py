"""Which scopes each transaction moved, by its number: what a desk has not heard of is looked up, not compared.

Context: most of the day a desk asks whether anything is new behind what it holds. To compare the heads of its hundreds
of scopes takes longer the more scopes a court has, and almost always finds nothing.
Decision: a transaction that moves heads leaves their names under its own number. Whoever compares all heads notes the
lowest number that was at work at that moment (``xmin`` of the snapshot): what was not seen then has that number or a
higher one, so the next time only the names under those are compared. Rows cleared away leave one without names in
their place, under the highest of their numbers, so nothing rests on a clock.
Alternatives: a counter for each court, behind which all its writers would wait; the number as a column of ``scope``,
with an index that makes each push write it anew; triggers, which a cluster runs only by leave.
Consequences: beside waking.py, which wakes who listens and may be lost, this is for who asks and may not. For one
PostgreSQL server alone, whose numbers and pictures are of one line (`is_counted`). A restore
begins another line: what was noted before is worth nothing then (`Mark.generation`, `Mark.line`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, Engine, and_, delete, func, select, text, update

from judge_desk.hub.db import tables
from judge_desk.hub.db.tables import moment_text

MOST_BYTES = 8_000
"""Names of a transaction at most; of one that moved more, only that it did is kept, and everything is compared."""

_counted: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A moment at which all heads of a person's scopes were compared. ``line`` is the server's line of history, ``xid``
    the lowest number at work, ``rights`` a sum over the scopes and roles."""

    generation: int
    line: str
    xid: int
    rights: str


def is_counted(connection: Connection) -> bool:
    """Whether transactions are numbered on one line and it can be told when another begins: by PostgreSQL itself, not
    by a cluster, nor by a service that hides this."""
    engine = connection.engine
    if engine not in _counted:
        _counted[engine] = engine.dialect.name == "postgresql" and bool(connection.scalar(_IS_COUNTED))
    return _counted[engine]


_IS_COUNTED = text("""
SELECT CASE WHEN version() LIKE 'PostgreSQL %' AND version() NOT LIKE '%-YB-%'
    AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')
THEN has_function_privilege('pg_control_system()', 'EXECUTE')
    AND has_function_privilege('pg_current_wal_insert_lsn()', 'EXECUTE') ELSE false END
""")


def note(connection: Connection, court_id: str, scopes: Collection[str], at: datetime) -> None:
    """Leave the names of scopes that the transaction at hand moves."""
    if not scopes or not is_counted(connection):
        return
    named = "\n".join(sorted(scopes))
    values = {"court": court_id, "at": moment_text(at), "most": MOST_BYTES}
    connection.execute(_NOTE, {**values, "scopes": named if len(named) <= MOST_BYTES else ""})


_NOTE = text("""
INSERT INTO movement AS m (court_id, xid, at, scopes)
VALUES (:court, CAST(CAST(pg_current_xact_id() AS text) AS bigint), :at, :scopes)
ON CONFLICT (court_id, xid) DO UPDATE SET scopes =
    CASE WHEN '' IN (m.scopes, excluded.scopes) OR length(m.scopes) + length(excluded.scopes) >= :most THEN ''
    ELSE m.scopes || chr(10) || excluded.scopes END
""")


def forget(connection: Connection, court_id: str, before: datetime) -> int:
    """Clear away what was noted before then; how many rows fewer there are."""
    table = tables.movement
    old = and_(table.c.court_id == court_id, table.c.at < before)
    last = connection.scalar(select(func.max(table.c.xid)).where(old))
    if last is None:
        return 0
    connection.execute(update(table).where(old, table.c.xid == last).values(scopes=""))
    return connection.execute(delete(table).where(old, table.c.xid < last)).rowcount


def clear(connection: Connection) -> None:
    """Another line of history begins, whose numbers may lie below those noted here."""
    connection.execute(delete(tables.movement))
