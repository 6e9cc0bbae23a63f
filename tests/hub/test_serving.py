"""`serve` as real processes: several over one database, an orderly end under load, figures, and logs without words."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import httpx2
import psutil
import pytest
from sqlalchemy import func, select

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import admin
from judge_desk.hub.db import chain, tables
from judge_desk.protocol import http
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_case, a_note
from tests.contract.test_push import CANARY
from tests.live_hub import LiveHub, TestDesk, good
from tests.live_s3 import S3Server

CASES = 8


@contextmanager
def served(
    hub: LiveHub, blobs: str, *more: str, log: IO[str] | None = None, variables: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """``judge-desk-hub serve`` over the hub's database in a process of its own."""
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", "serve", "--listen", "127.0.0.1:0", "--json"]
    command += ["--database", hub.database_url, "--blobs", blobs, *more]
    environment = {**os.environ, **(variables or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield Served(process, json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            process.wait(60)


class Served:
    """A running `serve`."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"{self.url}{path}", trust_env=False, timeout=30)


@pytest.fixture
def court(postgresql_hub: LiveHub) -> LiveHub:
    postgresql_hub.add_person("judge", Role.JUDGE)
    cases = ((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(CASES))
    postgresql_hub.put(*cases)
    return postgresql_hub


def at(desk: TestDesk, url: str) -> TestDesk:
    desk.http.base_url = httpx2.URL(url)
    return desk


def test_any_process_answers_any_request(court: LiveHub, s3_server: S3Server) -> None:
    """Two processes over one PostgreSQL and one S3 store; each request of each desk goes to the other one in turn."""
    place = f"s3://hub/alternating-{court.database_url.rpartition('_')[2]}"
    with ExitStack() as stack:
        urls = [stack.enter_context(served(court, place, variables=s3_server.variables)).url for _ in range(2)]
        desks = [court.desk("judge") for _ in range(3)]
        for n in range(60):
            desk, case_id = desks[n % 3], f"k{n % CASES}"
            operation = desk.operation(f"case:{case_id}", Kind.NOTE, f"n{n}", a_note(f"n{n}", case_id=case_id))
            # The answer of the first got lost; the other one gives the same.
            first = at(desk, urls[n % 2]).push(operation)
            assert at(desk, urls[(n + 1) % 2]).push(operation) == first
            at(desk, urls[n % 2]).pull()
        content = b"x" * 3_000_000
        sha256 = hub_upload(desks[0], urls, content)
        assert good(at(desks[1], urls[1]).http.get(http.blob_path(sha256))).content == content
        for n, desk in enumerate(desks):
            at(desk, urls[n % 2]).pull()
        assert desks[0].held == desks[1].held == desks[2].held
        assert {key[2] for key in desks[0].held if key[1] == "note"} == {f"n{n}" for n in range(60)}


def hub_upload(desk: TestDesk, urls: list[str], content: bytes) -> str:
    """Each part at another process than the one before."""

    sha256 = hashlib.sha256(content).hexdigest()
    state = good(at(desk, urls[0]).ask_upload(sha256, len(content), "case:k0")).json()
    size = state["part_bytes"]
    for number in state["missing"]:
        part = content[number * size : (number + 1) * size]
        good(at(desk, urls[number % 2]).http.put(http.part_path(sha256, number), content=part))
    good(at(desk, urls[1]).http.post(http.done_path(sha256)))
    return sha256


def test_a_token_of_one_process_holds_at_another_also_behind_new_keys(court: LiveHub, tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(served(court, str(tmp_path / "blobs"))).url for _ in range(2)]
        desk = at(court.stranger(), urls[0])
        desk.enrol("judge")
        good(at(desk, urls[1]).ask_pull())
        assert admin.main(["rotate-keys", "--database", court.database_url]) == 0
        good(at(desk, urls[1]).ask_pull())
        desk.sign_in()
        good(at(desk, urls[0]).ask_pull())


def test_workers_share_an_address_and_a_dead_one_is_replaced(court: LiveHub, tmp_path: Path) -> None:
    with served(court, str(tmp_path / "blobs"), "--workers", "2") as hub:
        parent = psutil.Process(hub.process.pid)
        desk = at(court.stranger(), hub.url)
        desk.enrol("judge")
        workers = {each.pid for each in parent.children()}
        assert len(workers) == 2
        victim = psutil.Process(min(workers))
        victim.kill()
        victim.wait(20)
        for n in range(20):
            push_until_answered(desk, f"w{n}")
        while len({each.pid for each in parent.children()} - {victim.pid}) < 2:
            assert parent.is_running()
        desk.pull()
        assert {key[2] for key in desk.held if key[1] == "note"} == {f"w{n}" for n in range(20)}
    assert hub.process.returncode == 0
    assert not any(psutil.pid_exists(pid) and psutil.Process(pid).ppid() == parent.pid for pid in workers)


def push_until_answered(desk: TestDesk, record_id: str, case_id: str = "k0") -> None:
    operation = desk.operation(f"case:{case_id}", Kind.NOTE, record_id, a_note(record_id, case_id=case_id))
    while True:
        try:
            [result] = desk.push(operation)
        except httpx2.HTTPError:
            continue
        assert (result.outcome, result.rev) == (Outcome.APPLIED, 1)
        return


class Pusher:
    """A desk that sends one note after the other, each until it is answered, and counts what went wrong on the way."""

    def __init__(self, court: LiveHub, name: str, urls: list[str]) -> None:
        self.desk, self.name, self.urls = court.desk("judge"), name, urls
        self.sent = self.broken = self.sent_away = 0

    def run(self, done: threading.Event) -> None:
        turn = 0
        while not done.is_set():
            record_id, case_id = f"{self.name}-{self.sent}", f"k{self.sent % CASES}"
            note = a_note(record_id, case_id=case_id)
            operation = self.desk.operation(f"case:{case_id}", Kind.NOTE, record_id, note)
            while True:
                try:
                    answer = at(self.desk, self.urls[turn % len(self.urls)]).ask_push(operation)
                except httpx2.HTTPError:
                    self.broken, turn = self.broken + 1, turn + 1
                    continue
                if answer.status_code == 503:
                    assert int(answer.headers["retry-after"]) > 0
                    self.sent_away, turn = self.sent_away + 1, turn + 1
                    continue
                assert good(answer).json()["results"][0]["outcome"] == "applied"
                assert good(answer).json()["results"][0]["rev"] == 1
                break
            self.sent += 1


def notes_and_audit(court: LiveHub) -> tuple[int, int]:
    """Notes at the hub, and audit lines that say one was put: equal when each was applied once."""
    entity, audit = tables.entity, tables.audit
    with court.engine.connect() as connection:
        notes = connection.scalar(select(func.count()).where(entity.c.kind == "note"))
        lines = connection.scalar(select(func.count()).where(audit.c.kind == "note", audit.c.action == "put"))
        assert list(chain.faults(connection)) == []
    return int(notes or 0), int(lines or 0)


def test_a_stop_under_load_loses_and_doubles_nothing(court: LiveHub, tmp_path: Path) -> None:
    """Four desks push without a pause while one process after the other is told to stop and a new one takes over."""
    blobs, rounds = str(tmp_path / "blobs"), 4
    done = threading.Event()
    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        stack.callback(done.set)
        stays = stack.enter_context(served(court, blobs))
        urls = [stays.url, stays.url]
        pushers = [Pusher(court, f"p{n}", urls) for n in range(4)]
        running = [pool.submit(each.run, done) for each in pushers]
        for _ in range(rounds):
            with served(court, blobs) as goes:
                urls[1] = goes.url
                wait_for_more(pushers, 40)
                goes.process.send_signal(signal.SIGTERM)
                assert goes.process.wait(30) == 0
                urls[1] = stays.url
        done.set()
        for each in running:
            each.result(60)
    sent = sum(each.sent for each in pushers)
    assert sent >= rounds * 40
    assert notes_and_audit(court) == (sent, sent)


def wait_for_more(pushers: list[Pusher], how_many: int) -> None:
    start = sum(each.sent for each in pushers)
    while sum(each.sent for each in pushers) < start + how_many:
        threading.Event().wait(0.01)


def test_a_draining_process_says_so_and_still_answers(court: LiveHub, tmp_path: Path) -> None:
    with served(court, str(tmp_path / "blobs"), "--drain", "3") as hub:
        assert hub.get(http.READY).json() == {
            "ok": True,
            "draining": False,
            "database": True,
            "migrated": True,
            "blobs": True,
        }
        hub.process.send_signal(signal.SIGTERM)
        while (answer := hub.get(http.READY)).status_code == 200:
            pass
        assert answer.json()["draining"] is True
        assert hub.get(http.HEALTH).status_code == 200
        desk = at(court.stranger(), hub.url)
        desk.enrol("judge")
        answer = desk.ask_pull()
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        hub.process.send_signal(signal.SIGTERM)
        assert hub.process.wait(30) == 0


def test_figures_and_logs_hold_numbers_and_no_words(court: LiveHub, tmp_path: Path) -> None:
    log_file = tmp_path / "log"
    metrics = free_address()
    options = ["--metrics", metrics, "--log", "json", "--log-requests"]
    with log_file.open("w") as log, served(court, str(tmp_path / "blobs"), *options, log=log) as hub:
        desk = at(court.stranger(), hub.url)
        desk.enrol("judge")
        desk.push_one("case:k0", Kind.NOTE, "n1", a_note(text=CANARY, case_id="k0"))
        desk.push_one("case:none", Kind.NOTE, "n2", a_note(text=CANARY))
        desk.pull()
        assert not hub.get("/metrics").is_success, "figures are not for the address of the desks"
        found = figures(httpx2.get(f"http://{metrics}/metrics", trust_env=False).text)
    assert found['hub_operations_total{outcome="applied"}'] == 1
    assert found['hub_operations_total{outcome="refused"}'] == 1
    assert found['hub_request_seconds_count{route="push",status="200"}'] == 2
    assert found['hub_request_seconds_bucket{route="push",status="200",le="+Inf"}'] == 2
    assert found["hub_feed_rows_total"] > CASES
    assert found["hub_pool_open"] >= 1
    assert {"hub_requests_running", "hub_threads_waiting", "hub_draining"} <= found.keys()
    lines = [json.loads(line) for line in log_file.read_text().splitlines()]
    pushes = [each for each in lines if each.get("route") == "push"]
    assert [each["status"] for each in pushes] == [200, 200]
    assert all(
        set(each) == {"at", "level", "topic", "message", "route", "status", "ms", "bytes_in", "bytes_out"}
        for each in pushes
    )
    words = log_file.read_text() + json.dumps(found)
    for secret in (CANARY, 'judge"', "case:k0", "Ахметова", desk.device_id):
        assert secret not in words


def free_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def figures(text: str) -> dict[str, float]:
    """Name with labels to value; every line must be one that Prometheus reads."""
    found: dict[str, Any] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert line.split()[1] in ("HELP", "TYPE")
            continue
        name, _, value = line.rpartition(" ")
        assert name not in found
        found[name] = float(value)
    return found
