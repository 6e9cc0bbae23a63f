"""Fetches and sends attachments: the most urgent first, verified by hash, and resumed at the byte where a link
broke."""

from __future__ import annotations

import functools
import io
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DamagedStore, HubRefused, HubUnreachable, NotFound, StoreProblem
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.store import attachments_table, file_order
from judge_desk.store.attachment_files import AttachmentFiles, PartialFile, StoredFile
from judge_desk.store.file_order import FilePlan
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HUB_FAULT, HttpHub
from judge_desk.sync.turns import quick_turns

Enough = Callable[[], bool]
"""Whether to stop fetching for now: the user pauses, or it is time to send and receive again."""
AHEAD_BYTES = 4 << 20
AHEAD_SECONDS = 1.0
"""A cut loses what came ahead of its turn, so only what comes again in a moment."""
AHEAD_FILES = 2
"""So many small files come while one is taken in: while the hub looks for one, the other is on its way."""
ENDING_FILES = 2
"""So many are brought to the disk at once: it is mostly waiting."""
UNREADABLE_FILES = 3
"""Beyond so many it is no matter of single files: the hub is in trouble."""
LITTLE_BYTES = 1 << 20
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

    ``report.more_files`` says whether some are left that may come now; one that the hub itself cannot read waits for
    the next time, so that it does not hold up the others. Raises HubUnreachable when the link goes, keeping what came.
    """
    with store.writing(durable=False) as connection:
        file_order.rank(connection, way.plan)
    with (
        quick_turns(),
        ThreadPoolExecutor(AHEAD_FILES + ENDING_FILES, thread_name_prefix="file") as beside,
        _Ending(store, report, way, beside) as ending,
    ):
        link = _Link(hub, beside)
        unreadable: list[str] = []
        while rows := _next(store, way.plan, [*ending.hashes, *unreadable]):
            row, *following = rows
            report.more_files = True
            if way.enough():
                return
            try:
                content = link.at_hand(row, following)
                if content is None:
                    finish = _download(store, files, link.download, row, way)
                else:
                    finish = functools.partial(files.write, io.BytesIO(content), row.sha256, row.size)
            except HubRefused as refusal:
                if refusal.code not in GONE:
                    raise
                _fail(store, report, row.sha256, refusal.code)
            except HubUnreachable as problem:
                if problem.key != HUB_FAULT or len(unreadable) >= UNREADABLE_FILES:
                    raise
                unreadable.append(row.sha256)
            except DamagedStore as problem:
                _fail(store, report, row.sha256, problem.key)
            else:
                ending.begin(row.sha256, finish)
    report.more_files = False


class _Link:
    """Gives the bytes of files. The next small ones already come while one is taken in."""

    def __init__(self, hub: HttpHub, beside: Executor) -> None:
        self._hub, self._beside = hub, beside
        self._coming: dict[str, Future[bytes]] = {}
        self._rate = 0.0
        """Bytes a second of the last file, way there and back included; 0: not known yet."""

    def at_hand(self, row: Any, following: Sequence[Any]) -> bytes | None:
        """A file that was asked for ahead of its turn; None: it was not. Raises what its download raised. ``following``
        are asked for meanwhile."""
        coming = self._coming.pop(row.sha256, None)
        self._ask_ahead(following)
        return None if coming is None else coming.result()

    def _ask_ahead(self, rows: Sequence[Any]) -> None:
        """Have these come as well, as far as it is worth it; a cap is no link to hurry on."""
        if self._hub.bandwidth.down.is_capped:
            return
        most = min(AHEAD_BYTES, self._rate * AHEAD_SECONDS)
        small = [row.sha256 for row in rows if row.state == "missing" and row.size <= most]
        # One that was overtaken would take up the room of the next.
        self._coming = {sha256: coming for sha256, coming in self._coming.items() if sha256 in small}
        for sha256 in small:
            if sha256 not in self._coming and len(self._coming) < AHEAD_FILES:
                self._coming[sha256] = self._beside.submit(self._whole, sha256)

    def download(self, row: Any, start: int) -> Iterator[bytes]:
        began = time.monotonic()
        yield from self._hub.download(row.sha256, start)
        self._note(row.size - start, began)

    def _whole(self, sha256: str) -> bytes:
        began = time.monotonic()
        content = b"".join(self._hub.download(sha256))
        self._note(len(content), began)
        return content

    def _note(self, size: int, began: float) -> None:
        self._rate = size / max(time.monotonic() - began, 1e-6)


class _Ending:
    """Whole files on their way to the disk, proven and under their names, while others come over the link."""

    def __init__(self, store: Store, report: SyncReport, way: Fetching, beside: Executor) -> None:
        self._store, self._report, self._way, self._beside = store, report, way, beside
        self._under_way: dict[str, Future[StoredFile]] = {}

    @property
    def hashes(self) -> Collection[str]:
        """The files that are not to be taken up again meanwhile."""
        return self._under_way.keys()

    def begin(self, sha256: str, finish: Callable[[], StoredFile] | None) -> None:
        """Have a file brought to the disk; waits until at most ENDING_FILES are on their way. None: it was left in the
        middle."""
        if finish is not None:
            # Before the others are settled: where one of them fails, this one is still brought to its end and closed.
            self._under_way[sha256] = self._beside.submit(finish)
        self.settle(ENDING_FILES)

    def settle(self, most: int = 0) -> None:
        """Wait until at most so many are left, the oldest first, and write down what became of them."""
        while len(self._under_way) > most:
            sha256 = next(iter(self._under_way))
            ended = self._under_way[sha256]
            try:
                stored = ended.result()
            except DamagedStore as problem:
                _fail(self._store, self._report, sha256, problem.key)
            else:
                self._arrived(stored)
            finally:
                del self._under_way[sha256]

    def _arrived(self, stored: StoredFile) -> None:
        # If a power cut takes this back, the file is fetched again, or taken up as it lies there, and proven anew.
        with self._store.writing(durable=False) as connection:
            attachments_table.arrived(connection, stored, self._store.clock.now())
            self._report.changes |= _documents_of(connection, stored.sha256)
        self._report.files_in += 1
        self._way.on_step(self._report.files_in, FileStep(stored.sha256, stored.size, stored.size))

    def __enter__(self) -> _Ending:
        return self

    def __exit__(self, *_: object) -> None:
        self.settle()


def _finished(partial: PartialFile) -> StoredFile:
    with partial:
        return partial.finish()


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
            report.changes |= _documents_of(connection, row.sha256)
        # Another program that holds the file open keeps it as noise until the next start.
        with suppress(StoreProblem):
            files.delete(name)
        excess -= row.size


def _next(store: Store, plan: FilePlan, ending: Collection[str]) -> Sequence[Any]:
    with store.reading() as connection:
        return file_order.next_files(connection, plan, ending, limit=AHEAD_FILES + 1)


def _download(
    store: Store, files: AttachmentFiles, download: Callable[[Any, int], Iterator[bytes]], row: Any, way: Fetching
) -> Callable[[], StoredFile] | None:
    """What is left to do with a file of which all bytes are here; None when there was enough in the middle of it."""
    began, told = store.clock.monotonic(), -STEP_SECONDS
    with ExitStack() as stack:
        partial = files.resume(_stored(row)) if row.state == "partial" else _begin(store, files, row)
        stack.enter_context(partial)
        start = partial.offset
        # A kill between the last byte and the row leaves nothing to ask for.
        for chunk in download(row, start) if start < row.size else ():
            partial.append(chunk)
            if partial.offset < row.size and way.leaves():
                return None
            passed = store.clock.monotonic() - began
            if passed - told >= STEP_SECONDS:
                told = passed
                rate = (partial.offset - start) / passed if passed else 0.0
                way.on_step(-1, FileStep(row.sha256, partial.offset, row.size, rate))
        stack.pop_all()
        return functools.partial(_finished, partial)


def _begin(store: Store, files: AttachmentFiles, row: Any) -> PartialFile:
    """The key is written before the first byte: without it a part is noise. Whether it lasts through a power cut only
    matters for a file that is worth going on with."""
    partial = files.begin(row.sha256, row.size)
    with store.writing(durable=row.size > LITTLE_BYTES) as connection:
        attachments_table.begun(connection, partial.stored)
    return partial


def _stored(row: Any) -> StoredFile:
    return StoredFile(name=row.file_name, key=row.key, size=row.size, sha256=row.sha256)


def _fail(store: Store, report: SyncReport, sha256: str, failure: str) -> None:
    _update(store, sha256, state="failed", failure=failure)
    with store.reading() as connection:
        report.changes |= _documents_of(connection, sha256)


def _update(store: Store, sha256: str, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(attachment).where(attachment.c.sha256 == sha256).values(values))


def _scope_of(store: Store, sha256: str) -> str:
    document = RECORD_TABLES[Kind.DOCUMENT]
    with store.reading() as connection:
        return str(connection.execute(sa.select(document.c.scope).where(document.c.sha256 == sha256)).scalar() or "")


def _documents_of(connection: Connection, sha256: str) -> Changes:
    ids = connection.exec_driver_sql("SELECT id FROM document WHERE sha256 = ?", (sha256,)).scalars()
    return Changes.of_pairs((Kind.DOCUMENT, each) for each in ids)
