"""Floods, slow connections and a database without room: each is told to come later, and the others go on."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import islice
from typing import Any

import httpx2
import pytest
from sqlalchemy import create_engine, event

from judge_desk.domain.errors import HubRefused, HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import accounts, connections, metrics
from judge_desk.hub.app import make_app
from judge_desk.hub.db import engine as hub_engine
from judge_desk.hub.load import FILE_THREADS, THREADS, Limits
from judge_desk.hub.routes import asked
from judge_desk.hub.server import running
from judge_desk.protocol import http
from judge_desk.protocol.version import HEADER, PROTOCOL
from judge_desk.runtime.clock import SystemClock
from judge_desk.sync.loop import SyncLoop
from judge_desk.sync.transport import HttpHub
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, good, refused


@pytest.fixture
def hub_with(sqlite_hub: LiveHub) -> Iterator[Callable[[Limits], LiveHub]]:
    """``hub_with(limits)``: the same hub, served by a process with these limits; a judge with a case is there."""
    sqlite_hub.add_person("judge", Role.JUDGE)
    sqlite_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    with ExitStack() as stack:

        def serve(limits: Limits) -> LiveHub:
            url = stack.enter_context(running(make_app(sqlite_hub.engine, sqlite_hub.blobs, limits=limits)))
            hub = sqlite_hub
            return LiveHub(url, hub.registry, hub.engine, hub.blobs, hub.database_url, desks=hub.desks)

        yield serve


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch, place: str) -> Iterator[threading.Semaphore]:
    """Calls of ``place`` wait until the block ends; the semaphore counts those that have come so far."""
    come, go_on = threading.Semaphore(0), threading.Event()

    def waits(*_: Any) -> Any:
        come.release()
        assert go_on.wait(60)
        return False

    with monkeypatch.context() as patch:
        patch.setattr(place, waits)
        try:
            yield come
        finally:
            go_on.set()


def enrol_wrongly(url: str, name: str) -> httpx2.Response:
    with httpx2.Client(base_url=url, headers={HEADER: str(PROTOCOL)}, trust_env=False, timeout=60) as client:
        body = {"user": name, "password": "wrong password", "device_name": "d", "public_key": "00" * 32}
        return client.post(http.DEVICES, json=body)


def test_a_flood_of_sign_ins_takes_nothing_from_those_who_are_signed_in(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_with(Limits())
    desk = hub.desk("judge")
    with ThreadPoolExecutor(60) as pool:
        with held_up(monkeypatch, "judge_desk.hub.accounts.is_password") as come:
            flood = [pool.submit(enrol_wrongly, hub.url, f"name{n}") for n in range(60)]
            for _ in range(Limits().sign_ins):
                assert come.acquire(timeout=30)
            # Every one that may check a password is at it, as many as may wait do, and the desk is served as ever.
            assert desk.pull().ends
            assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note()).rev == 1
            turned_away = 60 - Limits().sign_ins - Limits().sign_ins_waiting
            early = [each.result() for each in islice(as_completed(flood, timeout=60), turned_away)]
            assert {each.status_code for each in early} == {503}
        answers = [each.result() for each in flood]
    for answer in answers:
        assert answer.status_code in (401, 429, 503)
        if answer.status_code != 401:
            assert int(answer.headers["retry-after"]) > 0


def test_a_silent_store_of_files_holds_up_nothing_but_files(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_with(Limits(files_waiting=THREADS))
    asking, desk = hub.desk("judge"), hub.desk("judge")
    sha256 = hashlib.sha256(b"file").hexdigest()
    asking.upload(sha256, b"file", "case:k1")
    turned_away = 3
    asked = FILE_THREADS + THREADS + turned_away

    def held() -> httpx2.Response:
        return asking.http.post(http.HELD, json={"hashes": [sha256]})

    with ThreadPoolExecutor(asked) as pool:
        with held_up(monkeypatch, "judge_desk.hub.blobs.FolderBlobs.size") as come:
            answers = [pool.submit(held) for _ in range(asked)]
            for _ in range(FILE_THREADS):
                assert come.acquire(timeout=30)
            assert desk.pull().ends
            assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note()).rev == 1
            early = [each.result() for each in islice(as_completed(answers, timeout=60), turned_away)]
            assert {(each.status_code, each.headers["retry-after"]) for each in early} == {(503, "5")}
        assert Counter(each.result().status_code for each in answers) == {200: asked - turned_away, 503: turned_away}


def test_an_address_that_fails_too_often_has_to_wait_whatever_name_it_tries(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_with(Limits(sign_in_failures_burst=5, sign_in_failures_rate=0.01))
    desk = hub.desk("judge")
    statuses = [enrol_wrongly(hub.url, f"name{n}").status_code for n in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    checked = []
    monkeypatch.setattr(accounts, "is_password", lambda *_: checked.append(1))
    assert int(enrol_wrongly(hub.url, "another").headers["retry-after"]) > 10
    assert checked == [], "a password was checked for somebody who has to wait"
    assert desk.pull() is not None


def test_a_device_that_never_stops_asking_is_slowed_and_the_others_are_not(
    hub_with: Callable[[Limits], LiveHub],
) -> None:
    hub = hub_with(Limits(device_rate=0.01, device_burst=10))
    mad, calm = hub.desk("judge"), hub.desk("judge")
    answers = [mad.ask_pull() for _ in range(12)]
    assert [each.status_code for each in answers] == [200] * 10 + [429] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 100
    assert refused(answers[-1])[1] == "too_many_requests"
    good(calm.ask_pull())


def test_more_requests_than_a_process_takes_are_sent_away_and_cured_by_coming_again(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_with(Limits(requests=3))
    desks = [hub.desk("judge") for _ in range(6)]
    before = metrics.SENT_AWAY.value("requests")
    with ThreadPoolExecutor(6) as pool:
        with held_up(monkeypatch, "judge_desk.hub.feed.pull") as come:
            first = [pool.submit(each.ask_pull) for each in desks[:3]]
            for _ in first:
                assert come.acquire(timeout=30)
            for each in desks[3:]:
                answer = each.ask_pull()
                assert refused(answer) == (503, "too_many_requests")
                assert int(answer.headers["retry-after"]) > 0
            assert httpx2.get(f"{hub.url}{http.HEALTH}", trust_env=False).status_code == 200
        for asked_first in first:
            asked_first.result()
    assert metrics.SENT_AWAY.value("requests") == before + 3
    for each in desks:
        assert each.pull().ends


def test_more_requests_than_may_wait_for_a_thread_are_sent_away(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_with(Limits(waiting=2))
    desks = [hub.desk("judge") for _ in range(THREADS + 6)]
    with ThreadPoolExecutor(len(desks)) as pool:
        with held_up(monkeypatch, "judge_desk.hub.feed.pull"):
            asked_all = [pool.submit(each.ask_pull) for each in desks]
            early = [each.result() for each in islice(as_completed(asked_all, timeout=60), 4)]
            assert {refused(each) for each in early} == {(503, "too_many_requests")}
        for each in asked_all:
            each.result()
    assert all(each.pull().ends for each in desks)


def test_bodies_that_would_fill_the_memory_wait(hub_with: Callable[[Limits], LiveHub]) -> None:
    desk = hub_with(Limits(body_bytes=2_000)).desk("judge")
    answer = desk.ask_push(desk.operation("case:k1", Kind.NOTE, "n1", a_note(text="x" * 3_000)))
    assert refused(answer) == (503, "too_many_requests")
    assert desk.push_one("case:k1", Kind.NOTE, "n2", a_note("n2")).rev == 1


def test_a_pool_without_a_connection_is_no_fault_of_ours(sqlite_hub: LiveHub) -> None:
    sqlite_hub.add_person("judge", Role.JUDGE)
    desk = sqlite_hub.desk("judge")
    narrow = create_engine(sqlite_hub.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    event.listen(narrow, "connect", hub_engine._prepare_sqlite)
    with running(make_app(narrow, sqlite_hub.blobs)) as url:
        desk.http.base_url = httpx2.URL(url)
        with narrow.connect():
            answer = desk.ask_pull()
        assert refused(answer) == (503, "too_many_requests")
        assert int(answer.headers["retry-after"]) > 0
        good(desk.ask_pull())
    narrow.dispose()


def test_a_server_without_room_for_connections_is_waited_for(postgresql_hub: LiveHub) -> None:
    postgresql_hub.add_person("judge", Role.JUDGE)
    desk = postgresql_hub.desk("judge")
    desk.pull()
    engine = postgresql_hub.engine

    def full(*_: Any) -> None:
        import psycopg

        raise psycopg.OperationalError("FATAL: sorry, too many clients already")

    engine.dispose()
    event.listen(engine, "do_connect", full)
    try:
        answer = desk.ask_pull()
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
    finally:
        event.remove(engine, "do_connect", full)
    good(desk.ask_pull())


def connect(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_connections_that_never_end_their_head_are_closed(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    hub = hub_with(Limits())
    desk = hub.desk("judge")
    slow = [connect(hub.url) for _ in range(40)]
    for number, each in enumerate(slow):
        if number % 2:
            each.sendall(b"POST /v1/pull HTTP/1.1\r\nHost: h\r\nX-Slow")
    # One that has been served once, and then becomes slow:
    second = connect(hub.url)
    second.sendall(b"GET /v1/health HTTP/1.1\r\nHost: h\r\n\r\n")
    assert second.recv(4_096).startswith(b"HTTP/1.1 200")
    second.sendall(b"GET /v1/hea")
    assert desk.pull().ends
    for each in (*slow, second):
        assert _ends(each)


def _ends(connection: socket.socket) -> bool:
    with connection:
        rest_of(connection)
    return True


def test_a_body_that_trickles_is_given_up(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "STALL_SECONDS", 0.3)
    hub = hub_with(Limits())
    with connect(hub.url) as slow:
        head = f"POST {http.SESSION} HTTP/1.1\r\nHost: h\r\n{HEADER}: {PROTOCOL}\r\ncontent-length: 900\r\n\r\n"
        slow.sendall(head.encode() + b'{"device')
        assert slow.recv(4_096).startswith(b"HTTP/1.1 408")


def test_a_desk_that_takes_nothing_of_its_answer_is_let_go(
    hub_with: Callable[[Limits], LiveHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "STALL_SECONDS", 0.3)
    let_go = threading.Event()
    closes = connections.DeskConnection.connection_lost

    def note(connection: connections.DeskConnection, fault: Exception | None) -> None:
        let_go.set()
        closes(connection, fault)

    hub = hub_with(Limits())
    desk = hub.desk("judge")
    hub.put(*(("case:k1", Kind.NOTE, f"big{n}", a_note(f"big{n}", text="x" * 200_000)) for n in range(30)))
    body = json.dumps({"cursors": {}, "limit": 2_000})
    token = desk.http.headers["authorization"]
    with connect(hub.url) as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        head = f"POST {http.PULL} HTTP/1.1\r\nHost: h\r\n{HEADER}: {PROTOCOL}\r\nauthorization: {token}\r\n"
        monkeypatch.setattr(connections.DeskConnection, "connection_lost", note)
        idle.sendall(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
        assert idle.recv(1_000).startswith(b"HTTP/1.1 200")
        assert let_go.wait(20), "the hub waits for ever"
    assert desk.pull().ends


def rest_of(connection: socket.socket) -> bytes:
    found = bytearray()
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            found += chunk
    return bytes(found)


class Busy:
    """An engine of the desk whose hub is overrun."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    def cycle(self, *_: Any, **__: Any) -> None:
        raise self._problem


def _busy(problem: Exception, _on_progress: Any) -> Busy:
    return Busy(problem)


def test_a_desk_waits_as_long_as_it_is_told(hub_with: Callable[[Limits], LiveHub]) -> None:
    for problem in (
        HubRefused("too_many_requests", retry_after=77),
        HubUnreachable("errors.hub_internal", retry_after=77),
    ):
        engine_for: Any = partial(_busy, problem)
        loop = SyncLoop(engine_for, SystemClock(), lambda _: None, every_seconds=1)
        assert loop._one(0)[1] >= 77


async def _a_proxy(scope: Any, _receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    headers = [(b"retry-after", b"33"), (b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"<html>busy</html>"})


def test_what_a_proxy_asks_for_is_heeded_too() -> None:
    with running(_a_proxy) as url:
        hub = HttpHub(url)
        with pytest.raises(HubUnreachable) as told:
            hub.version()
        hub.close()
    assert told.value.params["retry_after"] == 33
