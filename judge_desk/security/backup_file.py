"""A backup in one file: named contents, sealed under the profile's own key, which lies in it wrapped under the
passphrase and the recovery code.

Whoever finds the file has nothing to guess at: without the code, 160 bits are missing; with the code alone, the
passphrase is. It is written beside its name and read back whole before it bears it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judge_desk.domain.errors import BadInput, NewerStore
from judge_desk.protocol.sealed_stream import FRAME_BYTES, SealedReader, SealedWriter
from judge_desk.runtime.disk import known_error, sync_folder
from judge_desk.security.store_key import StoreKey

MAGIC = b"JDBACKUP1\n"
VERSION = 1
DAMAGED = "backup.damaged"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What can be read without a key. ``slot`` is the key record (keyslot.py), ``salt`` makes the stream's key."""

    version: int
    made_at: str
    slot: bytes
    salt: bytes


class _Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """``name`` empty: the end, with the count of what came before."""

    name: str
    size: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """A file of the profile that goes into a backup, under a name of forward slashes."""

    name: str
    path: Path


def write(target: Path, head: Head, key: StoreKey, contents: Iterable[Content]) -> int:
    """Write, read back, and only then give it its name; the bytes of the file.

    Raises DiskFull, StoreProblem, with nothing left behind.
    """
    beside = target.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("xb") as file:
            encoded = msgspec.json.encode(head)
            file.write(MAGIC + struct.pack(">I", len(encoded)) + encoded)
            _write_stream(file, _stream_key(key, head.salt), contents)
            file.flush()
            os.fsync(file.fileno())
        for _ in read(beside, key):
            pass
        size = beside.stat().st_size
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as fault:
        raise known_error(fault, "backup.unwritable") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return size


def _write_stream(file: BinaryIO, key: bytes, contents: Iterable[Content]) -> None:
    stream = SealedWriter(file, key)
    count = 0
    for content in contents:
        with content.path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            _put(stream, _Entry(content.name, size))
            left = size
            while left and (piece := source.read(min(left, FRAME_BYTES))):
                stream.write(piece)
                left -= len(piece)
            if left:
                raise BadInput(DAMAGED)
        count += 1
    _put(stream, _Entry("", count=count))
    stream.close()


def _put(stream: SealedWriter, entry: _Entry) -> None:
    encoded = msgspec.json.encode(entry)
    stream.write(struct.pack(">I", len(encoded)) + encoded)


def read_head(path: Path) -> Head:
    """Raises BadInput ``backup.no_backup``, ``backup.unreadable``, ``backup.damaged``; NewerStore."""
    with _opened(path) as file:
        return _head(file)


def read(path: Path, key: StoreKey) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each content's name and its bytes; to the end, for only the end proves that nothing is missing."""
    with _opened(path) as file:
        head = _head(file)
        stream = SealedReader(file, _stream_key(key, head.salt), DAMAGED)
        count = 0
        while (entry := _entry(stream)).name:
            pieces = _pieces(stream, entry.size)
            yield entry.name, pieces
            for _ in pieces:
                pass
            count += 1
        if entry.count != count or stream.read(1):
            raise BadInput(DAMAGED)


def _entry(stream: SealedReader) -> _Entry:
    length = struct.unpack(">I", stream.exactly(4))[0]
    try:
        return msgspec.json.decode(stream.exactly(min(length, 4096)), type=_Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput(DAMAGED) from None


def _pieces(stream: SealedReader, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = stream.exactly(min(size, FRAME_BYTES))
        size -= len(piece)
        yield piece


def _head(file: BinaryIO) -> Head:
    begin = file.read(len(MAGIC) + 4)
    if not begin.startswith(MAGIC) or len(begin) < len(MAGIC) + 4:
        raise BadInput("backup.no_backup")
    try:
        head = msgspec.json.decode(file.read(min(struct.unpack(">I", begin[-4:])[0], 1 << 16)), type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput(DAMAGED) from None
    if head.version > VERSION:
        raise NewerStore("backup.newer")
    return head


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError:
        raise BadInput("backup.unreadable") from None


def _stream_key(key: StoreKey, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"judge-desk backup").derive(key.derive("backup"))
