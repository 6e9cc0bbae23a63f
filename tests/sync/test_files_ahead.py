"""Small files on a quick link: the next ones come while one is taken in, and nothing is lost or doubled by it."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

import pytest

from judge_desk.domain.documents import AttachmentState, Document
from judge_desk.domain.errors import HubUnreachable
from judge_desk.hub.blobs import FolderBlobs, blob_key
from judge_desk.store import file_order
from judge_desk.store.attachment_files import AttachmentFiles, StoredFile
from judge_desk.sync import files
from judge_desk.sync.engine import any_plan
from judge_desk.sync.transport import HUB_FAULT, HttpHub
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk
from tests.sync.test_file_order import JUDGE, a_case_with_file, state_of

KB, MB = 1 << 10, 1 << 20
LONG_SECONDS = 30


@pytest.fixture
def six(sqlite_hub: LiveHub) -> list[Document]:
    """Six files, each a little larger than the one before: they are fetched in this order."""
    return [a_case_with_file(sqlite_hub, (200 + number) * KB)[1] for number in range(6)]


def readable(desk: SyncedDesk, document: Document) -> int:
    with desk.desk.documents.content(document.id) as opened:
        return len(opened.read())


def asked_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    whole = HttpHub.download

    def noted(hub: HttpHub, sha256: str, offset: int = 0) -> Iterator[bytes]:
        asked.append(sha256)
        return whole(hub, sha256, offset)

    monkeypatch.setattr(HttpHub, "download", noted)
    return asked


def test_each_is_asked_for_once_and_in_order(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_by(monkeypatch)
    desk = new_desk(sqlite_hub, JUDGE)
    assert desk.sync().files_in == 6
    assert asked[:1] == [six[0].sha256]
    assert sorted(asked) == sorted(each.sha256 for each in six)
    assert [readable(desk, each) for each in six] == [each.size for each in six]


def test_the_next_come_while_one_is_brought_to_the_disk(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third, which was asked for ahead, is held on its way to the disk until the last is asked for."""
    last = threading.Event()
    whole, write = HttpHub.download, AttachmentFiles.write
    waited: list[bool] = []

    def noted(hub: HttpHub, sha256: str, offset: int = 0) -> Iterator[bytes]:
        if sha256 == six[5].sha256:
            last.set()
        return whole(hub, sha256, offset)

    def held(self: AttachmentFiles, stream: BinaryIO, sha256: str, size: int) -> StoredFile:
        if sha256 == six[2].sha256:
            waited.append(last.wait(LONG_SECONDS))
        return write(self, stream, sha256, size)

    monkeypatch.setattr(HttpHub, "download", noted)
    monkeypatch.setattr(AttachmentFiles, "write", held)
    assert new_desk(sqlite_hub, JUDGE).sync().files_in == 6
    assert waited == [True]


def test_one_that_is_not_what_it_says_does_not_hold_up_the_others(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document]
) -> None:
    bad = six[3]
    sqlite_hub.blobs.put(blob_key(sqlite_hub.court.id, bad.sha256), [b"x" * bad.size])
    desk = new_desk(sqlite_hub, JUDGE)
    assert desk.sync().files_in == 5
    assert [state_of(desk, each) is AttachmentState.HERE for each in six] == [each is not bad for each in six]
    assert state_of(desk, bad) is AttachmentState.FAILED
    names = {path.name for path in desk.opened.context.files._folder.iterdir()}
    assert len(names) == 5, "nothing of the bad one stays"


def test_a_link_that_breaks_keeps_what_came(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = HttpHub.download

    def breaks(hub: HttpHub, sha256: str, offset: int = 0) -> Iterator[bytes]:
        if sha256 == six[4].sha256:
            raise HubUnreachable
        return whole(hub, sha256, offset)

    desk = new_desk(sqlite_hub, JUDGE)
    with monkeypatch.context() as cut:
        cut.setattr(HttpHub, "download", breaks)
        with pytest.raises(HubUnreachable):
            desk.sync()
    assert [state_of(desk, each) for each in six[:4]] == [AttachmentState.HERE] * 4
    assert desk.sync().files_in == 2
    assert [readable(desk, each) for each in six] == [each.size for each in six]


class FaultyDisk:
    """The hub's disk, on which some files cannot be read: ``bad`` says from which byte on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bad: dict[str, int] = {}
        self.asked = 0
        whole = FolderBlobs.read

        def read(blobs: FolderBlobs, key: str, start: int = 0, end: int | None = None) -> Generator[bytes, None, None]:
            sha256, at = key.rpartition("/")[2], start
            self.asked += sha256 in self.bad
            for chunk in whole(blobs, key, start, end):
                at += len(chunk)
                if at > self.bad.get(sha256, at):
                    raise OSError(5, "Input/output error")
                yield chunk

        monkeypatch.setattr(FolderBlobs, "read", read)


def test_one_that_the_hub_cannot_read_waits_and_the_others_come(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FaultyDisk(monkeypatch)
    disk.bad = {six[0].sha256: 0, six[3].sha256: 0}
    desk = new_desk(sqlite_hub, JUDGE)
    assert desk.sync().files_in == 4
    assert disk.asked == 2, "once each"
    assert state_of(desk, six[0]) is AttachmentState.PARTIAL
    assert state_of(desk, six[3]) is AttachmentState.MISSING
    disk.bad = {}
    assert desk.sync().files_in == 2
    assert [readable(desk, each) for each in six] == [each.size for each in six]


def test_one_that_breaks_off_in_the_middle_holds_the_others_up_once(
    sqlite_hub: LiveHub, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn, later = (a_case_with_file(sqlite_hub, size * MB)[1] for size in (5, 6))
    disk = FaultyDisk(monkeypatch)
    disk.bad = {torn.sha256: 3 * MB}
    desk = new_desk(sqlite_hub, JUDGE)
    with pytest.raises(HubUnreachable) as told:
        desk.sync()
    assert told.value.key != HUB_FAULT, "in the middle of an answer there is no way to say why"
    assert (desk.sync().files_in, state_of(desk, later)) == (1, AttachmentState.HERE)
    assert state_of(desk, torn) is AttachmentState.PARTIAL
    disk.bad = {}
    assert desk.sync().files_in == 1
    assert readable(desk, torn) == torn.size


def test_a_hub_that_can_read_nothing_is_not_asked_for_everything(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FaultyDisk(monkeypatch)
    disk.bad = dict.fromkeys((each.sha256 for each in six), 0)
    desk = new_desk(sqlite_hub, JUDGE)
    with pytest.raises(HubUnreachable) as told:
        desk.sync()
    assert told.value.key == HUB_FAULT
    assert disk.asked == files.UNREADABLE_FILES + 1


@pytest.fixture
def link_and_rows(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document]
) -> Iterator[tuple[files._Link, Sequence[Any]]]:
    """A link to the hub, and the six files that it is to bring, in their order."""
    desk = new_desk(sqlite_hub, JUDGE)
    engine = desk.opened.engine_for(lambda _progress: None)
    engine.cycle(threading.Event(), with_files=False)
    store = desk.opened.context.store
    with store.reading() as connection:
        found = file_order.next_files(connection, any_plan(store.clock), [], len(six))
    with ThreadPoolExecutor(2) as beside:
        yield files._Link(engine._hub, beside), found


def test_what_is_overtaken_makes_room_for_the_next(link_and_rows: tuple[files._Link, Sequence[Any]]) -> None:
    """Asked for ahead, and then somebody waits for others: what was overtaken is not kept for a turn that is far."""
    link, rows = link_and_rows
    link._rate = 10 * MB
    assert link.at_hand(rows[0], rows[1:3]) is None
    assert link.at_hand(rows[3], rows[4:6]) is None
    assert link._coming.keys() == {rows[4].sha256, rows[5].sha256}


@pytest.mark.parametrize(("rate", "ahead"), [(0, 0), (150 * KB, 0), (201.5 * KB, 1), (10 * MB, 2)])
def test_only_what_comes_within_a_second_is_asked_for_ahead(
    link_and_rows: tuple[files._Link, Sequence[Any]], rate: float, ahead: int
) -> None:
    link, rows = link_and_rows
    link._rate = rate
    assert link.at_hand(rows[0], rows[1:3]) is None
    assert list(link._coming) == [row.sha256 for row in rows[1 : 1 + ahead]]


def test_what_is_next_is_found_without_sorting_all_that_waits(
    sqlite_hub: LiveHub, new_desk: NewDesk, six: list[Document]
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
    with desk.opened.context.store.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {file_order._NEXT}", ("[]", 0, 1 << 40, 3)).all()
        found = file_order.next_files(connection, any_plan(desk.opened.context.store.clock), [six[0].sha256], 9)
    steps = [row[-1] for row in plan]
    assert any("attachment_to_fetch" in step for step in steps)
    assert not any("ORDER BY" in step for step in steps)
    assert [row.sha256 for row in found] == [each.sha256 for each in six[1:]]
