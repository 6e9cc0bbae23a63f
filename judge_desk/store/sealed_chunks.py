"""The file format of an attachment on this disk: AES-256-GCM in chunks (STREAM); any part opens alone and proven.

::

    4 bytes   "JDF1"
    4 bytes   chunk length in bytes, big-endian
    7 bytes   random prefix of every nonce in this file
    1 byte    0
    chunk …   cipher text of up to the chunk length, and its 16-byte tag; the last one may be short or empty

The nonce is prefix (7), number of the chunk (4), 1 for the last and 0 for the others (1): a chunk that is moved,
repeated or left out does not open, nor does a file that ends early. Header and name are bound to every chunk.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from judge_desk.domain.errors import DamagedStore
from judge_desk.runtime.disk import known_error

if TYPE_CHECKING:
    from typing_extensions import Buffer

KEY_BYTES = 32
TAG_BYTES = 16
CHUNK_BYTES = 1 << 20
HEADER_BYTES = 16
_MAGIC = b"JDF1"
_HEADER = struct.Struct(">4sI7sx")
_NONCE = struct.Struct(">7sIB")
_LARGEST_CHUNK = 16 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the chunks of a file of ``size`` plain bytes lie."""

    size: int
    chunk_bytes: int

    @property
    def last(self) -> int:
        """The number of the last chunk; an empty file has one, empty."""
        return max(self.size - 1, 0) // self.chunk_bytes

    @property
    def file_bytes(self) -> int:
        return HEADER_BYTES + self.size + TAG_BYTES * (self.last + 1)

    def place(self, number: int) -> int:
        """The offset of a chunk in the file."""
        return HEADER_BYTES + number * (self.chunk_bytes + TAG_BYTES)

    def plain_bytes(self, number: int) -> int:
        """How many plain bytes a chunk holds."""
        return self.chunk_bytes if number < self.last else self.size - self.last * self.chunk_bytes


class ChunkCipher:
    """Opens and closes single chunks of one file. ``header`` is the file's own, ``name`` the name it lies under."""

    def __init__(self, key: bytes, name: str, header: bytes) -> None:
        try:
            magic, self.chunk_bytes, self._prefix = _HEADER.unpack(header)
        except struct.error:
            magic, self.chunk_bytes = b"", 0
        if magic != _MAGIC or not 0 < self.chunk_bytes <= _LARGEST_CHUNK:
            raise damaged(name)
        self._aead, self._name, self.header = AESGCM(key), name, header
        self._bound_to = header + name.encode()

    def close_chunk(self, number: int, plain: bytes | bytearray, *, last: bool) -> bytes:
        """Cipher text and tag."""
        return self._aead.encrypt(_NONCE.pack(self._prefix, number, last), plain, self._bound_to)

    def open_chunk(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """The plain bytes; raises DamagedStore if one bit of anything is not as it was written."""
        try:
            return self._aead.decrypt(_NONCE.pack(self._prefix, number, last), sealed, self._bound_to)
        except (InvalidTag, ValueError):
            raise damaged(self._name) from None


def new_header(chunk_bytes: int = CHUNK_BYTES) -> bytes:
    """The header of a new file, with a fresh nonce prefix."""
    return _HEADER.pack(_MAGIC, chunk_bytes, secrets.token_bytes(7))


def damaged(name: str) -> DamagedStore:
    """The error for a file that is not what was written; the cure is to fetch it again."""
    return DamagedStore("security.attachment.damaged", name=name)


class ChunkWriter:
    """Writes plain bytes as chunks to an unbuffered file whose header is there.

    One chunk is held back until more bytes or `end` tell whether it is the last. ``digest`` covers all bytes.
    Raises StoreProblem or DiskFull; what was held back is still held then, and the same call may be made again.
    """

    def __init__(self, file: io.FileIO, cipher: ChunkCipher) -> None:
        self._file, self._cipher = file, cipher
        self.digest = hashlib.sha256()
        self.size = 0
        self.number = 0
        self.held = bytearray()

    def append(self, plain: bytes) -> None:
        self.hold(plain)
        while len(self.held) > self._cipher.chunk_bytes:
            self._write(bytes(self.held[: self._cipher.chunk_bytes]), last=False)
            del self.held[: self._cipher.chunk_bytes]

    def hold(self, plain: bytes) -> None:
        """Take bytes without writing any."""
        self.digest.update(plain)
        self.size += len(plain)
        self.held += plain

    def skip(self, plain: bytes) -> None:
        """Count a chunk that already stands in the file."""
        self.digest.update(plain)
        self.size += len(plain)
        self.number += 1

    def end(self) -> None:
        """Write what is held back as the last chunk, and bring the file to the disk."""
        self._write(self.held, last=True)
        self.held.clear()
        self.flush()

    def flush(self) -> None:
        """Bring what was written to the disk."""
        try:
            os.fsync(self._file.fileno())
        except OSError as fault:
            raise known_error(fault, "security.attachment.unwritable") from None

    def _write(self, plain: bytes | bytearray, *, last: bool) -> None:
        place = HEADER_BYTES + self.number * (self._cipher.chunk_bytes + TAG_BYTES)
        try:
            self._file.seek(place)
            write_whole(self._file, self._cipher.close_chunk(self.number, plain, last=last))
        except OSError as fault:
            with contextlib.suppress(OSError):
                self._file.truncate(place)
            raise known_error(fault, "security.attachment.unwritable") from None
        self.number += 1


def write_whole(file: io.FileIO, content: bytes) -> None:
    """Write every byte; a disk that is nearly full takes a part first and refuses only the next. Raises OSError."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


class ChunkReader(io.RawIOBase):
    """A file of ``size`` plain bytes, readable from any place; gives out nothing that was not proven first.

    Raises:
        DamagedStore: at once if the file's length is wrong, at a read if a chunk is not what was written.
    """

    def __init__(self, file: BinaryIO, key: bytes, name: str, size: int) -> None:
        super().__init__()
        self._file, self._name = file, name
        self._cipher = ChunkCipher(key, name, file.read(HEADER_BYTES))
        self._layout = Layout(size, self._cipher.chunk_bytes)
        if file.seek(0, io.SEEK_END) != self._layout.file_bytes:
            raise damaged(name)
        self._position = 0
        self._opened: tuple[int, bytes] = (-1, b"")
        self._chunk(self._layout.last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._layout.size}[whence]
        if base + offset < 0:
            raise ValueError("before the start of the file")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Buffer, /) -> int:
        if self._position >= self._layout.size:
            return 0
        number, start = divmod(self._position, self._layout.chunk_bytes)
        target = memoryview(buffer).cast("B")
        piece = self._chunk(number)[start : start + len(target)]
        target[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._opened = (-1, b"")
            self._file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._opened[0] != number:
            self._file.seek(self._layout.place(number))
            sealed = self._file.read(self._layout.plain_bytes(number) + TAG_BYTES)
            plain = self._cipher.open_chunk(number, sealed, last=number == self._layout.last)
            self._opened = (number, plain)
        return self._opened[1]
