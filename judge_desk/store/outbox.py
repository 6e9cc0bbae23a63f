"""What is owed to the hub: operations in the order they were made, each until it is answered for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.protocol.operations import Action
from judge_desk.store.bodies import NONE, SQL_NONE
from judge_desk.store.tables import RECORD_TABLES, operation_text, outbox, shadow


class OutboxState(StrEnum):
    """WAITING may still be edited in place; SENT is frozen (its answer may be lost) and is sent again word for word.

    REFUSED and CONFLICT wait for the judge; they block nothing but their own record.
    """

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    CONFLICT = "conflict"


OPEN = (OutboxState.WAITING, OutboxState.SENT, OutboxState.CONFLICT)
OPEN_STATES = ", ".join(f"'{state}'" for state in OPEN)
"""The same as words of a statement."""
WHOLE = sa.select(outbox, operation_text.c.body).join_from(outbox, operation_text, outbox.c.mid == operation_text.c.mid)
"""Operations with what they say."""
_UNANSWERED = f"state IN ('{OutboxState.WAITING}', '{OutboxState.SENT}')"


def add(
    connection: Connection,
    *,
    scope: str,
    kind: Kind,
    record_id: str,
    action: Action,
    base_rev: int,
    body: str,
    at: datetime,
) -> None:
    """Queue one operation, with the base that its record has now; an unsent one on the same record takes the new body
    instead, so that typing fills no queue."""
    waiting = connection.execute(
        sa.select(outbox.c.mid, outbox.c.base_rev).where(
            outbox.c.record_id == record_id,
            outbox.c.kind == kind,
            outbox.c.state == OutboxState.WAITING,
            outbox.c.scope == scope,
        )
    ).first()
    values = {"action": action, "made_at": at.isoformat()}
    if waiting is not None:
        connection.execute(sa.update(outbox).where(outbox.c.mid == waiting.mid).values(values))
        say(connection, waiting.mid, body)
        return
    added = connection.execute(
        sa.insert(outbox).values(
            scope=scope, kind=kind, record_id=record_id, base_rev=base_rev, state=OutboxState.WAITING, **values
        )
    )
    texts = {"mid": added.lastrowid, "body": body, "base_body": _base(kind, record_id)}
    connection.execute(sa.insert(operation_text).values(texts))
    count_pending(connection, kind, record_id)


def say(connection: Connection, mid: int, body: str) -> None:
    """Have an operation bring another body."""
    connection.execute(sa.update(operation_text).where(operation_text.c.mid == mid).values(body=body))


def _base(kind: Kind, record_id: str) -> sa.ColumnElement[str]:
    base = sa.select(shadow.c.body).where(shadow.c.kind == kind, shadow.c.record_id == record_id).scalar_subquery()
    return sa.func.coalesce(base, sa.text(SQL_NONE))


def count_pending(connection: Connection, kind: Kind, record_id: str) -> None:
    """Write into the record's row how many of its operations are open."""
    table = RECORD_TABLES[kind]
    count = (
        sa.select(sa.func.count())
        .where(outbox.c.kind == kind, outbox.c.record_id == record_id, outbox.c.state.in_(OPEN))
        .scalar_subquery()
    )
    connection.execute(sa.update(table).where(table.c.id == record_id).values(pending=count))


def next_batch(connection: Connection, limit: int, after: int = 0) -> Sequence[Row[tuple[object, ...]]]:
    """The operations that are ``ready``, whole."""
    return by_mids(connection, [mid for mid, _ in ready(connection, limit, after)])


def ready(
    connection: Connection, limit: int, after: int = 0, *, without_files: bool = False
) -> Sequence[tuple[int, str]]:
    """Number and state of the operations to send now behind the number ``after``, oldest first, at most one a record: a
    later edit waits for the answer to the earlier one.

    Records with an undecided conflict are left out; a refused operation does not hold back a newer edit of its record.
    ``without_files``: documents whose file has still to be sent are left out too.
    """
    return [(mid, state) for mid, state in connection.exec_driver_sql(_READY[without_files], (after, limit))]


_NEXT = f"""
SELECT mid, state FROM outbox AS o WHERE {_UNANSWERED} AND mid > ? AND NOT EXISTS (
    SELECT 1 FROM outbox AS e
    WHERE e.record_id = o.record_id AND e.kind = o.kind AND e.mid < o.mid AND e.state IN ({OPEN_STATES})
)"""  # noqa: S608 - our own words
_HAS_FILE_TO_SEND = f"""o.kind = '{Kind.DOCUMENT}' AND EXISTS (
    SELECT 1 FROM document AS d JOIN attachment AS a ON a.sha256 = d.sha256
    WHERE d.id = o.record_id AND a.state = '{AttachmentState.TO_SEND}'
)"""  # noqa: S608 - our own words
_READY = {
    False: f"{_NEXT} ORDER BY mid LIMIT ?",
    True: f"{_NEXT} AND NOT ({_HAS_FILE_TO_SEND}) ORDER BY mid LIMIT ?",
}


def to_send(connection: Connection, after: int = 0) -> int:
    """About how many operations behind the number ``after`` wait to be sent: some of them perhaps behind another of the
    same record."""
    return int(connection.exec_driver_sql(_TO_SEND, (after,)).scalar_one())


_TO_SEND = f"SELECT count(*) FROM outbox WHERE {_UNANSWERED} AND mid > ?"  # noqa: S608 - our own words


def still_sent(connection: Connection, mids: Sequence[int]) -> set[int]:
    """Those of the numbers whose operation still waits for its answer."""
    found = connection.exec_driver_sql(_STILL_SENT, (json.dumps(mids),))
    return set(found.scalars())


_STILL_SENT = f"SELECT mid FROM outbox WHERE state = '{OutboxState.SENT}' AND mid IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own words


def counts(connection: Connection) -> dict[OutboxState, int]:
    """How many operations stand in each state."""
    rows = connection.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)).all()
    found = {OutboxState(state): int(count) for state, count in rows}
    return {state: found.get(state, 0) for state in OutboxState}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a cycle has to do beside the pull: operations and files to send, files to fetch."""

    operations: int
    files_out: int
    files_in: int


def owed(connection: Connection) -> Owed:
    """Counted in one statement."""
    return Owed(*connection.exec_driver_sql(f"SELECT {OWED}").one())


OWED = (
    f"(SELECT count(*) FROM outbox WHERE {_UNANSWERED}),"  # noqa: S608 - our own words
    " (SELECT count(*) FROM attachment WHERE state = 'to_send'),"
    " (SELECT count(*) FROM attachment WHERE state IN ('missing', 'partial'))"
)


def by_mids(connection: Connection, mids: Sequence[int]) -> Sequence[Row[tuple[object, ...]]]:
    """Operations by number, oldest first."""
    return connection.execute(WHOLE.where(outbox.c.mid.in_(mids)).order_by(outbox.c.mid)).all()


def needing_attention(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """What waits for the judge: refused operations and true conflicts, newest first."""
    states = (OutboxState.REFUSED, OutboxState.CONFLICT)
    return connection.execute(WHOLE.where(outbox.c.state.in_(states)).order_by(outbox.c.mid.desc())).all()


def refused_ids(connection: Connection, kind: Kind) -> set[str]:
    """The records of a kind of which the hub refused an operation that nobody has decided on."""
    refused = (outbox.c.kind == kind, outbox.c.state == OutboxState.REFUSED)
    return set(connection.execute(sa.select(outbox.c.record_id).where(*refused)).scalars())


def last_refused(connection: Connection, kind: Kind, record_id: str) -> tuple[int, str]:
    """(revision, body) that the hub had when it last refused an operation on this record; (0, ``null``): none."""
    refused = (outbox.c.kind == kind, outbox.c.record_id == record_id, outbox.c.state == OutboxState.REFUSED)
    statement = sa.select(outbox.c.hub_rev, outbox.c.hub_body).where(*refused).order_by(outbox.c.mid.desc())
    row = connection.execute(statement).first()
    return (0, NONE) if row is None else (int(row.hub_rev), str(row.hub_body))


def has_open(connection: Connection, kind: Kind, record_id: str) -> bool:
    """Whether an operation on this record is still to be answered for good."""
    return bool(open_mids(connection, kind, record_id))


def open_mids(connection: Connection, kind: Kind, record_id: str) -> list[int]:
    """The numbers of a record's operations that are still to be answered for good."""
    open_ones = (outbox.c.kind == kind, outbox.c.record_id == record_id, outbox.c.state.in_(OPEN))
    return list(connection.execute(sa.select(outbox.c.mid).where(*open_ones)).scalars())


def remove(connection: Connection, mid: int) -> None:
    """Strike one operation off, and count its record's open ones anew."""
    row = connection.execute(sa.select(outbox.c.kind, outbox.c.record_id).where(outbox.c.mid == mid)).first()
    connection.execute(sa.delete(outbox).where(outbox.c.mid == mid))
    if row is not None:
        count_pending(connection, Kind(row.kind), row.record_id)
