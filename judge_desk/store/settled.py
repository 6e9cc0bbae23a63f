"""What the hub's answers do to the desk's books: operations settled, bases moved on, rows brought to the hub's
state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.protocol.operations import Action
from judge_desk.store import outbox as outbox_rows
from judge_desk.store import sent
from judge_desk.store.bases import base_of, drop_base, put_base
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OPEN_STATES, OutboxState
from judge_desk.store.tables import RECORD_TABLES, outbox
from judge_desk.store.unit_of_work import INDEXED, queue_for_index, write_row


@dataclass(frozen=True, slots=True)
class Answer:
    """The hub's answer as the books keep it: its revision and copy (0 and ``null``: none given), a code, and when."""

    rev: int
    body: str
    code: str
    at: datetime


def mark_sent(connection: Connection, mids: Sequence[int]) -> None:
    """Freeze operations before they go out: from now on their answer may be lost, and they are repeated word for
    word."""
    connection.exec_driver_sql(_FREEZE, (json.dumps(mids),))


_FREEZE = (
    f"UPDATE outbox SET state = '{OutboxState.SENT}'"  # noqa: S608 - our own words
    f" WHERE state = '{OutboxState.WAITING}' AND mid IN (SELECT value FROM json_each(?))"
)


def applied(connection: Connection, operation: Any, rev: int) -> None:
    """The hub did it: close the operation; what it sent is now the base of whatever the user wrote meanwhile."""
    kind, record_id = Kind(operation.kind), operation.record_id
    sent.keep(connection, operation)
    connection.execute(sa.delete(outbox).where(outbox.c.mid == operation.mid))
    later = outbox_rows.open_mids(connection, kind, record_id)
    if later:
        put_base(connection, kind, record_id, rev, operation.body)
        connection.execute(sa.update(outbox).where(outbox.c.mid.in_(later)).values(base_rev=rev))
        if operation.hub_rev > rev:
            known = {"hub_rev": operation.hub_rev, "hub_body": operation.hub_body}
            older = outbox.c.hub_rev < operation.hub_rev
            connection.execute(sa.update(outbox).where(outbox.c.mid.in_(later), older).values(known))
        set_rev(connection, kind, record_id, rev)
    else:
        drop_base(connection, kind, record_id)
        set_rev(connection, kind, record_id, rev)
        if operation.hub_rev > rev:
            take_hub_copy(connection, HubCopy(kind, operation.scope, record_id, operation.hub_rev, operation.hub_body))
    outbox_rows.count_pending(connection, kind, record_id)


def applied_many(connection: Connection, done: Sequence[tuple[Any, int]]) -> None:
    """The same for (operation, revision) of different records: one statement for all of those that nobody has touched
    since, for after a day without a link there are hundreds."""
    touched = {(kind, record_id) for kind, record_id in connection.exec_driver_sql(_TOUCHED).all()}
    plain: list[tuple[Any, int]] = []
    for operation, rev in done:
        if (operation.kind, operation.record_id) in touched or operation.hub_rev > rev:
            applied(connection, operation, rev)
        else:
            plain.append((operation, rev))
    if not plain:
        return
    mids = (json.dumps([each.mid for each, _ in plain]),)
    sent.keep_listed(connection, mids)
    connection.exec_driver_sql(_DROP_BASES, mids)
    connection.exec_driver_sql(f"DELETE FROM outbox WHERE {_LISTED}", mids)  # noqa: S608 - our own name
    for kind in sorted({each.kind for each, _ in plain}):
        rows = [(rev, each.record_id) for each, rev in plain if each.kind == kind]
        connection.exec_driver_sql(f'UPDATE "{Kind(kind)}" SET rev = ?, pending = 0 WHERE id = ?', rows)  # noqa: S608 - our own name


_LISTED = "mid IN (SELECT value FROM json_each(?))"
_DROP_BASES = f"DELETE FROM shadow WHERE (kind, record_id) IN (SELECT kind, record_id FROM outbox WHERE {_LISTED})"  # noqa: S608 - our own names
_TOUCHED = f"SELECT kind, record_id FROM outbox WHERE state IN ({OPEN_STATES}) GROUP BY 1, 2 HAVING count(*) > 1"  # noqa: S608 - our own names


def refused(connection: Connection, operation: Any, answer: Answer, *, keeps_row: bool) -> None:
    """The hub said no: the operation stays in sight with the user's words.

    ``keeps_row``: a person's own text stays where it was written; what was removed in vain is there again. Everything
    else goes back to what the hub has, and later edits of the same record fold into the refused one, for they stood on
    it.
    """
    kind, record_id, scope = Kind(operation.kind), operation.record_id, operation.scope
    base_rev, base_body = base_of(connection, kind, record_id)
    known = [(base_rev, base_body), (operation.hub_rev, operation.hub_body), (answer.rev, answer.body)]
    hub_rev, hub_body = max(known, key=lambda each: each[0])
    body = operation.body
    if not keeps_row:
        body = row_body(connection, kind, record_id)
        later = [mid for mid in outbox_rows.open_mids(connection, kind, record_id) if mid != operation.mid]
        connection.execute(sa.delete(outbox).where(outbox.c.mid.in_(later)))
    values = {"state": OutboxState.REFUSED, "code": answer.code, "hub_rev": hub_rev, "hub_body": hub_body}
    stamped = {**values, "answered_at": answer.at.isoformat()}
    connection.execute(sa.update(outbox).where(outbox.c.mid == operation.mid).values(stamped))
    outbox_rows.say(connection, operation.mid, body)
    if not keeps_row:
        drop_base(connection, kind, record_id)
        take_hub_copy(connection, HubCopy(kind, scope, record_id, hub_rev, hub_body))
    elif not outbox_rows.open_mids(connection, kind, record_id):
        drop_base(connection, kind, record_id)
        if operation.action == Action.DELETE:
            take_hub_copy(connection, HubCopy(kind, scope, record_id, hub_rev, hub_body))
    outbox_rows.count_pending(connection, kind, record_id)


def in_conflict(connection: Connection, operation: Any, answer: Answer) -> None:
    """Both sides wrote: the record waits for the judge, with both texts kept."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.mid == operation.mid)
        .values(state=OutboxState.CONFLICT, hub_rev=answer.rev, hub_body=answer.body, answered_at=answer.at.isoformat())
    )


@dataclass(frozen=True, slots=True)
class HubCopy:
    """What the hub has of a record: ``body`` ``null`` when it has none."""

    kind: Kind
    scope: str
    record_id: str
    rev: int
    body: str


def hub_copy(connection: Connection, operation: Any) -> HubCopy:
    """What the hub has of a stopped operation's record: the copy that the answer brought, or a newer one come since."""
    kind, record_id = Kind(operation.kind), operation.record_id
    known = [(int(operation.hub_rev), str(operation.hub_body)), base_of(connection, kind, record_id)]
    if not outbox_rows.open_mids(connection, kind, record_id):
        table = RECORD_TABLES[kind]
        row = connection.execute(sa.select(table.c.rev, table.c.body).where(table.c.id == record_id)).first()
        known += [] if row is None else [(int(row.rev), str(row.body))]
    # Of equals the first: the row may still show the words that were refused.
    rev, body = max(known, key=lambda each: each[0])
    return HubCopy(kind, operation.scope, record_id, rev, body)


def rebase(connection: Connection, hub: HubCopy, body: str, at: datetime) -> None:
    """Replace every open operation of a record by one that brings the hub's copy to ``body`` (``null``: deletes it)."""
    discard_open(connection, hub.kind, hub.record_id)
    if body == hub.body:
        take_hub_copy(connection, hub)
        return
    put_base(connection, hub.kind, hub.record_id, hub.rev, hub.body)
    if body == NONE:
        table = RECORD_TABLES[hub.kind]
        connection.execute(sa.delete(table).where(table.c.id == hub.record_id))
    else:
        write_row(connection, hub.kind, hub.scope, hub.record_id, body)
        set_rev(connection, hub.kind, hub.record_id, hub.rev)
    outbox_rows.add(
        connection,
        scope=hub.scope,
        kind=hub.kind,
        record_id=hub.record_id,
        action=Action.DELETE if body == NONE else Action.PUT,
        base_rev=hub.rev,
        body=body,
        at=at,
    )
    _changed(connection, hub.kind, hub.record_id)


def discard_open(connection: Connection, kind: Kind, record_id: str) -> None:
    """Forget the open operations and the base of a record."""
    mids = outbox_rows.open_mids(connection, kind, record_id)
    connection.execute(sa.delete(outbox).where(outbox.c.mid.in_(mids)))
    drop_base(connection, kind, record_id)


def take_hub_copy(connection: Connection, hub: HubCopy) -> None:
    """Bring a record's row to the hub's state; ``null`` removes it."""
    table = RECORD_TABLES[hub.kind]
    if hub.body == NONE:
        connection.execute(sa.delete(table).where(table.c.id == hub.record_id, table.c.scope == hub.scope))
    else:
        write_row(connection, hub.kind, hub.scope, hub.record_id, hub.body)
        set_rev(connection, hub.kind, hub.record_id, hub.rev)
    outbox_rows.count_pending(connection, hub.kind, hub.record_id)
    _changed(connection, hub.kind, hub.record_id)


def set_rev(connection: Connection, kind: Kind, record_id: str, rev: int) -> None:
    table = RECORD_TABLES[kind]
    connection.execute(sa.update(table).where(table.c.id == record_id).values(rev=rev))


def row_body(connection: Connection, kind: Kind, record_id: str) -> str:
    """The desk's own body of a record, ``null`` when it is gone."""
    table = RECORD_TABLES[kind]
    return str(connection.execute(sa.select(table.c.body).where(table.c.id == record_id)).scalar() or NONE)


def _changed(connection: Connection, kind: Kind, record_id: str) -> None:
    if kind in INDEXED:
        queue_for_index(connection, kind, record_id)
