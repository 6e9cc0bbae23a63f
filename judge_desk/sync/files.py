"""Fetches and sends attachments: the most urgent first, verified by hash, and resumed at the byte where a link
broke."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DamagedStore, HubRefused, NotFound, StoreProblem
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.store import attachments_table, file_order
from judge_desk.store.attachment_files import AttachmentFiles, PartialFile, StoredFile
from judge_desk.store.file_order import FilePlan
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HttpHub

Enough = Callable[[], bool]
"""Whether to stop fetching for now: the user pauses, or it is time to send and receive again."""
STEP_SECONDS = 0.25
"""How often a file on its way is told of."""
GONE = frozenset({Code.NOT_FOUND, Code.NOT_ALLOWED, Code.NO_SUCH_SCOPE})
"""Refusals of one file that say nothing about the others."""
UNWANTED = GONE | {Code.TOO_LARGE, Code.HASH_MISMATCH}


def send(store: Store, files: AttachmentFiles, hub: HttpHub, report: SyncReport, stop: threading.Event) -> None:
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


@dataclass(frozen=True, slots=True)
class FileStep:
    """A file on its way: ``received`` of ``size`` bytes are here; ``rate`` bytes a second since it was taken up."""

    sha256: str
    received: int
    size: int
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Fetching:
    """What bounds a fetch: the plan of the moment, when it is enough, when also the file on its way is left, and who
    hears of each file."""

    plan: FilePlan
    enough: Enough
    leaves: Enough
    on_step: Callable[[int, FileStep], None]


def fetch(store: Store, files: AttachmentFiles, hub: HttpHub, report: SyncReport, way: Fetching) -> None:
    """Download what is missing until there is ``enough``, one file after the other.

    ``report.more_files`` says whether some are left that may come now. Raises HubUnreachable when the link goes,
    keeping what came.
    """
    with store.writing(durable=False) as connection:
        file_order.rank(connection, way.plan)
    while (row := _next(store, way.plan)) is not None:
        report.more_files = True
        if way.enough():
            return
        try:
            report.files_in += _fetch_one(store, files, hub, row, way)
        except HubRefused as refusal:
            if refusal.code not in GONE:
                raise
            _update(store, row.sha256, state="failed", failure=refusal.code)
        except DamagedStore as problem:
            _update(store, row.sha256, state="failed", failure=problem.key)
        report.changes |= _documents_of(store, row.sha256)
        way.on_step(report.files_in, FileStep(row.sha256, row.size, row.size))
    report.more_files = False


def make_room(store: Store, files: AttachmentFiles, hub: HttpHub, report: SyncReport, plan: FilePlan) -> None:
    """Let files go that the hub says it holds whole, least recently opened first, until the rest fits the budget."""
    if not plan.budget_bytes:
        return
    with store.reading() as connection:
        excess = file_order.room(connection).here - plan.budget_bytes
    if excess <= 0:
        return
    with store.writing(durable=False) as connection:
        file_order.rank(connection, plan)
        rows = file_order.may_go(connection, limits.HELD_FILES)
    held = hub.held([each.sha256 for each in rows]) if rows else {}
    for row in rows:
        if excess <= 0:
            return
        if held.get(row.sha256) != row.size:
            continue
        with store.writing() as connection:
            name = attachments_table.make_room(connection, row.sha256)
        # Another program that holds the file open keeps it as noise until the next start.
        with suppress(StoreProblem):
            files.delete(name)
        excess -= row.size
        report.changes |= _documents_of(store, row.sha256)


def _next(store: Store, plan: FilePlan) -> Any | None:
    with store.reading() as connection:
        return file_order.next_file(connection, plan)


def _fetch_one(store: Store, files: AttachmentFiles, hub: HttpHub, row: Any, way: Fetching) -> bool:
    """Whether the file is here now; False when there was enough in the middle of it."""
    began, told = store.clock.monotonic(), -STEP_SECONDS
    with files.resume(_stored(row)) if row.state == "partial" else _begin(store, files, row) as partial:
        start = partial.offset
        # A kill between the last byte and the row leaves nothing to ask for.
        for chunk in hub.download(row.sha256, start) if start < row.size else ():
            partial.append(chunk)
            if partial.offset < row.size and way.leaves():
                return False
            passed = store.clock.monotonic() - began
            if passed - told >= STEP_SECONDS:
                told = passed
                rate = (partial.offset - start) / passed if passed else 0.0
                way.on_step(-1, FileStep(row.sha256, partial.offset, row.size, rate))
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
