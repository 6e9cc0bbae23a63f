"""What the hub acknowledged not long ago: kept, because a hub restored from a backup may have forgotten it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.protocol.limits import LOST_MIDS
from judge_desk.store import outbox as outbox_rows
from judge_desk.store.bases import put_base
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import RECORD_TABLES, attachment, meta, operation_text, outbox, sent
from judge_desk.store.unit_of_work import INDEXED, queue_for_index, write_row

KEPT = LOST_MIDS
"""As many as the hub answers about in one call: weeks of work. Counted, not timed: a PC's clock may be years off."""
_COPIED = ("mid", "scope", "kind", "record_id", "action", "base_rev", "made_at")
GENERATION = "hub_generation"


def keep(connection: Connection, operation: Any) -> None:
    """Note an operation that the hub has just acknowledged; it is still in the outbox."""
    keep_listed(connection, (json.dumps([operation.mid]),))


def keep_listed(connection: Connection, mids: tuple[str]) -> None:
    """The same for many: their numbers as a JSON list."""
    connection.exec_driver_sql(_KEEP, mids)
    connection.exec_driver_sql(f"DELETE FROM sent WHERE no <= (SELECT max(no) FROM sent) - {KEPT}")  # noqa: S608 - a number


_NAMES = ", ".join(_COPIED)
_KEEP = f"""
INSERT OR IGNORE INTO sent ({_NAMES})
SELECT {_NAMES} FROM outbox WHERE mid IN (SELECT value FROM json_each(?)) ORDER BY mid
"""  # noqa: S608 - our own names


def mids(connection: Connection) -> list[int]:
    return list(connection.execute(sa.select(sent.c.mid).order_by(sent.c.no)).scalars())


def forget(connection: Connection, scope: str) -> None:
    """The right to the scope has ended: nothing of it stays."""
    connection.execute(sa.delete(sent).where(sent.c.scope == scope))


def put_back(connection: Connection, lost: Sequence[int]) -> None:
    """Owe the hub again what it has lost, under the numbers that it had, and with it the files of its documents.

    The base of each record is what its first lost operation was made on; what was written since stays on top.
    """
    texts = (operation_text.c.body, operation_text.c.base_body)
    named = sa.select(sent, *texts).join_from(sent, operation_text, sent.c.mid == operation_text.c.mid)
    rows = connection.execute(named.where(sent.c.mid.in_(lost)).order_by(sent.c.no)).all()
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for row in rows:
        first.setdefault((row.kind, row.record_id), row)
        last[row.kind, row.record_id] = row
        values = {name: getattr(row, name) for name in _COPIED}
        connection.execute(sa.insert(outbox).values(**values, state=OutboxState.SENT))
    for row in first.values():
        put_base(connection, Kind(row.kind), row.record_id, row.base_rev, row.base_body)
    for row in last.values():
        _restore_row(connection, row)
    connection.execute(sa.delete(sent).where(sent.c.mid.in_(lost)))


def _restore_row(connection: Connection, row: Any) -> None:
    """The record as its last operation left it, where it is not here any more; and its open operations counted."""
    kind = Kind(row.kind)
    table = RECORD_TABLES[kind]
    is_here = connection.execute(sa.select(table.c.id).where(table.c.id == row.record_id)).first() is not None
    if not is_here and row.body != NONE:
        write_row(connection, kind, row.scope, row.record_id, row.body)
        if kind in INDEXED:
            queue_for_index(connection, kind, row.record_id)
    outbox_rows.count_pending(connection, kind, row.record_id)
    if kind is Kind.DOCUMENT:
        document = sa.select(table.c.sha256).where(table.c.id == row.record_id).scalar_subquery()
        here = (attachment.c.sha256 == document, attachment.c.state == AttachmentState.HERE)
        connection.execute(sa.update(attachment).where(*here).values(state=AttachmentState.TO_SEND))


def generation(connection: Connection) -> int:
    """The hub's generation as this desk last agreed with it."""
    return int(connection.execute(sa.select(meta.c.value).where(meta.c.key == GENERATION)).scalar() or 0)


def set_generation(connection: Connection, number: int) -> None:
    put = upsert(meta).values(key=GENERATION, value=str(number))
    connection.execute(put.on_conflict_do_update(set_={"value": put.excluded.value}))
