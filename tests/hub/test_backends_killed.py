"""SIGKILL of PostgreSQL backends and of the hub at random moments of pushes: each operation has exactly one effect."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from sqlalchemy import func, select, text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import chain, tables
from judge_desk.protocol.operations import Operation, Outcome
from tests.contract.records import a_case, a_note
from tests.hub.own_postgresql import Postgres, own_home
from tests.hub.test_killed import process, the_program
from tests.live_hub import LiveHub, TestDesk, hub_over

CASES, DESKS, NOTES, KILLS = 4, 3, 120, 6


@pytest.fixture(scope="module")
def server(postgresql: str) -> Iterator[Postgres]:
    """A PostgreSQL of this module's own: its neighbours would not like what is done to it."""
    with own_home() as home:
        made = Postgres(home, "killed")
        made.create()
        made.start()
        yield made
        made.stop("immediate")


@pytest.fixture
def court(server: Postgres, tmp_path: Path) -> Iterator[LiveHub]:
    server.sql("DROP DATABASE IF EXISTS hub WITH (FORCE)")
    server.sql("CREATE DATABASE hub")
    with hub_over(server.database("hub"), tmp_path) as hub:
        hub.add_person("judge", Role.JUDGE)
        hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(CASES)))
        yield hub


class Sender:
    """A desk that sends what it owes in batches, again and again until each is answered; counts the troubles."""

    def __init__(self, desk: TestDesk, name: str) -> None:
        self.desk, self.troubles = desk, 0
        self.owed: list[Operation] = []
        for n in range(NOTES):
            case_id, record_id = f"k{n % CASES}", f"{name}-{n}"
            self.owed.append(
                desk.operation(f"case:{case_id}", Kind.NOTE, record_id, a_note(record_id, case_id=case_id))
            )
        self.names = {each.id for each in self.owed}

    def run(self, url: list[str], gone: threading.Event) -> None:
        while self.owed and not gone.is_set():
            self.desk.http.base_url = httpx2.URL(url[0])
            try:
                answer = self.desk.ask_push(*self.owed[:6])
            except httpx2.HTTPError:
                self.troubles += 1
                continue
            if not answer.is_success:
                assert answer.status_code == 503, answer.text
                assert int(answer.headers["retry-after"]) > 0
                self.troubles += 1
                continue
            results = answer.json()["results"]
            assert {each["outcome"] for each in results} == {Outcome.APPLIED}
            assert {each["rev"] for each in results} == {1}, "a note was applied twice"
            del self.owed[: len(results)]


def assert_once(hub: LiveHub, senders: list[Sender]) -> None:
    """Rows, stored answers, history and audit: one for each operation; the feed agrees with its sums."""
    wanted = set().union(*(each.names for each in senders))
    assert len(wanted) == DESKS * NOTES
    entity, mutation, audit = tables.entity, tables.mutation, tables.audit
    with hub.engine.connect() as connection:
        assert set(connection.scalars(select(entity.c.id).where(entity.c.kind == "note"))) == wanted
        assert connection.scalar(select(func.count()).select_from(mutation)) == len(wanted)
        puts = select(func.count()).where(audit.c.kind == "note", audit.c.action == "put")
        assert connection.scalar(puts) == len(wanted)
        assert connection.scalar(select(func.count()).select_from(tables.revision)) == 0
        assert list(chain.faults(connection)) == []
    fresh = hub.desk("judge")
    for end in fresh.pull().ends:
        assert fresh.checksum(end.scope) == end.checksum
    assert {key[2] for key in fresh.held if key[1] == "note"} == wanted


def hurry(senders: list[Sender], url: list[str], stack: ExitStack) -> tuple[threading.Event, list[object]]:
    pool = stack.enter_context(ThreadPoolExecutor(len(senders)))
    gone = threading.Event()
    stack.callback(gone.set)
    return gone, [pool.submit(each.run, url, gone) for each in senders]


@pytest.mark.parametrize("how", ["terminated", "killed"])
def test_backends_that_end_at_random_lose_and_double_nothing(court: LiveHub, server: Postgres, how: str) -> None:
    """Terminated: one connection breaks. Killed: the server drops every connection and recovers from its log."""
    chance = random.Random(how)
    senders = [Sender(court.desk("judge"), f"d{n}") for n in range(DESKS)]
    hits = 0
    with ExitStack() as stack:
        _, running = hurry(senders, [court.url], stack)
        while hits < KILLS and any(each.owed for each in senders):
            threading.Event().wait(chance.uniform(0, 0.03))
            hits += strike(server, how, chance.randrange(1 << 16))
        for each in running:
            each.result(120)  # type: ignore[attr-defined]
    assert hits, "nothing was killed: the test has tested nothing"
    assert_once(court, senders)


def strike(server: Postgres, how: str, number: int) -> bool:
    if how == "killed":
        server.wait_until_up()
        try:
            return server.kill_a_backend(number)
        except psycopg.OperationalError:
            return False
    with psycopg.connect(server.database("hub"), autocommit=True) as connection:
        working = (
            "SELECT pid FROM pg_stat_activity WHERE datname = 'hub' AND state <> 'idle' AND pid <> pg_backend_pid()"
        )
        found = connection.execute(working).fetchall()
        if not found:
            return False
        [(ended,)] = connection.execute("SELECT pg_terminate_backend(%s)", (found[number % len(found)][0],))
        return bool(ended)


def test_hub_and_database_killed_in_turn_lose_and_double_nothing(
    court: LiveHub, server: Postgres, tmp_path: Path
) -> None:
    chance = random.Random(27)
    senders = [Sender(court.desk("judge"), f"d{n}") for n in range(DESKS)]
    rounds = 0
    while any(each.owed for each in senders) and rounds < 30:
        rounds += 1
        with ExitStack() as stack:
            running, url = stack.enter_context(process(the_program(court, tmp_path / "blobs")))
            gone, sending = hurry(senders, [url], stack)
            threading.Event().wait(chance.uniform(0.02, 0.25))
            if rounds % 2:
                running.kill()
            else:
                server.kill_a_backend(chance.randrange(1 << 16))
                server.wait_until_up()
                threading.Event().wait(chance.uniform(0, 0.2))
                running.kill()
            running.wait(30)
            gone.set()
            for each in sending:
                each.result(120)  # type: ignore[attr-defined]
    assert sum(each.troubles for each in senders) > 0, "no push was cut: the test has tested nothing"
    court.engine.dispose()
    for each in senders:
        each.run([court.url], threading.Event())
    assert_once(court, senders)


def test_a_commit_whose_answer_the_database_lost_is_not_done_again(
    court: LiveHub, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends between COMMIT and its confirmation, the one moment at which nobody can know."""
    desk = court.desk("judge")
    desk.pull()
    cut = threading.Event()
    commits = court.engine.dialect.do_commit

    def lose_the_answer(pooled: Any) -> None:
        raw = pooled.driver_connection
        waits = raw.execute("SELECT count(*) FROM mutation").fetchone()[0]
        commits(pooled)
        if waits and not cut.is_set():
            cut.set()
            server.sql(f"SELECT pg_terminate_backend({raw.info.backend_pid})")
            raw.execute("SELECT 1")

    monkeypatch.setattr(court.engine.dialect, "do_commit", lose_the_answer)
    result = desk.push_one("case:k0", Kind.NOTE, "n1", a_note(case_id="k0"))
    assert cut.is_set()
    assert (result.outcome, result.rev) == (Outcome.APPLIED, 1)
    with court.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mutation")) == 1
        assert connection.scalar(text("SELECT count(*) FROM revision")) == 0
