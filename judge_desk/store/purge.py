"""Forgetting: when a right ends, nothing of its scope stays on this desk; unsent work goes to the court, sealed."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.protocol.codes import Code
from judge_desk.store import farewell, manifest, scrub, search, sent, strangers
from judge_desk.store.bodies import NONE
from judge_desk.store.columns import columns_of
from judge_desk.store.outbox import WHOLE, OutboxState
from judge_desk.store.tables import (
    RECORD_TABLES,
    attachment,
    draft_version,
    kept_case,
    operation_text,
    outbox,
    shadow,
)
from judge_desk.store.tables import scope as granted


def forget_scope(connection: Connection, scope: str, reason: str = "", at: datetime | None = None) -> list[str]:
    """Drop a scope's grant, rows, merge bases, versions, index entries and the keys of files that no other scope needs.

    Operations of the scope that the hub has not confirmed stay as refused lines without their text, so that the judge
    sees that something was not sent; the text itself waits, sealed to the court's key, to be handed over. Gives the
    names of the files to delete after the commit; without their keys they are noise already.
    """
    search.drop_scope(connection, scope)
    hashes = _hashes_of(connection, scope)
    sent.forget(connection, scope)
    _close_operations(connection, scope, rescued=farewell.rescue(connection, scope, reason))
    rows = 0
    for kind, table in RECORD_TABLES.items():
        ids = sa.select(table.c.id).where(table.c.scope == scope)
        connection.execute(sa.delete(shadow).where(shadow.c.kind == kind, shadow.c.record_id.in_(ids)))
        if kind is Kind.DRAFT:
            connection.execute(sa.delete(draft_version).where(draft_version.c.draft_id.in_(ids)))
        if kind is Kind.CASE:
            connection.execute(sa.delete(kept_case).where(kept_case.c.case_id.in_(ids)))
        rows += connection.execute(sa.delete(table).where(table.c.scope == scope)).rowcount
    rows += strangers.forget(connection, scope)
    manifest.forget(connection, scope)
    was_ours = connection.execute(sa.delete(granted).where(granted.c.scope == scope)).rowcount
    names = drop_unused_files(connection, hashes)
    if not (was_ours or rows or names):
        return []
    farewell.forgotten(connection, scope, reason, at or datetime.now(UTC), rows=rows, files=len(names))
    scrub.owe(connection)
    return names


def drop_unused_files(connection: Connection, hashes: list[str]) -> list[str]:
    """Drop the rows, and so the keys, of those files that no document names any more; gives their names."""
    document = RECORD_TABLES[Kind.DOCUMENT].c
    names: list[str] = []
    for sha256 in hashes:
        unused = sa.and_(attachment.c.sha256 == sha256, ~sa.exists().where(document.sha256 == sha256))
        names += connection.execute(sa.select(attachment.c.file_name).where(unused)).scalars()
        connection.execute(sa.delete(attachment).where(unused))
    return [name for name in names if name]


def _hashes_of(connection: Connection, scope: str) -> list[str]:
    """The files of a scope's documents, and of those that were refused and so have no row any more."""
    document = RECORD_TABLES[Kind.DOCUMENT].c
    here = sa.select(document.sha256).where(document.scope == scope, document.sha256.is_not(None))
    owed = WHOLE.where(outbox.c.scope == scope, outbox.c.kind == Kind.DOCUMENT)
    bodies = [row.body for row in connection.execute(owed) if row.body != NONE]
    # Its columns, not the record: nobody keeps a file because a document has a field that this build cannot read.
    named = {columns_of(Kind.DOCUMENT, body)["sha256"] for body in bodies}
    return sorted({str(each) for each in named if each} | set(connection.execute(here).scalars()))


def _close_operations(connection: Connection, scope: str, *, rescued: bool) -> None:
    """A delete has no row any more, so the merge bases of operations are found by the operations."""
    owed = sa.select(outbox.c.kind, outbox.c.record_id).where(outbox.c.scope == scope)
    connection.execute(sa.delete(shadow).where(sa.tuple_(shadow.c.kind, shadow.c.record_id).in_(owed)))
    still = (OutboxState.WAITING, OutboxState.SENT, OutboxState.CONFLICT)
    of_scope = outbox.c.scope == scope
    connection.execute(
        sa.update(outbox)
        .where(of_scope, outbox.c.state.in_(still))
        .values(state=OutboxState.REFUSED, code=Code.NO_SUCH_SCOPE)
    )
    if rescued:
        with_text = sa.select(operation_text.c.mid).where(operation_text.c.body != NONE)
        connection.execute(sa.update(outbox).where(of_scope, outbox.c.mid.in_(with_text)).values(code=Code.RESCUED))
    connection.execute(sa.update(outbox).where(of_scope).values(hub_body=NONE, hub_rev=0))
    texts = operation_text.c.mid.in_(sa.select(outbox.c.mid).where(of_scope))
    connection.execute(sa.update(operation_text).where(texts).values(body=NONE, base_body=NONE))
