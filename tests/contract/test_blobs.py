"""Attachments: whole or not at all, resumed where the link broke, and only for those who may read them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import blobs as blob_stores
from judge_desk.hub.auth import revoke_device
from judge_desk.hub.blobs import blob_key
from judge_desk.hub.db import tables
from judge_desk.protocol import http, limits
from judge_desk.protocol.limits import PART_BYTES
from tests.contract.records import a_case
from tests.live_hub import LiveHub, TestDesk, good, hub_over, refused
from tests.live_s3 import BUCKET, S3Server

CONTENT = os.urandom(PART_BYTES + 1000)
over_s3_too = pytest.mark.parametrize("live_hub", ["sqlite", "postgresql", "s3"], indirect=True)
"""For what the place of the files has a say in; the rest is settled before it is asked."""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def s3_hub(tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveHub]:
    """A hub over SQLite and a real S3 server; a file of two parts goes there in pieces, its multipart upload."""
    monkeypatch.setattr(blob_stores, "PIECE_BYTES", PART_BYTES)
    for name, value in s3_server.variables.items():
        monkeypatch.setenv(name, value)
    blobs = blob_stores.open_blobs(f"s3://{BUCKET}/{tmp_path.name}")
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, blobs=blobs) as hub:
        yield hub


@pytest.fixture
def desk(live_hub: LiveHub) -> TestDesk:
    """The desk of a judge with one case; another judge has another case."""
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    live_hub.put(("case:k2", Kind.CASE, "k2", a_case("k2", judge_id="other", secretary_id="")))
    return live_hub.desk("judge")


def put_part(desk: TestDesk, content: bytes, number: int, **headers: str) -> int:
    part = content[number * PART_BYTES : (number + 1) * PART_BYTES]
    return desk.http.put(http.part_path(sha(content), number), content=part, headers=headers).status_code


def missing(desk: TestDesk, content: bytes, scope: str = "case:k1") -> list[int]:
    return list(good(desk.ask_upload(sha(content), len(content), scope)).json()["missing"])


def test_a_device_that_is_shut_out_gets_no_file_from_the_next_request(live_hub: LiveHub, desk: TestDesk) -> None:
    desk.upload(sha(b"small"), b"small", "case:k1")
    assert good(desk.http.get(http.blob_path(sha(b"small")))).content == b"small"
    assert revoke_device(live_hub.engine, desk.device_id, datetime.now(UTC))
    assert refused(desk.http.get(http.blob_path(sha(b"small")))) == (403, "device_revoked")


@over_s3_too
@pytest.mark.parametrize("content", [b"", b"small", CONTENT], ids=["empty", "small", "two parts"])
def test_what_went_up_comes_down(desk: TestDesk, content: bytes) -> None:
    desk.upload(sha(content), content, "case:k1")
    answer = good(desk.http.get(http.blob_path(sha(content))))
    assert answer.content == content
    assert answer.headers["etag"] == f'"{sha(content)}"'
    again = good(desk.ask_upload(sha(content), len(content), "case:k1")).json()
    assert again == {"complete": True, "missing": [], "part_bytes": PART_BYTES}


@over_s3_too
def test_an_upload_goes_on_where_it_broke_off(desk: TestDesk) -> None:
    assert missing(desk, CONTENT) == [0, 1]
    assert put_part(desk, CONTENT, 1) == 204
    assert missing(desk, CONTENT) == [0]
    assert refused(desk.http.post(http.done_path(sha(CONTENT)))) == (400, "bad_request")
    assert put_part(desk, CONTENT, 0) == put_part(desk, CONTENT, 0) == 204
    good(desk.http.post(http.done_path(sha(CONTENT))))
    good(desk.http.post(http.done_path(sha(CONTENT))))
    assert good(desk.http.get(http.blob_path(sha(CONTENT)))).content == CONTENT


def test_an_upload_ends_with_the_right_to_its_scope(desk: TestDesk, live_hub: LiveHub) -> None:
    assert missing(desk, b"small") == [0]
    assert put_part(desk, b"small", 0) == 204
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="other", secretary_id="")))
    part = desk.http.put(http.part_path(sha(b"small"), 0), content=b"small")
    done = desk.http.post(http.done_path(sha(b"small")))
    assert refused(part) == refused(done) == (404, "no_such_scope")
    with live_hub.engine.connect() as connection:
        assert connection.scalars(select(tables.blob_ref.c.scope)).all() == []
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="judge", secretary_id="")))
    good(desk.http.post(http.done_path(sha(b"small"))))
    assert good(desk.http.get(http.blob_path(sha(b"small")))).content == b"small"


def test_a_right_that_ends_while_the_file_is_put_together_ends_the_upload(
    desk: TestDesk, live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing(desk, b"small")
    put_part(desk, b"small", 0)
    put = live_hub.blobs.put

    def put_slowly(key: str, chunks: Iterable[bytes]) -> None:
        put(key, chunks)
        live_hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="other", secretary_id="")))

    monkeypatch.setattr(live_hub.blobs, "put", put_slowly)
    assert refused(desk.http.post(http.done_path(sha(b"small")))) == (404, "no_such_scope")
    assert good(live_hub.desk("other").http.post(http.HELD, json={"hashes": [sha(b"small")]})).json()["sizes"] == {}


def test_a_truncated_part_is_refused_and_wanted_again(desk: TestDesk) -> None:
    missing(desk, CONTENT)
    answer = desk.http.put(http.part_path(sha(CONTENT), 1), content=CONTENT[PART_BYTES:-1])
    assert refused(answer) == (400, "bad_request")
    assert missing(desk, CONTENT) == [0, 1]


def test_a_part_that_is_not_what_its_hash_says_is_refused(desk: TestDesk) -> None:
    missing(desk, CONTENT)
    part = CONTENT[PART_BYTES:]
    assert put_part(desk, CONTENT, 1, **{http.PART_HASH: sha(b"x")}) == 422
    assert missing(desk, CONTENT) == [0, 1]
    assert put_part(desk, CONTENT, 1, **{http.PART_HASH: sha(part)}) == 204


@over_s3_too
def test_parts_that_do_not_make_the_file_are_dropped(desk: TestDesk, live_hub: LiveHub) -> None:
    good(desk.ask_upload(sha(b"right"), 5, "case:k1"))
    good(desk.http.put(http.part_path(sha(b"right"), 0), content=b"wrong"))
    assert refused(desk.http.post(http.done_path(sha(b"right")))) == (422, "hash_mismatch")
    assert live_hub.blobs.size(blob_key("court1", sha(b"right"))) is None
    assert refused(desk.http.get(http.blob_path(sha(b"right")))) == (404, "not_found")
    desk.upload(sha(b"right"), b"right", "case:k1")
    assert good(desk.http.get(http.blob_path(sha(b"right")))).content == b"right"


def test_a_part_nobody_announced_is_refused(desk: TestDesk) -> None:
    assert put_part(desk, b"x", 0) == 404
    missing(desk, b"x")
    assert put_part(desk, b"x", 1) == 400


@over_s3_too
@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=3-", (3, None)),
        ("bytes=3-6", (3, 7)),
        ("bytes=-4", (-4, None)),
        ("bytes=0-999999999", (0, None)),
    ],
)
def test_any_range_comes_down(desk: TestDesk, asked: str, span: tuple[int, int | None]) -> None:
    desk.upload(sha(CONTENT), CONTENT, "case:k1")
    answer = good(desk.http.get(http.blob_path(sha(CONTENT)), headers={"range": asked}))
    assert answer.status_code == 206
    assert answer.content == CONTENT[span[0] : span[1]]
    first = len(CONTENT[: span[0]])
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=5-2"])
def test_a_range_that_makes_no_sense_gives_the_whole(desk: TestDesk, asked: str) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    answer = good(desk.http.get(http.blob_path(sha(b"content")), headers={"range": asked}))
    assert (answer.status_code, answer.content) == (200, b"content")


def test_a_range_behind_the_end_is_told(desk: TestDesk) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    answer = desk.http.get(http.blob_path(sha(b"content")), headers={"range": "bytes=7-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */7")


@over_s3_too
def test_if_range_and_head(desk: TestDesk) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    path = http.blob_path(sha(b"content"))
    other = good(desk.http.get(path, headers={"range": "bytes=3-", "if-range": '"other"'}))
    assert (other.status_code, other.content) == (200, b"content")
    same = desk.http.get(path, headers={"range": "bytes=3-", "if-range": f'"{sha(b"content")}"'})
    assert (same.status_code, same.content) == (206, b"tent")
    head = good(desk.http.head(path))
    assert (head.content, head.headers["content-length"]) == (b"", "7")


@over_s3_too
def test_nobody_else_reads_it_or_learns_that_it_is_there(desk: TestDesk, live_hub: LiveHub) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    other = live_hub.desk("other")
    assert refused(other.http.get(http.blob_path(sha(b"content")))) == (404, "not_found")
    assert refused(other.ask_upload(sha(b"content"), 7, "case:k1")) == (404, "no_such_scope")
    assert missing(other, b"content", "case:k2") == [0]
    other.upload(sha(b"content"), b"content", "case:k2")
    assert good(other.http.get(http.blob_path(sha(b"content")))).content == b"content"


def test_with_the_case_goes_the_file(desk: TestDesk, live_hub: LiveHub) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="other", secretary_id="")))
    assert refused(desk.http.get(http.blob_path(sha(b"content")))) == (404, "not_found")
    assert good(live_hub.desk("other").http.get(http.blob_path(sha(b"content")))).content == b"content"


def test_a_file_one_may_read_is_linked_without_sending_it_again(desk: TestDesk, live_hub: LiveHub) -> None:
    live_hub.put(("case:k3", Kind.CASE, "k3", a_case("k3", secretary_id="")))
    desk.upload(sha(b"content"), b"content", "case:k3")
    assert good(desk.ask_upload(sha(b"content"), 7, "case:k1")).json()["complete"]
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="other", secretary_id="")))
    assert good(live_hub.desk("other").http.get(http.blob_path(sha(b"content")))).content == b"content"


@pytest.mark.parametrize("scope", ["user:judge", "court:court1", "dossier:judge"])
def test_a_file_lies_only_where_a_document_can(desk: TestDesk, scope: str) -> None:
    assert refused(desk.ask_upload(sha(b"content"), 7, scope)) == (404, "no_such_scope")


def test_bounds_and_nonsense_are_refused(desk: TestDesk) -> None:
    assert refused(desk.ask_upload(sha(b"x"), limits.BLOB_BYTES + 1, "case:k1")) == (413, "too_large")
    assert refused(desk.ask_upload("../../etc/passwd", 1, "case:k1")) == (400, "bad_request")
    assert refused(desk.ask_upload(sha(b"x"), -1, "case:k1")) == (400, "bad_request")
    assert refused(desk.http.get(http.blob_path("x" * 64))) == (404, "not_found")
    big = b"x" * (PART_BYTES + 1)
    assert refused(desk.http.put(http.part_path(sha(b"x"), 0), content=big)) == (413, "too_large")


@over_s3_too
def test_a_file_whose_bytes_were_lost_is_not_found(desk: TestDesk, live_hub: LiveHub) -> None:
    desk.upload(sha(b"content"), b"content", "case:k1")
    live_hub.blobs.delete([blob_key("court1", sha(b"content"))])
    assert refused(desk.http.get(http.blob_path(sha(b"content")))) == (404, "not_found")
