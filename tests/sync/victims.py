"""The processes that the kill test kills: a hub that serves, and a desk that writes and syncs without end."""

from __future__ import annotations

import itertools
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.errors import HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import user_scope
from judge_desk.hub.app import make_app
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.server import bound, make_server
from judge_desk.runtime.clock import SystemClock
from tests import factories
from tests.sync.conftest import CHEAP, PASSPHRASE


def serve(database_url: str, blobs: Path, listen: str, ready: Connection) -> None:
    """A hub until it is killed; says when it listens."""
    app = make_app(open_engine(database_url), FolderBlobs(blobs))
    listener = bound(listen)
    ready.send("ready")
    make_server(app).run(sockets=[listener])


def work(folder: Path, number: int, ready: Connection) -> None:
    """A desk that saves two notes and syncs, again and again; a hub that is away is nothing to it."""
    profile = Profile(folder, SystemClock(), cost=CHEAP, use_keyring=False)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    engine = opened.engine_for(lambda _progress: None)
    person_id = opened.context.person.id
    ready.send("ready")
    for turn in itertools.count():
        for part in "ab":
            note = factories.a_note("case1", id=f"n{number}.{turn}.{part}", author_id=person_id)
            with opened.context.store.unit_of_work(person_id, "test.note") as unit:
                unit.put(Kind.NOTE, user_scope(person_id), note)
        try:
            engine.cycle(threading.Event())
        except HubProblem:
            continue
