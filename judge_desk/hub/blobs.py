"""Where the bytes of attachments lie: a folder or an S3 bucket behind one interface. What they mean: uploads.py."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.runtime import logs

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

CHUNK_BYTES = 1 << 20
PIECE_BYTES = 8 << 20
_PIECES_AT_ONCE = 4
"""With more, a thin line to the store brings none of them up before the store's silence counts as its absence."""
_PROBE = "ready/probe"
_STATUS = re.compile(r"status code: (\d{3})")
log = logs.topic("hub")


def blob_key(court_id: str, sha256: str) -> str:
    """The name under which a whole file lies."""
    return f"{court_id}/blobs/{sha256[:2]}/{sha256}"


def part_key(court_id: str, device_id: str, sha256: str, number: int) -> str:
    """The name under which one part of an upload waits for the others."""
    return f"{court_id}/parts/{device_id}/{sha256}/{number:05d}"


class BlobStore(Protocol):
    """Files by key. ``put`` is all or nothing: a key that can be read holds the whole file, on the disk.

    Each call raises OSError when the place cannot do its work, ``read`` also between its chunks; EHOSTDOWN for a place
    that is somewhere else and is down, silent or full, or turns us away.
    """

    def put(self, key: str, chunks: Iterable[bytes]) -> None: ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> Generator[bytes, None, None]:
        """The bytes from ``start`` up to ``end`` (not with it), in chunks; raises NotFound before the first."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of the file; None when there is none."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove files; one that is not there is no fault."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing at all lies there, as in a wrong bucket or where no volume is mounted."""
        ...


class FolderBlobs:
    """Files in a folder of this machine.

    When its volume is taken away an empty folder is left in its place. Nothing is written into that, where it would be
    out of sight once the volume is back, and of nothing it is said that it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._place = self._stands_at()

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        self._check()
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with temporary.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def read(self, key: str, start: int = 0, end: int | None = None) -> Generator[bytes, None, None]:
        try:
            file = (self._folder / key).open("rb")
        except FileNotFoundError:
            self._check()
            raise NotFound from None
        return _chunks(file, start, end)

    def size(self, key: str) -> int | None:
        try:
            return (self._folder / key).stat().st_size
        except FileNotFoundError:
            self._check()
            return None

    def delete(self, keys: Iterable[str]) -> None:
        self._check()
        for key in keys:
            (self._folder / key).unlink(missing_ok=True)

    def is_empty(self) -> bool:
        return all(each.name == "lost+found" for each in self._folder.iterdir())

    def _stands_at(self) -> tuple[int, int]:
        found = self._folder.stat()
        return found.st_dev, found.st_ino

    def _check(self) -> None:
        """Raises OSError while the folder is gone, or another with nothing in it stands in its place. A volume that is
        mounted again may have another number."""
        try:
            place = self._stands_at()
            if place == self._place:
                return
            if not self.is_empty():
                self._place = place
                return
        except FileNotFoundError:
            pass
        log.warning("blobs_away: the folder is not the one that was opened")
        raise OSError(errno.EHOSTDOWN, os.strerror(errno.EHOSTDOWN))


def _sync_folder(folder: Path) -> None:
    """A renamed file is safe only when its folder is on the disk too; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _chunks(file: Any, start: int, end: int | None) -> Generator[bytes, None, None]:
    with file:
        file.seek(start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk


def _begin(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """The first bytes of a file, and the rest; None when that was all of it."""
    begun = bytearray()
    for chunk in chunks:
        begun += chunk
        if len(begun) >= PIECE_BYTES:
            return bytes(begun), chunks
    return bytes(begun), None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long ObjectBlobs waits before it says that its store is away: less than the 30 s that a desk waits for the
    hub, so that the desk hears why."""

    connect: timedelta = timedelta(seconds=5)
    silence: timedelta = timedelta(seconds=15)
    """While a piece goes up, too: nothing is heard of the store before it has all of it."""
    retries: timedelta = timedelta(seconds=5)
    """From the first try of a request to the last; a try that met silence so long is the last."""


class ObjectBlobs:
    """Files in a bucket of an S3-compatible store, through obstore."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        import obstore

        begun, more = _begin(iter(chunks))
        # What is not found when something is put there is the bucket.
        with _told_as_away(FileNotFoundError), ThreadPoolExecutor(1) as beside:
            if more is None:
                obstore.put(self._store, key, begun, use_multipart=False)
                return
            # Goes up as multipart: the object appears only when the last part is there, and never when ``more`` fails.
            whole = chain([begun], _fetched(more, beside))
            obstore.put(self._store, key, whole, chunk_size=PIECE_BYTES, max_concurrency=_PIECES_AT_ONCE)

    def read(self, key: str, start: int = 0, end: int | None = None) -> Generator[bytes, None, None]:
        import obstore

        total = self.size(key)
        if total is None:
            raise NotFound
        stop = total if end is None else min(end, total)
        if start >= stop:
            nothing: tuple[bytes, ...] = ()
            return (chunk for chunk in nothing)
        try:
            with _told_as_away():
                answer = obstore.get(self._store, key, options={"range": (start, stop)})
        except FileNotFoundError:
            raise NotFound from None
        return _streamed(answer)

    def size(self, key: str) -> int | None:
        import obstore

        try:
            with _told_as_away():
                return int(obstore.head(self._store, key)["size"])
        except FileNotFoundError:
            return None

    def delete(self, keys: Iterable[str]) -> None:
        import obstore

        for key in keys:
            try:
                with _told_as_away():
                    obstore.delete(self._store, key)
            except FileNotFoundError:
                continue

    def is_empty(self) -> bool:
        import obstore

        with _told_as_away(FileNotFoundError):
            return not next(iter(obstore.list(self._store, chunk_size=1)), [])


def _fetched(chunks: Iterator[bytes], beside: Executor) -> Iterator[bytes]:
    """The chunks, fetched by another thread: the one that asks for them is inside obstore, which panics when it is
    called from there once more, as it is for the parts of an upload."""
    while (chunk := beside.submit(next, chunks, None).result()) is not None:
        yield chunk


def _streamed(answer: Any) -> Generator[bytes, None, None]:
    with _told_as_away():
        for chunk in answer.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)


@contextmanager
def _told_as_away(*besides: type[Exception]) -> Iterator[None]:
    """Every fault of the store as one OSError, for whoever stands above knows what to do with those; which it was is
    in the log alone. What obstore says of it quotes keys and goes no further."""
    from obstore.exceptions import BaseError

    faults: tuple[type[Exception], ...] = (BaseError, *besides)
    try:
        yield
    except faults as fault:
        status = _STATUS.search(str(fault))
        log.warning("blobs_away: %s, status %s", type(fault), int(status[1]) if status else None)
        raise OSError(errno.EHOSTDOWN, os.strerror(errno.EHOSTDOWN)) from None


def works(blobs: BlobStore) -> bool:
    """Whether the store answers and keeps what it is given."""
    try:
        if blobs.size(_PROBE) is None:
            blobs.put(_PROBE, [b"ready"])
    except OSError as fault:
        log.warning("blobs_not_ready: %s", type(fault))
        return False
    return True


def open_blobs(place: str, patience: Patience | None = None) -> BlobStore:
    """A folder's path, or ``s3://BUCKET/PREFIX``.

    The usual AWS_* variables say where and by whom; AWS_ENDPOINT_URL names a store of one's own.
    """
    scheme, found, rest = place.partition("://")
    if not found:
        return FolderBlobs(Path(place))
    if scheme == "file":
        return FolderBlobs(Path(rest))
    if scheme != "s3" or not rest:
        raise BadInput("hub.bad_blobs_url")
    from obstore.store import S3Store

    patience = patience or Patience()
    options: ClientConfig = {
        "allow_http": os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"),
        "connect_timeout": patience.connect,
        "read_timeout": patience.silence,
        # Of a whole request: a large file takes as long as the desk that reads it.
        "timeout": timedelta(days=1),
    }
    retries: RetryConfig = {"retry_timeout": patience.retries}
    return ObjectBlobs(S3Store.from_url(place, client_options=options, retry_config=retries))
