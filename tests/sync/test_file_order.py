"""Files: tomorrow's hearing first, then the term that runs out, then the rest; within a budget that loses nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from judge_desk.domain.cases import Case
from judge_desk.domain.documents import AttachmentState, Document
from judge_desk.domain.errors import NotHereYet
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.blobs import blob_key
from judge_desk.runtime.clock import FixedClock
from judge_desk.runtime.settings import CACHE_MB, METERED
from judge_desk.services.doctor import check_room
from judge_desk.services.files_under_way import Held, Why
from judge_desk.store import attachments_table, file_order
from judge_desk.store.tables import attachment
from judge_desk.sync.engine import Progress
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk

JUDGE = "judge1"
NOW = datetime.now(UTC)
MB = 1 << 20


def a_case_with_file(hub: LiveHub, size: int = 1000, **values: Any) -> tuple[Case, Document]:
    case = factories.a_case(court_id=hub.court.id, judge_id=JUDGE, **values)
    scope, content = case_scope(case.id), os.urandom(size)
    sha256, length = hub.registry.add_blob(hub.court.id, scope, content)
    document = factories.a_document(case.id, content, sha256=sha256, size=length, media_type="application/pdf")
    hub.put((scope, Kind.CASE, case.id, case), (scope, Kind.DOCUMENT, document.id, document))
    return case, document


def with_hearing(hub: LiveHub, case: Case, at: datetime, **values: Any) -> None:
    hearing = factories.a_hearing(case.id, at, judge_id=JUDGE, **values)
    hub.put((case_scope(case.id), Kind.HEARING, hearing.id, hearing))


def with_term(hub: LiveHub, case: Case, days: int, **values: Any) -> None:
    term = factories.a_term(case.id, due_on=NOW.date() + timedelta(days=days), **values)
    hub.put((case_scope(case.id), Kind.TERM, term.id, term))


class Order:
    """Writes down which files are asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self._at: tuple[int, Callable[[], object]] = (0, list)
        whole = HttpHub.download

        def noted(hub: HttpHub, sha256: str, offset: int = 0) -> Iterator[bytes]:
            self.asked.append(sha256)
            came = 0
            for chunk in whole(hub, sha256, offset):
                if came < self._at[0] <= came + len(chunk):
                    self._at[1]()
                came += len(chunk)
                yield chunk

        monkeypatch.setattr(HttpHub, "download", noted)

    def at(self, offset: int, happens: Callable[[], object]) -> None:
        """From now on this happens at that byte of a file."""
        self._at = offset, happens


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Order:
    return Order(monkeypatch)


def state_of(desk: SyncedDesk, document: Document) -> AttachmentState:
    with desk.opened.context.store.reading() as connection:
        row = attachments_table.find(connection, document.sha256)
    assert row is not None
    return row.state


def test_the_most_urgent_comes_first(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    _, later = a_case_with_file(sqlite_hub, 10)
    next_month, soon_heard = a_case_with_file(sqlite_hub, 5000)
    with_hearing(sqlite_hub, next_month, NOW + timedelta(days=30))
    running, by_term = a_case_with_file(sqlite_hub, 3000)
    with_term(sqlite_hub, running, 1)
    done, not_running = a_case_with_file(sqlite_hub, 20)
    with_term(sqlite_hub, done, 1, done_on=NOW.date())
    heard, tomorrow = a_case_with_file(sqlite_hub, 4000)
    with_hearing(sqlite_hub, heard, NOW + timedelta(hours=20))
    off, postponed = a_case_with_file(sqlite_hub, 30)
    with_hearing(sqlite_hub, off, NOW + timedelta(hours=20), state=HearingState.CANCELLED)
    came: list[str] = []

    def on_progress(progress: Progress) -> None:
        if progress.file is not None and progress.file.received == progress.file.size:
            came.append(progress.file.sha256)

    new_desk(sqlite_hub, JUDGE).opened.engine_for(on_progress).cycle(threading.Event())
    wanted = [tomorrow, by_term, soon_heard, later, not_running, postponed]
    assert list(dict.fromkeys(came)) == [each.sha256 for each in wanted]


def test_a_hearing_that_moves_closer_moves_its_files(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    case, document = a_case_with_file(sqlite_hub)
    a_case_with_file(sqlite_hub, 10)
    desk = new_desk(sqlite_hub, JUDGE)
    engine = desk.opened.engine_for(lambda _progress: None)
    engine.cycle(threading.Event(), with_files=False)
    assert [each.why for each in desk.desk.sync.files().waiting] == [Why.LATER, Why.LATER]
    with_hearing(sqlite_hub, case, NOW + timedelta(hours=20))
    engine.cycle(threading.Event(), fetch_seconds=0)
    first = desk.desk.sync.files().waiting[0]
    assert (first.document_id, first.why, first.case_number) == (document.id, Why.HEARING, case.number)


def test_what_somebody_waits_for_overtakes_a_file_on_its_way(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    _, big = a_case_with_file(sqlite_hub, 3 * MB)
    _, small = a_case_with_file(sqlite_hub, 4 * MB)
    desk = new_desk(sqlite_hub, JUDGE)
    came: list[str] = []

    def on_progress(progress: Progress) -> None:
        file = progress.file
        if file is None:
            return
        if file.received == file.size:
            came.append(file.sha256)
        elif file.sha256 == big.sha256 and not wished:
            wished.append(True)
            desk.desk.documents.want(small.id)
            engine.break_off()

    wished: list[bool] = []
    engine = desk.opened.engine_for(on_progress)
    report = engine.cycle(threading.Event())
    assert wished
    assert report.more_files
    assert engine.cycle(threading.Event()).files_in == 2
    assert came[-2:] == [small.sha256, big.sha256]
    with desk.desk.documents.content(big.id) as opened:
        assert len(opened.read()) == 3 * MB, "and the other goes on where it stopped"


@pytest.mark.parametrize("saves", [False, True])
def test_a_file_on_its_way_is_left_at_its_time_only_for_what_is_to_be_sent(
    sqlite_hub: LiveHub, new_desk: NewDesk, order: Order, monkeypatch: pytest.MonkeyPatch, saves: bool
) -> None:
    _, big = a_case_with_file(sqlite_hub, 3 * MB)
    _, second = a_case_with_file(sqlite_hub, 4 * MB)
    desk = new_desk(sqlite_hub, JUDGE)

    engine = desk.opened.engine_for(lambda _progress: None)
    engine.cycle(threading.Event(), with_files=False)
    clock = FixedClock(NOW)
    monkeypatch.setattr(desk.opened.context.store, "clock", clock)

    def a_minute_later() -> None:
        clock.advance(minutes=1)
        if saves:
            engine.note_saved()

    order.at(MB, a_minute_later)
    report = engine.cycle(threading.Event(), fetch_seconds=10)
    assert report.more_files, "the other one waits for the next exchange"
    assert order.asked == [big.sha256]
    assert state_of(desk, big) is (AttachmentState.PARTIAL if saves else AttachmentState.HERE)
    assert state_of(desk, second) is AttachmentState.MISSING


def test_on_a_metered_link_only_what_was_asked_for_comes(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    heard, tomorrow = a_case_with_file(sqlite_hub)
    with_hearing(sqlite_hub, heard, NOW + timedelta(hours=20))
    _, asked = a_case_with_file(sqlite_hub)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.profile.settings.set(METERED, True)
    report = desk.sync()
    assert (report.files_in, report.more_files) == (0, False)
    assert {each.held for each in desk.desk.sync.files().waiting} == {Held.METERED}
    desk.desk.documents.want(asked.id)
    assert desk.sync().files_in == 1
    assert (state_of(desk, asked), state_of(desk, tomorrow)) == (AttachmentState.HERE, AttachmentState.MISSING)
    notes = desk.desk.notes
    notes.save(notes.new(heard.id, "жазбалар жүреді"))
    assert desk.sync().pushed == 1


def test_files_that_are_safe_at_the_hub_make_room_the_longest_unread_first(
    sqlite_hub: LiveHub, new_desk: NewDesk
) -> None:
    kept_case, kept = a_case_with_file(sqlite_hub, MB // 2)
    heard, urgent = a_case_with_file(sqlite_hub, MB // 2)
    with_hearing(sqlite_hub, heard, NOW + timedelta(hours=20))
    _, read = a_case_with_file(sqlite_hub, MB // 2)
    _, unread = a_case_with_file(sqlite_hub, MB // 2)
    _, lost = a_case_with_file(sqlite_hub, MB // 2)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.desk.today.overview()
    assert desk.sync().files_in == 5
    with desk.desk.documents.content(read.id):
        desk.desk.documents.keep_case(kept_case.id, kept=True)
    sqlite_hub.blobs.delete([blob_key(sqlite_hub.court.id, lost.sha256)])
    desk.profile.settings.set(CACHE_MB, 2)
    budget = 2 * MB
    assert not check_room(desk.opened.context, budget).ok
    desk.sync()
    states = {each.title: state_of(desk, each) for each in (kept, urgent, read, unread, lost)}
    assert state_of(desk, unread) is AttachmentState.ON_HUB, states
    assert {state_of(desk, each) for each in (kept, urgent, read)} == {AttachmentState.HERE}
    assert state_of(desk, lost) is AttachmentState.HERE, "the hub has lost it: this is the last copy"
    assert len(list((desk.profile.folder / "files").iterdir())) == 4
    assert check_room(desk.opened.context, budget).ok
    assert desk.desk.today.overview().tomorrow.missing_documents == 0
    assert not desk.sync().files_in, "what made room is not fetched again by itself"
    with pytest.raises(NotHereYet) as told:
        desk.desk.documents.content(unread.id)
    assert told.value.made_room
    assert state_of(desk, unread) is AttachmentState.ON_HUB
    desk.desk.documents.want(unread.id)
    assert desk.sync().files_in == 1


def test_what_nobody_waits_for_does_not_come_into_a_full_room(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    heard, urgent = a_case_with_file(sqlite_hub, 2 * MB)
    with_hearing(sqlite_hub, heard, NOW + timedelta(hours=20))
    _, later = a_case_with_file(sqlite_hub, 1000)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.profile.settings.set(CACHE_MB, 1)
    report = desk.sync()
    assert (report.files_in, report.more_files) == (1, False), "the urgent one comes all the same"
    (waits,) = desk.desk.sync.files().waiting
    assert (waits.document_id, waits.held) == (later.id, Held.NO_ROOM)
    assert state_of(desk, urgent) is AttachmentState.HERE


def test_a_file_that_made_room_comes_back_before_its_hearing(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    case, document = a_case_with_file(sqlite_hub)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    with desk.opened.context.store.writing() as connection:
        name = attachments_table.make_room(connection, document.sha256)
    desk.opened.context.files.delete(name)
    with_hearing(sqlite_hub, case, NOW + timedelta(hours=20))
    assert desk.desk.today.overview().tomorrow.missing_documents == 0
    desk.sync()
    assert state_of(desk, document) is AttachmentState.HERE


def test_an_unsent_file_never_makes_room(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    a_case_with_file(sqlite_hub, MB)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    with desk.opened.context.store.writing() as connection:
        connection.execute(attachment.update().values(state=AttachmentState.TO_SEND))
        assert list(file_order.may_go(connection, 10)) == []
