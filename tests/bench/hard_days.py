"""The model of a judge, two desks and a secretary, on machines that die, fill up and lose the time of day.

Hub and PostgreSQL are processes of their own, killed while a desk syncs; a desk's process is killed while it writes;
the desks lie on a disk that is really full for a while; clocks jump by years; the hub is brought back from an older
copy of its database; two days of work wait to be sent. What holds at the end is what tests/sync/test_model.py asks for.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import ClassVar

import httpx2
import psycopg
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import rule

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.errors import HubProblem, StoreProblem
from judge_desk.hub import admin
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import chain, migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.protocol import feed, http
from judge_desk.sync.report import SyncReport
from tests.bench import victims
from tests.hub.own_postgresql import Postgres, own_home
from tests.hub.test_faults import full_disk
from tests.live_hub import COURT, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE, SyncedDesk
from tests.sync.faulty_link import AT, FAULTS
from tests.sync.test_kill import Victim, free_port
from tests.sync.test_model import DESKS, WORD, CourtModel

DISK_MB, OFFLINE_OPERATIONS, OFFLINE_DAYS = 256, 500, 2
WELL_SECONDS = 60
TROUBLES = st.sampled_from(["hub killed", "backend killed", "hub's disk full", "desk's disk full"])
DAYS = st.sampled_from([-3_650, -365, -1, 1, 365, 3_650])
_blocks = count(1)


class World:
    """A PostgreSQL, a hub's process over it, a small disk for the desks, and what can happen to them."""

    def __init__(self, folder: Path, postgres: Postgres, disk: Path) -> None:
        self.folder, self.postgres, self.disk = folder, postgres, disk
        self.hub_days = folder / "hub.days"
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.bench.victims"])
        listen = f"127.0.0.1:{free_port()}"
        self.database_url = postgres.database("hub")
        self.process = Victim(
            self.context,
            victims.serve,
            lambda _start: (self.database_url, folder / "blobs", listen, self.hub_days),
        )
        engine = open_engine(self.database_url)
        migrate.migrate(engine)
        blobs = FolderBlobs(folder / "blobs")
        registry = Registry(engine, blobs)
        registry.add_court(COURT)
        self.hub = LiveHub(f"http://{listen}", registry, engine, blobs, self.database_url)
        self.process.be_alive()

    def kill_hub(self) -> None:
        self.process.kill()

    def kill_backend(self, chance: int) -> bool:
        """False when there was none to kill."""
        with suppress(psycopg.OperationalError):
            started = self._started()
            if self.postgres.kill_a_backend(chance):
                while self._started() == started:
                    time.sleep(0.02)
                return True
        return False

    def _started(self) -> object:
        """Since when the database's processes share their memory: all begin anew when one was killed."""
        with suppress(psycopg.OperationalError):
            return self.postgres.sql(
                "SELECT min(backend_start) FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
            )
        return None

    def be_well(self) -> None:
        """Until the hub says that it is ready: a database whose process was killed first sends everybody away."""
        self.process.be_alive()
        self.postgres.wait_until_up()
        self.hub.engine.dispose()
        end = time.monotonic() + WELL_SECONDS
        while not self._is_ready():
            assert time.monotonic() < end, "the hub did not come back"
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        with suppress(httpx2.HTTPError):
            return httpx2.get(self.hub.url + http.READY, trust_env=False, timeout=5).is_success
        return False

    @contextmanager
    def full(self) -> Iterator[None]:
        """The desks' disk without a free byte."""
        ballast = self.disk / "ballast"
        with ballast.open("wb") as file, suppress(OSError):
            while True:
                os.write(file.fileno(), bytes(65_536))
        try:
            yield
        finally:
            ballast.unlink()

    @contextmanager
    def hub_full(self) -> Iterator[None]:
        """PostgreSQL says that its disk is full."""
        self.postgres.sql("DROP FUNCTION IF EXISTS full_disk() CASCADE", "hub")
        with full_disk(self.hub):
            yield

    def copy_database(self, source: str, target: str) -> None:
        """Of a hub that is down; whoever is still connected is sent away."""
        self.hub.engine.dispose()
        self.postgres.sql(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        self.postgres.sql(f"ALTER DATABASE {source} ALLOW_CONNECTIONS false")
        asked = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{source}'"
        while self.postgres.sql(asked)[0][0]:
            pass
        self.postgres.sql(f"CREATE DATABASE {target} TEMPLATE {source}")
        for each in (source, target):
            self.postgres.sql(f"ALTER DATABASE {each} ALLOW_CONNECTIONS true")


class HardCourt(CourtModel):
    """What the suite's model does, and what happens to machines. A sync may break off; nothing may be lost by it."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(1)
        self.has_backup = False
        self.restores = 0
        self.unsettled: set[int] = set()
        for place, desk in enumerate(self.desks):
            desk.close()
            self.reopen(desk, victims.JumpingClock(self.days_of(place)))

    def days_of(self, place: int) -> Path:
        """Where the days stand by which a desk's clock is off; not on its disk, which may be full."""
        return self.world.folder / f"desk{place}.days"

    def reopen(self, desk: SyncedDesk, clock: victims.JumpingClock) -> None:
        desk.profile = Profile(desk.profile.folder, clock, cost=CHEAP, use_keyring=False)
        desk.opened = desk.profile.unlock(PASSPHRASE, with_loop=False)

    @rule(place=DESKS, trouble=TROUBLES, wait=st.integers(0, 60))
    def sync_in_trouble(self, place: int, trouble: str, wait: int) -> None:
        """Something dies or fills up within the first milliseconds of a sync."""
        desk, world, happened = self.desks[place], self.world, True
        self.counts[f"trouble {trouble}"] += 1
        with ExitStack() as stack:
            if trouble.endswith("full"):
                stack.enter_context(world.hub_full() if trouble.startswith("hub") else world.full())
            else:
                strike = world.kill_hub if trouble == "hub killed" else self.kill_a_backend
                killer = threading.Timer(wait / 1000, strike)
                killer.start()
                stack.callback(killer.join)
            try:
                self.level(place, desk.sync())
                happened = False
            except (HubProblem, StoreProblem) as fault:
                self.counts[f"broken off: {fault.key}"] += 1
        world.be_well()
        self.counts["syncs broken off by trouble"] += happened

    def kill_a_backend(self) -> None:
        self.counts["backends killed"] += self.world.kill_backend(self.chance.randrange(1 << 16))

    @rule(place=DESKS, wait=st.integers(5, 400))
    def kill_desk(self, place: int, wait: int) -> None:
        """SIGKILL of a desk's process in the middle of its work; what it called saved is there afterwards."""
        desk = self.desks[place]
        desk.close()
        first = 1_000_000 + 10_000 * next(_blocks)
        ours, theirs = self.world.context.Pipe()
        arguments = (desk.profile.folder, self.case.id, first, theirs)
        process = self.world.context.Process(target=victims.work, args=arguments)
        process.start()
        theirs.close()
        assert ours.poll(60), "the desk never came up"
        ours.recv()
        process.join(wait / 1000)
        process.kill()
        process.join()
        with suppress(EOFError):
            while True:
                self.written.add(ours.recv())
                self.counts["words of a desk that was killed"] += 1
        self.counts["desks killed"] += 1
        desk.opened = desk.profile.unlock(PASSPHRASE, with_loop=False)

    @rule(place=DESKS, days=DAYS, at_hub=st.booleans())
    def clock_jumps(self, place: int, days: int, at_hub: bool) -> None:
        """A clock is years off for one note and one sync."""
        file = self.world.hub_days if at_hub else self.days_of(place)
        file.write_text(str(days))
        self.counts[f"clock jumps of the {'hub' if at_hub else 'desk'}"] += 1
        try:
            self.write_note(place, shared=False)
            self.level(place, self.desks[place].sync())
        except HubProblem as fault:
            self.counts[f"broken off: {fault.key}"] += 1
        finally:
            file.write_text("0")

    @rule(place=DESKS)
    def two_days_offline(self, place: int) -> None:
        """500 notes without a link, then all of them at once."""
        if self.counts["two days offline"] >= 3:
            return
        desk, file = self.desks[place], self.days_of(place)
        for number in range(OFFLINE_OPERATIONS):
            file.write_text(str(OFFLINE_DAYS * number / OFFLINE_OPERATIONS))
            self.write_note(place, shared=False)
        file.write_text("0")
        self.counts["two days offline"] += 1
        report = desk.sync()
        self.level(place, report)
        assert report.pushed >= OFFLINE_OPERATIONS - report.refused, "they did not go"

    @rule()
    def back_up(self) -> None:
        self.world.process.kill()
        self.world.copy_database("hub", "backup")
        self.world.be_well()
        self.has_backup = True
        self.counts["backups"] += 1

    @rule()
    def restore(self) -> None:
        """The hub as it was at the backup; the desks bring back what it has lost."""
        if not self.has_backup:
            return
        self.world.process.kill()
        self.world.copy_database("backup", "hub")
        assert admin.main(["restored", "--database", self.world.database_url, "--json"]) == 0
        self.world.be_well()
        self.restores += 1
        self.unsettled = set(range(len(self.desks)))
        self.counts["hubs restored from an older backup"] += 1

    @rule(away=st.booleans())
    def reassign(self, away: bool) -> None:
        """What the registry did after a backup nobody can bring back: that backup is not used."""
        self.has_backup = False
        super().reassign(away)

    @rule(size=st.integers(1, 600_000))
    def file_document(self, size: int) -> None:
        self.has_backup = False
        super().file_document(size)

    @rule(place=DESKS, fault=FAULTS, at=AT)
    def sync(self, place: int, fault: str, at: int) -> None:
        try:
            super().sync(place, fault, at)
        except HubProblem as problem:
            assert fault, "the hub was there"
            self.counts[f"broken off: {problem.key}"] += 1
        else:
            self.unsettled -= set() if fault else {place}

    def count(self, report: SyncReport) -> None:
        """A desk finds out by its sums what a restored hub has lost; at any other time they agree."""
        if self.unsettled:
            self.counts["sums that a restore had changed"] += report.mismatches
            report.mismatches = 0
        super().count(report)

    def level(self, place: int, report: SyncReport) -> None:
        """A sync that went through to its end."""
        self.count(report)
        assert report.mismatches == 0
        self.unsettled.discard(place)

    def check_hub(self) -> None:
        """After a restore the numbers have a gap on purpose; all else holds."""
        if not self.restores:
            super().check_hub()
            return
        entity = self.hub_rows(tables.entity)
        for row in entity:
            assert len(WORD.findall(row.body)) == len(set(WORD.findall(row.body))), "a word stands there twice"
        with self.hub.engine.connect() as connection:
            kept = sa.select(tables.scope.c.checksum).where(tables.scope.c.scope == self.scope)
            total = connection.scalar(kept)
            mine = [(row.id, row.rev) for row in entity if row.scope == self.scope and not row.deleted]
            assert total == feed.checksum(mine)
            assert list(chain.faults(connection)) == []


@contextmanager
def world() -> Iterator[World]:
    """Everything of it goes away at the end; needs root, for the desks' small disk."""
    with tempfile.TemporaryDirectory() as name, own_home() as home:
        postgres = Postgres(home, "hard")
        postgres.create()
        postgres.start()
        postgres.sql("CREATE DATABASE hub")
        disk = Path(name) / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(disk)], check=True)
        made = World(Path(name), postgres, disk)
        try:
            yield made
        finally:
            made.process.kill()
            made.hub.engine.dispose()
            subprocess.run(["umount", "-l", str(disk)], check=True)
            postgres.stop("immediate")
