"""Sends and receives by stick: writes what is owed, and takes in what came, with what the network may bring as well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from judge_desk.domain import manifest
from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.errors import BadInput, DamagedStore, KnownError, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import courier, courier_files, feed, limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.courier import HUB, EntryKind, Head, Letter
from judge_desk.protocol.courier_files import BundleWriter, Found, PartReader
from judge_desk.protocol.manifest import ManifestAnswer
from judge_desk.protocol.operations import Operation, Outcome, PushRequest, Result
from judge_desk.protocol.sealed_stream import SealedReader
from judge_desk.security.courier_keys import CourierKeys
from judge_desk.store import arrivals, attachments_table, outbox, sent, settled
from judge_desk.store import courier as books
from judge_desk.store import manifest as manifest_books
from judge_desk.store.attachment_files import AttachmentFiles, PartialFile, StoredFile
from judge_desk.store.outset import Outsets
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.store.tables import scope as granted
from judge_desk.store.unit_of_work import Store
from judge_desk.sync import push
from judge_desk.sync.courier_gate import Gate
from judge_desk.sync.pull import Pull
from judge_desk.sync.report import SyncReport
from judge_desk.sync.secrecy import refuse_secret

ALL = 1 << 30
WANTED_STATES = (AttachmentState.PARTIAL, AttachmentState.MISSING, AttachmentState.FAILED)
Progress = Callable[[int], None]
"""Told how many bytes of the stick were written or read so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bundle that lies on the stick. It is owed still: only its receipt, on the way back, empties the outbox."""

    number: int
    parts: tuple[Path, ...]
    operations: int
    files: int
    bytes: int


@dataclass(slots=True, kw_only=True)
class Taken:
    """What came in. ``numbers`` of the bundles; ``waiting`` scopes that this stick could not bring up to date;
    ``next_part`` is the part that is still to come (0: none)."""

    report: SyncReport = field(default_factory=SyncReport)
    numbers: list[int] = field(default_factory=list)
    waiting: int = 0
    next_part: int = 0
    made_at: datetime | None = None
    manifest: ManifestAnswer | None = None


class Stopped(Exception):
    """The user had enough; what was taken in by then stays."""


class DeskCourier:
    """Writes and reads the bundles of one desk; ``unlink`` removes the file of a forgotten document."""

    def __init__(self, store: Store, files: AttachmentFiles, keys: CourierKeys) -> None:
        self._store, self._files, self._keys = store, files, keys

    def write(
        self,
        target: Path,
        stop: threading.Event,
        progress: Progress,
        *,
        part_bytes: int = courier.PART_BYTES,
    ) -> Written | None:
        """Everything the hub has not confirmed; None when it was stopped. Raises BadInput ``courier.no_keys`` and as
        BundleWriter."""
        if not self._keys.hub_courier_key:
            raise BadInput("courier.no_keys")
        batches = self._freeze()
        with self._store.reading() as connection:
            owed = connection.execute(sa.select(attachment).where(attachment.c.state == AttachmentState.TO_SEND)).all()
        letter = self._next_letter([row.sha256 for row in owed])
        writer = BundleWriter(target, letter, self._keys.hub_courier_key, self._keys.sign, part_bytes=part_bytes)
        with writer:
            try:
                self._add_state(writer)
                carried = self._add_files(writer, owed, stop, progress)
                for batch in batches:
                    writer.add(EntryKind.OPERATIONS, msgspec.json.encode(PushRequest(batch, letter.generation)))
                    _go_on(stop)
            except Stopped:
                return None
            parts = writer.finish()
        with self._store.writing() as connection:
            known = books.read(connection)
            books.keep(connection, msgspec.structs.replace(known, written_at=self._store.clock.now()))
        count = sum(map(len, batches))
        return Written(number=letter.number, parts=parts, operations=count, files=carried, bytes=writer.bytes_written)

    def _freeze(self) -> list[tuple[Operation, ...]]:
        """Every operation that may go now, frozen on disk as before any other way out, in batches as the hub takes
        them. What no batch can hold is refused here."""
        with self._store.writing() as connection:
            waiting = outbox.next_batch(connection, ALL)
            mids = [each.mid for each in waiting if len(each.body.encode()) <= limits.BODY_BYTES]
            for start in range(0, len(mids), limits.PUSH_OPERATIONS):
                settled.mark_sent(connection, mids[start : start + limits.PUSH_OPERATIONS])
            fits = set(mids)
            rows = [row for row in outbox.next_batch(connection, ALL) if row.mid in fits]
        large = [row for row in waiting if row.mid not in fits]
        if large:
            self._refuse(large)
        batches: list[list[Operation]] = []
        size = 0
        for row in rows:
            operation = push.operation_of(row)
            refuse_secret(operation)
            size += len(bytes(operation.body)) + 300
            if not batches or size > limits.PUSH_BYTES or len(batches[-1]) >= limits.PUSH_OPERATIONS:
                batches.append([])
                size = len(bytes(operation.body)) + 300
            batches[-1].append(operation)
        return [tuple(batch) for batch in batches]

    def _refuse(self, large: Sequence[Any]) -> None:
        with self._store.writing() as connection:
            settled.mark_sent(connection, [row.mid for row in large])
        answers = tuple(Result(mid=row.mid, outcome=Outcome.REFUSED, code=Code.TOO_LARGE) for row in large)
        push.settle(self._store, list(large), answers, SyncReport())

    def _next_letter(self, files: list[str]) -> Letter:
        """The number is used up whatever becomes of the bundle."""
        with self._store.writing() as connection:
            known = books.read(connection)
            now = msgspec.structs.replace(known, out_number=known.out_number + 1, epoch=known.epoch + 1)
            books.keep(connection, now)
            roles = connection.execute(sa.select(granted.c.scope, granted.c.role)).all()
            generation = sent.generation(connection)
        return Letter(
            court_id=self._keys.court_id,
            sender=self._keys.device_id,
            receiver=HUB,
            number=now.out_number,
            part=1,
            confirmed=now.place.confirmed,
            epoch=now.epoch,
            made_at=self._store.clock.now(),
            files=tuple(files),
            roles=feed.roles_sum(f"{scope} {role}" for scope, role in roles),
            generation=generation,
        )

    def _add_state(self, writer: BundleWriter) -> None:
        with self._store.reading() as connection:
            cursors = arrivals.cursors(connection)
            query = (
                sa.select(attachment.c.sha256, attachment.c.file_name, attachment.c.key, attachment.c.size)
                .where(attachment.c.state.in_(WANTED_STATES))
                .order_by(attachment.c.urgency.desc(), attachment.c.size)
                .limit(courier.WANTED_FILES)
            )
            wanted = tuple(row.sha256 for row in connection.execute(query))
            settled = sent.mids(connection)
        writer.add(EntryKind.SETTLED, msgspec.json.encode(settled))
        writer.add(EntryKind.CURSORS, msgspec.json.encode(cursors))
        writer.add(EntryKind.WANTED, msgspec.json.encode(wanted))

    def _add_files(self, writer: BundleWriter, owed: Sequence[Any], stop: threading.Event, progress: Progress) -> int:
        """What was made on this desk, before the documents that name it. A file that is no longer what was written is
        told to the judge, as on any other way out."""
        carried = 0
        for row in owed:
            with self._store.reading() as connection:
                document = RECORD_TABLES[Kind.DOCUMENT].c
                scope = connection.execute(sa.select(document.scope).where(document.sha256 == row.sha256)).scalar()
            if scope is None:  # its document was refused, and nobody has decided on it yet
                continue
            try:
                with self._files.open(_stored(row)) as content:
                    for at in range(0, max(row.size, 1), courier.PIECE_BYTES):
                        _go_on(stop)
                        piece = content.read(courier.PIECE_BYTES)
                        writer.add_piece(row.sha256, piece, offset=at, total=row.size, scope=scope)
                        progress(writer.bytes_so_far)
            except (DamagedStore, NotFound) as problem:
                _set(self._store, row.sha256, state=AttachmentState.FAILED, failure=problem.key)
            else:
                carried += 1
        return carried

    def take_in(self, paths: Sequence[Path], stop: threading.Event, progress: Progress) -> Taken:
        """Every part for this desk in these files and folders that is due, in their order. A bad file spoils none
        beside it; where nothing could be taken in, raises BadInput as courier_files.find, PartReader and Place."""
        taken = Taken()
        first: KnownError | None = None
        done = 0

        def read(count: int) -> None:
            nonlocal done
            done += count
            progress(done)
            _go_on(stop)

        try:
            for found in courier_files.find(paths, [self._keys.public_key]):
                try:
                    self._take_file(found, taken, read, stop)
                except BadInput as problem:
                    first = first or problem
        except Stopped:
            return taken
        if first is not None and not taken.numbers:
            raise first
        return taken

    def _take_file(self, found: Found, taken: Taken, read: Progress, stop: threading.Event) -> None:
        part = PartReader(found, self._keys.secret)
        self._check_turn(found.outside.number, found.outside.part)
        part.check(self._hub_key, read)
        with self._store.exchanging:
            self._take(part, taken, read, stop)

    def _hub_key(self, letter: Letter) -> str:
        if not self._keys.hub_key:
            raise BadInput("courier.no_keys")
        mine = (HUB, self._keys.device_id, self._keys.court_id)
        if (letter.sender, letter.receiver, letter.court_id) != mine:
            raise BadInput("courier.other_receiver")
        return self._keys.hub_key

    def _check_turn(self, number: int, part: int) -> None:
        with self._store.reading() as connection:
            books.read(connection).place.check_turn(number, part)

    def _take(self, part: PartReader, taken: Taken, read: Progress, stop: threading.Event) -> None:
        letter = part.letter
        with self._store.reading() as connection:
            known = books.read(connection)
            restored = letter.generation != sent.generation(connection)
        if restored:
            with self._store.writing() as connection:
                sent.put_back(connection, letter.lost)
                sent.set_generation(connection, letter.generation)
        gate = Gate(is_fresh=letter.epoch > known.overtaken)
        for head, body in part.entries():
            if head.kind is EntryKind.RESULTS:
                self._settle(courier_files.decoded(head, body, tuple[Result, ...]), taken.report)
            elif head.kind is EntryKind.CURSORS:
                gate.since = courier_files.decoded(head, body, dict[str, int])
            elif head.kind is EntryKind.FEED:
                gate.lines = courier_files.unpacked(head, body).split(b"\n")[:-1]
                pull = Pull(self._store, gate, taken.report, self._files.delete, by_courier=True)
                pull.run(stop, lambda _rows: None, Outsets(self._store).now())
            elif head.kind is EntryKind.MANIFEST:
                taken.manifest = courier_files.decoded(head, body, ManifestAnswer)
                if restored:
                    self._compare(taken.manifest, taken.report)
            elif head.kind is EntryKind.FILE:
                self._take_piece(head, body, taken.report)
            read(head.size)
        self._close(part, taken)
        taken.waiting += len(gate.waiting)

    def _compare(self, hubs: ManifestAnswer, report: SyncReport) -> None:
        """The hub was restored from a backup: what differs from it comes anew, with the next stick."""
        with self._store.writing() as connection:
            ours = manifest_books.leaves(connection)
            for each in hubs.scopes:
                if each.scope in ours and manifest.root(ours[each.scope]) != each.root:
                    report.changes |= arrivals.reset(connection, each.scope)

    def _close(self, part: PartReader, taken: Taken) -> None:
        """The part is taken in: from now on it is refused as seen."""
        letter, now = part.letter, self._store.clock.now()
        with self._store.writing() as connection:
            known = books.read(connection)
            place = courier.Place(letter.number, letter.part, part.last)
            confirmed = max(known.hub_confirmed, letter.confirmed)
            books.keep(connection, msgspec.structs.replace(known, place=place, taken_at=now, hub_confirmed=confirmed))
            held = sa.and_(attachment.c.sha256.in_(letter.files), attachment.c.state == AttachmentState.TO_SEND)
            count = connection.execute(sa.update(attachment).where(held).values(state=AttachmentState.HERE)).rowcount
        taken.report.files_out += count
        taken.numbers.append(letter.number)
        taken.made_at = letter.made_at
        taken.next_part = 0 if part.last else letter.part + 1

    def _settle(self, results: tuple[Result, ...], report: SyncReport) -> None:
        mids = [each.mid for each in results]
        with self._store.reading() as connection:
            batch = list(outbox.by_mids(connection, mids))
        if batch:
            push.settle(self._store, batch, results, report)

    def _take_piece(self, head: Head, body: SealedReader, report: SyncReport) -> None:
        """Go on with a file that this desk lacks; what is known already, or not wanted any more, is passed over."""
        with self._store.reading() as connection:
            row: Any = connection.execute(sa.select(attachment).where(attachment.c.sha256 == head.sha256)).first()
        if row is None or row.state not in WANTED_STATES or row.size != head.total:
            return
        try:
            with self._partial(row) as partial:
                known = partial.offset - head.offset
                if known < 0 or known > head.size:
                    return
                body.exactly(known)
                left = head.size - known
                while left:
                    piece = body.exactly(min(left, 1 << 20))
                    partial.append(piece)
                    left -= len(piece)
                if partial.offset < row.size:
                    return
                partial.finish()
        except DamagedStore as problem:
            _set(self._store, row.sha256, state=AttachmentState.FAILED, failure=problem.key)
            return
        with self._store.writing() as connection:
            attachments_table.arrived(connection, partial.stored, self._store.clock.now())
        report.files_in += 1
        report.changes |= Changes.of(Kind.DOCUMENT)

    def _partial(self, row: Any) -> PartialFile:
        """The key is on disk before the first byte: without it a part is noise."""
        if row.state == AttachmentState.PARTIAL:
            return self._files.resume(_stored(row))
        partial = self._files.begin(row.sha256, row.size)
        stored = partial.stored
        _set(self._store, row.sha256, state=AttachmentState.PARTIAL, file_name=stored.name, key=stored.key)
        return partial


def _go_on(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped


def _stored(row: Any) -> StoredFile:
    return StoredFile(name=row.file_name, key=row.key, size=row.size, sha256=row.sha256)


def _set(store: Store, sha256: str, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(attachment).where(attachment.c.sha256 == sha256).values(values))
