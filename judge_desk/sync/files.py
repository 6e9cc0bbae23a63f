"""Fetches and sends attachments: the most urgent first, verified by hash, and resumed at the byte where a link
broke."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DamagedStore, HubRefused, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.protocol.api import HubApi
from judge_desk.protocol.codes import Code
from judge_desk.store import attachments_table
from judge_desk.store.attachment_files import AttachmentFiles, PartialFile, StoredFile
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.report import SyncReport

Progress = Callable[[int], None]
Enough = Callable[[], bool]
"""Whether to stop fetching for now: the user pauses, or it is time to send and receive again."""
GONE = frozenset({Code.NOT_FOUND, Code.NOT_ALLOWED, Code.NO_SUCH_SCOPE})
"""Refusals of one file that say nothing about the others."""
UNWANTED = GONE | {Code.TOO_LARGE, Code.HASH_MISMATCH}


def send(store: Store, files: AttachmentFiles, hub: HubApi, report: SyncReport, stop: threading.Event) -> None:
    """Upload what was made on this desk, before the documents that name it are pushed.

    A file that the hub does not take stays owed: its document is refused in turn and waits for the judge, and the pull
    behind this brings the reason, such as a case that is no longer ours.
    """
    with store.reading() as connection:
        waiting = connection.execute(sa.select(attachment).where(attachment.c.state == "to_send")).all()
    for row in waiting:
        scope = _scope_of(store, row.sha256)
        if stop.is_set():
            return
        if not scope:  # its document was refused, and nobody has decided on it yet
            continue
        try:
            with files.open(_stored(row)) as content:
                hub.upload(row.sha256, row.size, scope, content)
        except HubRefused as refusal:
            if refusal.code not in UNWANTED:
                raise
        except (DamagedStore, NotFound) as problem:
            _update(store, row.sha256, state="failed", failure=problem.key)
        else:
            _update(store, row.sha256, state="here")
            report.files_out += 1


def fetch(
    store: Store, files: AttachmentFiles, hub: HubApi, report: SyncReport, enough: Enough, *, progress: Progress
) -> None:
    """Download what is missing until there is ``enough``, one file after the other.

    ``report.more_files`` says whether some are left. Raises HubUnreachable when the link goes, keeping what came.
    """
    while (row := _next(store)) is not None:
        report.more_files = True
        if enough():
            return
        try:
            report.files_in += _fetch_one(store, files, hub, row, enough)
        except HubRefused as refusal:
            if refusal.code not in GONE:
                raise
            _update(store, row.sha256, state="failed", failure=refusal.code)
        except DamagedStore as problem:
            _update(store, row.sha256, state="failed", failure=problem.key)
        report.changes |= _documents_of(store, row.sha256)
        progress(report.files_in)
    report.more_files = False


def _next(store: Store) -> Any | None:
    """The most urgent missing file; small ones before large ones of the same urgency."""
    with store.reading() as connection:
        return connection.execute(
            sa.select(attachment)
            .where(attachment.c.state.in_(("missing", "partial")))
            .order_by(attachment.c.urgency.desc(), attachment.c.size)
            .limit(1)
        ).first()


def _fetch_one(store: Store, files: AttachmentFiles, hub: HubApi, row: Any, enough: Enough) -> bool:
    """Whether the file is here now; False when there was enough in the middle of it."""
    with files.resume(_stored(row)) if row.state == "partial" else _begin(store, files, row) as partial:
        # A kill between the last byte and the row leaves nothing to ask for.
        for chunk in hub.download(row.sha256, partial.offset) if partial.offset < row.size else ():
            partial.append(chunk)
            if enough() and partial.offset < row.size:
                return False
        partial.finish()
    with store.writing() as connection:
        attachments_table.arrived(connection, partial.stored, store.clock.now())
    return True


def _begin(store: Store, files: AttachmentFiles, row: Any) -> PartialFile:
    """The key is on disk before the first byte: without it a part is noise."""
    partial = files.begin(row.sha256, row.size)
    _update(store, row.sha256, state="partial", file_name=partial.stored.name, key=partial.stored.key)
    return partial


def _stored(row: Any) -> StoredFile:
    return StoredFile(name=row.file_name, key=row.key, size=row.size, sha256=row.sha256)


def _update(store: Store, sha256: str, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(attachment).where(attachment.c.sha256 == sha256).values(values))


def _scope_of(store: Store, sha256: str) -> str:
    document = RECORD_TABLES[Kind.DOCUMENT]
    with store.reading() as connection:
        return str(connection.execute(sa.select(document.c.scope).where(document.c.sha256 == sha256)).scalar() or "")


def _documents_of(store: Store, sha256: str) -> Changes:
    document = RECORD_TABLES[Kind.DOCUMENT]
    with store.reading() as connection:
        ids = connection.execute(sa.select(document.c.id).where(document.c.sha256 == sha256)).scalars()
        return Changes.of_pairs((Kind.DOCUMENT, each) for each in ids)
