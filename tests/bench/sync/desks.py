"""2,000 desks that sync every five minutes, for one whole turn, at a hub that holds a million rows.

Each is simulated by its requests: its own key and token, its own connection for each sync as a desk's, its cursors over
30 scopes. One in three renews its token first. One in ten sends a note, one in twelve finds ten new rows, one in fifty
fetches a file of 1 MB; the others find nothing new: these are the idle ones. As many as a hub process takes listen for
pokes meanwhile, the others are told to ask. Beside it all a bare server gives empty answers, each on a connection of
its own: what the machine does to the slowest of those it does to all. Hub, PostgreSQL and the desks share this
machine's cores.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
import psutil
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Person, Role
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec, feed, http
from judge_desk.protocol.feed import PullRequest, Row, ScopeEnd
from judge_desk.protocol.operations import Action, Operation, PushRequest
from judge_desk.protocol.version import HEADER, PROTOCOL
from tests.bench.sync.country import CHANGED, FILE_BYTES, postgresql, raw_server, seed
from tests.bench.sync.one_court import COURT, hub
from tests.bench.sync.scale import HELD, grow, made_database

DESKS, EVERY_SECONDS, SCOPES_EACH, SHARED = 2_000, 300.0, 29, "case:shared"
PUSH, NEW, FILE = 0.1, 0.08, 0.02
RENEWS, TRIED_AT_ONCE, MOST_TIMES = 1 / 3, 8, 10
SPREAD_SECONDS = 20.0
"""Within which the desks begin to listen: those of a hub that was started anew come back in no less."""


class Desk:
    """One desk's requests: its key, its token and its cursors."""

    def __init__(self, number: int, scopes: list[str]) -> None:
        self.device_id, self.person_id, self.scopes = f"device{number}", f"person{number}", scopes
        self.key, self.mid = Ed25519PrivateKey.generate(), 0
        self.headers = {HEADER: str(PROTOCOL)}
        self.cursors = dict.fromkeys(scopes, HELD)

    async def sign_in(self, client: httpx2.AsyncClient) -> None:
        signed_at = datetime.now(UTC).isoformat()
        signature = self.key.sign(http.session_text(self.device_id, signed_at)).hex()
        asked = {"device_id": self.device_id, "signed_at": signed_at, "signature": signature}
        answer = await client.post(http.SESSION, json=asked, headers={HEADER: str(PROTOCOL)})
        answer.raise_for_status()
        self.headers["authorization"] = f"Bearer {answer.json()['token']}"

    async def push(self, client: httpx2.AsyncClient) -> None:
        self.mid += 1
        text = "Проверить уплату пошлины. " * 20
        note_id = f"{self.device_id}-{self.mid}"
        note = Note(id=note_id, case_id="", author_id=self.person_id, reach=NoteReach.PRIVATE, text=text)
        operation = Operation(
            mid=self.mid,
            scope=f"user:{self.person_id}",
            kind=Kind.NOTE,
            id=note_id,
            action=Action.PUT,
            base_rev=0,
            body=msgspec.Raw(codec.encode(note)),
        )
        body = msgspec.json.encode(PushRequest((operation,)))
        answer = await client.post(http.PUSH, content=body, headers=self.headers)
        if b'"applied"' not in answer.raise_for_status().content:
            raise httpx2.HTTPError(answer.text)

    async def pull(self, client: httpx2.AsyncClient) -> int:
        """How many rows came."""
        body = msgspec.json.encode(PullRequest(self.cursors, 8_000))
        answer = await client.post(http.PULL, content=body, headers=self.headers)
        answer.raise_for_status()
        rows = 0
        for line, _body in feed.read(answer.content.splitlines()):
            if isinstance(line, Row | ScopeEnd):
                self.cursors[line.scope] = line.seq if isinstance(line, Row) else line.head
                rows += isinstance(line, Row)
        return rows

    async def fetch(self, client: httpx2.AsyncClient, sha256: str) -> None:
        answer = await client.get(http.blob_path(sha256), headers=self.headers)
        if len(answer.raise_for_status().content) != FILE_BYTES:
            raise httpx2.HTTPError("half a file")


@dataclass
class Crowd:
    """All the desks at one hub. ``seconds`` by what a sync found; ``failed`` by the kind of the fault."""

    url: str
    registry: Registry
    file: str
    place: Path
    bare_url: str
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)
    listening: int = 0
    pokes: int = 0
    took: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    async def turn(self, desks: list[Desk], every_seconds: float) -> None:
        """Sign everybody in, then one sync of each, spread over the turn."""
        chance = random.Random(1)
        limits = httpx2.Limits(max_connections=200, max_keepalive_connections=0)
        async with httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=30, limits=limits) as client:
            await self._arrive(client, desks)
            listeners = [asyncio.create_task(self._listen(each, chance.random())) for each in desks]
            await asyncio.sleep(SPREAD_SECONDS + 2)
            began, busy = time.perf_counter(), used(self.place)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._compare(began, every_seconds, len(desks) // 4))
                for each in desks:
                    at = began + chance.random() * every_seconds
                    group.create_task(self._come(client, each, at, chance.random(), renews=chance.random() < RENEWS))
            self.took = time.perf_counter() - began
            self.cpu = {name: seconds - busy[name] for name, seconds in used(self.place).items()}
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)

    async def _arrive(self, client: httpx2.AsyncClient, desks: list[Desk]) -> None:
        room = asyncio.Semaphore(TRIED_AT_ONCE)

        async def one(desk: Desk) -> None:
            async with room:
                await desk.sign_in(client)
                await desk.pull(client)

        await asyncio.gather(*map(one, desks))

    async def _come(self, client: httpx2.AsyncClient, desk: Desk, at: float, what: float, *, renews: bool) -> None:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        kind = "push" if what < PUSH else "ten new" if what < PUSH + NEW else "file" if what < PUSH + NEW + FILE else ""
        if kind == "ten new":
            await asyncio.to_thread(self._change, desk)
        began = time.perf_counter()
        try:
            if renews:
                await desk.sign_in(client)
                self.seconds["session"].append(time.perf_counter() - began)
                began = time.perf_counter()
            if kind == "push":
                await desk.push(client)
            rows = await desk.pull(client)
            if kind == "file":
                await desk.fetch(client, self.file)
        except (httpx2.HTTPError, ValueError) as fault:
            status = fault.response.status_code if isinstance(fault, httpx2.HTTPStatusError) else ""
            self.failed[f"{type(fault).__name__} {status}".strip()] += 1
        else:
            if rows != {"ten new": CHANGED, "push": 1}.get(kind, 0):
                self.failed[f"{rows} rows for {kind or 'idle'}"] += 1
            self.seconds[kind or "idle"].append(time.perf_counter() - began)

    async def _compare(self, began: float, every_seconds: float, times: int) -> None:
        """Empty answers of a bare server beside it all: what the machine itself does to the slowest of them."""
        limits = httpx2.Limits(max_keepalive_connections=0)
        async with httpx2.AsyncClient(base_url=self.bare_url, trust_env=False, timeout=30, limits=limits) as client:
            for number in range(times):
                await asyncio.sleep(max(0.0, began + number * every_seconds / times - time.perf_counter()))
                asked = time.perf_counter()
                (await client.get("/nothing")).raise_for_status()
                self.seconds["empty"].append(time.perf_counter() - asked)

    def _change(self, desk: Desk) -> None:
        """The registry changes ten rows of a desk."""
        made = [a_note(desk, scope) for scope in desk.scopes[:CHANGED]]
        self.registry.put_many(COURT.id, [(f"case:{each.case_id}", Kind.NOTE, each.id, each) for each in made])

    async def _listen(self, desk: Desk, when: float) -> None:
        """A stream of pokes, read as it comes: a thousand of them through a client would measure the client."""
        await asyncio.sleep(when * SPREAD_SECONDS)
        parts = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            words = "".join(f"{name}: {value}\r\n" for name, value in desk.headers.items())
            writer.write(f"GET {http.EVENTS} HTTP/1.1\r\nhost: {parts.netloc}\r\n{words}\r\n".encode())
            if b"200" not in await reader.readline():
                return
            self.listening += 1
            async for line in reader:
                self.pokes += line.startswith(b"event:")
        finally:
            writer.close()


def a_note(desk: Desk, scope: str) -> Note:
    case_id = scope.partition(":")[2]
    name = f"{desk.device_id}-{case_id}"
    return Note(id=name, case_id=case_id, author_id="judge1", reach=NoteReach.SHARED, text="жаңа " * 80)


def used(place: Path) -> dict[str, float]:
    """Seconds of the processors taken so far: by the desks (this process), by the hub below it, by the database."""
    postmaster = psutil.Process(int((place / "data" / "postmaster.pid").read_text().split()[0]))
    parts = {"desks": [psutil.Process()], "hub": psutil.Process().children(recursive=True)}
    parts["PostgreSQL"] = [postmaster, *postmaster.children(recursive=True)]
    return {name: sum(map(_seconds, each)) for name, each in parts.items()}


def _seconds(process: psutil.Process) -> float:
    """Of a process and, for the postmaster, of its children that have ended."""
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        ended = times.children_user + times.children_system if process.name().startswith("postgres") else 0.0
        return float(times.user + times.system + ended)
    return 0.0


def people(engine: Any, count: int) -> list[Desk]:
    """Persons with a device and 30 scopes each, put straight into the tables: to enrol them is no part of it."""
    registry = Registry(engine)
    desks = [
        Desk(number, [f"case:other{number * SCOPES_EACH + n + 1}" for n in range(SCOPES_EACH)])
        for number in range(count)
    ]
    records = [
        Person(id=each.person_id, court_id=COURT.id, name="А. Б.", full_name="А. Б.", roles=(Role.JUDGE,))
        for each in desks
    ]
    registry.put_many(COURT.id, [(f"court:{COURT.id}", Kind.PERSON, each.id, each) for each in records])
    registry.grant_many(
        COURT.id, [(each.person_id, scope, Role.JUDGE) for each in desks for scope in (*each.scopes, SHARED)]
    )
    with engine.begin() as connection:
        rows = [
            {
                "court_id": COURT.id,
                "id": each.device_id,
                "person_id": each.person_id,
                "name": "bench",
                "public_key": each.key.public_key().public_bytes_raw().hex(),
                "enrolled_at": datetime.now(UTC),
            }
            for each in desks
        ]
        connection.execute(tables.device.insert(), rows)
    return desks


@contextlib.contextmanager
def country(place: Path, count: int) -> Iterator[tuple[Crowd, list[Desk]]]:
    """A hub in a process of its own over a PostgreSQL with a million rows, and its desks, not yet signed in."""
    with postgresql(place) as server:
        url = made_database(server, "bench")
        seed(url, place / "blobs", [], [])
        grow(url)
        engine = open_engine(url)
        registry = Registry(engine, FolderBlobs(place / "blobs"))
        desks = people(engine, count)
        file, _size = registry.add_blob(COURT.id, SHARED, random.Random(1).randbytes(FILE_BYTES))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        (place / "raw").mkdir()
        (place / "raw" / "rows").touch()
        with hub(url, place / "blobs") as hub_url, raw_server(place / "raw") as bare_url:
            yield Crowd(hub_url, registry, file, place, bare_url), desks
        engine.dispose()


def measure(count: int = DESKS, every_seconds: float = EVERY_SECONDS) -> None:
    """Print how a turn of so many desks went."""
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    try:
        with country(place, count) as (crowd, desks):
            asyncio.run(crowd.turn(desks, every_seconds))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    report(crowd, count, every_seconds)


def report(crowd: Crowd, count: int, every_seconds: float) -> None:
    print(f"{count} desks, one sync each in {crowd.took:.0f} s; {crowd.listening} listen, {crowd.pokes} pokes heard")
    for name, each in sorted(crowd.seconds.items()):
        late = quantiles(each, n=100)[98] if len(each) > 1 else each[0]
        figures = f"p50 {median(each) * 1000:7.1f} ms, p99 {late * 1000:7.1f} ms, most {max(each) * 1000:7.1f} ms"
        print(f"{name:10} {len(each):5} times, {figures}")
    cores = ", ".join(f"{name} {seconds / crowd.took:.2f}" for name, seconds in crowd.cpu.items())
    print(f"cores taken: {cores}; load of the machine {os.getloadavg()[0]:.2f}")
    ratio, bare = (spread(crowd.seconds[name]) for name in ("idle", "empty"))
    errors = crowd.failed.total()
    missed = "" if ratio <= MOST_TIMES else "  MISSED"
    print(f"idle p99 against p50: {ratio:.1f} x (at most {MOST_TIMES}){missed}; of an empty answer: {bare:.1f} x")
    print(f"errors {errors} of {count} (none){'' if not errors else f'  MISSED {dict(crowd.failed)}'}")


def spread(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98] / median(seconds)
