"""The audit as a hash chain for each scope: who wrote which record when, under the same lock as its number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Entry
from judge_desk.hub.db.tables import moment_text

GENESIS = "0" * 64
_HASHED = (
    "court_id",
    "chain",
    "n",
    "at",
    "actor_id",
    "device_id",
    "action",
    "scope",
    "kind",
    "record_id",
    "rev",
    "outcome",
    "code",
    "body_sha256",
    "previous",
)
_told = attrgetter(*_HASHED[4:-1])
"""What an entry tells beside its chain."""


def link(court_id: str, entries: list[Entry], count: int, previous: str, at: datetime) -> list[dict[str, Any]]:
    """Rows of the audit for ``entries`` of one chain that holds ``count`` rows and ends in the hash ``previous``."""
    rows: list[dict[str, Any]] = []
    moment = moment_text(at)
    for n, entry in enumerate(entries, count + 1):
        values = [court_id, entry.chain, n, moment, *_told(entry), previous]
        previous = _hash(values)
        row = dict(zip(_HASHED, values, strict=True))
        row["at"], row["hash"] = at, previous
        rows.append(row)
    return rows


def row_hash(row: dict[str, Any]) -> str:
    """SHA-256 over every other field of the row, in a fixed order."""
    return _hash([moment_text(row[name]) if name == "at" else row[name] for name in _HASHED])


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(values)).hexdigest()


def faults(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Court, chain and number of each place where a chain is broken: a changed, missing or added row."""
    audit, scope = tables.audit, tables.scope
    ends = {
        (row.court_id, row.scope): (row.audit_count, row.audit_hash)
        for row in connection.execute(select(scope.c.court_id, scope.c.scope, scope.c.audit_count, scope.c.audit_hash))
    }
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    query = select(audit).order_by(audit.c.court_id, audit.c.chain, audit.c.n)
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        chain = (row["court_id"], row["chain"])
        count, previous = seen.get(chain, (0, GENESIS))
        if row["n"] != count + 1 or row["previous"] != previous or row["hash"] != row_hash(dict(row)):
            yield (*chain, row["n"])
        seen[chain] = (row["n"], row["hash"])
    for chain, (count, last) in ends.items():
        if seen.get(chain, (0, GENESIS)) != (count, last):
            yield (*chain, count)
