"""PostgreSQL on a volume that is really full: without room for its data it refuses, for its log it stops."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import chain, tables
from judge_desk.protocol.operations import Operation, Outcome
from tests.contract.records import a_case, a_note
from tests.hub.own_postgresql import Postgres, own_home
from tests.live_hub import LiveHub, TestDesk, hub_over, refused

MEGABYTES, NOTES = 96, 60


class Volume:
    """A file system of a few megabytes, and something that fills it to the last byte."""

    def __init__(self, place: Path) -> None:
        self.place, self._ballast = place, place / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.place).free)
        assert shutil.disk_usage(self.place).free == 0

    def clear(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_volume(place: Path) -> Iterator[Volume]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(place)], check=True)
    try:
        yield Volume(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def can_be_mounted() -> bool:
    """Whether this machine lets us have one."""
    try:
        with tempfile.TemporaryDirectory() as folder, small_volume(Path(folder) / "tried"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


pytestmark = pytest.mark.skipif(not can_be_mounted(), reason="needs root, who may mount a volume")


@contextmanager
def served(home: Path, volume: Volume, *, log_is_there: bool) -> Iterator[Postgres]:
    """A server that has either its write-ahead log or everything else on the volume."""
    shutil.chown(volume.place, home.owner())
    server = Postgres(home if log_is_there else volume.place, "data")
    server.create("--wal-segsize=1", f"--waldir={(volume.place if log_is_there else home) / 'log'}")
    server.start()
    server.sql("CREATE DATABASE hub")
    try:
        yield server
    finally:
        server.stop("immediate")


@dataclass(frozen=True, slots=True)
class World:
    """``stops``: whether the server ends itself when the volume is full."""

    volume: Volume
    server: Postgres
    hub: LiveHub
    stops: bool


@pytest.fixture(params=[False, True], ids=["data", "log"])
def world(request: pytest.FixtureRequest, tmp_path: Path, postgresql: str) -> Iterator[World]:
    with (
        own_home() as home,
        small_volume(home / "volume") as volume,
        served(home, volume, log_is_there=request.param) as server,
        hub_over(server.database("hub"), tmp_path) as hub,
    ):
        hub.add_person("judge", Role.JUDGE)
        hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
        yield World(volume, server, hub, stops=request.param)


def notes(desk: TestDesk) -> list[Operation]:
    """More than any free space left in a page: text that nothing packs."""
    words = random.Random(1)
    return [
        desk.operation("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}", text=words.randbytes(6_000).hex()))
        for n in range(NOTES)
    ]


def test_what_finds_no_room_is_taken_whole_and_once_when_there_is_some(world: World) -> None:
    server, hub = world.server, world.hub
    desk = hub.desk("judge")
    desk.pull()
    operations = notes(desk)
    world.volume.fill()
    answer = desk.ask_push(*operations)
    assert refused(answer) == (503, "internal")
    assert int(answer.headers["retry-after"]) > 0
    if world.stops:
        server.wait_until_down()
        world.volume.clear()
        server.start()
    else:
        server.sql("SELECT 1")
        world.volume.clear()
    assert desk.pull().rows == [], "half of a push was kept"
    assert {(each.outcome, each.rev) for each in desk.push(*operations)} == {(Outcome.APPLIED, 1)}
    assert len(desk.pull().rows) == NOTES
    with hub.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.mutation)) == NOTES
        assert list(chain.faults(connection)) == []
