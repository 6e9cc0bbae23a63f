"""What the public may ask of the hub: whether a file is an act of a court, by its hash, and whether a code is one.

Kept apart from the records: hashes alone, no title, no name, no case. Whoever reads this table learns nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from judge_desk.domain.act_codes import read_code
from judge_desk.domain.documents import Document
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import add_missing


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of an act, and whether it bears a signature."""

    code_hash: str
    is_signed: bool


def code_hash(code: str) -> str:
    return hashlib.sha256(f"act code {code}".encode()).hexdigest()


def keep(connection: Connection, court_id: str, scope: str, documents: Iterable[Document]) -> None:
    """Remember the files that bear a code. A code belongs to the scope and the person that brought it first."""
    for document in documents:
        if not read_code(document.code):
            continue
        named = code_hash(document.code)
        if not _is_theirs(connection, named, (court_id, scope, document.filed_by)):
            continue
        row = {
            "court_id": court_id,
            "sha256": document.sha256,
            "code_hash": named,
            "is_signed": document.is_signed,
        }
        add_missing(connection, tables.act_file, [row])


def _is_theirs(connection: Connection, named: str, owner: tuple[str, str, str]) -> bool:
    """Whether the code is theirs, or was nobody's so far."""
    table = tables.act_code
    owners = ("court_id", "scope", "filed_by")
    add_missing(connection, table, [{"code_hash": named, **dict(zip(owners, owner, strict=True))}])
    first = connection.execute(select(*(table.c[each] for each in owners)).where(table.c.code_hash == named)).one()
    return tuple(first) == owner


def by_hash(connection: Connection, sha256: str) -> KnownFile | None:
    """The act's file with that hash."""
    table = tables.act_file
    row = connection.execute(
        select(table.c.code_hash, table.c.is_signed).where(table.c.sha256 == sha256).limit(1)
    ).first()
    return None if row is None else KnownFile(row.code_hash, bool(row.is_signed))


def is_code(connection: Connection, code: str) -> bool:
    """Whether an act with that code is kept; anything that is no code is looked for all the same, and not found."""
    table = tables.act_file
    found = connection.execute(select(table.c.sha256).where(table.c.code_hash == code_hash(code)).limit(1)).first()
    return found is not None
