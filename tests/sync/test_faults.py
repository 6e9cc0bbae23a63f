"""Links that break, hubs that talk nonsense, clocks that are wrong: each has its sentence, and nothing is lost."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.errors import DiskFull, HubProblem, HubRefused, HubUnreachable, HubVersion
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol import feed
from judge_desk.runtime import settings
from judge_desk.runtime.clock import FixedClock
from judge_desk.store import attachments_table
from judge_desk.store.tables import RECORD_TABLES, attachment
from judge_desk.sync import pull
from judge_desk.sync.engine import SyncEngine
from judge_desk.sync.loop import Standing, SyncLoop
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE, NewDesk, SyncedDesk, put_cases

JUDGE = "judge1"


@pytest.fixture
def case(sqlite_hub: LiveHub) -> Case:
    made = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    sqlite_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


def with_clock(hub: LiveHub, folder: Path, now: datetime) -> SyncedDesk:
    hub.add_person(JUDGE, Role.JUDGE)
    profile = Profile(folder, FixedClock(now), cost=CHEAP, use_keyring=False)
    profile.enrol(hub.url, JUDGE, PASSWORD, PASSPHRASE)
    return SyncedDesk(profile, profile.unlock(PASSPHRASE, with_loop=False))


@pytest.mark.parametrize("days", [-3000, -1, 1, 3000])
def test_a_clock_days_or_years_off_syncs(sqlite_hub: LiveHub, case: Case, tmp_path: Path, days: int) -> None:
    desk = with_clock(sqlite_hub, tmp_path / "desk", datetime.now(UTC) + timedelta(days=days))
    try:
        desk.sync()
        desk.desk.notes.save(desk.desk.notes.new(case.id, "сағат қате"))
        report = desk.sync()
        assert (report.pushed, report.refused) == (1, 0)
        assert report.hub_time is not None
        warning = desk.profile.sign_in.hub_heard(report.hub_time)
        assert warning is not None
        assert warning.key.startswith("security.")
    finally:
        desk.close()


def test_a_pull_that_breaks_off_goes_on_where_it_stopped(
    sqlite_hub: LiveHub, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_cases(sqlite_hub, JUDGE, 60)
    desk = new_desk(sqlite_hub, JUDGE)
    monkeypatch.setattr(pull, "PAGE_ROWS", 10)
    whole = HttpHub.pull

    def cut_after(lines: int) -> Any:
        def broken(hub: HttpHub, request: feed.PullRequest) -> Iterator[Any]:
            for number, line in enumerate(whole(hub, request)):
                if number == lines:
                    raise HubUnreachable
                yield line

        return broken

    held = []
    for lines in (70, 100):
        with monkeypatch.context() as patch:
            patch.setattr(HttpHub, "pull", cut_after(lines))
            with pytest.raises(HubUnreachable):
                desk.sync()
        held.append(len(factories.rows_of(desk.opened.context, RECORD_TABLES[Kind.CASE])))
    assert 0 < held[0] < held[1]
    report = desk.sync()
    assert report.mismatches == 0
    assert len(factories.rows_of(desk.opened.context, RECORD_TABLES[Kind.CASE])) == 60


def test_a_download_that_breaks_off_resumes_at_its_byte(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(256)) * 8192
    sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, case_scope(case.id), content)
    document = factories.a_document(case.id, content, sha256=sha256, size=size)
    sqlite_hub.put((case_scope(case.id), Kind.DOCUMENT, document.id, document))
    desk = new_desk(sqlite_hub, JUDGE)
    whole = HttpHub.download
    offsets: list[int] = []

    def broken(hub: HttpHub, sha: str, offset: int = 0) -> Iterator[bytes]:
        offsets.append(offset)
        for number, chunk in enumerate(whole(hub, sha, offset)):
            if number == 2:
                raise HubUnreachable
            yield chunk

    monkeypatch.setattr(HttpHub, "download", broken)
    for _ in range(3):
        with pytest.raises(HubUnreachable):
            desk.sync()
    monkeypatch.setattr(HttpHub, "download", whole)
    assert desk.sync().files_in == 1
    assert offsets == sorted(set(offsets)), "each try goes on behind the last"
    with desk.desk.documents.content(document.id) as opened:
        assert opened.read() == content


def test_a_file_that_is_not_its_hash_is_not_kept(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, case_scope(case.id), b"right")
    document = factories.a_document(case.id, b"right", sha256=sha256, size=size)
    sqlite_hub.put((case_scope(case.id), Kind.DOCUMENT, document.id, document))
    desk = new_desk(sqlite_hub, JUDGE)
    monkeypatch.setattr(HttpHub, "download", lambda _hub, _sha, _offset=0: iter([b"wrong"]))
    desk.sync()
    (row,) = factories.rows_of(desk.opened.context, attachment)
    assert row.state == "failed"
    assert list((desk.profile.folder / "files").iterdir()) == []


def test_a_file_whose_last_byte_came_before_a_kill_is_not_asked_for_again(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, case_scope(case.id), b"right")
    document = factories.a_document(case.id, b"right", sha256=sha256, size=size)
    sqlite_hub.put((case_scope(case.id), Kind.DOCUMENT, document.id, document))
    desk = new_desk(sqlite_hub, JUDGE)
    with monkeypatch.context() as patch:
        patch.setattr(attachments_table, "arrived", _no_room)
        with pytest.raises(DiskFull):
            desk.sync()
    assert desk.sync().files_in == 1
    assert [row.state for row in factories.rows_of(desk.opened.context, attachment)] == ["here"]


def _no_room(*_: object) -> None:
    raise DiskFull


def test_an_act_for_a_case_that_is_no_longer_ours_holds_nothing_up(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    context, scope = desk.opened.context, case_scope(case.id)
    stored = context.files.write(io.BytesIO(b"%PDF-1.7 the act"))
    act = factories.a_document(case.id, b"%PDF-1.7 the act", kind=DocumentKind.ACT)
    with context.store.unit_of_work(JUDGE, "test.act") as work:
        work.put(Kind.DOCUMENT, scope, act)
        attachments_table.keep_own(work.connection, stored, context.clock.now())
    sqlite_hub.add_person("judge2", Role.JUDGE)
    sqlite_hub.put((scope, Kind.CASE, case.id, replace(case, judge_id="judge2")))
    assert desk.sync().refused == 1
    assert factories.rows_of(context, RECORD_TABLES[Kind.CASE]) == [], "the pull behind it came through"
    assert factories.rows_of(context, attachment) == []
    assert desk.desk.sync.outlook().refused == 1


def test_a_desk_that_cannot_note_the_hubs_time_goes_on_trying() -> None:
    """Such as on a full disk: the thread must not end without a word."""

    class Idle:
        def cycle(self, _stop: threading.Event, report: SyncReport, **_bounds: float) -> SyncReport:
            return SyncReport(hub_time=datetime.now(UTC))

    def no_room(_at: datetime) -> None:
        raise DiskFull

    failed = threading.Event()

    def listener(standing: Standing, _changes: object) -> None:
        if standing.problem is not None:
            failed.set()

    clock = FixedClock(datetime.now(UTC))
    loop = SyncLoop(lambda _progress: cast(SyncEngine, Idle()), clock, no_room, every_seconds=60)
    loop.listen(listener)
    loop.start()
    try:
        assert failed.wait(20)
        assert isinstance(loop.standing.problem, DiskFull)
    finally:
        loop.stop()


def test_a_text_that_no_request_can_hold_holds_nothing_up(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    notes = desk.desk.notes
    notes.save(notes.new(case.id, "x" * (10 << 20)))
    notes.save(notes.new(case.id, "қысқа"))
    report = desk.sync()
    assert (report.pushed, report.refused) == (1, 1)
    (row,) = desk.desk.sync.attention()
    assert (row.code, row.may_send_again, row.is_only_here) == ("too_large", False, True)


@contextmanager
def a_server_that_answers(status: int, body: bytes) -> Iterator[str]:
    """Some other server at the hub's address: a captive portal, a newer hub, a broken proxy."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"] or 0))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("answer", "error", "key"),
    [
        ((200, b"<html>Please sign in to the guest network</html>"), HubProblem, "errors.hub_nonsense"),
        ((426, b'{"code":"old_protocol"}'), HubVersion, "errors.hub_version.old_protocol"),
        ((400, b'{"code":"new_protocol"}'), HubVersion, "errors.hub_version.new_protocol"),
        ((503, b"<html>bad gateway</html>"), HubUnreachable, "errors.hub_internal"),
        ((429, b'{"code":"too_many_requests","retry_after":7}'), HubRefused, "errors.hub_refused"),
    ],
)
def test_another_server_at_the_hubs_address_changes_nothing(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, *, answer: tuple[int, bytes], error: type[HubProblem], key: str
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "кейін кетеді"))
    with a_server_that_answers(*answer) as url:
        with_hub(desk, url)
        with pytest.raises(error) as told:
            desk.sync()
        assert told.value.key == key
    with_hub(desk, sqlite_hub.url)
    assert desk.sync().pushed == 1


def with_hub(desk: SyncedDesk, url: str) -> None:
    """Point the desk at another address, as IT would, and open it again."""
    desk.close()
    desk.profile.settings.set(settings.HUB_URL, url)
    desk.opened = desk.profile.unlock(PASSPHRASE, with_loop=False)


def test_a_full_disk_loses_nothing_that_was_saved(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "бұрын сақталған"))
    store = desk.opened.context.store
    with store.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(raw: Any, _record: Any, _proxy: Any) -> None:
        raw.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(store.engine, "checkout", limit)
    try:
        with pytest.raises(DiskFull):
            desk.desk.notes.save(desk.desk.notes.new(case.id, "сыймайды " * 20_000))
    finally:
        sa.event.remove(store.engine, "checkout", limit)
        store.engine.dispose()
    assert [each.note.text for each in desk.desk.notes.of_case(case.id)] == ["бұрын сақталған"]
    assert desk.sync().pushed == 1


def test_a_revoked_device_is_refused(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    from judge_desk.hub.db import tables

    with sqlite_hub.engine.begin() as connection:
        connection.execute(sa.update(tables.device).values(revoked_at=datetime.now(UTC)))
    with pytest.raises(HubRefused) as told:
        desk.sync()
    assert told.value.code == "device_revoked"
