"""The cap on files: held in the long run, bursts bounded, rows never held up; and what goes packed over a link."""

from __future__ import annotations

import io
import os
import time

import msgspec
import pytest
import zstandard

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol import http
from judge_desk.protocol.operations import PushAnswer, PushRequest
from judge_desk.runtime.clock import FixedClock, SystemClock
from judge_desk.sync import roads
from judge_desk.sync.bandwidth import BURST_SECONDS, Bandwidth, Bucket
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, good, refused
from tests.sync.conftest import NewDesk

RATE = 64 << 10


def a_bucket(rate: int) -> tuple[Bucket, list[float]]:
    clock = FixedClock(factories.NOW)
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        clock.advance(seconds=seconds)

    return Bucket(clock, lambda: rate, rest), rests


def test_a_file_takes_as_long_as_the_cap_says() -> None:
    bucket, rests = a_bucket(RATE)
    pieces = list(bucket.pieces(bytes(10 * RATE)))
    assert b"".join(pieces) == bytes(10 * RATE)
    assert sum(rests) == pytest.approx(10, abs=BURST_SECONDS)
    assert max(rests) <= 1, "in small steps, so that a pause is heard soon"


def test_rows_are_counted_and_the_next_file_waits_for_them() -> None:
    bucket, rests = a_bucket(RATE)
    assert bucket.count(4 * RATE) == pytest.approx(4, abs=BURST_SECONDS)
    assert rests == []
    bucket.take(1)
    assert sum(rests) == pytest.approx(4, abs=BURST_SECONDS)


def test_without_a_cap_nothing_waits() -> None:
    bucket, rests = a_bucket(0)
    assert list(bucket.pieces(bytes(10 * RATE))) == [bytes(10 * RATE)]
    assert rests == []


@pytest.mark.parametrize("direction", ["down", "up"])
def test_a_real_transfer_keeps_to_the_cap(sqlite_hub: LiveHub, new_desk: NewDesk, direction: str) -> None:
    case = factories.a_case(court_id=sqlite_hub.court.id, judge_id="judge1")
    scope = case_scope(case.id)
    sqlite_hub.put((scope, Kind.CASE, case.id, case))
    desk = new_desk(sqlite_hub, "judge1")
    content = os.urandom(400 << 10)
    rate = 400 << 10
    hub = desk.opened.hub
    hub.bandwidth = Bandwidth(SystemClock(), lambda: rate, lambda: rate)
    sha256, _ = sqlite_hub.registry.add_blob(sqlite_hub.court.id, scope, content)
    began = time.monotonic()
    if direction == "down":
        assert b"".join(hub.download(sha256)) == content
    else:
        own = os.urandom(400 << 10)
        hub.upload(factories.a_document(case.id, own).sha256, len(own), scope, io.BytesIO(own))
    assert 1 - BURST_SECONDS < time.monotonic() - began < 5, "400 KB at 400 KB/s"


def test_a_push_over_a_link_goes_packed(live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", secretary_id="")))
    desk = live_hub.desk("judge")
    many = [desk.operation("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}", case_id="k1")) for n in range(200)]
    with monkeypatch.context() as patch:
        patch.setattr(roads, "LOOPBACK", frozenset())
        hub = HttpHub("http://127.0.0.1:1")
    body, headers = hub._packed(msgspec.json.encode(PushRequest(tuple(many))))
    assert headers == {"content-encoding": "zstd"}
    assert len(body) * 4 < len(msgspec.json.encode(PushRequest(tuple(many))))
    answer = good(desk.http.post(http.PUSH, content=body, headers=headers))
    assert {each.outcome for each in msgspec.json.decode(answer.content, type=PushAnswer).results} == {"applied"}
    assert HttpHub(live_hub.url)._packed(b"x" * 9999) == (b"x" * 9999, {}), "never on loopback"


def test_a_packed_body_that_swells_is_refused(sqlite_hub: LiveHub) -> None:
    sqlite_hub.add_person("judge", Role.JUDGE)
    desk = sqlite_hub.desk("judge")
    bomb = zstandard.ZstdCompressor().compress(bytes(64 << 20))
    packed = {"content-encoding": "zstd"}
    assert refused(desk.http.post(http.PUSH, content=bomb, headers=packed)) == (413, "too_large")
    assert refused(desk.http.post(http.PUSH, content=b"no zstd", headers=packed)) == (400, "bad_request")
