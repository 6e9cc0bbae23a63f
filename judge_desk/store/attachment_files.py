"""Attachments on this disk: one encrypted file each under a random name; its key lies with its row in the database.

Dropping the row's key shreds the file, wherever a copy of it may lie. The folder tells nobody which file belongs to
which case: names are random, and the sizes tell no more than the traffic with the hub does.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judge_desk.domain.errors import BadInput, DamagedStore, DiskFull, NotFound, StoreProblem
from judge_desk.runtime.disk import known_error, sync_folder
from judge_desk.runtime.paths import private_dir
from judge_desk.store import sealed_chunks
from judge_desk.store.sealed_chunks import (
    HEADER_BYTES,
    TAG_BYTES,
    ChunkCipher,
    ChunkReader,
    ChunkWriter,
    Layout,
    damaged,
)

# What documents never take: the drafts in the database need room to be saved.
RESERVE_BYTES = 64 << 20
_TAIL_EVERY = 256 << 10
_TAIL_SECONDS = 1.0
_READ_BYTES = 1 << 20
_NAME = re.compile(r"[0-9a-f]{32}")
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What the database keeps of a file: ``name`` in the folder, ``key`` (32 bytes), plain ``size`` and ``sha256``."""

    name: str
    key: bytes = field(repr=False)
    size: int
    sha256: str


class AttachmentFiles:
    """The folder of encrypted files. Calls on different files may come from different threads."""

    def __init__(
        self, folder: Path, *, chunk_bytes: int = sealed_chunks.CHUNK_BYTES, reserve_bytes: int = RESERVE_BYTES
    ) -> None:
        self._folder = private_dir(folder)
        self._chunk_bytes, self._reserve = chunk_bytes, reserve_bytes
        self._made_here: set[str] = set()

    def write(self, stream: BinaryIO, sha256: str | None = None, size: int | None = None) -> StoredFile:
        """Encrypt a stream to its end. What is given of hash and size must fit; what is not is taken from the stream.

        Raises:
            DamagedStore: the bytes are not those of ``sha256`` and ``size``.
            DiskFull, StoreProblem: they could not be written. In each case nothing stays behind.
        """
        self.check_room(size or 0)
        name, key = self._new_name(), secrets.token_bytes(sealed_chunks.KEY_BYTES)
        part = self._path(name, ".part")
        try:
            with _create(part) as file:
                writer = _start(file, key, name, self._chunk_bytes)
                while piece := stream.read(_READ_BYTES):
                    writer.append(piece)
                writer.end()
            stored = StoredFile(name=name, key=key, size=writer.size, sha256=writer.digest.hexdigest())
            if sha256 not in (None, stored.sha256) or size not in (None, stored.size):
                raise DamagedStore("security.attachment.mismatch")
            self._settle(name)
        finally:
            part.unlink(missing_ok=True)
        return stored

    def begin(self, sha256: str, size: int) -> PartialFile:
        """Start a download. Keep its ``stored`` in the database before the first byte: without the key a part is noise.

        Raises:
            DiskFull: the file would not fit beside the reserve; nothing was made.
        """
        self.check_room(size)
        key = secrets.token_bytes(sealed_chunks.KEY_BYTES)
        return self.resume(StoredFile(name=self._new_name(), key=key, size=size, sha256=sha256))

    def resume(self, stored: StoredFile) -> PartialFile:
        """Go on with a download at the last byte that is proven to be here; from nothing if nothing is."""
        return PartialFile(self, stored)

    def open(self, stored: StoredFile) -> io.BufferedReader:
        """The plain bytes as a file, readable from any place; close it.

        Raises:
            NotFound: the file is not in the folder.
            DamagedStore: it is not what was written; reading may raise it too, before a wrong byte is given out.
        """
        return io.BufferedReader(self._reader(stored))

    def read_all(self, stored: StoredFile) -> bytes:
        """All plain bytes; raises as `open`."""
        with self.open(stored) as file:
            return file.read()

    def read_range(self, stored: StoredFile, start: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``start``, opening only the chunks they lie in; raises as `open`."""
        with self.open(stored) as file:
            file.seek(start)
            return file.read(length)

    def verify(self, stored: StoredFile) -> None:
        """Read the whole file against its SHA-256, for a case's receipt; raises as `open`."""
        with self.open(stored) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != stored.sha256:
                raise damaged(stored.name)

    def has(self, stored: StoredFile) -> bool:
        """Whether the file is here in its full length; proves nothing more."""
        try:
            with self._path(stored.name).open("rb", buffering=0) as file:
                cipher = ChunkCipher(stored.key, stored.name, file.read(HEADER_BYTES))
                return file.seek(0, io.SEEK_END) == Layout(stored.size, cipher.chunk_bytes).file_bytes
        except (OSError, DamagedStore):
            return False

    def delete(self, name: str) -> None:
        """Remove a file and its parts; no error if there is none. The caller drops the key, which alone is final.

        Raises:
            StoreProblem: another program holds it open (Windows); `sweep` takes it at the next start.
        """
        for ending in ("", ".part", ".tail", ".tail.new"):
            try:
                self._path(name, ending).unlink(missing_ok=True)
            except OSError as fault:
                raise known_error(fault, "security.attachment.in_use", name=name) from None

    def sweep(self, known: Collection[str], *, quiet_seconds: float = 0) -> int:
        """Remove what no row names (rests of a kill, dropped keys) and give the count; call it at the start.

        ``quiet_seconds``: leave alone what was written to since: another program at the same desk may be on its way to
        naming it.
        """
        until = time.time() - quiet_seconds
        removed = 0
        for path in self._folder.iterdir():
            name = path.name[:32]
            if _NAME.fullmatch(name) and name not in known and name not in self._made_here:
                try:
                    if path.stat().st_mtime > until:
                        continue
                    path.unlink(missing_ok=True)
                except OSError:
                    continue
                removed += 1
        return removed

    def check_room(self, size: int) -> None:
        """Raises DiskFull if so many bytes would not fit beside the reserve."""
        if shutil.disk_usage(self._folder).free < size + self._reserve:
            raise DiskFull

    def _new_name(self) -> str:
        name = secrets.token_hex(16)
        self._made_here.add(name)
        return name

    def _path(self, name: str, ending: str = "") -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of an attachment file")
        return self._folder / f"{name}{ending}"

    def _reader(self, stored: StoredFile) -> ChunkReader:
        try:
            file = self._path(stored.name).open("rb")
        except FileNotFoundError:
            raise NotFound("security.attachment.missing", name=stored.name) from None
        except OSError:
            raise StoreProblem("security.attachment.unreadable", name=stored.name) from None
        try:
            return ChunkReader(file, stored.key, stored.name, stored.size)
        except DamagedStore:
            file.close()
            raise

    def _settle(self, name: str) -> None:
        with _disk():
            os.replace(self._path(name, ".part"), self._path(name))
            sync_folder(self._folder)


class PartialFile:
    """A download under way: ``stored`` for the database, ``offset`` the plain bytes that are here.

    Whole chunks lie in ``NAME.part``; the rest of the last one in ``NAME.tail``, sealed anew every 256 KiB (once a
    second at most: a link so fast brings it again at once) and at `suspend`, so that a cut of the link loses nothing
    and a kill at most that. On `resume` each chunk is opened again: what does not open is cut off. One PartialFile of a
    name at a time.
    """

    def __init__(self, files: AttachmentFiles, stored: StoredFile) -> None:
        self.stored = stored
        self._files = files
        self._part, self._tail = files._path(stored.name, ".part"), files._path(stored.name, ".tail")
        self._tail_size = 0
        self._tail_at = time.monotonic()
        self._ended = False
        with _disk():
            self._take_back()
            self._file = io.FileIO(self._part, "r+") if self._part.exists() else _create(self._part)
            try:
                self._writer = self._recovered()
            except BaseException:
                self._file.close()
                raise

    @property
    def offset(self) -> int:
        """Where to go on: the number of plain bytes that are here."""
        return self._writer.size

    def append(self, plain: bytes) -> None:
        """Take the next bytes.

        Raises:
            DamagedStore: more came than the size; everything was thrown away.
            DiskFull, StoreProblem: what is proven stays and can be resumed.
        """
        if self.offset + len(plain) > self.stored.size:
            self.discard()
            raise DamagedStore("security.attachment.mismatch")
        self._writer.append(plain)
        if abs(len(self._writer.held) - self._tail_size) >= _TAIL_EVERY and self._is_tail_due():
            self._save_tail()

    def _is_tail_due(self) -> bool:
        return time.monotonic() - self._tail_at >= _TAIL_SECONDS

    def suspend(self) -> None:
        """Put everything down on the disk and close; `AttachmentFiles.resume` goes on at `offset`."""
        if self._file.closed:
            return
        try:
            if not self._ended:
                self._save_tail()
            self._writer.flush()
        finally:
            self._close()

    def finish(self) -> StoredFile:
        """The whole file under its name, hash and size proven.

        Raises:
            BadInput: bytes are still missing; the part stays.
            DamagedStore: they are not those of the hash; everything was thrown away.
            DiskFull, StoreProblem: the part stays.
        """
        if self.offset != self.stored.size:
            raise BadInput("security.attachment.unfinished", have=self.offset, size=self.stored.size)
        if self._writer.digest.hexdigest() != self.stored.sha256:
            self.discard()
            raise DamagedStore("security.attachment.mismatch")
        if not self._ended:
            self._writer.end()
            self._ended = True
        self._close()
        self._files._settle(self.stored.name)
        self._tail.unlink(missing_ok=True)
        return self.stored

    def discard(self) -> None:
        """Throw away what came so far."""
        self._close()
        self._files.delete(self.stored.name)

    def __enter__(self) -> PartialFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        # The first fault is the one to tell; a full disk would only say it again.
        with contextlib.suppress(*([StoreProblem] if fault else [])):
            self.suspend()

    def _take_back(self) -> None:
        """A kill between the rename and the caller's commit left the whole file under its name."""
        whole = self._files._path(self.stored.name)
        if whole.exists() and not self._part.exists():
            os.replace(whole, self._part)

    def _recovered(self) -> ChunkWriter:
        """A writer that stands behind all that is proven; the file is cut there.

        A chunk that was torn is written again under its nonce. That is sound here, for the bytes under one SHA-256 are
        the same each time; a stream that lied is thrown away with its key.
        """
        key, name, layout_size = self.stored.key, self.stored.name, self.stored.size
        try:
            cipher = ChunkCipher(key, name, self._file.read(HEADER_BYTES))
        except DamagedStore:
            self._file.seek(0)
            self._file.truncate()
            return _start(self._file, key, name, self._files._chunk_bytes)
        writer, layout = ChunkWriter(self._file, cipher), Layout(layout_size, cipher.chunk_bytes)
        for number in range(layout.last + 1):
            sealed = self._file.read(layout.plain_bytes(number) + TAG_BYTES)
            try:
                writer.skip(cipher.open_chunk(number, sealed, last=number == layout.last))
            except DamagedStore:
                self._file.truncate(layout.place(number))
                writer.hold(self._read_tail(number))
                break
        else:
            self._file.truncate(layout.file_bytes)
            self._ended = True
        return writer

    def _save_tail(self) -> None:
        nonce, beside = secrets.token_bytes(_NONCE_BYTES), self._files._path(self.stored.name, ".tail.new")
        sealed = nonce + self._tail_cipher().encrypt(
            nonce, bytes(self._writer.held), self._bound_to(self._writer.number)
        )
        with _disk():
            beside.write_bytes(sealed)
            os.replace(beside, self._tail)
        self._tail_size, self._tail_at = len(self._writer.held), time.monotonic()

    def _read_tail(self, number: int) -> bytes:
        """The plain bytes behind the last whole chunk; none if the tail belongs to an earlier chunk or is torn."""
        try:
            sealed = self._tail.read_bytes()
            plain = self._tail_cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound_to(number))
        except (OSError, InvalidTag, ValueError):
            return b""
        self._tail_size = len(plain)
        return plain

    def _tail_cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), sealed_chunks.KEY_BYTES, None, b"judge-desk tail").derive(self.stored.key))

    def _bound_to(self, number: int) -> bytes:
        return f"{self.stored.name} {number}".encode()

    def _close(self) -> None:
        with _disk():
            self._file.close()


def _create(path: Path) -> io.FileIO:
    with _disk():
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    return io.FileIO(descriptor, "r+")


def _start(file: io.FileIO, key: bytes, name: str, chunk_bytes: int) -> ChunkWriter:
    header = sealed_chunks.new_header(chunk_bytes)
    with _disk():
        sealed_chunks.write_whole(file, header)
    return ChunkWriter(file, ChunkCipher(key, name, header))


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise known_error(fault, "security.attachment.unwritable") from None
