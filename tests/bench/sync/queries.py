"""How many statements a request costs the database, counted at its driver on the way of real requests; no clock.

tests/hub/test_queries.py asserts the same: that they do not grow with the number of records.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from judge_desk.domain.kinds import Kind
from judge_desk.protocol.manifest import PATH as MANIFEST
from tests.bench.sync.country import postgresql
from tests.bench.sync.scale import made_database
from tests.contract.records import a_note
from tests.hub.test_queries import (
    MANIFEST_STATEMENTS,
    PULL_STATEMENTS,
    PUSH_STATEMENTS,
    SESSION_STATEMENTS,
    counted,
    court_of,
)
from tests.live_hub import LiveHub, TestDesk, hub_over

CASES = 600


def measure() -> None:
    """Print statements per request."""
    place = Path(tempfile.mkdtemp(prefix="judge-desk-bench-"))
    place.chmod(0o755)
    try:
        with postgresql(place) as server, hub_over(made_database(server, "bench"), place) as hub:
            desk = court_of(hub, CASES)
            for name, statements, most in counts(hub, desk):
                missed = "" if statements <= most else "  MISSED"
                print(f"statements for {name}: {statements} (at most {most}){missed}")
            desk.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def counts(hub: LiveHub, desk: TestDesk) -> list[tuple[str, int, int]]:
    """(request, statements, bound) of each kind."""

    def of(work: Callable[[], object]) -> int:
        with counted(hub) as seen:
            work()
        return len(seen)

    def push(how_many: int, prefix: str) -> Callable[[], object]:
        made = [
            desk.operation(
                f"case:k{n % CASES}", Kind.NOTE, f"{prefix}{n}", a_note(f"{prefix}{n}", case_id=f"k{n % CASES}")
            )
            for n in range(how_many)
        ]
        return lambda: desk.push(*made)

    again = push(1, "again")
    found = [
        (f"a first pull of {CASES} scopes", of(desk.pull), PULL_STATEMENTS),
        ("a pull with nothing new", of(desk.pull), 1),
        ("a push of one note", of(push(1, "a")), PUSH_STATEMENTS),
        ("a push of 500 notes", of(push(500, "b")), PUSH_STATEMENTS),
        ("a push sent twice, the first time", of(again), PUSH_STATEMENTS),
        ("the second time", of(again), 2),
        (f"a manifest of {CASES} scopes", of(lambda: desk.http.post(MANIFEST, json={})), MANIFEST_STATEMENTS),
        ("a session", of(desk.sign_in), SESSION_STATEMENTS),
    ]
    hub.put(*((f"case:k{n}", Kind.NOTE, f"new{n}", a_note(f"new{n}", case_id=f"k{n}")) for n in range(10)))
    desk.pull()
    hub.put(*((f"case:k{n}", Kind.NOTE, f"newer{n}", a_note(f"newer{n}", case_id=f"k{n}")) for n in range(10)))
    found.append(("a pull of ten new rows", of(desk.pull), PULL_STATEMENTS))
    return found
