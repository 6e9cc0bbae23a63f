"""Takes in rows of the feed by the thousand: set-based, guarded by revision, in the transaction that moves the
cursors."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import feed
from judge_desk.store import bulk, search, strangers, tables
from judge_desk.store.bodies import NONE, SQL_NONE, unpack
from judge_desk.store.columns import COLUMN_NAMES
from judge_desk.store.feed_pages import Arrived, Page, Total, parts_of, read_part
from judge_desk.store.outbox import OPEN
from judge_desk.store.tables import RECORD_TABLES, index_queue, outbox, shadow
from judge_desk.store.unit_of_work import INDEXED

FEW = 50
"""Up to so many scopes are added up in one statement, which looks for each of them among every kind."""
MANY = 200
"""Beyond this many records of a kind, pages are told "many changed" and not which."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page changed, which of its scopes did not add up (nothing of these is kept, and they come anew), and
    ``held``: all that the store holds now, if nothing else but what came is in it."""

    changes: Changes
    mismatches: tuple[str, ...] = ()
    held: Total | None = None


def take_in(connection: Connection, page: Page, at: str, held: Total | None = None) -> Taken:
    """Write a page's rows, check the scopes that end in it, and move its cursors; ``at`` is the time of the check.

    Records with open operations keep their row; the hub's copy waits beside. ``held``: the total of all rows that the
    hub has of this desk, if that is known.
    """
    pending = _pending(connection)
    changes = Changes()
    # Before the rows, which another thread is still making ready; of what does not add up ``reset`` takes it back.
    _move(connection, page, at)
    for part in page.read():
        changes |= _take_in_part(connection, part, pending)
    if page.grants:  # another role may do other things on the same page
        changes |= Changes.of(Kind.CASE)
    held = None if pending or held is None else _held(connection, page.came.behind(held))
    whole = set() if held is None else _whole(page)
    wrong = mismatches(connection, {scope: page.sums[scope] for scope in page.sums.keys() - whole})
    for scope in wrong:
        changes |= reset(connection, scope)
    return Taken(changes, tuple(wrong), None if wrong else held)


def _held(connection: Connection, expected: Total) -> Total | None:
    """What the store holds of the hub's, if that is just what is expected.

    On a first pull it is. Then every row that came lies there, and the sums of what came are those of the store: to
    read thousands of scopes back and add them up would take a tenth of the pull.
    """
    held = Total(*strangers.counted(connection))
    for kind in connection.exec_driver_sql(_KINDS_HERE).scalars().all():
        held = held.plus(*connection.exec_driver_sql(_COUNTED[kind]).one())
    return held if held == expected else None


def _whole(page: Page) -> Set[str]:
    """The new scopes that came whole and add up."""
    sums = page.came.sums
    return {scope for scope, _ in page.grants if page.sums.get(scope) == sums.get(scope, 0)}


def _take_in_part(connection: Connection, part: list[Arrived], pending: Set[tuple[str, str]]) -> Changes:
    by_kind: dict[str, list[Arrived]] = defaultdict(list)
    changes = Changes()
    for each in part:
        if pending and (each.row.kind, each.row.id) in pending:
            _set_aside(connection, each)
        else:
            by_kind[each.row.kind].append(each)
    for name, arrived in by_kind.items():
        if name not in strangers.KNOWN_KINDS:
            strangers.keep(connection, [(each.row, _text(each.body)) for each in arrived])
            continue
        kind = Kind(name)
        _write(connection, kind, arrived)
        ids = [each.row.id for each in arrived]
        changes |= Changes.of(kind, *ids) if len(ids) <= MANY else Changes.of(kind)
    return changes


def _pending(connection: Connection) -> set[tuple[str, str]]:
    return set(bulk.rows(connection, "SELECT kind, record_id FROM shadow", ()))


def _set_aside(connection: Connection, arrived: Arrived) -> None:
    """Keep what the hub says now beside the open operations of the record; the answer to them settles it."""
    row, body = arrived.row, arrived.body
    text = _text(body)
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.kind == row.kind, outbox.c.record_id == row.id, outbox.c.state.in_(OPEN))
        .values(hub_rev=row.rev, hub_body=NONE if row.deleted else text)
    )


def _text(body: str | bytes) -> str:
    return body if isinstance(body, str) else unpack(body)


def _write(connection: Connection, kind: Kind, arrived: list[Arrived]) -> None:
    gone = [(each.row.id, each.row.scope, each.row.rev) for each in arrived if each.row.deleted]
    live = [each for each in arrived if not each.row.deleted]
    numbers = _numbers_for(connection, live) if kind is Kind.CASE else {}
    _upsert(connection, kind, live, numbers)
    fresh = _taken(connection, numbers)
    if kind is Kind.DOCUMENT:
        _expect_files(connection, live)
    if gone:
        connection.exec_driver_sql(f'DELETE FROM "{kind}" WHERE id = ? AND scope = ? AND rev < ?', gone)  # noqa: S608 - our own name
    if kind in INDEXED:
        # A new case is found from this transaction on; what was here already may have newer words than these.
        new = [each for each in live if each.row.id in fresh]
        search.add_cases(connection, [(fresh[each.row.id], each.words) for each in new])
        search.queue_many(connection, kind, [each.row.id for each in arrived if each.row.id not in fresh])


def _numbers_for(connection: Connection, live: list[Arrived]) -> dict[str, int]:
    """A ``row_no`` for each case by id, ascending; one that is here already keeps its own."""
    first = search.first_free_case(connection)
    return {each.row.id: first + place for place, each in enumerate(live)}


def _taken(connection: Connection, numbers: Mapping[str, int]) -> Mapping[str, int]:
    """Those of the numbers that became a new case's: as a rule all, which one look at the end of the table tells."""
    if not numbers:
        return numbers
    first = min(numbers.values())
    new = 'FROM "case" WHERE row_no >= ?'
    if connection.exec_driver_sql(f"SELECT count(*) {new}", (first,)).scalar_one() == len(numbers):
        return numbers
    return {case_id: number for case_id, number in connection.exec_driver_sql(f"SELECT id, row_no {new}", (first,))}


def _upsert(connection: Connection, kind: Kind, live: list[Arrived], numbers: Mapping[str, int]) -> None:
    names = ["row_no", "id", "scope", "rev", "body", *COLUMN_NAMES[kind]]
    replaced = ", ".join(f'"{name}" = excluded."{name}"' for name in names[2:])
    newer = f'ON CONFLICT (id) DO UPDATE SET {replaced} WHERE excluded.rev > "{kind}".rev'
    rows = [(numbers.get(e.row.id), e.row.id, e.row.scope, e.row.rev, e.body, *e.columns) for e in live]
    bulk.insert(connection, kind.value, names, rows, newer)


def _expect_files(connection: Connection, live: Iterable[Arrived]) -> None:
    """A document names a file by hash: note that it is missing, unless it is known already."""
    names = COLUMN_NAMES[Kind.DOCUMENT]
    sha256, size = names.index("sha256"), names.index("size")
    wanted = [(each.columns[sha256], each.columns[size], "missing") for each in live]
    bulk.insert(connection, "attachment", ("sha256", "size", "state"), wanted, "ON CONFLICT DO NOTHING")


def _move(connection: Connection, page: Page, at: str) -> None:
    """Scopes that are now this desk's, or whose role changed, and the cursors; without a row a cursor stays where it
    is. Scopes that end in the page count as checked at this time."""
    new = dict(page.grants)
    checked = dict.fromkeys(page.sums, at)
    begun = [
        (scope, role, page.cursors[scope], checked.get(scope)) for scope, role in new.items() if scope in page.cursors
    ]
    empty = [(scope, role) for scope, role in new.items() if scope not in page.cursors]
    names = ("scope", "role", "cursor", "checked_at")
    known = "ON CONFLICT (scope) DO UPDATE SET role = excluded.role"
    kept = "checked_at = coalesce(excluded.checked_at, checked_at)"
    bulk.insert(connection, "scope", names, begun, f"{known}, cursor = excluded.cursor, {kept}")
    bulk.insert(connection, "scope", names[:2], empty, known)
    moved = [(cursor, checked.get(scope), scope) for scope, cursor in page.cursors.items() if scope not in new]
    if moved:
        connection.exec_driver_sql(
            "UPDATE scope SET cursor = ?, checked_at = coalesce(?, checked_at) WHERE scope = ?", moved
        )


def follow(connection: Connection, numbers: Iterable[tuple[str, int]]) -> None:
    """Move the cursors of those scopes over (scope, number) that this desk itself has just put into the feed.

    Only where the number is the very next: then the desk holds everything up to it. Anything of others in between, and
    whatever the hub wrote because of it, comes with the pull as ever. The scopes count as not checked until the hub
    has told their sums.
    """
    cursor_of = cursors(connection)
    moved: dict[str, int] = {}
    for scope, number in sorted(numbers):
        if number and number == moved.get(scope, cursor_of.get(scope, -1)) + 1:
            moved[scope] = number
    rows = [(number, scope) for scope, number in moved.items()]
    if rows:
        connection.exec_driver_sql("UPDATE scope SET cursor = ?, checked_at = NULL WHERE scope = ?", rows)


def reset(connection: Connection, scope: str) -> Changes:
    """Drop what the hub can send again: every row of the scope without an open operation; the cursor goes back to 0."""
    changes = Changes()
    open_ids = sa.select(shadow.c.record_id).where(shadow.c.kind == sa.bindparam("kind"))
    for kind, table in RECORD_TABLES.items():
        dropped = sa.and_(table.c.scope == scope, table.c.rev > 0, table.c.id.not_in(open_ids))
        if kind in INDEXED:  # what does not come again must not be found either; of cases the table sees to it
            ids = sa.select(sa.literal(kind.value), table.c.id).where(dropped)
            queued = upsert(index_queue).from_select(["kind", "record_id"], ids).on_conflict_do_nothing()
            connection.execute(queued, {"kind": kind.value})
        if connection.execute(sa.delete(table).where(dropped), {"kind": kind.value}).rowcount:
            changes |= Changes.of(kind)
    strangers.forget(connection, scope)
    connection.execute(sa.update(tables.scope).where(tables.scope.c.scope == scope).values(cursor=0, checked_at=None))
    return changes


def adopt(connection: Connection) -> Changes:
    """Take in what an older build kept without knowing it; needs no link."""
    changes = Changes()
    pending = _pending(connection)
    for part in parts_of(strangers.take_out(connection, strangers.KNOWN_KINDS)):
        changes |= _take_in_part(connection, read_part(part), pending)
    return changes


def cursors(connection: Connection) -> dict[str, int]:
    """The cursor of every scope that this desk holds."""
    rows = connection.exec_driver_sql("SELECT scope, cursor FROM scope").all()
    return {scope: cursor for scope, cursor in rows}


def mismatches(connection: Connection, sums: Mapping[str, int]) -> list[str]:
    """Scopes whose rows do not add up to the hub's checksum."""
    ours = _sums(connection, list(sums)) if sums else {}
    return [scope for scope, expected in sums.items() if ours.get(scope, 0) != expected]


def _sums(connection: Connection, scopes: list[str]) -> dict[str, int]:
    """Our checksum of each scope, as the hub sees it: records with open operations count by what the hub has of
    them."""
    pending = open_records(connection)
    sums: dict[str, int] = defaultdict(int)
    row_hash = feed.row_hash
    for scope, record_id, rev in pending.values():
        if rev:
            sums[scope] += row_hash(record_id, rev)
    for rows in _rows_of(connection, scopes):
        for kind, scope, record_id, rev in rows:
            if not pending or (kind, record_id) not in pending:
                sums[scope] += row_hash(record_id, rev)
    return {scope: total % feed.CHECKSUM_MODULUS for scope, total in sums.items()}


def _rows_of(connection: Connection, scopes: list[str]) -> Iterator[list[Any]]:
    """Kind, scope, id and revision of every row that the hub has."""
    named = (json.dumps(scopes),)
    if len(scopes) <= FEW:
        yield bulk.rows(connection, _ALL_ROWS, named)
        return
    yield from strangers.of_scopes(connection, scopes)
    for kind in connection.exec_driver_sql(_KINDS_HERE).scalars().all():
        yield bulk.rows(connection, _ROWS[kind], named)


_KINDS_HERE = " UNION ALL ".join(f"SELECT '{kind}' WHERE EXISTS (SELECT 1 FROM \"{kind}\")" for kind in RECORD_TABLES)  # noqa: S608 - our own names
_WANTED = "WITH wanted (scope) AS MATERIALIZED (SELECT value FROM json_each(?)) "
_OF_WANTED = 'FROM wanted CROSS JOIN "{0}" USING (scope) WHERE rev > 0'
_ROWS_OF_KIND = {str(kind): f"SELECT '{kind}', scope, id, rev {_OF_WANTED.format(kind)}" for kind in RECORD_TABLES}
_ROWS = {kind: f"{_WANTED}{rows}" for kind, rows in _ROWS_OF_KIND.items()}
_STRANGERS = "SELECT kind, scope, id, rev FROM wanted CROSS JOIN stranger USING (scope)"
_ALL_ROWS = _WANTED + " UNION ALL ".join((*_ROWS_OF_KIND.values(), _STRANGERS))
_COUNTED = {str(kind): f'SELECT count(*), coalesce(sum(rev), 0) FROM "{kind}" WHERE rev > 0' for kind in RECORD_TABLES}  # noqa: S608 - our own names


def open_records(connection: Connection) -> dict[tuple[str, str], tuple[str, str, int]]:
    """By (kind, id) of every record with a base: its scope, its id, and the revision the hub has of it (0: none)."""
    found: dict[tuple[str, str], tuple[str, str, int]] = {}
    for kind, record_id, scope, rev in bulk.rows(connection, _OPEN_RECORDS, OPEN):
        found[kind, record_id] = (scope, record_id, rev)
    return found


_OPEN_RECORDS = f"""
SELECT s.kind, s.record_id, o.scope,
    CASE WHEN o.hub_rev <= s.rev THEN s.rev WHEN o.hub_body = {SQL_NONE} THEN 0 ELSE o.hub_rev END
FROM shadow AS s JOIN outbox AS o ON o.kind = s.kind AND o.record_id = s.record_id
WHERE o.state IN ({", ".join("?" * len(OPEN))}) ORDER BY o.hub_rev
"""  # noqa: S608 - our own words
