"""A full disk and clocks that jump by years: nothing is lost, nothing is done twice, nobody is made to forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import chain, tables
from judge_desk.protocol.operations import Outcome
from judge_desk.runtime.clock import FixedClock
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, TestDesk, hub_over, refused


@contextmanager
def full_disk(hub: LiveHub) -> Iterator[None]:
    """The database cannot grow: SQLite by a bound on its pages, PostgreSQL as its own error for a full disk says."""
    if hub.engine.dialect.name == "sqlite":
        with hub.engine.connect() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))

        def bound(raw: object, *_: object) -> None:
            raw.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

        event.listen(hub.engine, "checkout", bound)
        try:
            yield
        finally:
            event.remove(hub.engine, "checkout", bound)
            hub.engine.dispose()
        return
    with hub.engine.begin() as connection:
        connection.execute(text(FULL))
        connection.execute(text("CREATE TRIGGER full_disk BEFORE INSERT ON audit EXECUTE FUNCTION full_disk()"))
    try:
        yield
    finally:
        with hub.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER full_disk ON audit"))


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


@pytest.fixture
def desk(live_hub: LiveHub) -> TestDesk:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    return live_hub.desk("judge")


def test_a_full_disk_refuses_whole_pushes_and_takes_them_once_there_is_room(live_hub: LiveHub, desk: TestDesk) -> None:
    operations = [
        desk.operation("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}", text="мәтін " * 2_000)) for n in range(40)
    ]
    desk.pull()
    with full_disk(live_hub):
        answer = desk.ask_push(*operations)
        assert refused(answer) == (503, "internal")
        assert int(answer.headers["retry-after"]) > 0
        assert desk.pull().rows == [], "half of a push was kept"
    assert {(each.outcome, each.rev) for each in desk.push(*operations)} == {(Outcome.APPLIED, 1)}
    assert len(desk.pull().rows) == 40
    with live_hub.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.mutation)) == 40
        assert list(chain.faults(connection)) == []


@pytest.mark.parametrize("days", [-365, -1, 365, 3_650])
def test_a_hub_whose_clock_jumps_changes_no_right_and_no_order(tmp_path: Path, days: int) -> None:
    clock = FixedClock(datetime(2026, 11, 23, 4, tzinfo=UTC))
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, clock) as hub:
        hub.add_person("judge", Role.JUDGE)
        for n in range(2):
            hub.put((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")))
        desk = hub.stranger()
        desk.sign_in = lambda at=None: TestDesk.sign_in(desk, at or clock.now())  # type: ignore[method-assign]
        desk.enrol("judge")
        first = desk.push_one("case:k0", Kind.NOTE, "n1", a_note("n1", case_id="k0"))
        desk.pull()
        hub.registry.withdraw_many("court1", [("judge", "case:k1")])
        assert [each.scope for each in desk.pull().revokes] == ["case:k1"]

        clock.advance(days=days)
        desk.sign_in()
        second = desk.push_one("case:k0", Kind.NOTE, "n2", a_note("n2", case_id="k0"))
        assert second.seq == first.seq + 1
        pulled = desk.pull()
        assert (pulled.revokes, pulled.resets) == ([], []), "a clock made a desk forget"
        assert pulled.ids == {("case:k0", "n2")}
        assert "case:k1" not in desk.cursors, "a clock gave back what was withdrawn"
        hub.registry.withdraw_many("court1", [("judge", "case:k0")])
        assert [each.scope for each in desk.pull().revokes] == ["case:k0"]
