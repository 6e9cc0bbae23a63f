"""Takes in what desks send by stick, and writes what goes back: push and pull without a link.

Every operation goes the same road as one that came over the network (apply.push), every row the same as one that is
pulled (feed.pull), for the same person and with the same checks; so whatever comes both ways has one effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, select, update

from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import court_scope
from judge_desk.hub import apply, feed, generations, lost, manifest, write
from judge_desk.hub.auth import Caller
from judge_desk.hub.blobs import BlobStore
from judge_desk.hub.courier_books import Books, DeskAccount, Said, is_desk
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Entry
from judge_desk.hub.identity import Identity
from judge_desk.hub.refusals import Refused
from judge_desk.hub.uploads import Uploads, is_sha256
from judge_desk.protocol import courier, courier_files, limits
from judge_desk.protocol.api import LostRequest
from judge_desk.protocol.codes import Code
from judge_desk.protocol.courier import HUB, EntryKind, Head, Letter
from judge_desk.protocol.courier_files import BundleWriter, PartReader
from judge_desk.protocol.feed import PullRequest, Reset, Revoke, Row, ScopeEnd, read
from judge_desk.protocol.http import UploadRequest
from judge_desk.protocol.operations import Outcome, PushAnswer
from judge_desk.protocol.sealed_stream import SealedReader
from judge_desk.runtime.clock import Clock

NUMBERS_A_GENERATION = 1_000_000
"""A hub that was restored from a backup begins its numbers above all that the one before it may have used."""
MIDS_A_QUERY = 1_000


@dataclass(slots=True, kw_only=True)
class TakenIn:
    """What became of one part of a desk's bundle."""

    device_id: str
    person_id: str
    number: int
    part: int
    whole: bool
    operations: int = 0
    applied: int = 0
    conflicts: int = 0
    refused: int = 0
    files: int = 0
    outcomes: dict[int, Outcome] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    """What became of all that lay on a stick; ``problems``: the files that could not be taken in, and why."""

    taken: list[TakenIn] = field(default_factory=list)
    problems: list[tuple[Path, KnownError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOut:
    """``left``: files that the desk lacks and that found no room on the stick."""

    number: int
    parts: tuple[Path, ...]
    rows: int
    results: int
    files: int
    left: int
    bytes: int


class Courier:
    """Reads and writes bundles as the hub. Raises BadInput and NotFound with a sentence for the clerk."""

    def __init__(self, engine: Engine, blobs: BlobStore, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._uploads = Uploads(engine, blobs, clock)
        self._identity = Identity(engine, clock)
        self._books = Books(engine)

    def take_in(self, paths: Sequence[Path]) -> Intake:
        """Take in every part that these files and folders hold and that is due, in their order.

        A bad file spoils none beside it: it is told in ``problems``. What was taken in before is passed over as long as
        something new is there; raises the first reason when nothing is.
        """
        secret = self._identity.courier_secret()
        intake = Intake()
        first: KnownError | None = None
        for found in courier_files.find(paths, [courier.public_half(secret)]):
            part = PartReader(found, secret)
            try:
                part.check(self._sender_key)
                intake.taken.append(self._take(part))
            except KnownError as problem:
                first = first or problem
                if problem.key != "courier.seen":
                    intake.problems.append((found.path, problem))
        if first is not None and not intake.taken:
            raise first
        return intake

    def _sender_key(self, letter: Letter) -> str:
        account = self._books.account(letter.sender)
        if letter.receiver != HUB or letter.court_id != account.caller.court_id:
            raise BadInput("courier.other_receiver")
        if account.is_revoked:
            raise BadInput("courier.device_revoked", device=letter.sender)
        return account.public_key

    def _take(self, part: PartReader) -> TakenIn:
        letter = part.letter
        account = self._books.account(letter.sender)
        account.place.check_turn(letter.number, letter.part)
        caller = account.caller
        taken = TakenIn(
            device_id=caller.device_id,
            person_id=caller.person_id,
            number=letter.number,
            part=letter.part,
            whole=part.last,
        )
        said = account.said if letter.part > 1 else Said(letter=letter)
        for head, body in part.entries():
            if head.kind is EntryKind.CURSORS:
                cursors = courier_files.decoded(head, body, dict[str, int])
                said = msgspec.structs.replace(said, cursors=cursors)
            elif head.kind is EntryKind.WANTED:
                wanted = courier_files.decoded(head, body, tuple[str, ...])
                said = msgspec.structs.replace(said, wanted=wanted)
            elif head.kind is EntryKind.FILE:
                taken.files += self._take_piece(caller, head, body)
            elif head.kind is EntryKind.SETTLED:
                settled = courier_files.decoded(head, body, tuple[int, ...])
                said = msgspec.structs.replace(said, settled=settled)
            elif head.kind is EntryKind.OPERATIONS:
                mids = self._push(caller, letter, courier_files.unpacked(head, body), taken)
                said = msgspec.structs.replace(said, mids=(*said.mids, *mids))
        self._note(account, letter, said, whole=part.last)
        return taken

    def _push(self, caller: Caller, letter: Letter, body: bytes, taken: TakenIn) -> list[int]:
        """The numbers of the operations that were carried out, whatever came of each."""
        try:
            answer = msgspec.json.decode(apply.push(self._engine, self._clock, caller, body), type=PushAnswer)
        except Refused as refusal:
            if refusal.code is Code.CLONED_DEVICE:
                raise BadInput("courier.cloned_device", device=caller.device_id) from None
            if refusal.code is Code.HUB_RESTORED:
                # The desk hears of it with the answer, and sends them again together with what this hub has lost.
                return []
            raise BadInput("courier.damaged") from None
        for result in answer.results:
            taken.outcomes[result.mid] = result.outcome
        taken.operations += len(answer.results)
        taken.applied += sum(each.outcome is Outcome.APPLIED for each in answer.results)
        taken.conflicts += sum(each.outcome is Outcome.CONFLICT for each in answer.results)
        taken.refused += sum(each.outcome is Outcome.REFUSED for each in answer.results)
        return [each.mid for each in answer.results]

    def _take_piece(self, caller: Caller, head: Head, body: SealedReader) -> bool:
        """Whether the file is whole with this piece. A file that may not come is passed over, as its document will
        be."""
        asked = UploadRequest(sha256=head.sha256, size=head.total, scope=head.scope)
        try:
            state = self._uploads.begin(caller, msgspec.json.encode(asked))
            if state.complete:
                return False
            if head.offset % state.part_bytes:
                raise BadInput("courier.damaged")
            for at in range(head.offset, max(head.offset + head.size, 1), state.part_bytes):
                content = body.exactly(min(state.part_bytes, head.offset + head.size - at))
                self._uploads.part(caller, head.sha256, at // state.part_bytes, content, "")
            if head.offset + head.size < head.total:
                return False
            self._uploads.done(caller, head.sha256)
        except Refused:
            return False
        return True

    def _note(self, account: DeskAccount, letter: Letter, said: Said, *, whole: bool) -> None:
        """The part is taken in: from now on it is refused as seen."""
        caller, at, table = account.caller, self._clock.now(), tables.courier_desk
        values = {
            "in_number": letter.number,
            "in_part": letter.part,
            "in_whole": whole,
            "said": msgspec.json.encode(said).decode(),
            "said_at": at,
        }

        def work(connection: Connection) -> None:
            connection.execute(update(table).where(is_desk(caller)).values(values))
            write.write(connection, caller.court_id, [], [_entry(caller, "courier_in", letter.number)], at)

        database.write(self._engine, work)

    def write_out(
        self,
        device_id: str,
        target: Path,
        *,
        part_bytes: int = courier.PART_BYTES,
        budget_bytes: int | None = None,
    ) -> WrittenOut:
        """A bundle with the answers to what the desk sent, every row behind its cursors, and files it lacks."""
        account = self._books.account(device_id)
        if account.is_revoked:
            raise BadInput("courier.device_revoked", device=device_id)
        if not account.courier_key:
            raise BadInput("courier.no_keys")
        number, generation = database.write(self._engine, lambda connection: self._next_number(connection, account))
        letter = self._letter(account, number, generation)
        writer = BundleWriter(
            target,
            letter,
            account.courier_key,
            self._identity.sign,
            part_bytes=part_bytes,
            budget_bytes=budget_bytes,
        )
        with writer:
            results = self._add_results(writer, account)
            writer.add(EntryKind.CURSORS, msgspec.json.encode(account.said.cursors))
            rows, documents = self._add_feed(writer, account, generation)
            self._add_manifest(writer, account)
            files, left = self._add_files(writer, account, documents)
            parts = writer.finish()
        return WrittenOut(
            number=number,
            parts=parts,
            rows=rows,
            results=results,
            files=files,
            left=left,
            bytes=writer.bytes_written,
        )

    def _next_number(self, connection: Connection, account: DeskAccount) -> tuple[int, int]:
        """The bundle's number, used up whatever becomes of it, and the hub's generation."""
        caller, table = account.caller, tables.courier_desk
        generation = generations.current(connection)
        query = select(table.c.out_number).where(is_desk(caller)).with_for_update()
        number = max(connection.execute(query).scalar_one(), generation * NUMBERS_A_GENERATION) + 1
        connection.execute(update(table).where(is_desk(caller)).values(out_number=number))
        entry = _entry(caller, "courier_out", number)
        write.write(connection, caller.court_id, [], [entry], self._clock.now())
        return number, generation

    def _letter(self, account: DeskAccount, number: int, generation: int) -> Letter:
        said = account.said.letter
        caller = account.caller
        return Letter(
            court_id=caller.court_id,
            sender=HUB,
            receiver=caller.device_id,
            number=number,
            part=1,
            confirmed=account.place.confirmed,
            epoch=said.epoch if said is not None else 0,
            made_at=self._clock.now(),
            files=tuple(each for each in (said.files if said is not None else ()) if self._holds(caller, each)),
            generation=generation,
            lost=self._lost(account, generation),
        )

    def _lost(self, account: DeskAccount, generation: int) -> tuple[int, ...]:
        said = account.said
        if said.letter is None or said.letter.generation == generation or not said.settled:
            return ()
        return lost.find(self._engine, account.caller, LostRequest(said.settled)).mids

    def _holds(self, caller: Caller, sha256: str) -> bool:
        try:
            return is_sha256(sha256) and self._uploads.find(caller, sha256) >= 0
        except Refused:
            return False

    def _add_results(self, writer: BundleWriter, account: DeskAccount) -> int:
        """The stored answers to the operations of the desk's last bundle, as they would have come over the network."""
        table, caller, mids = tables.mutation, account.caller, sorted(set(account.said.mids))
        found: list[str] = []
        with self._engine.connect() as connection:
            for start in range(0, len(mids), MIDS_A_QUERY):
                query = select(table.c.result).where(
                    table.c.court_id == caller.court_id,
                    table.c.device_id == caller.device_id,
                    table.c.mid.in_(mids[start : start + MIDS_A_QUERY]),
                )
                found += connection.scalars(query)
        writer.add(EntryKind.RESULTS, b"[" + ",".join(found).encode() + b"]")
        return len(found)

    def _add_feed(self, writer: BundleWriter, account: DeskAccount, generation: int) -> tuple[int, list[str]]:
        """The pages that so many pulls would have brought; the count of rows, and the files that they name."""
        cursors, rows, files = dict(account.said.cursors), 0, []
        roles = account.said.letter.roles if account.said.letter is not None else 0
        more = True
        while more:
            request = PullRequest(cursors, limits.PULL_ROWS, roles=roles, generation=generation)
            lines = feed.pull(self._engine, feed.Source(self._clock), account.caller, msgspec.json.encode(request))
            writer.add(EntryKind.FEED, b"".join(lines))
            for line, body in read(each.rstrip(b"\n") for each in lines):
                if isinstance(line, Row):
                    rows += 1
                    cursors[line.scope] = line.seq
                    if line.kind == Kind.DOCUMENT and not line.deleted:
                        files.append(msgspec.json.decode(body, type=_File).sha256)
                elif isinstance(line, ScopeEnd):
                    cursors[line.scope] = line.head
                elif isinstance(line, Reset):
                    cursors[line.scope] = 0
                elif isinstance(line, Revoke):
                    cursors.pop(line.scope, None)
                more = getattr(line, "more", True)
            roles = 0
        return rows, files

    def _add_manifest(self, writer: BundleWriter, account: DeskAccount) -> None:
        answer = manifest.make(self._engine, self._identity, account.caller, self._clock.now())
        writer.add(EntryKind.MANIFEST, msgspec.json.encode(answer))

    def _add_files(self, writer: BundleWriter, account: DeskAccount, documents: list[str]) -> tuple[int, int]:
        """What the desk asked for, then what came with these rows; how many went along, and how many found no room."""
        done = left = 0
        for sha256 in dict.fromkeys((*account.said.wanted, *documents)):
            if not self._holds(account.caller, sha256):
                continue
            total = self._uploads.find(account.caller, sha256)
            if not writer.has_room(total):
                left += 1
                continue
            for at in range(0, max(total, 1), courier.PIECE_BYTES):
                end = min(at + courier.PIECE_BYTES, total)
                piece = b"".join(self._uploads.read(account.caller, sha256, at, end)) if end > at else b""
                writer.add_piece(sha256, piece, offset=at, total=total)
            done += 1
        return done, left


class _File(msgspec.Struct):
    sha256: str = ""


def _entry(caller: Caller, action: str, number: int) -> Entry:
    """The audit's line: which bundle came or went, nothing of what was in it."""
    return Entry(
        chain=court_scope(caller.court_id),
        actor_id=caller.person_id,
        device_id=caller.device_id,
        action=action,
        record_id=caller.device_id,
        rev=number,
    )
