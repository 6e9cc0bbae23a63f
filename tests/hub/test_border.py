"""What the hub says when something is wrong with itself: a number, never a word of a case."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import zstandard
from sqlalchemy import text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.blobs import CHUNK_BYTES, FolderBlobs
from judge_desk.hub.db.engine import HubBusy
from judge_desk.protocol import http
from tests.contract.records import a_case, a_note
from tests.contract.test_push import CANARY
from tests.live_hub import LiveHub, TestDesk, good, refused


@pytest.fixture
def desk(sqlite_hub: LiveHub) -> TestDesk:
    sqlite_hub.add_person("judge", Role.JUDGE)
    sqlite_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    return sqlite_hub.desk("judge")


def test_a_fault_of_ours_is_a_number_in_the_log_and_nothing_else(
    desk: TestDesk, sqlite_hub: LiveHub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("judge_desk.hub.apply.hearings.keep_slots", broken)
    monkeypatch.setattr("judge_desk.hub.apply.write.write", broken)
    with caplog.at_level(logging.DEBUG):
        answer = desk.ask_push(desk.operation("case:k1", Kind.NOTE, "n1", a_note(text=CANARY)))
    assert refused(answer) == (500, "internal")
    assert CANARY not in answer.text
    [record] = [each for each in caplog.records if each.name.startswith("judge_desk")]
    assert "RuntimeError" in record.getMessage()
    assert CANARY not in caplog.text
    monkeypatch.undo()
    assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note()).rev == 1


def test_a_database_that_is_away_is_worth_waiting_for(
    desk: TestDesk, sqlite_hub: LiveHub, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite_hub.engine.begin() as connection:
        connection.execute(text("ALTER TABLE scope RENAME TO scope_gone"))
    answer = desk.ask_pull()
    assert refused(answer) == (503, "internal")
    assert int(answer.headers["retry-after"]) > 0
    assert desk.http.get(http.READY).status_code == 503
    assert desk.http.get(http.HEALTH).status_code == 200
    assert "scope_gone" not in caplog.text


def test_letters_that_no_database_takes_are_no_fault_of_ours(live_hub: LiveHub) -> None:
    stranger = live_hub.stranger()
    asked = {"user": "judge\0", "password": "x" * 10, "device_name": "d", "public_key": "00" * 32}
    assert refused(stranger.http.post(http.DEVICES, json=asked))[0] in (400, 401)
    session = {"device_id": "d\0", "signed_at": "now", "signature": "00" * 64}
    assert refused(stranger.http.post(http.SESSION, json=session))[0] in (400, 401)


def test_an_overrun_database_asks_for_patience(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> None:
        raise HubBusy

    monkeypatch.setattr("judge_desk.hub.apply.write.load", busy)
    answer = desk.ask_push(desk.operation("case:k1", Kind.NOTE, "n1", a_note()))
    assert refused(answer) == (503, "too_many_requests")
    assert answer.headers["retry-after"] == "2"


def test_a_full_disk_at_the_hub_loses_no_upload(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    content, sha256 = b"content", "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    monkeypatch.setattr(FolderBlobs, "put", full)
    good(desk.ask_upload(sha256, len(content), "case:k1"))
    answer = desk.http.put(http.part_path(sha256, 0), content=content)
    assert refused(answer) == (503, "internal")
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.undo()
    desk.upload(sha256, content, "case:k1")
    assert good(desk.http.get(http.blob_path(sha256))).content == content


def uploaded(desk: TestDesk, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    desk.upload(sha256, content, "case:k1")
    return sha256


def broken(*_: Any) -> Iterator[bytes]:
    """What a disk gives that breaks in the middle of a file."""
    yield b"con"
    raise OSError(5, "Input/output error")


def test_a_download_that_breaks_off_is_cut_not_ended(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = uploaded(desk, bytes(CHUNK_BYTES + 1))
    monkeypatch.setattr(FolderBlobs, "read", broken)
    with pytest.raises(httpx2.HTTPError):
        desk.http.get(http.blob_path(sha256))


def test_a_small_file_that_cannot_be_read_is_a_fault_of_the_hub(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = uploaded(desk, b"content")
    monkeypatch.setattr(FolderBlobs, "read", broken)
    assert refused(desk.http.get(http.blob_path(sha256))) == (500, "internal")


@pytest.mark.parametrize(
    ("accepted", "packing"), [("gzip, zstd;q=0.5", "zstd"), ("gzip, deflate", "gzip"), ("identity", "")]
)
def test_a_far_desk_gets_its_feed_packed(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, accepted: str, packing: str
) -> None:
    plain = good(desk.ask_pull()).content
    monkeypatch.setattr("judge_desk.hub.routes.sync._LOOPBACK", ())
    monkeypatch.setattr("judge_desk.hub.routes.sync._SMALL_ANSWER", 0)
    body, headers = b'{"cursors":{},"limit":2000}', {"accept-encoding": accepted}
    with desk.http.stream("POST", http.PULL, content=body, headers=headers) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding", "") == packing
    unpack: dict[str, Callable[[bytes], bytes]] = {"zstd": zstandard.decompress, "gzip": gzip.decompress, "": bytes}
    assert unpack[packing](packed).rpartition(b'["end"')[0] == plain.rpartition(b'["end"')[0]


@pytest.mark.parametrize("path", [http.PUSH, http.PULL, http.BLOBS])
def test_a_request_that_is_announced_too_large_is_not_read(desk: TestDesk, path: str) -> None:
    answer = desk.http.post(path, content=b"x", headers={"content-length": "1"})
    assert answer.status_code == 400
    assert desk.http.post(path, content=b" " * (10 << 20)).status_code == 413


def test_the_audit_keeps_no_words(desk: TestDesk, sqlite_hub: LiveHub, tmp_path: Path) -> None:
    desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text=CANARY))
    with sqlite_hub.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM audit")).all()
    assert rows
    assert CANARY not in repr(rows)
    assert not [path for path in tmp_path.rglob("*") if CANARY in path.name]
