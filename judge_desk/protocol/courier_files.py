"""Writes and reads the files of a courier bundle: parts of a size that a stick can hold, each whole or not there."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.protocol import courier
from judge_desk.protocol.courier import Closing, EntryKind, Head, Letter, Outside
from judge_desk.protocol.sealed_stream import FRAME_BYTES, KEY_BYTES, SealedReader, SealedWriter
from judge_desk.protocol.version import PROTOCOL

_ZSTD_LEVEL = 3
_MOST_UNPACKED = 64 << 20
_CLOSING_BYTES = 1 << 10
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})

T = TypeVar("T")
Sign = Callable[[bytes], str]
"""Signs bytes with the sender's Ed25519 key; the signature in hex."""


class BundleWriter:
    """Writes one bundle to ``target`` and, where it is too large for one file, ``NAME-2``, ``NAME-3`` and so on.

    A context: what was begun and not finished is removed. Raises BadInput ``courier.no_room`` for a full stick, and
    ``courier.unwritable``.
    """

    def __init__(
        self,
        target: Path,
        letter: Letter,
        receiver_key: str,
        sign: Sign,
        *,
        part_bytes: int = courier.PART_BYTES,
        budget_bytes: int | None = None,
    ) -> None:
        if part_bytes < courier.LEAST_PART_BYTES:
            raise BadInput("courier.part_too_small", least_mb=courier.LEAST_PART_BYTES >> 20)
        self._target, self._letter, self._receiver_key, self._sign = target, letter, receiver_key, sign
        self._part_bytes, self._budget = part_bytes, budget_bytes
        self._done: list[_PartWriter] = []
        self.bytes_written = 0
        with _disk():
            self._part = self._begin(1)

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for part in (*self._done, self._part):
            part.remove()

    @property
    def bytes_so_far(self) -> int:
        return self.bytes_written + self._part.size

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more stay within the budget."""
        return self._budget is None or self.bytes_so_far + size + FRAME_BYTES <= self._budget

    def add(self, kind: EntryKind, body: bytes) -> None:
        """An entry of JSON or lines of the feed; it is packed."""
        packed = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
        self._add(Head(kind=kind, size=len(packed)), packed)

    def add_piece(self, sha256: str, piece: bytes, *, offset: int, total: int, scope: str = "") -> None:
        """A piece of a file; all but its last one are of PIECE_BYTES."""
        head = Head(kind=EntryKind.FILE, size=len(piece), sha256=sha256, scope=scope, offset=offset, total=total)
        self._add(head, piece)

    def finish(self) -> tuple[Path, ...]:
        """Put the parts under their names, the last one first so that a first part never promises what is not there."""
        with _disk():
            self._part.close(self._sign, last=True)
            parts, self._done = [*self._done, self._part], []
            self.bytes_written += self._part.size
            for part in reversed(parts):
                part.settle()
            self._drop_leftovers(len(parts))
        return tuple(part.path for part in parts)

    def _drop_leftovers(self, count: int) -> None:
        """Parts of an older and larger bundle under the same name: what they held is in this one."""
        number = count + 1
        while (old := _sibling(self._target, number)).exists():
            old.unlink()
            number += 1

    def _add(self, head: Head, body: bytes) -> None:
        with _disk():
            if self._part.entries > 1 and self._part.size + len(body) + FRAME_BYTES > self._part_bytes:
                self._part.close(self._sign, last=False)
                self.bytes_written += self._part.size
                self._done.append(self._part)
                self._part = self._begin(len(self._done) + 1)
            self._part.add(head, body)

    def _begin(self, number: int) -> _PartWriter:
        path = self._target if number == 1 else _sibling(self._target, number)
        outside = Outside(
            protocol=PROTOCOL,
            receiver=courier.fingerprint(self._receiver_key),
            number=self._letter.number,
            part=number,
        )
        return _PartWriter(path, outside, self._receiver_key, msgspec.structs.replace(self._letter, part=number))


def _sibling(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


class _PartWriter:
    """One file under a passing name until it is whole."""

    def __init__(self, path: Path, outside: Outside, receiver_key: str, letter: Letter) -> None:
        self.path = path
        self._passing = path.with_name(f".{secrets.token_hex(6)}.tmp")
        self._file = self._passing.open("xb")
        key = secrets.token_bytes(KEY_BYTES)
        before = courier.seal_key(outside, receiver_key, key)
        self._file.write(before)
        self._digest = hashlib.sha256(before)
        self._stream = SealedWriter(self._file, key)
        self.size = len(before)
        self.entries = 0
        body = msgspec.json.encode(letter)
        self.add(Head(kind=EntryKind.LETTER, size=len(body)), body)

    def add(self, head: Head, body: bytes) -> None:
        written = _framed(head) + body
        self._digest.update(written)
        self._stream.write(written)
        self.size += len(written)
        self.entries += 1

    def close(self, sign: Sign, *, last: bool) -> None:
        signature = sign(courier.signed_text(self._digest.digest(), last=last))
        body = msgspec.json.encode(Closing(last=last, signature=signature))
        self._stream.write(_framed(Head(kind=EntryKind.CLOSING, size=len(body))) + body)
        self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.size = self._file.tell()
        self._file.close()

    def settle(self) -> None:
        self._passing.replace(self.path)

    def remove(self) -> None:
        """Also after ``settle``, when there is nothing of the passing name any more."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._passing.unlink(missing_ok=True)


def _framed(head: Head) -> bytes:
    encoded = msgspec.json.encode(head)
    return struct.pack(">I", len(encoded)) + encoded


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise BadInput("courier.no_room" if fault.errno in _FULL else "courier.unwritable") from None


@dataclass(frozen=True, slots=True)
class Found:
    """A courier file as its outside tells."""

    path: Path
    outside: Outside

    @property
    def place(self) -> tuple[int, int]:
        return self.outside.number, self.outside.part


def find(paths: Iterable[Path], public_keys: Iterable[str]) -> list[Found]:
    """The files for one of these keys, by number and part: files that are named, and those in folders that are named.

    A file that is named must be for us, and brings along the other parts beside it. Raises BadInput
    ``courier.other_receiver``, ``courier.none_here``, and as courier.read_outside.
    """
    known = {courier.fingerprint(each) for each in public_keys}
    found: dict[tuple[str, int, int], Found] = {}
    reason: KnownError = BadInput("courier.none_here")
    for path in paths:
        named = None if path.is_dir() else _look(path)
        if named is not None and named.outside.receiver not in known:
            raise BadInput("courier.other_receiver")
        beside, problem = _beside(path if path.is_dir() else path.parent)
        reason = problem or reason
        mine = [each for each in beside if each.outside.receiver in known]
        if beside and not mine:
            reason = BadInput("courier.other_receiver")
        wanted = [each for each in mine if named is None or each.outside.number == named.outside.number]
        for each in (*wanted, *([named] if named else ())):
            found[each.path.stem if named is None else "", *each.place] = each
    if not found:
        raise reason
    return sorted(found.values(), key=lambda each: each.place)


def _beside(folder: Path) -> tuple[list[Found], KnownError | None]:
    """The courier files of a folder, and why one of them is of no use, such as another version."""
    found: list[Found] = []
    problem: KnownError | None = None
    try:
        paths = sorted(folder.glob(f"*{courier.ENDING}"))
    except OSError:
        return [], BadInput("courier.unreadable")
    for path in paths:
        try:
            found.append(_look(path))
        except KnownError as fault:
            problem = fault
    return found, problem


def _look(path: Path) -> Found:
    try:
        with path.open("rb") as file:
            return Found(path, courier.read_outside(file)[0])
    except OSError:
        raise BadInput("courier.unreadable") from None


class PartReader:
    """One file of a bundle: ``letter`` and ``last`` once ``check`` has proven it, then its entries."""

    letter: Letter
    last: bool

    def __init__(self, found: Found, secret: bytes) -> None:
        self.outside, self.path = found.outside, found.path
        self._secret = secret

    def check(self, key_of: Callable[[Letter], str], progress: Callable[[int], None] = lambda _done: None) -> None:
        """Read all of it against its signature; ``key_of`` gives the sender's Ed25519 key (hex) or raises KnownError.

        ``progress`` is told the bytes of each entry. Raises BadInput ``courier.damaged``, ``courier.bad_signature``.
        """
        with self._open() as (before, stream):
            digest = hashlib.sha256(before)
            closing: Closing | None = None
            head, framed = _head(stream)
            if head.kind is not EntryKind.LETTER:
                raise BadInput("courier.damaged")
            body = stream.exactly(head.size)
            digest.update(framed + body)
            self.letter = _decoded(body, Letter)
            if (self.letter.number, self.letter.part) != (self.outside.number, self.outside.part):
                raise BadInput("courier.damaged")
            while closing is None:
                head, framed = _head(stream)
                if head.kind is EntryKind.CLOSING:
                    closing = _decoded(stream.exactly(min(head.size, _CLOSING_BYTES)), Closing)
                    break
                digest.update(framed)
                for piece in _pieces(stream, head.size):
                    digest.update(piece)
                progress(head.size)
            if stream.read(1):
                raise BadInput("courier.damaged")
        self.last = closing.last
        _verify(key_of(self.letter), closing, digest.digest())

    def entries(self) -> Iterator[tuple[Head, SealedReader]]:
        """Every entry between Letter and Closing; what of a body is not read is skipped over."""
        with self._open() as (_, stream):
            while True:
                head, _ = _head(stream)
                if head.kind is EntryKind.CLOSING:
                    return
                body = _Body(stream, head.size)
                if head.kind is not EntryKind.LETTER:
                    yield head, body
                for _ in _pieces(body, body.left):
                    pass

    @contextlib.contextmanager
    def _open(self) -> Iterator[tuple[bytes, SealedReader]]:
        try:
            with self.path.open("rb") as file:
                _, before = courier.read_outside(file)
                yield before, SealedReader(file, courier.open_key(before, self._secret))
        except OSError:
            raise BadInput("courier.unreadable") from None


class _Body(SealedReader):
    """The stream as far as one entry goes."""

    def __init__(self, stream: SealedReader, size: int) -> None:
        self._stream, self.left = stream, size

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer will do
        piece = self._stream.read(min(len(buffer), self.left)) or b""
        if not piece and self.left and len(buffer):
            raise BadInput("courier.damaged")
        buffer[: len(piece)] = piece
        self.left -= len(piece)
        return len(piece)

    def exactly(self, size: int) -> bytes:
        self.left -= size
        return self._stream.exactly(size)


def unpacked(head: Head, body: SealedReader) -> bytes:
    """The bytes of an entry that was packed."""
    try:
        return zstandard.ZstdDecompressor().decompress(body.exactly(head.size), max_output_size=_MOST_UNPACKED)
    except zstandard.ZstdError:
        raise BadInput("courier.damaged") from None


def decoded(head: Head, body: SealedReader, shape: type[T]) -> T:
    """The value of an entry of JSON."""
    return _decoded(unpacked(head, body), shape)


def _decoded(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("courier.damaged") from None


def _head(stream: SealedReader) -> tuple[Head, bytes]:
    length = stream.exactly(4)
    encoded = stream.exactly(min(struct.unpack(">I", length)[0], _CLOSING_BYTES))
    return _decoded(encoded, Head), length + encoded


def _pieces(stream: SealedReader, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = stream.exactly(min(size, FRAME_BYTES))
        size -= len(piece)
        yield piece


def _verify(key: str, closing: Closing, digest: bytes) -> None:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(closing.signature), courier.signed_text(digest, last=closing.last))
    except (InvalidSignature, ValueError):
        raise BadInput("courier.bad_signature") from None
