"""The feed never steps over a row that commits late: the stress that loses rows where numbers come early."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.terms import Term
from judge_desk.hub import write
from judge_desk.hub.db import chain
from judge_desk.hub.db import engine as database
from judge_desk.hub.db.state import Change, Entry
from judge_desk.protocol import codec
from tests.contract.records import a_case
from tests.live_hub import LiveHub, TestDesk

WRITERS, COMMITS, SCOPES = 8, 250, 16


def write_one(hub: LiveHub, scope: str, record_id: str, hold_seconds: float) -> None:
    """One commit of one row, held open for a while between its number and its end."""
    body = codec.encode(Term(id=record_id, case_id=scope.partition(":")[2])).decode()
    entry = Entry(chain=scope, actor_id="x", action="put", scope=scope, kind="term", record_id=record_id, rev=1)
    change = Change(key=(scope, Kind.TERM, record_id), rev=1, body=body, deleted=False, before=None, entry=entry)

    def work(connection: Connection) -> None:
        write.write(connection, "court1", [change], [], datetime.now(UTC))
        time.sleep(hold_seconds)

    database.write(hub.engine, work)


def writer(hub: LiveHub, number: int) -> None:
    chance = random.Random(number)
    for n in range(COMMITS):
        scope = f"case:k{chance.randrange(SCOPES)}"
        write_one(hub, scope, f"w{number}-{n}", chance.uniform(0, 0.004))


def test_no_row_is_lost_to_a_reader_while_eight_write(postgresql_hub: LiveHub) -> None:
    hub = postgresql_hub
    hub.add_person("judge", Role.JUDGE)
    hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(SCOPES)))
    desk = hub.desk("judge")
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read_until, desk, done)
        writing = [pool.submit(writer, hub, number) for number in range(WRITERS)]
        for each in writing:
            each.result()
        done.set()
        pulls = reading.result()
    desk.pull()
    written = {f"w{number}-{n}" for number in range(WRITERS) for n in range(COMMITS)}
    assert written - {record_id for _, _, record_id in desk.held} == set()
    assert pulls > 5, "the reader was to read in between"
    with hub.engine.connect() as connection:
        assert list(chain.faults(connection)) == []


def read_until(desk: TestDesk, done: threading.Event) -> int:
    pulls = 0
    while not done.is_set():
        for end in desk.pull().ends:
            assert desk.checksum(end.scope) == end.checksum
        pulls += 1
    return pulls
