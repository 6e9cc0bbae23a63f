"""Ours and the peers in turn, round by round, on the same documents; prints medians, ratios and documents a second."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from judge_desk.protocol import codec
from tests.bench.sync import country
from tests.bench.sync.country import DOCUMENTS, FILE_BYTES, FILES, PUSHED, postgresql, seed
from tests.bench.sync.one_court import desk, hub
from tests.bench.sync.peers import anki, install, kinto, pouchdb

Found = dict[str, float]


def measure(rounds: int) -> None:
    """Install the peers where need be, and print the table."""
    for each in (install.pouchdb, install.kinto, install.anki):
        each()
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    load = os.getloadavg()[0]
    try:
        with postgresql(place) as server, ExitStack() as stack:
            play = Players(place, server, stack)
            found: dict[str, list[float]] = {}
            for number in range(rounds):
                for name, seconds in play.round(number):
                    found.setdefault(name, []).append(seconds)
                last = {name: round(each[-1], 3) for name, each in found.items()}
                print(f"round {number}, load {os.getloadavg()[0]:.2f}: {json.dumps(last)}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"load before {load:.2f}, after {os.getloadavg()[0]:.2f}; {rounds} rounds, medians")
    report({name: median(each) for name, each in found.items()})


class Players:
    """Every hub with the documents in it, started once."""

    def __init__(self, place: Path, server: str, stack: ExitStack) -> None:
        self._place, self._made = place, country.notes(DOCUMENTS)
        documents = place / "documents.jsonl"
        documents.write_bytes(b"\n".join(codec.encode(each) for each in self._made))
        self._records: list[dict[str, Any]] = [json.loads(line) for line in documents.read_bytes().splitlines()]
        with psycopg.connect(server, autocommit=True) as connection:
            for name in ("bench", "kinto"):
                connection.execute(f"CREATE DATABASE {name}")
        url, theirs = (server.replace("/postgres?", f"/{name}?") for name in ("bench", "kinto"))
        files = [random.Random(number).randbytes(FILE_BYTES) for number in range(FILES)]
        seed(url, place / "blobs", self._made, files)
        self._hub = stack.enter_context(hub(url, place / "blobs"))
        self._pouchdb = stack.enter_context(pouchdb.server(place / "pouchdb", documents, FILES))
        self._anki = stack.enter_context(anki.server(place / "anki", documents))
        self._kinto = stack.enter_context(kinto.server(place / "kinto", theirs))
        kinto.push(self._kinto, self._records)

    def round(self, number: int) -> Iterator[tuple[str, float]]:
        place = self._place / f"round{number}"
        place.mkdir()
        with desk(self._hub, place / "ours") as opened:
            yield "ours pull", country.pull(opened, DOCUMENTS)[0]
            pushed, level = country.push(opened, self._made[:PUSHED], number)
            yield "ours push", pushed
            yield "ours push+pull", level
            yield "ours files", country.fetch_files(opened, FILES)
        for name, seconds in pouchdb.desk(self._pouchdb, place / "pouchdb", DOCUMENTS, PUSHED, FILES).items():
            yield f"PouchDB {name}", seconds
        for name, seconds in anki.desk(self._anki, place / "anki", DOCUMENTS, PUSHED).items():
            yield f"Anki {name}", seconds
        yield "Kinto pull", kinto.pull(self._kinto, place / "kinto.db", DOCUMENTS)
        changed = [each | {"text": f"{each['text']} {number}"} for each in self._records[:PUSHED]]
        yield "Kinto push", kinto.push(self._kinto, changed)


def report(seconds: Found) -> None:
    for name, each in seconds.items():
        count = {"pull": DOCUMENTS, "push": PUSHED, "push+pull": PUSHED, "files": FILES}[name.split()[1]]
        print(f"{name:14} {each:8.3f} s {count / each:10,.0f} a second")
    for name, ours, theirs, most in (
        ("first pull / PouchDB's", "ours pull", "PouchDB pull", 0.35),
        ("push of 1,000 / Kinto's", "ours push", "Kinto push", 0.05),
        ("first pull / Anki's", "ours pull", "Anki pull", 1.0),
        ("push of 1,000 and pull / Anki's", "ours push+pull", "Anki push", 1.0),
        ("200 files / PouchDB's", "ours files", "PouchDB files", None),
    ):
        ratio = seconds[ours] / seconds[theirs]
        is_aim = "Anki" in theirs
        bound = "" if most is None else f" ({'aim' if is_aim else 'at most'} {most})"
        missed = "  MISSED" if most is not None and not is_aim and ratio > most else ""
        print(f"{name}: {ratio:.3f} x{bound}{missed}")
