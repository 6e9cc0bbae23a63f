"""A hub process killed in the middle of pushes: no acknowledged write is lost, none is applied twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import chain
from judge_desk.protocol.operations import Operation, Outcome
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, TestDesk

ROUNDS = 5


@contextmanager
def process(arguments: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A hub in a process of its own, and its address."""
    with subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, json.loads(running.stdout.readline())["url"]
        finally:
            running.kill()


def the_program(hub: LiveHub, blobs: Path) -> list[str]:
    serve = ["judge_desk.bootstrap.hub", "serve", "--listen", "127.0.0.1:0", "--json"]
    return [*serve, "--database", hub.database_url, "--blobs", str(blobs)]


def send(desk: TestDesk, waiting: list[Operation]) -> bool:
    """Push what is owed, oldest first, and settle it; False when the hub went away."""
    while waiting:
        batch = waiting[:20]
        try:
            results = desk.push(*batch)
        except httpx2.HTTPError:
            return False
        assert {each.outcome for each in results} == {Outcome.APPLIED}
        assert {each.rev for each in results} == {1}, "a note was applied twice"
        del waiting[: len(batch)]
    return True


class Work:
    """Notes on five cases that a desk owes the hub, more of them in each round."""

    def __init__(self, hub: LiveHub) -> None:
        self._hub = hub
        hub.add_person("judge", Role.JUDGE)
        hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(5)))
        self.desk = hub.desk("judge")
        self.waiting: list[Operation] = []
        self._home = self.desk.http.base_url
        self._made = 0

    def add(self, how_many: int) -> None:
        for n in range(self._made, self._made + how_many):
            case_id = f"k{n % 5}"
            note = a_note(f"n{n}", case_id=case_id)
            self.waiting.append(self.desk.operation(f"case:{case_id}", Kind.NOTE, f"n{n}", note))
        self._made += how_many

    def send_to(self, url: str) -> bool:
        self.desk.http.base_url = httpx2.URL(url)
        return send(self.desk, self.waiting)

    def assert_all_arrived_once(self) -> None:
        assert self.send_to(str(self._home))
        self.desk.pull()
        assert {key[2] for key in self.desk.held if key[1] == "note"} == {f"n{n}" for n in range(self._made)}
        with self._hub.engine.connect() as connection:
            assert list(chain.faults(connection)) == []


def test_a_hub_killed_at_random_loses_and_doubles_nothing(live_hub: LiveHub, tmp_path: Path) -> None:
    work, chance, kills = Work(live_hub), random.Random(26), 0
    for _ in range(ROUNDS):
        work.add(100)
        with process(the_program(live_hub, tmp_path / "blobs")) as (running, url):
            killer = threading.Timer(chance.uniform(0, 0.15), running.kill)
            killer.start()
            kills += not work.send_to(url)
            killer.join()
    work.assert_all_arrived_once()
    assert kills, "no push was cut: the test has tested nothing"


@pytest.mark.parametrize("answered", [0, 1, 3])
def test_a_hub_killed_between_commit_and_answer_doubles_nothing(
    live_hub: LiveHub, tmp_path: Path, answered: int
) -> None:
    work = Work(live_hub)
    work.add(100)
    dying = ["tests.hub.dying_hub", live_hub.database_url, str(tmp_path / "blobs"), str(answered)]
    with process(dying) as (_, url):
        assert not work.send_to(url)
    assert len(work.waiting) == 100 - 20 * answered
    work.assert_all_arrived_once()
