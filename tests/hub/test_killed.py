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
from tests.contract.test_push import a_case, a_note
from tests.live_hub import LiveHub, TestDesk

ROUNDS = 8


@contextmanager
def process(hub: LiveHub, blobs: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The hub's own program over the same database, and its address."""
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", "serve", "--listen", "127.0.0.1:0", "--json"]
    places = ["--database", hub.database_url, "--blobs", str(blobs)]
    with subprocess.Popen([*command, *places], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, json.loads(running.stdout.readline())["url"]
        finally:
            running.kill()


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


def test_a_killed_hub_loses_and_doubles_nothing(live_hub: LiveHub, tmp_path: Path) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(5)))
    desk = live_hub.desk("judge")
    home, chance, made, kills = desk.http.base_url, random.Random(26), 0, 0
    waiting: list[Operation] = []
    for _ in range(ROUNDS):
        for n in range(made, made + 100):
            case_id = f"k{n % 5}"
            note = a_note(f"n{n}", case_id=case_id)
            waiting.append(desk.operation(f"case:{case_id}", Kind.NOTE, f"n{n}", note))
        made += 100
        with process(live_hub, tmp_path / "blobs") as (running, url):
            desk.http.base_url = httpx2.URL(url)
            killer = threading.Timer(chance.uniform(0, 0.15), running.kill)
            killer.start()
            kills += not send(desk, waiting)
            killer.join()
    desk.http.base_url = home
    assert send(desk, waiting)
    desk.pull()
    assert {key[2] for key in desk.held if key[1] == "note"} == {f"n{n}" for n in range(made)}
    with live_hub.engine.connect() as connection:
        assert list(chain.faults(connection)) == []
    if kills == 0:
        pytest.fail("no push was cut: the test has tested nothing")
