"""Attachments by hash: uploads that go on where they broke off, and who may have which file.

Who uploads must hold the whole file: that the hub has it for another scope is neither told nor used, unless the caller
may read it there. A file belongs to the scopes it was uploaded for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Iterator

import msgspec
from sqlalchemy import Connection, Engine, Select, and_, delete, exists, literal, select

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.permissions import KIND_SCOPES
from judge_desk.domain.scopes import Scope
from judge_desk.hub import grants
from judge_desk.hub.auth import Caller, require_device
from judge_desk.hub.blobs import BlobStore, blob_key, part_key
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import upsert
from judge_desk.hub.refusals import Refused
from judge_desk.protocol import limits
from judge_desk.protocol.api import UploadState
from judge_desk.protocol.codes import Code
from judge_desk.protocol.http import HeldAnswer, HeldRequest, UploadRequest
from judge_desk.runtime.clock import Clock

_requests = msgspec.json.Decoder(UploadRequest)
_held = msgspec.json.Decoder(HeldRequest)


class Uploads:
    """The calls about attachments; each raises Refused, DEVICE_REVOKED among others."""

    def __init__(self, engine: Engine, blobs: BlobStore, clock: Clock) -> None:
        self._engine = engine
        self._blobs = blobs
        self._clock = clock

    def begin(self, caller: Caller, body: bytes) -> UploadState:
        """Which parts are missing. Raises Refused: BAD_REQUEST, TOO_LARGE, NO_SUCH_SCOPE (also where no document can
        lie)."""
        request = _read(body)
        return database.write(self._engine, lambda connection: self._begin(connection, caller, request))

    def _begin(self, connection: Connection, caller: Caller, request: UploadRequest) -> UploadState:
        require_device(connection, caller)
        at = self._clock.now()
        _require_held(connection, caller, request.scope)
        if Scope.parse(request.scope).kind not in KIND_SCOPES[Kind.DOCUMENT]:
            raise Refused(Code.NO_SUCH_SCOPE)
        readable = self._size_for(connection, caller, request.sha256)
        if readable == request.size:
            ref = {"court_id": caller.court_id, "scope": request.scope, "sha256": request.sha256}
            upsert(connection, tables.blob_ref, [ref])
            return UploadState(complete=True)
        row = {**_key(caller, request.sha256), "scope": request.scope, "size": request.size, "started_at": at}
        upsert(connection, tables.upload, [row])
        got = self._parts(connection, caller, request.sha256)
        return UploadState(complete=False, missing=tuple(n for n in range(_count(request.size)) if n not in got))

    def part(self, caller: Caller, sha256: str, number: int, content: bytes, part_sha256: str) -> None:
        """Keep one part. Raises Refused: NOT_FOUND (no upload begun), NO_SUCH_SCOPE (the right to it has ended since),
        BAD_REQUEST (no such part, or not its length), HASH_MISMATCH."""
        if part_sha256 and hashlib.sha256(content).hexdigest() != part_sha256.lower():
            raise Refused(Code.HASH_MISMATCH)
        with self._engine.connect() as connection:
            require_device(connection, caller)
            size = self._upload(connection, caller, sha256)[1]
        if number not in range(_count(size)) or len(content) != _length(size, number):
            raise Refused(Code.BAD_REQUEST)
        self._blobs.put(part_key(caller.court_id, caller.device_id, sha256, number), [content])
        row = {**_key(caller, sha256), "number": number}
        database.write(self._engine, lambda connection: upsert(connection, tables.upload_part, [row]))

    def done(self, caller: Caller, sha256: str) -> None:
        """Put the parts together. Raises Refused: NOT_FOUND, NO_SUCH_SCOPE (the right to it has ended since),
        BAD_REQUEST (parts are missing), HASH_MISMATCH (the parts are dropped and wanted anew). Once more after it
        succeeded is no fault."""
        with self._engine.connect() as connection:
            require_device(connection, caller)
            if self._size_for(connection, caller, sha256) is not None and not self._has_upload(
                connection, caller, sha256
            ):
                return
            scope, size = self._upload(connection, caller, sha256)
            got = self._parts(connection, caller, sha256)
        numbers = range(_count(size))
        if got != set(numbers):
            raise Refused(Code.BAD_REQUEST)
        keys = [part_key(caller.court_id, caller.device_id, sha256, number) for number in numbers]
        try:
            self._assemble(caller, sha256, size, keys)
        except (_Mismatch, NotFound):
            database.write(self._engine, lambda connection: self._forget(connection, caller, sha256))
            self._blobs.delete(keys)
            raise Refused(Code.HASH_MISMATCH) from None
        database.write(self._engine, lambda connection: self._finish(connection, caller, scope, sha256, size))
        self._blobs.delete(keys)

    def _assemble(self, caller: Caller, sha256: str, size: int, keys: list[str]) -> None:
        """Write the whole file, unless it lies there; its bytes are checked before it can be read by anybody."""
        key = blob_key(caller.court_id, sha256)
        chunks = _checked((chunk for each in keys for chunk in self._blobs.read(each)), sha256, size)
        if self._blobs.size(key) == size:
            for _ in chunks:
                pass
        else:
            self._blobs.put(key, chunks)

    def find(self, caller: Caller, sha256: str) -> int:
        """The size of a file that the caller may read; raises Refused: NOT_FOUND, DEVICE_REVOKED."""
        device, size = tables.device, self._readable(caller, [sha256]).subquery()
        query = (
            select(device.c.revoked_at, size.c.size)
            .join_from(device, size, literal(value=True), isouter=True)
            .where(device.c.court_id == caller.court_id, device.c.id == caller.device_id)
        )
        row = database.glance(self._engine, lambda connection: connection.execute(query).first())
        if row is None or row.revoked_at is not None:
            raise Refused(Code.DEVICE_REVOKED)
        if row.size is None:
            raise Refused(Code.NOT_FOUND)
        return int(row.size)

    def held(self, caller: Caller, body: bytes) -> HeldAnswer:
        """Which of some files lie whole in the store, looked at there and not only in the books: a desk that hears so
        drops its own copy. Raises Refused: BAD_REQUEST."""
        try:
            wanted = _held.decode(body).hashes
        except msgspec.DecodeError:
            raise Refused(Code.BAD_REQUEST) from None
        if len(wanted) > limits.HELD_FILES or not all(map(is_sha256, wanted)):
            raise Refused(Code.BAD_REQUEST)
        with self._engine.connect() as connection:
            require_device(connection, caller)
            found = connection.execute(self._readable(caller, wanted))
            sizes: dict[str, int] = {row.sha256: row.size for row in found}
        stored = {sha256: self._blobs.size(blob_key(caller.court_id, sha256)) for sha256 in sizes}
        return HeldAnswer({sha256: size for sha256, size in sizes.items() if stored[sha256] == size})

    def read(self, caller: Caller, sha256: str, start: int, end: int) -> Generator[bytes, None, None]:
        """The bytes from ``start`` up to ``end``; raises Refused: NOT_FOUND. ``find`` checks the right."""
        try:
            return self._blobs.read(blob_key(caller.court_id, sha256), start, end)
        except NotFound:
            raise Refused(Code.NOT_FOUND) from None

    def _size_for(self, connection: Connection, caller: Caller, sha256: str) -> int | None:
        row = connection.execute(self._readable(caller, [sha256])).first()
        return None if row is None else int(row.size)

    def _readable(self, caller: Caller, hashes: Collection[str]) -> Select[tuple[str, int]]:
        """SHA-256 and size of those files that the caller may read."""
        blob, ref, grant = tables.blob, tables.blob_ref, tables.scope_grant
        return (
            select(blob.c.sha256, blob.c.size)
            .distinct()
            .join_from(blob, ref, and_(ref.c.court_id == blob.c.court_id, ref.c.sha256 == blob.c.sha256))
            .join(grant, and_(grant.c.court_id == ref.c.court_id, grant.c.scope == ref.c.scope))
            .where(blob.c.court_id == caller.court_id, blob.c.sha256.in_(hashes))
            .where(grant.c.person_id == caller.person_id, grants.is_held())
        )

    def _has_upload(self, connection: Connection, caller: Caller, sha256: str) -> bool:
        return connection.scalar(select(tables.upload.c.size).filter_by(**_key(caller, sha256))) is not None

    def _upload(self, connection: Connection, caller: Caller, sha256: str) -> tuple[str, int]:
        """Scope and size of what was begun, as long as the scope is the caller's."""
        table, grant = tables.upload.c, tables.scope_grant.c
        mine = and_(grant.court_id == caller.court_id, grant.scope == table.scope, grant.person_id == caller.person_id)
        held = exists().where(mine, grants.is_held()).label("held")
        row = connection.execute(select(table.scope, table.size, held).filter_by(**_key(caller, sha256))).one_or_none()
        if row is None:
            raise Refused(Code.NOT_FOUND)
        if not row.held:
            raise Refused(Code.NO_SUCH_SCOPE)
        return row.scope, row.size

    def _parts(self, connection: Connection, caller: Caller, sha256: str) -> set[int]:
        query = select(tables.upload_part.c.number).filter_by(**_key(caller, sha256))
        return set(connection.scalars(query))

    def _forget(self, connection: Connection, caller: Caller, sha256: str) -> None:
        connection.execute(delete(tables.upload_part).filter_by(**_key(caller, sha256)))

    def _finish(self, connection: Connection, caller: Caller, scope: str, sha256: str, size: int) -> None:
        # Putting a large file together takes a while; the right may have ended meanwhile.
        _require_held(connection, caller, scope)
        court_id = caller.court_id
        stored = {"court_id": court_id, "sha256": sha256, "size": size, "stored_at": self._clock.now()}
        upsert(connection, tables.blob, [stored])
        upsert(connection, tables.blob_ref, [{"court_id": court_id, "scope": scope, "sha256": sha256}])
        self._forget(connection, caller, sha256)
        connection.execute(delete(tables.upload).filter_by(**_key(caller, sha256)))


class _Mismatch(Exception):
    """The parts do not make the file that was announced."""


def _checked(chunks: Iterator[bytes], sha256: str, size: int) -> Iterator[bytes]:
    """The chunks as they come; raises _Mismatch behind the last one, so that the store does not keep the file."""
    digest, seen = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        seen += len(chunk)
        yield chunk
    if seen != size or digest.hexdigest() != sha256:
        raise _Mismatch


def _read(body: bytes) -> UploadRequest:
    try:
        request = _requests.decode(body)
        Scope.parse(request.scope)
    except (msgspec.DecodeError, BadInput):
        raise Refused(Code.BAD_REQUEST) from None
    if not is_sha256(request.sha256) or request.size < 0:
        raise Refused(Code.BAD_REQUEST)
    if request.size > limits.BLOB_BYTES:
        raise Refused(Code.TOO_LARGE)
    return request


def _require_held(connection: Connection, caller: Caller, scope: str) -> None:
    """Raises Refused: NO_SUCH_SCOPE, whether it is not there or not the caller's."""
    held, _ = grants.roles_on(connection, caller.court_id, caller.person_id, [scope])
    if not held:
        raise Refused(Code.NO_SUCH_SCOPE)


def is_sha256(text: str) -> bool:
    """64 hex digits in lower case, so that a name from outside may stand in a path."""
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)


def _key(caller: Caller, sha256: str) -> dict[str, str]:
    return {"court_id": caller.court_id, "device_id": caller.device_id, "sha256": sha256}


def _count(size: int) -> int:
    """Parts of a file; an empty file has one empty part."""
    return max(1, -(-size // limits.PART_BYTES))


def _length(size: int, number: int) -> int:
    return min(limits.PART_BYTES, size - number * limits.PART_BYTES)
