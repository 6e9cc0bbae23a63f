"""A place for files that is silent, gone or full: everybody is told to come again, and nothing is lost or doubled.

The store is a real S3 server that is stopped for real; what is full is a quota of it, or of this process.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import obstore
import pytest
from obstore.store import S3Store
from sqlalchemy import func, select

from judge_desk.domain.errors import BadInput, HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub import admin
from judge_desk.hub import blobs as blob_stores
from judge_desk.hub.blobs import BlobStore, Patience, blob_key, open_blobs
from judge_desk.hub.border import OUTAGE_SECONDS
from judge_desk.hub.command_line import opened
from judge_desk.hub.db import tables
from judge_desk.hub.upkeep import UPLOADS, Caretaker
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import http
from judge_desk.protocol.limits import PART_BYTES
from judge_desk.runtime.clock import FixedClock
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import ANSWER_SECONDS, HUB_FAULT
from tests import factories
from tests.contract.records import a_case
from tests.live_hub import COURT, LiveHub, TestDesk, good, hub_over
from tests.live_s3 import BUCKET, S3Server
from tests.sync.conftest import enrolled
from tests.sync.test_poor_link import JUDGE, send_file

PATIENCE = Patience(connect=timedelta(seconds=2), silence=timedelta(seconds=2), retries=timedelta(seconds=0.1))
LATER = (503, "internal", str(OUTAGE_SECONDS))
PIECE, LARGE = 4 * PART_BYTES, 8 * PART_BYTES
Away = Callable[[], AbstractContextManager[None]]


class Watched:
    """A store in which something happens once, in the middle of a file."""

    def __init__(self, inner: BlobStore) -> None:
        self._inner = inner
        self.size, self.delete, self.is_empty = inner.size, inner.delete, inner.is_empty
        self.after = 0
        self.happens: Callable[[], object] = int

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        self._inner.put(key, self._watch(chunks))

    def read(self, key: str, start: int = 0, end: int | None = None) -> Generator[bytes, None, None]:
        chunks = self._inner.read(key, start, end)
        return (chunk for chunk in (self._watch(chunks) if key.split("/")[1] == "blobs" else chunks))

    def _watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        seen = 0
        for chunk in chunks:
            yield chunk
            seen += len(chunk)
            if self.after and seen >= self.after:
                self.after = 0
                self.happens()


@pytest.fixture
def s3_hub(tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveHub]:
    """A hub over a real S3 server that it does not wait for long; a judge with one case."""
    for name, value in s3_server.variables.items():
        monkeypatch.setenv(name, value)
    blobs = Watched(open_blobs(f"s3://{BUCKET}/{tmp_path.name}", PATIENCE))
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, blobs=blobs) as hub:
        yield with_a_case(hub)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of two MiB goes to the store in pieces, the multipart upload of S3."""
    monkeypatch.setattr(blob_stores, "PIECE_BYTES", PIECE)


@pytest.fixture
def folder_hub(sqlite_hub: LiveHub) -> LiveHub:
    return with_a_case(sqlite_hub)


def with_a_case(hub: LiveHub) -> LiveHub:
    hub.add_person("judge", Role.JUDGE)
    hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    return hub


def answered(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and Retry-After of an error answer."""
    return answer.status_code, answer.json()["code"], answer.headers.get("retry-after", "")


class Upload:
    """A file on its way from a desk to the hub."""

    def __init__(self, desk: TestDesk, size: int) -> None:
        self._desk, self.content = desk, os.urandom(size)
        self.sha256 = hashlib.sha256(self.content).hexdigest()

    def missing(self) -> list[int]:
        return list(good(self._desk.ask_upload(self.sha256, len(self.content), "case:k1")).json()["missing"])

    def part(self, number: int) -> httpx2.Response:
        content = self.content[number * PART_BYTES : (number + 1) * PART_BYTES]
        return self._desk.http.put(http.part_path(self.sha256, number), content=content)

    def done(self) -> httpx2.Response:
        return self._desk.http.post(http.done_path(self.sha256))

    def download(self) -> httpx2.Response:
        return self._desk.http.get(http.blob_path(self.sha256))

    def held(self) -> httpx2.Response:
        return self._desk.http.post(http.HELD, json={"hashes": [self.sha256]})

    def bring(self, *, but: int = 0) -> Upload:
        """All parts, ``but`` so many of the last."""
        numbers = self.missing()
        for number in numbers[: len(numbers) - but]:
            good(self.part(number))
        return self

    def end(self) -> None:
        """What a desk does once it may come again: it goes on with the parts that are missing."""
        self.bring()
        good(self.done())


def assert_whole_and_single(hub: LiveHub, lying: Iterable[str], *uploads: Upload) -> None:
    """Each file lies there once and whole, also in the books; nothing of its way is left."""
    for each in uploads:
        assert good(each.download()).content == each.content
        assert good(each.held()).json()["sizes"] == {each.sha256: len(each.content)}
    assert sorted(lying) == sorted(blob_key(COURT.id, each.sha256) for each in uploads)
    with hub.engine.connect() as connection:
        rows = [connection.scalar(select(func.count()).select_from(each)) for each in BOOKS]
    assert rows == [len(uploads), len(uploads), 0, 0]


BOOKS = (tables.blob, tables.blob_ref, tables.upload, tables.upload_part)


def in_bucket(folder: Path) -> list[str]:
    """The names of all files that the hub of a test has in the store."""
    store = S3Store.from_url(f"s3://{BUCKET}/{folder.name}", client_options={"allow_http": True})
    names = [str(each["path"]) for page in obstore.list(store) for each in page]
    return [name for name in names if not name.startswith("ready/")]


def in_folder(folder: Path) -> list[str]:
    files = (each for each in (folder / "blobs").rglob("*") if each.is_file())
    names = [each.relative_to(folder / "blobs").as_posix() for each in files]
    return [name for name in names if not name.startswith("ready/")]


@pytest.mark.parametrize("how", ["silent", "gone"])
def test_while_the_store_is_away_everybody_is_told_to_come_again(
    s3_hub: LiveHub, s3_server: S3Server, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = s3_hub.desk("judge")
    there, half, ready = Upload(desk, 1000), Upload(desk, PART_BYTES + 1000), Upload(desk, PART_BYTES + 1000)
    there.end()
    half.bring(but=1)
    ready.bring()
    assert good(desk.http.get(http.READY)).json()["blobs"] is True
    asked = [lambda: half.part(1), ready.done, there.download, there.held, lambda: desk.http.get(http.READY)]
    away: Away = getattr(s3_server, how)
    with away(), ThreadPoolExecutor(len(asked)) as at_once, caplog.at_level(logging.INFO):
        began = time.monotonic()
        *told, readiness = [each.result() for each in [at_once.submit(each) for each in asked]]
        assert time.monotonic() - began < 8 * PATIENCE.silence.total_seconds(), "a desk would have hung up"
        assert [answered(each) for each in told] == [LATER] * len(told)
        assert readiness.status_code == 503
        assert readiness.json() == {"ok": False, "draining": False, "database": True, "migrated": True, "blobs": False}
        assert "GenericError" in caplog.text
        assert COURT.id not in caplog.text, "keys of files are no words for a log"
        # What needs no file goes on.
        good(desk.ask_pull())
        assert half.missing() == [1]
        good(desk.http.get(http.HEALTH))
    assert good(desk.http.get(http.READY)).json()["blobs"] is True
    half.end()
    ready.end()
    assert_whole_and_single(s3_hub, in_bucket(tmp_path), there, half, ready)


@pytest.fixture
def volume(tmp_path: Path) -> Away:
    """The folder hub's volume: inside the block another folder, an empty one, stands in its place."""

    @contextmanager
    def away() -> Iterator[None]:
        mounted, elsewhere = tmp_path / "blobs", tmp_path / "volume"
        mounted.rename(elsewhere)
        mounted.mkdir()
        yield
        mounted.rmdir()  # fails if anything was written there
        elsewhere.rename(mounted)

    return away


def test_nothing_is_written_where_the_volume_was(folder_hub: LiveHub, volume: Away, tmp_path: Path) -> None:
    desk = folder_hub.desk("judge")
    there, half = Upload(desk, 1000), Upload(desk, PART_BYTES + 1000)
    there.end()
    half.bring(but=1)
    with volume():
        assert [answered(each) for each in (half.part(1), there.download(), there.held())] == [LATER] * 3
        assert desk.http.get(http.READY).json()["blobs"] is False
    assert good(desk.http.get(http.READY)).json()["blobs"] is True
    half.end()
    assert_whole_and_single(folder_hub, in_folder(tmp_path), there, half)


def test_a_hub_does_not_begin_where_its_files_are_not(folder_hub: LiveHub, volume: Away, tmp_path: Path) -> None:
    places = Namespace(database=folder_hub.database_url, blobs=str(tmp_path / "blobs"))
    asked = ["--database", places.database, "--blobs", places.blobs]
    with volume(), opened(places, with_blobs=True):
        pass  # no file is known yet
    Upload(folder_hub.desk("judge"), 1000).end()
    with volume():
        assert admin.main(["serve", *asked]) == 2
        left_there = tmp_path / "blobs" / "left by hand"
        left_there.touch()
        with opened(places, with_blobs=True):
            left_there.unlink()
    with opened(places, with_blobs=True):
        pass


def test_a_hub_begins_while_its_bucket_is_away(s3_hub: LiveHub, s3_server: S3Server, tmp_path: Path) -> None:
    Upload(s3_hub.desk("judge"), 1000).end()
    bucket = Namespace(database=s3_hub.database_url, blobs=f"s3://{BUCKET}/{tmp_path.name}")
    with s3_server.gone(), opened(bucket, with_blobs=True):
        pass
    bucket.blobs += "-another"
    with pytest.raises(BadInput, match=r"hub\.blobs_empty"), opened(bucket, with_blobs=True):
        pass


@pytest.mark.usefixtures("small_pieces")
def test_a_store_that_falls_silent_in_the_middle_of_putting_together_keeps_no_half(
    s3_hub: LiveHub, s3_server: S3Server, tmp_path: Path
) -> None:
    upload = Upload(s3_hub.desk("judge"), LARGE).bring()
    with ExitStack() as stack:
        falls_silent(s3_hub, stack, s3_server, after=PIECE + PART_BYTES)
        assert answered(upload.done()) == LATER
    assert not [name for name in in_bucket(tmp_path) if "/blobs/" in name]
    assert upload.download().status_code == 404
    upload.end()
    assert_whole_and_single(s3_hub, in_bucket(tmp_path), upload)


def test_a_download_from_a_store_that_falls_silent_is_cut_and_goes_on(s3_hub: LiveHub, s3_server: S3Server) -> None:
    desk, content = s3_hub.desk("judge"), os.urandom(24 << 20)
    sha256, _ = s3_hub.registry.add_blob(COURT.id, "case:k1", content)
    chunks: list[bytes] = []
    with ExitStack() as stack:
        falls_silent(s3_hub, stack, s3_server, after=8 << 20)
        with desk.http.stream("GET", http.blob_path(sha256)) as answer, pytest.raises(httpx2.HTTPError):
            chunks.extend(answer.iter_bytes())
    got = b"".join(chunks)
    assert 0 < len(got) < len(content)
    rest = good(desk.http.get(http.blob_path(sha256), headers={"range": f"bytes={len(got)}-"}))
    assert got + rest.content == content


def falls_silent(hub: LiveHub, stack: ExitStack, server: S3Server, *, after: int) -> None:
    """Until the stack is closed, from the moment when so many bytes of a file have passed."""
    assert isinstance(hub.blobs, Watched)
    hub.blobs.after, hub.blobs.happens = after, lambda: stack.enter_context(server.silent())


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("place", ["folder", "s3"])
def test_where_there_is_no_room_a_file_waits_for_it(request: pytest.FixtureRequest, tmp_path: Path, place: str) -> None:
    hub: LiveHub = request.getfixturevalue(f"{place}_hub")
    desk = hub.desk("judge")
    there = Upload(desk, 1000)
    there.end()
    upload = Upload(desk, LARGE).bring()
    good(desk.http.get(http.READY))
    server: S3Server | None = request.getfixturevalue("s3_server") if place == "s3" else None
    with server.full() if server else no_room_for(LARGE):
        assert answered(upload.done()) == LATER
        assert good(there.download()).content == there.content
        assert good(desk.http.get(http.READY)).json()["blobs"] is True, "what lies there can be read"
    upload.end()
    assert_whole_and_single(hub, in_bucket(tmp_path) if server else in_folder(tmp_path), there, upload)


@contextmanager
def no_room_for(size: int) -> Iterator[None]:
    """A quota of the system for this process: a file of this size does not fit, what SQLite writes does."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_store_without_the_bucket_or_the_rights_is_away(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {**s3_server.variables, "AWS_SECRET_ACCESS_KEY": "wrong"}.items():
        monkeypatch.setenv(name, value)
    turned_away = open_blobs(f"s3://{BUCKET}/{tmp_path.name}", PATIENCE)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_server.variables["AWS_SECRET_ACCESS_KEY"])
    for blobs in (turned_away, open_blobs(f"s3://none/{tmp_path.name}", PATIENCE)):
        with pytest.raises(OSError, match=os.strerror(errno.EHOSTDOWN)):
            blobs.put("a", [b"x"])


def test_the_hub_is_done_waiting_before_a_desk_is() -> None:
    """A last try may begin just before the end of all tries."""
    waits = Patience()
    assert (waits.retries + waits.silence).total_seconds() < ANSWER_SECONDS
    assert (waits.retries + waits.connect).total_seconds() < ANSWER_SECONDS


def test_upkeep_hears_of_a_store_that_is_away_and_clears_later(
    s3_hub: LiveHub, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The Caretaker knows OSError: any other fault would end its thread, and all clearing away with it."""
    Upload(s3_hub.desk("judge"), 1000).bring()
    clock = FixedClock(datetime.now(UTC) + 2 * UPLOADS)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    nowhere = open_blobs(f"s3://{BUCKET}/{tmp_path.name}", PATIENCE)
    with pytest.raises(OSError, match=os.strerror(errno.EHOSTDOWN)):
        Caretaker(s3_hub.engine, nowhere, clock).once()
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.url)
    cleared = Caretaker(s3_hub.engine, s3_hub.blobs, clock).once()
    assert cleared is not None
    assert (cleared.uploads, in_bucket(tmp_path)) == (1, [])


def test_a_desk_says_it_in_words_and_sends_its_file_later(s3_hub: LiveHub, s3_server: S3Server, tmp_path: Path) -> None:
    s3_hub.add_person(JUDGE, Role.JUDGE)
    case = factories.a_case(court_id=COURT.id, judge_id=JUDGE)
    s3_hub.put((case_scope(case.id), Kind.CASE, case.id, case))
    desk = enrolled(s3_hub.url, JUDGE, tmp_path / "desk")
    try:
        desk.sync()
        content = os.urandom(PART_BYTES + 1000)
        send_file(desk, case.id, content)
        notes = desk.desk.notes
        notes.save(notes.new(case.id, "бірге кетпейді", reach=NoteReach.SHARED))
        s3_hub.put((case_scope(case.id), Kind.NOTE, "n2", factories.a_note(case.id, id="n2", reach=NoteReach.SHARED)))
        report = SyncReport()
        with s3_server.silent(), pytest.raises(HubUnreachable) as told:
            desk.opened.engine_for(lambda _progress: None).cycle(threading.Event(), report)
        assert (told.value.key, told.value.params["retry_after"]) == (HUB_FAULT, OUTAGE_SECONDS)
        for language in ("kk", "ru", "en"):
            assert Translator(language)(told.value.key) != told.value.key
        # All that has no file went and came meanwhile; the document waits for its file.
        assert (report.files_out, report.pushed, report.refused) == (0, 1, 0)
        assert {each.note.id for each in notes.of_case(case.id)} >= {"n2"}
        report = desk.sync()
        assert (report.files_out, report.pushed, report.refused) == (1, 1, 0)
        assert (desk.sync().files_out, len(in_bucket(tmp_path))) == (0, 1)
    finally:
        desk.close()
