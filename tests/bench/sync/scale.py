"""What a pull costs a hub that holds a hundred times as much, and 2,000 desks that sync every five minutes.

The desks are simulated by their requests, one in ten with an operation to send; each holds 30 scopes. Hub, PostgreSQL
and the desks share this machine's cores.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx2
import msgspec
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Person, Role
from judge_desk.hub import feed as hub_feed
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec, feed, http
from judge_desk.protocol.feed import PullRequest, Row, ScopeEnd
from judge_desk.protocol.operations import Action, Operation, PushRequest
from judge_desk.protocol.version import HEADER, PROTOCOL
from judge_desk.runtime.clock import SystemClock
from tests.bench.sync.country import DOCUMENTS, notes, postgresql, seed
from tests.bench.sync.one_court import COURT, hub

MORE_ROWS = 990_000
DESKS, EVERY_SECONDS, RUN_SECONDS, SCOPES_EACH, PUSH_SHARE = 2_000, 300, 60, 30, 0.1
_MORE = """
INSERT INTO scope (court_id, scope, head, floor, checksum, audit_count, audit_hash)
SELECT %(court)s, 'case:other' || n, 17, 0, 0, 0, '' FROM generate_series(1, %(scopes)s) AS n;
INSERT INTO entity (court_id, scope, kind, id, seq, rev, deleted, body)
SELECT %(court)s, 'case:other' || n, 'note', 'other' || n || '-' || k, k, 1, false, repeat('x', 400)
FROM generate_series(1, %(scopes)s) AS n, generate_series(1, 17) AS k;
"""


def pull_cost(engine_url: str) -> float:
    """Median seconds of the hub's own work for one desk's whole first pull."""
    engine, caller = open_engine(engine_url), Caller(COURT.id, "judge1", "bench-device")
    clock = SystemClock()
    found = []
    for _ in range(5):
        cursors: dict[str, int] = {}
        began, more = time.perf_counter(), True
        while more:
            lines = hub_feed.pull(engine, clock, caller, msgspec.json.encode(PullRequest(cursors, 8_000)))
            more = b"true" in lines[-1]
            for line, _body in feed.read(lines):
                if isinstance(line, Row | ScopeEnd):
                    cursors[line.scope] = line.seq if isinstance(line, Row) else line.head
        found.append(time.perf_counter() - began)
    engine.dispose()
    return median(found)


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
    values = {"court": COURT.id, "scopes": MORE_ROWS // 17}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _MORE.strip().split(";\n"):
            connection.execute(statement.removesuffix(";"), values)
        connection.execute("VACUUM ANALYZE")


class Desk:
    """One desk's requests: its key, its token and its cursors."""

    def __init__(self, number: int, key: Ed25519PrivateKey) -> None:
        self.device_id, self.key, self.mid = f"device{number}", key, 0
        self.person_id = f"person{number}"
        self.headers = {HEADER: str(PROTOCOL)}
        self.cursors: dict[str, int] = {}

    async def sign_in(self, client: httpx2.AsyncClient) -> None:
        signed_at = datetime.now(UTC).isoformat()
        signature = self.key.sign(http.session_text(self.device_id, signed_at)).hex()
        asked = {"device_id": self.device_id, "signed_at": signed_at, "signature": signature}
        answer = await client.post(http.SESSION, json=asked, headers=self.headers)
        answer.raise_for_status()
        self.headers["authorization"] = f"Bearer {answer.json()['token']}"

    def _note(self) -> Operation:
        note = Note(
            id=f"{self.device_id}-{self.mid}",
            case_id="",
            author_id=self.person_id,
            reach=NoteReach.PRIVATE,
            text="Проверить уплату пошлины. " * 20,
        )
        body = msgspec.Raw(codec.encode(note))
        scope = f"user:{self.person_id}"
        return Operation(
            mid=self.mid, scope=scope, kind=Kind.NOTE, id=note.id, action=Action.PUT, base_rev=0, body=body
        )

    async def sync(self, client: httpx2.AsyncClient, *, push: bool) -> None:
        if push:
            self.mid += 1
            body = msgspec.json.encode(PushRequest((self._note(),)))
            answer = await client.post(http.PUSH, content=body, headers=self.headers)
            if b'"applied"' not in answer.raise_for_status().content:
                raise httpx2.HTTPError(answer.text)
        body = msgspec.json.encode(PullRequest(self.cursors, 8_000))
        answer = await client.post(http.PULL, content=body, headers=self.headers)
        answer.raise_for_status()
        for line, _body in feed.read(answer.content.splitlines()):
            if isinstance(line, Row | ScopeEnd):
                self.cursors[line.scope] = line.seq if isinstance(line, Row) else line.head


async def crowd(url: str, desks: list[Desk]) -> tuple[list[float], list[float], int]:
    """Seconds of idle syncs and of those with something to send, and how many failed."""
    idle: list[float] = []
    busy: list[float] = []
    failed = 0
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=30, limits=limits) as client:
        for each in desks:
            await each.sign_in(client)
            await each.sync(client, push=False)

        async def one(each: Desk, at: float, *, push: bool) -> None:
            nonlocal failed
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            began = time.perf_counter()
            try:
                await each.sync(client, push=push)
            except httpx2.HTTPError:
                failed += 1
            (busy if push else idle).append(time.perf_counter() - began)

        drawn, start = random.Random(1), time.perf_counter() + 0.5
        turns = [
            (drawn.random() * RUN_SECONDS, drawn.choice(desks)) for _ in range(DESKS * RUN_SECONDS // EVERY_SECONDS)
        ]
        async with asyncio.TaskGroup() as group:
            for at, each in turns:
                group.create_task(one(each, start + at, push=drawn.random() < PUSH_SHARE))
    return idle, busy, failed


def people(url: str) -> list[Desk]:
    """2,000 persons with a device and 30 scopes each, put straight into the tables: to enrol them is no part of it."""
    engine = open_engine(url)
    registry = Registry(engine)
    desks = [Desk(number, Ed25519PrivateKey.generate()) for number in range(DESKS)]
    records = [
        Person(id=f"person{number}", court_id=COURT.id, name="А. Б.", full_name="А. Б.", roles=(Role.JUDGE,))
        for number in range(DESKS)
    ]
    registry.put_many(COURT.id, [(f"court:{COURT.id}", Kind.PERSON, each.id, each) for each in records])
    registry.grant_many(
        COURT.id,
        [
            (each.id, f"case:other{number * SCOPES_EACH + n + 1}", Role.JUDGE)
            for number, each in enumerate(records)
            for n in range(SCOPES_EACH)
            if number * SCOPES_EACH + n < MORE_ROWS // 17
        ],
    )
    with engine.begin() as connection:
        rows = [
            {
                "court_id": COURT.id,
                "id": each.device_id,
                "person_id": f"person{number}",
                "name": "bench",
                "public_key": each.key.public_key().public_bytes_raw().hex(),
                "enrolled_at": datetime.now(UTC),
            }
            for number, each in enumerate(desks)
        ]
        connection.execute(tables.device.insert(), rows)
    engine.dispose()
    return desks


def measure() -> None:
    """Print what a pull costs at 10,000 and at 1,000,000 rows, and how 2,000 desks fare on the larger hub."""
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    try:
        with postgresql(place) as server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            url = server.replace("/postgres?", "/bench?")
            made = notes(DOCUMENTS)
            seed(url, place / "blobs", made, [])
            add_device(url, "bench-device", "judge1", "")
            small = pull_cost(url)
            grow(url)
            large = pull_cost(url)
            print(f"hub's work for a first pull: {small:.3f} s at 10,000 rows, {large:.3f} s at 1,000,000")
            print(f"time at 1,000,000 against 10,000 rows: {large / small:.2f} x (at most 1.3)")
            desks = people(url)
            with hub(url, place / "blobs") as hub_url:
                idle, busy, failed = asyncio.run(crowd(hub_url, desks))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    p50, p99, pushed = median(idle), quantiles(idle, n=100)[98], median(busy)
    print(f"{DESKS} desks: idle p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, with a push {pushed * 1000:.1f} ms")
    print(f"p99 against p50: {p99 / p50:.1f} x (at most 10), errors {failed} of {len(idle) + len(busy)} (none)")
