"""Append-only book of what was done on this desk: each line's hash covers the line before it, so that a cut page is
seen."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.store.tables import journal


def line_hash(previous: str, *fields: str) -> str:
    """SHA-256 over the previous hash and the fields of this line (at, person, action, kind, record id), in hex."""
    return hashlib.sha256("\n".join((previous, *fields)).encode()).hexdigest()


def write(connection: Connection, *, at: datetime, person_id: str, action: str, kind: str, record_id: str) -> None:
    """Add a line in the transaction of what it records."""
    previous = connection.execute(sa.select(journal.c.hash).order_by(journal.c.no.desc()).limit(1)).scalar() or ""
    stamp = at.isoformat()
    connection.execute(
        sa.insert(journal).values(
            at=stamp,
            person_id=person_id,
            action=action,
            kind=kind,
            record_id=record_id,
            hash=line_hash(previous, stamp, person_id, action, kind, record_id),
        )
    )


def first_broken(connection: Connection) -> int | None:
    """The number of the first line whose hash does not follow from the one before it; None when all do."""
    previous, expected_no = "", None
    for line in connection.execute(sa.select(journal).order_by(journal.c.no)):
        whole = line_hash(previous, line.at, line.person_id, line.action, line.kind, line.record_id) == line.hash
        if not whole or (expected_no is not None and line.no != expected_no):
            return int(line.no)
        previous, expected_no = line.hash, line.no + 1
    return None
