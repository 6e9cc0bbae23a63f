"""What a pull costs a hub that holds a hundred times as much: two databases on one server, asked in turn."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec
import psycopg

from judge_desk.hub import feed as hub_feed
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol import feed
from judge_desk.protocol.feed import Grant, PullRequest, Row, ScopeEnd
from judge_desk.runtime.clock import SystemClock
from tests.bench.sync.country import DOCUMENTS, notes, postgresql, seed
from tests.bench.sync.one_court import COURT

MORE_ROWS, HELD, ROUNDS = 990_000, 17, 9
"""Rows of other desks, as many of them in each scope, and how often each database is asked."""
_MORE = """
INSERT INTO scope (court_id, scope, head, floor, checksum, audit_count, audit_hash)
SELECT %(court)s, 'case:other' || n, %(held)s, 0, 0, 0, '' FROM generate_series(1, %(scopes)s) AS n;
INSERT INTO entity (court_id, scope, kind, id, seq, rev, deleted, body)
SELECT %(court)s, 'case:other' || n, 'note', 'other' || n || '-' || k, k, 1, false, repeat('x', 400)
FROM generate_series(1, %(scopes)s) AS n, generate_series(1, %(held)s) AS k;
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The cursors and roles of a desk, and its two questions: as a desk asks a hub that remembers it, and one that does
    not."""

    cursors: dict[str, int]
    roles: dict[str, str]

    def known(self) -> PullRequest:
        held = "\n".join(f"{scope} {self.cursors[scope]} {self.roles[scope]}" for scope in sorted(self.cursors))
        return PullRequest({}, 8_000, level=feed.level_of(held.encode()), brief=True)

    def unknown(self) -> PullRequest:
        return PullRequest(self.cursors, 8_000)


class Puller:
    """The hub's own work for one desk, without HTTP."""

    def __init__(self, url: str) -> None:
        self._engine, self._source = open_engine(url), hub_feed.Source(SystemClock())
        self._caller = Caller(COURT.id, "judge1", "bench-device")

    def taken(self) -> float:
        """Seconds that the processors have spent on this so far: here and in the database's process for it."""
        with self._engine.connect() as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        nanoseconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        return time.process_time() + nanoseconds / 1e9

    def first(self) -> tuple[float, float, Held]:
        """Seconds of a whole first pull by the clock and of the processors, and what is held behind it."""
        cursors: dict[str, int] = {}
        roles: dict[str, str] = {}
        before, began, more = self.taken(), time.perf_counter(), True
        while more:
            lines = self._pull(cursors)
            more = b"true" in lines[-1]
            for line, _body in feed.read(lines):
                if isinstance(line, Grant):
                    roles[line.scope] = line.role
                elif isinstance(line, Row | ScopeEnd):
                    cursors[line.scope] = line.seq if isinstance(line, Row) else line.head
        return time.perf_counter() - began, self.taken() - before, Held(cursors, roles)

    def nothing_new(self, request: PullRequest, times: int = 20) -> float:
        """Median seconds of a pull with nothing new."""
        found = []
        for _ in range(times):
            began = time.perf_counter()
            assert len(self._ask(request)) == 1
            found.append(time.perf_counter() - began)
        return median(found)

    def _pull(self, cursors: dict[str, int]) -> list[bytes]:
        return self._ask(PullRequest(cursors, 8_000))

    def _ask(self, request: PullRequest) -> list[bytes]:
        return hub_feed.pull(self._engine, self._source, self._caller, msgspec.json.encode(request))

    def close(self) -> None:
        self._engine.dispose()


def made_database(server: str, name: str) -> str:
    """The URL of a new, empty database on the server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


def add_device(engine_url: str, device_id: str, person_id: str, public_key: str) -> None:
    engine = open_engine(engine_url)
    with engine.begin() as connection:
        connection.execute(
            tables.device.insert().values(
                court_id=COURT.id,
                id=device_id,
                person_id=person_id,
                name="bench",
                public_key=public_key,
                enrolled_at=datetime.now(UTC),
            )
        )
    engine.dispose()


def grow(url: str) -> None:
    """Add the rows of other desks, so that it is a million."""
    values = {"court": COURT.id, "scopes": MORE_ROWS // HELD, "held": HELD}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _MORE.strip().split(";\n"):
            connection.execute(statement.removesuffix(";"), values)
        connection.execute("VACUUM ANALYZE")


def measure() -> None:
    """Print what a pull costs at 10,000 and at 1,000,000 rows."""
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    first, work, known, unknown = (dict[str, list[float]](small=[], large=[]) for _ in range(4))
    try:
        with postgresql(place) as server:
            made, pullers = notes(DOCUMENTS), {}
            for name in first:
                url = made_database(server, name)
                seed(url, place / name, made, [])
                add_device(url, "bench-device", "judge1", "")
                if name == "large":
                    grow(url)
                pullers[name] = Puller(url)
            with psycopg.connect(server.replace("/postgres?", "/small?"), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
            for _ in range(ROUNDS):
                for name, puller in pullers.items():
                    seconds, busy, held = puller.first()
                    first[name].append(seconds)
                    work[name].append(busy)
                    known[name].append(puller.nothing_new(held.known()))
                    unknown[name].append(puller.nothing_new(held.unknown()))
            for puller in pullers.values():
                puller.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    report("first pull", {name: median(each) for name, each in first.items()}, 1.3)
    report("first pull, time of the processors", {name: median(each) for name, each in work.items()}, 1.3)
    report("nothing new", {name: median(each) for name, each in known.items()}, 1.3)
    what = "nothing new, a desk that the process does not know"
    report(what, {name: median(each) for name, each in unknown.items()}, 1.3)
    print(f"medians of {ROUNDS}, asked in turn; load of the machine {os.getloadavg()[0]:.2f}")


def report(what: str, seconds: dict[str, float], most: float) -> None:
    ratio = seconds["large"] / seconds["small"]
    figures = f"{seconds['small'] * 1000:.1f} ms at 10,000 rows, {seconds['large'] * 1000:.1f} ms at 1,000,000"
    print(f"hub's work, {what}: {figures}: {ratio:.2f} x (at most {most}){'' if ratio <= most else '  MISSED'}")
