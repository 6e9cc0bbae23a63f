"""Takes in rows of the feed by the thousand: set-based, guarded by revision, in the transaction that moves the
cursors."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import feed
from judge_desk.protocol.feed import Row
from judge_desk.store import tables
from judge_desk.store.columns import columns_of
from judge_desk.store.outbox import OPEN
from judge_desk.store.tables import RECORD_TABLES, attachment, index_queue, outbox, shadow
from judge_desk.store.unit_of_work import INDEXED

MANY = 200
"""Beyond this many records of a kind, pages are told "many changed" and not which."""


@dataclass(slots=True)
class Page:
    """Rows and control lines of one page of the feed, until they are taken in together."""

    rows: list[tuple[Row, bytes]] = field(default_factory=list)
    grants: list[tuple[str, str]] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, body: bytes) -> None:
        self.rows.append((row, body))
        self.cursors[row.scope] = row.seq


def take_in(connection: Connection, page: Page) -> Changes:
    """Write a page's rows and move its cursors. Records with open operations keep their row; the hub's copy waits
    beside."""
    if page.grants:
        _grant(connection, page.grants)
    pending = _pending(connection)
    by_kind: dict[Kind, list[tuple[Row, bytes]]] = defaultdict(list)
    changes = Changes()
    for row, body in page.rows:
        if (row.kind, row.id) in pending:
            _set_aside(connection, row, body)
        else:
            by_kind[Kind(row.kind)].append((row, body))
    for kind, rows in by_kind.items():
        _write(connection, kind, rows)
        ids = [row.id for row, _ in rows]
        changes |= Changes.of(kind, *ids) if len(ids) <= MANY else Changes.of(kind)
    if page.cursors:
        moved = "UPDATE scope SET cursor = ? WHERE scope = ?"
        connection.exec_driver_sql(moved, [(cursor, scope) for scope, cursor in page.cursors.items()])
    return changes


def _pending(connection: Connection) -> set[tuple[str, str]]:
    return {(kind, record_id) for kind, record_id in connection.execute(sa.select(shadow.c.kind, shadow.c.record_id))}


def _set_aside(connection: Connection, row: Row, body: bytes) -> None:
    """Keep what the hub says now beside the open operations of the record; the answer to them settles it."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.kind == row.kind, outbox.c.record_id == row.id, outbox.c.state.in_(OPEN))
        .values(hub_rev=row.rev, hub_body="null" if row.deleted else body.decode())
    )


def _write(connection: Connection, kind: Kind, rows: list[tuple[Row, bytes]]) -> None:
    gone = [(row.id, row.scope, row.rev) for row, _ in rows if row.deleted]
    live = [(row, body) for row, body in rows if not row.deleted]
    if live:
        connection.exec_driver_sql(_upsert_sql(kind), [_values(kind, row, body) for row, body in live])
        if kind is Kind.DOCUMENT:
            _expect_files(connection, live)
    if gone:
        connection.exec_driver_sql(f'DELETE FROM "{kind}" WHERE id = ? AND scope = ? AND rev < ?', gone)  # noqa: S608 - our own name
    if kind in INDEXED:
        queued = "INSERT OR IGNORE INTO index_queue (kind, record_id) VALUES (?, ?)"
        connection.exec_driver_sql(queued, [(kind.value, row.id) for row, _ in rows])


def _names(kind: Kind) -> list[str]:
    own = {"row_no", "pending", "id", "scope", "rev", "body"}
    return [str(column.name) for column in RECORD_TABLES[kind].columns if column.name not in own]


def _upsert_sql(kind: Kind) -> str:
    names = ["id", "scope", "rev", "body", *_names(kind)]
    quoted = ", ".join(f'"{name}"' for name in names)
    replaced = ", ".join(f'"{name}" = excluded."{name}"' for name in names[1:])
    table = RECORD_TABLES[kind].name
    return (
        f'INSERT INTO "{table}" ({quoted}) VALUES ({", ".join("?" * len(names))}) '  # noqa: S608 - our own names
        f'ON CONFLICT (id) DO UPDATE SET {replaced} WHERE excluded.rev > "{table}".rev'
    )


def _values(kind: Kind, row: Row, body: bytes) -> tuple[object, ...]:
    return (row.id, row.scope, row.rev, body.decode(), *columns_of(kind, body).values())


def _expect_files(connection: Connection, rows: Iterable[tuple[Row, bytes]]) -> None:
    """A document names a file by hash: note that it is missing, unless it is known already."""
    wanted = []
    for _row, body in rows:
        columns = columns_of(Kind.DOCUMENT, body)
        wanted.append({"sha256": columns["sha256"], "size": columns["size"], "state": "missing"})
    connection.execute(upsert(attachment).on_conflict_do_nothing(), wanted)


def _grant(connection: Connection, grants: list[tuple[str, str]]) -> None:
    """Scopes that are now this desk's, or whose role changed; a cursor stays where it is."""
    statement = upsert(tables.scope)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["scope"], set_={"role": statement.excluded.role}),
        [{"scope": scope, "role": role} for scope, role in grants],
    )


def reset(connection: Connection, scope: str) -> Changes:
    """Drop what the hub can send again: every row of the scope without an open operation; the cursor goes back to 0."""
    changes = Changes()
    open_ids = sa.select(shadow.c.record_id).where(shadow.c.kind == sa.bindparam("kind"))
    for kind, table in RECORD_TABLES.items():
        dropped = sa.and_(table.c.scope == scope, table.c.rev > 0, table.c.id.not_in(open_ids))
        if kind in INDEXED:  # what does not come again must not be found either
            ids = sa.select(sa.literal(kind.value), table.c.id).where(dropped)
            queued = upsert(index_queue).from_select(["kind", "record_id"], ids).on_conflict_do_nothing()
            connection.execute(queued, {"kind": kind.value})
        if connection.execute(sa.delete(table).where(dropped), {"kind": kind.value}).rowcount:
            changes |= Changes.of(kind)
    connection.execute(sa.update(tables.scope).where(tables.scope.c.scope == scope).values(cursor=0, checked_at=None))
    return changes


def cursors(connection: Connection) -> dict[str, int]:
    """The cursor of every scope that this desk holds."""
    rows = connection.exec_driver_sql("SELECT scope, cursor FROM scope").all()
    return {scope: cursor for scope, cursor in rows}


def mismatches(connection: Connection, sums: Mapping[str, int], at: str) -> list[str]:
    """Scopes whose rows do not add up to the hub's checksum; the others are stamped as checked ``at``."""
    ours = _sums(connection, list(sums))
    wrong = [scope for scope, expected in sums.items() if ours.get(scope, 0) != expected]
    right = [(at, scope) for scope in sums if scope not in set(wrong)]
    if right:
        connection.exec_driver_sql("UPDATE scope SET checked_at = ? WHERE scope = ?", right)
    return wrong


def _sums(connection: Connection, scopes: list[str]) -> dict[str, int]:
    """Our checksum of each scope, as the hub sees it: records with open operations count by what the hub has of
    them."""
    open_records = _open_records(connection)
    sums: dict[str, int] = defaultdict(int)
    for scope, record_id, rev in open_records.values():
        if rev:
            sums[scope] += feed.row_hash(record_id, rev)
    wanted = json.dumps(scopes)
    for kind in RECORD_TABLES:
        found = f'SELECT scope, id, rev FROM "{kind}" WHERE rev > 0 AND scope IN (SELECT value FROM json_each(?))'  # noqa: S608
        for scope, record_id, rev in connection.exec_driver_sql(found, (wanted,)):
            if (kind.value, record_id) not in open_records:
                sums[scope] += feed.row_hash(record_id, rev)
    return {scope: total % feed.CHECKSUM_MODULUS for scope, total in sums.items()}


def _open_records(connection: Connection) -> dict[tuple[str, str], tuple[str, str, int]]:
    """By (kind, id) of every record with a base: its scope, its id, and the revision the hub has of it (0: none)."""
    joined = sa.select(
        shadow.c.kind, shadow.c.record_id, shadow.c.rev, outbox.c.scope, outbox.c.hub_rev, outbox.c.hub_body
    ).join(outbox, sa.and_(outbox.c.kind == shadow.c.kind, outbox.c.record_id == shadow.c.record_id))
    found: dict[tuple[str, str], tuple[str, str, int]] = {}
    for row in connection.execute(joined.where(outbox.c.state.in_(OPEN)).order_by(outbox.c.hub_rev)):
        newer = row.hub_rev > row.rev
        rev = (0 if row.hub_body == "null" else row.hub_rev) if newer else row.rev
        found[row.kind, row.record_id] = (row.scope, row.record_id, rev)
    return found
