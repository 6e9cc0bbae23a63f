"""Writes decided changes: history, record, feed number and audit; the scopes are locked last and in their order.

Everything that changes a record at the hub comes through here, be it a desk's operation, an import or a look at a
dossier. The caller holds the transaction and has locked the records that it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select, text

from judge_desk.domain.kinds import Kind
from judge_desk.hub import seals
from judge_desk.hub.db import chain, movements, tables, waking
from judge_desk.hub.db.dialect import add, among, change_all
from judge_desk.hub.db.engine import is_sqlite
from judge_desk.hub.db.state import Change, Entry, Key, Stored
from judge_desk.hub.db.tables import moment_text
from judge_desk.hub.db.waking import Moved
from judge_desk.protocol.feed import CHECKSUM_MODULUS, row_hash

KEYS_A_QUERY = 2_000
_RIGHTS = frozenset({"grant", "revoke"})
"""Entries that change what a desk may hold, though no row of the scope does."""


@dataclass(slots=True)
class Counter:
    """A locked scope: gives out numbers, keeps the checksum, and closes the audit chain."""

    head: int = 0
    checksum: int = 0
    audit_count: int = 0
    audit_hash: str = chain.GENESIS

    def number(self, change: Change) -> int:
        """The change's place in the feed of its scope."""
        self.head += 1
        record_id = change.key[2]
        if change.before is not None and not change.before.deleted:
            self.checksum -= row_hash(record_id, change.before.rev)
        if not change.deleted:
            self.checksum += row_hash(record_id, change.rev)
        self.checksum %= CHECKSUM_MODULUS
        return self.head

    def close(self, rows: list[dict[str, Any]]) -> None:
        self.audit_count, self.audit_hash = rows[-1]["n"], rows[-1]["hash"]


def load(connection: Connection, court_id: str, keys: Iterable[Key]) -> dict[Key, Stored]:
    """The newest states of the records that exist, locked against other writers in key order."""
    wanted = sorted(set(keys))
    found: dict[Key, Stored] = {}
    for start in range(0, len(wanted), KEYS_A_QUERY):
        some = wanted[start : start + KEYS_A_QUERY]
        values = {"court": court_id, "keys": msgspec.json.encode(some).decode()}
        for scope, kind, record_id, rev, seq, deleted, body in connection.execute(
            _LOAD[is_sqlite(connection)], values
        ).all():
            found[scope, Kind(kind), record_id] = Stored(rev, seq, bool(deleted), body)
    return found


_COLUMNS = "e.scope, e.kind, e.id, e.rev, e.seq, e.deleted, e.body"
_OF_KEYS = {
    True: "FROM json_each(:keys) AS k CROSS JOIN entity AS e WHERE e.court_id = :court"
    " AND e.scope = json_extract(k.value, '$[0]') AND e.kind = json_extract(k.value, '$[1]')"
    " AND e.id = json_extract(k.value, '$[2]')",
    False: "FROM json_array_elements(CAST(:keys AS json)) AS k(value) CROSS JOIN LATERAL ("
    "SELECT * FROM entity WHERE court_id = :court AND scope = k.value ->> 0 AND kind = k.value ->> 1"
    " AND id = k.value ->> 2{lock}) AS e",
}
"""One after the other in the order given, so that two who want the same records lock them in one order."""
_LOAD = {lite: text(f"SELECT {_COLUMNS} {rows.format(lock=' FOR UPDATE')}") for lite, rows in _OF_KEYS.items()}
_REPLACED = {
    lite: text(
        "INSERT INTO revision (scope, kind, id, rev, seq, deleted, body, court_id, replaced_at)"
        f" SELECT {_COLUMNS}, :court, :at {rows.format(lock='')}"
    )
    for lite, rows in _OF_KEYS.items()
}


def write(
    connection: Connection, court_id: str, changes: Sequence[Change], more: Sequence[Entry], at: datetime
) -> list[int]:
    """Number and store the changes, and the audit lines that belong to no change; the feed number of each change.

    Several changes of one record may stand in one call, in their order.
    """
    chains = {each.entry.chain for each in changes} | {each.chain for each in more}
    counters = _lock(connection, court_id, {each.key[0] for each in changes} | chains | seals.scopes(changes))
    asked = len(changes)
    changes = [*changes, *seals.following(connection, court_id, changes, at)]
    entries = [each.entry for each in changes] + list(more)
    numbers = [counters[each.key[0]].number(each) for each in changes]
    _keep_history(connection, court_id, changes, numbers, at)
    _store(connection, court_id, changes, numbers)
    _audit(connection, court_id, entries, counters, at)
    _release(connection, court_id, counters)
    numbered = {each.key[0] for each in changes}
    movements.note(connection, court_id, numbered, at)
    touched = numbered | {each.scope for each in more if each.action in _RIGHTS}
    if touched:
        heads = {scope: counters[scope].head for scope in touched}
        devices = {each.entry.device_id for each in changes}
        waking.note(connection, Moved(court_id, heads, tuple(devices) if len(devices) == 1 else ()))
    return numbers[:asked]


def _lock(connection: Connection, court_id: str, scopes: set[str]) -> dict[str, Counter]:
    table = tables.scope
    found: dict[str, Counter] = {}
    wanted = sorted(scopes)
    for start in range(0, len(wanted), KEYS_A_QUERY):
        query = (
            select(table.c.scope, table.c.head, table.c.checksum, table.c.audit_count, table.c.audit_hash)
            .where(table.c.court_id == court_id, among(connection, table.c.scope, wanted[start : start + KEYS_A_QUERY]))
            .order_by(table.c.scope)
            .with_for_update()
        )
        found.update({scope: Counter(*rest) for scope, *rest in connection.execute(query).all()})
    # Two that make the same scope at once: the later insert fails on the key, and that transaction runs again.
    new = [each for each in wanted if each not in found]
    if new:
        empty = {
            "court_id": court_id,
            "head": 0,
            "floor": 0,
            "checksum": 0,
            "audit_count": 0,
            "audit_hash": chain.GENESIS,
        }
        add(connection, table, [{**empty, "scope": each} for each in new])
        found.update({each: Counter() for each in new})
    return found


def _release(connection: Connection, court_id: str, counters: dict[str, Counter]) -> None:
    rows = [
        {
            "court_id": court_id,
            "scope": scope,
            "head": each.head,
            "checksum": each.checksum,
            "audit_count": each.audit_count,
            "audit_hash": each.audit_hash,
        }
        for scope, each in sorted(counters.items())
    ]
    if rows:
        change_all(connection, tables.scope, rows)


def _store(connection: Connection, court_id: str, changes: Sequence[Change], numbers: list[int]) -> None:
    """Only the last state of each record is written; a record that was not there must still not be there."""
    last: dict[Key, tuple[Change, int]] = {}
    new: set[Key] = set()
    for change, number in zip(changes, numbers, strict=True):
        if change.before is None:
            new.add(change.key)
        last[change.key] = (change, number)
    rows = {
        key: {
            "court_id": court_id,
            "scope": key[0],
            "kind": key[1].value,
            "id": key[2],
            "seq": number,
            "rev": change.rev,
            "deleted": change.deleted,
            "body": change.body,
        }
        for key, (change, number) in last.items()
    }
    made = [row for key, row in rows.items() if key in new]
    changed = [row for key, row in rows.items() if key not in new]
    if made:
        add(connection, tables.entity, made)
    if changed:
        change_all(connection, tables.entity, changed)


def _keep_history(
    connection: Connection, court_id: str, changes: Sequence[Change], numbers: list[int], at: datetime
) -> None:
    """What is replaced, as the table holds it; of a record that changes again in the same call, also what it was in
    between."""
    replaced: list[Key] = []
    between: list[dict[str, Any]] = []
    given: dict[Key, int] = {}
    for change, number in zip(changes, numbers, strict=True):
        before, seq = change.before, given.get(change.key)
        given[change.key] = number
        if before is None:
            continue
        if seq is None:
            replaced.append(change.key)
            continue
        between.append(
            {
                "court_id": court_id,
                "scope": change.key[0],
                "kind": change.key[1].value,
                "id": change.key[2],
                "rev": before.rev,
                "seq": seq,
                "deleted": before.deleted,
                "body": before.body,
                "replaced_at": at,
            }
        )
    for start in range(0, len(replaced), KEYS_A_QUERY):
        keys = msgspec.json.encode(replaced[start : start + KEYS_A_QUERY]).decode()
        named = {"court": court_id, "keys": keys, "at": moment_text(at)}
        connection.execute(_REPLACED[is_sqlite(connection)], named)
    if between:
        add(connection, tables.revision, between)


def _audit(
    connection: Connection, court_id: str, entries: list[Entry], counters: dict[str, Counter], at: datetime
) -> None:
    chains: dict[str, list[Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.chain, []).append(entry)
    rows: list[dict[str, Any]] = []
    for name, lines in chains.items():
        counter = counters[name]
        linked = chain.link(court_id, lines, counter.audit_count, counter.audit_hash, at)
        counter.close(linked)
        rows += linked
    if rows:
        add(connection, tables.audit, rows)
