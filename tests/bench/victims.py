"""The processes that the fault bench kills: a hub whose clock can be moved, and a desk that writes and syncs."""

from __future__ import annotations

import itertools
import threading
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.errors import HubProblem, StoreProblem
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import user_scope
from judge_desk.hub.app import make_app
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.server import bound, make_server
from judge_desk.runtime.clock import SystemClock, court_time
from tests import factories
from tests.sync.conftest import CHEAP, PASSPHRASE


class JumpingClock(SystemClock):
    """The system's clock, so many days off; the days stand in a file, so that another process can move them."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        try:
            days = float(self.file.read_text() or 0)
        except OSError:
            days = 0.0
        return super().now() + timedelta(days=days)

    def today(self) -> date:
        return court_time(self.now()).date()


def serve(database_url: str, blobs: Path, listen: str, days: Path, ready: Connection) -> None:
    """A hub until it is killed; says when it listens."""
    app = make_app(open_engine(database_url), FolderBlobs(blobs), JumpingClock(days))
    listener = bound(listen)
    ready.send("ready")
    make_server(app).run(sockets=[listener])


def work(folder: Path, case_id: str, first_word: int, ready: Connection) -> None:
    """A desk that saves a note and syncs, again and again, and tells each word once it is saved."""
    profile = Profile(folder, SystemClock(), cost=CHEAP, use_keyring=False)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    engine = opened.engine_for(lambda _progress: None)
    person_id = opened.context.person.id
    ready.send("ready")
    for number in itertools.count(first_word):
        word = f"u{number}u"
        note = factories.a_note(case_id, id=f"killed-{number}", author_id=person_id, text=word)
        try:
            with opened.context.store.unit_of_work(person_id, "bench.note") as unit:
                unit.put(Kind.NOTE, user_scope(person_id), note)
        except StoreProblem:
            continue
        ready.send(word)
        try:
            engine.cycle(threading.Event())
        except (HubProblem, StoreProblem):
            continue
