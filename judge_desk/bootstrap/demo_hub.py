"""The demo's hub as a process of its own: founds the court, serves it on loopback, and ends when the demo ends.

``judge-desk demo-hub FOLDER …`` (`demo_files.HUB_COMMAND`) prints one JSON line ``{"url": …}`` once it answers.
Passwords go to ``accounts.json`` beside the database, readable by this user alone. The documents are made by a second
process, so that the hub stays quick while they stream in. Both end when their standard input closes: no orphan outlives
the demo.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from judge_desk.bootstrap.demo_files import ACCOUNTS, HUB_COMMAND
from judge_desk.hub.app import make_app
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.demo_court import seeding
from judge_desk.hub.demo_court.contests import write_contests
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.registry import Registry
from judge_desk.hub.server import bound, make_server, serve
from judge_desk.runtime import program
from judge_desk.security.private_file import replace_file

FILED = "filed"


def main(words: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(words)
    folder: Path = arguments.folder
    plan = SeedPlan(anchor=arguments.anchor, cases=arguments.cases, documents=arguments.documents, seed=arguments.seed)
    return _file(folder, plan) if arguments.file_documents else _serve(folder, plan, arguments.listen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="demo-hub")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--anchor", type=date.fromisoformat, required=True)
    parser.add_argument("--listen", default="127.0.0.1:0")
    parser.add_argument("--file-documents", action="store_true")
    return parser


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'hub.db'}"


def _serve(folder: Path, plan: SeedPlan, listen: str) -> int:
    engine = open_engine(_database(folder))
    blobs = FolderBlobs(folder / "blobs")
    migrate.migrate(engine)
    if not (folder / ACCOUNTS).exists():
        court = seeding.found(Registry(engine, blobs), plan, with_reviews=False)
        write_contests(engine, Registry(engine, blobs), court)
        replace_file(folder / ACCOUNTS, json.dumps(court.passwords).encode())
    listener = bound(listen)
    server = make_server(make_app(engine, blobs))
    host, port = listener.getsockname()[:2]
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    filing = _start_filing(folder, plan)

    def end() -> None:
        server.should_exit = True

    _when_the_demo_ends(end)
    try:
        serve(server, listener)
    finally:
        if filing is not None and filing.stdin is not None:
            filing.stdin.close()
            filing.wait()
        engine.dispose()
    return 0


def _when_the_demo_ends(end: Callable[[], None]) -> None:
    """Call ``end`` once our standard input is closed, which is how the demo tells us, even if it was killed."""

    def watch() -> None:
        # os.read and not sys.stdin: a daemon thread inside a buffered reader crashes the interpreter at its exit.
        while os.read(0, 1):
            continue
        end()

    threading.Thread(target=watch, name="demo-ends", daemon=True).start()


def _start_filing(folder: Path, plan: SeedPlan) -> subprocess.Popen[bytes] | None:
    if (folder / FILED).exists():
        return None
    words = ["--cases", str(plan.cases), "--documents", str(plan.documents), "--seed", str(plan.seed)]
    return subprocess.Popen(
        program.again(*(HUB_COMMAND, str(folder), *words), *("--anchor", plan.anchor.isoformat(), "--file-documents")),
        stdin=subprocess.PIPE,
    )


def _file(folder: Path, plan: SeedPlan) -> int:
    """Make and file every document, the nearest hearings' first; stops between two batches when the demo ends."""
    from judge_desk.bootstrap import demo_rounds  # the desk's services: not for the process that serves

    ended = threading.Event()
    _when_the_demo_ends(ended.set)
    engine = open_engine(_database(folder))
    blobs = FolderBlobs(folder / "blobs")
    try:
        court, registry = seeding.rebuilt(plan), Registry(engine, blobs)

        def after_a_batch(_done: int, _total: int) -> None:
            # The files of the nearest hearings are out: now the reviews, then all the others.
            demo_rounds.write(registry, court, folder)

        seeding.file_documents(registry, blobs, court, after_a_batch, ended.is_set)
    finally:
        engine.dispose()
    if not ended.is_set():
        (folder / FILED).touch()
    return 0
