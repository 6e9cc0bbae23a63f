"""Desk and hub killed at 200 random moments of writing and syncing: they agree in the end, and each write came once."""

from __future__ import annotations

import multiprocessing
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import tables
from judge_desk.store import journal
from judge_desk.store.tables import RECORD_TABLES
from tests import factories
from tests.live_hub import LiveHub
from tests.sync import victims
from tests.sync.conftest import SyncedDesk, enrolled

KILLS = 200
JUDGE = "judge1"
START_SECONDS = 60


@pytest.fixture(scope="module")
def context() -> BaseContext:
    """Processes that start in milliseconds: forked from one that has everything imported, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.sync.victims"])
    return made


@dataclass
class Victim:
    """A process that is there again after each kill; ``target`` gets ``arguments`` and a pipe to say it is ready."""

    context: BaseContext
    target: Callable[..., None]
    arguments: Callable[[int], tuple[object, ...]]
    starts: int = 0
    process: BaseProcess | None = None

    def be_alive(self) -> None:
        if self.process is not None and self.process.is_alive():
            return
        self.starts += 1
        ours, theirs = self.context.Pipe()
        self.process = self.context.Process(target=self.target, args=(*self.arguments(self.starts), theirs))  # type: ignore[attr-defined]
        assert self.process is not None
        self.process.start()
        assert ours.poll(START_SECONDS), "the process never came up"
        assert ours.recv() == "ready"

    def live_for(self, seconds: float) -> None:
        assert self.process is not None
        self.process.join(seconds)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def two_victims(live_hub: LiveHub, tmp_path: Path, context: BaseContext) -> Iterator[tuple[Victim, Victim, Path, str]]:
    """A hub process over the database of ``live_hub``, a desk process, the desk's folder and the hub's address."""
    folder, port = tmp_path / "desk", free_port()
    live_hub.add_person(JUDGE, Role.JUDGE)
    enrolled(live_hub.url, JUDGE, folder).close()
    listen = f"127.0.0.1:{port}"
    hub = Victim(context, victims.serve, lambda _start: (live_hub.database_url, tmp_path / "blobs", listen))
    desk = Victim(context, victims.work, lambda start: (folder, start))
    try:
        yield hub, desk, folder, f"http://{listen}"
    finally:
        hub.kill()
        desk.kill()


def test_200_kills_lose_and_double_nothing(live_hub: LiveHub, two_victims: tuple[Victim, Victim, Path, str]) -> None:
    hub, desk, folder, url = two_victims
    point_at(folder, url)
    chance = random.Random(20261122)
    for kill in range(KILLS):
        hub.be_alive()
        desk.be_alive()
        desk.live_for(chance.uniform(0, 0.12))
        (desk if kill % 2 else hub).kill()
    desk.kill()
    hub.be_alive()
    survivor = enrolled(url, JUDGE, folder)
    try:
        survivor.sync()
        assert survivor.sync().mismatches == 0
        check_agreement(survivor, live_hub)
    finally:
        survivor.close()


def point_at(folder: Path, url: str) -> None:
    from judge_desk.runtime import settings

    settings.Settings(folder).set(settings.HUB_URL, url)


def check_agreement(survivor: SyncedDesk, hub: LiveHub) -> None:
    store = survivor.opened.context.store
    at_desk = {row.id: row.rev for row in factories.rows_of(survivor.opened.context, RECORD_TABLES[Kind.NOTE])}
    with hub.engine.connect() as connection:
        notes = sa.select(tables.entity.c.id, tables.entity.c.rev).where(tables.entity.c.kind == Kind.NOTE)
        at_hub = {row.id: row.rev for row in connection.execute(notes)}
        mutations = connection.execute(sa.select(sa.func.count()).select_from(tables.mutation)).scalar_one()
    assert len(at_desk) > KILLS // 4, "the desk hardly lived: the test proves nothing"
    assert at_desk == at_hub
    assert set(at_hub.values()) == {1}, "an operation was applied twice"
    assert mutations == len(at_hub), "an operation has two results"
    assert survivor.desk.sync.outlook().waiting == 0
    with store.reading() as connection:
        assert journal.first_broken(connection) is None
