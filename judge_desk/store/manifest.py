"""What this desk holds, in the hub's words, so that both can compare; and what the hub last said of each scope."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.manifest import Leaf, root
from judge_desk.protocol.manifest import ScopeManifest
from judge_desk.store import session_data
from judge_desk.store.arrivals import open_records
from judge_desk.store.tables import RECORD_TABLES, manifest, meta
from judge_desk.store.tables import scope as granted

_NAMED = "manifest."
"""Before a scope, the name of the value that holds the records of the hub's last word on it."""


def leaves(connection: Connection, scopes: Iterable[str] | None = None) -> dict[str, list[Leaf]]:
    """By scope of this desk (None: all of them), what the hub is known to have: a record with open operations counts
    as the hub's copy of it."""
    wanted = connection.execute(sa.select(granted.c.scope)).scalars().all() if scopes is None else list(scopes)
    found: dict[str, list[Leaf]] = {scope: [] for scope in wanted}
    hashes: dict[tuple[str, str], str] = {}
    pending = open_records(connection)
    for kind, scope, record_id, rev, sha256 in connection.exec_driver_sql(_ROWS, (json.dumps(wanted),)):
        if (kind, record_id) in pending:
            hashes[kind, record_id] = sha256
        else:
            found[scope].append(Leaf(kind, record_id, rev, sha256))
    for (kind, record_id), (scope, _, rev) in pending.items():
        if rev and scope in found:
            found[scope].append(Leaf(kind, record_id, rev, hashes.get((kind, record_id), "")))
    return found


def _of_kind(kind: Kind) -> str:
    sha256 = "coalesce(sha256, '')" if kind is Kind.DOCUMENT else "''"
    return f"SELECT '{kind}', scope, id, rev, {sha256} FROM wanted CROSS JOIN \"{kind}\" USING (scope) WHERE rev > 0"  # noqa: S608 - our own names


_WANTED = "WITH wanted (scope) AS MATERIALIZED (SELECT value FROM json_each(?)) "
_ROWS = _WANTED + " UNION ALL ".join(map(_of_kind, RECORD_TABLES))


def keep(connection: Connection, at: datetime, said: Collection[ScopeManifest]) -> None:
    """Remember the hub's word on scopes that this desk still holds, with the single records where it named them; an
    older word never replaces a newer one."""
    held = set(connection.execute(sa.select(granted.c.scope)).scalars())
    rows = [
        {
            "scope": each.scope,
            "root": each.root,
            "records": each.records,
            "documents": each.documents,
            "at": at.isoformat(),
            "signature": each.signature,
        }
        for each in said
        if each.scope in held
    ]
    if rows:
        statement = upsert(manifest)
        names = ("root", "records", "documents", "at", "signature")
        replaced = {name: statement.excluded[name] for name in names}
        newer = statement.excluded.at >= manifest.c.at
        connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=replaced, where=newer), rows)
    for each in said:
        if each.leaves and each.scope in held:
            session_data.put(connection, _NAMED + each.scope, each.leaves)


def named(connection: Connection, said: ScopeManifest) -> list[Leaf] | None:
    """The single records of the hub's last word on a scope; None where it named none, as on a memory stick."""
    leaves = session_data.get(connection, _NAMED + said.scope, list[Leaf])
    # The list may be of an older word: only the root is signed.
    return leaves if leaves is not None and root(leaves) == said.root else None


def forget(connection: Connection, scope: str) -> None:
    """Drop what the hub said of a scope."""
    connection.execute(sa.delete(manifest).where(manifest.c.scope == scope))
    connection.execute(sa.delete(meta).where(meta.c.key == _NAMED + scope))


def kept(connection: Connection, scope: str) -> tuple[ScopeManifest, datetime] | None:
    """The hub's last word on a scope, and when it was said."""
    row = connection.execute(sa.select(manifest).where(manifest.c.scope == scope)).first()
    if row is None:
        return None
    said = ScopeManifest(
        scope=scope, root=row.root, records=row.records, documents=row.documents, signature=row.signature
    )
    return said, datetime.fromisoformat(row.at)
