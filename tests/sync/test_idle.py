"""What a cycle costs when nothing or little is new: round trips, and statements on both sides, however much is held."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import tables
from judge_desk.hub.levels import Levels
from judge_desk.protocol.feed import Line
from judge_desk.store.outset import Outsets
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HttpHub
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk

CONTROL = ("BEGIN", "PRAGMA")
HEADS_OF_ONE = 100
"""Bytes: less than the heads of two scopes take."""
CURSORS_OF_FIVE = 300
DESK_STATEMENTS = 8
"""To take in a page of one kind of record, the questions before and behind it with them."""


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement of the block that reads or writes rows."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(CONTROL):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def put_cases(hub: LiveHub, numbers: range) -> None:
    hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", judge_id="judge", secretary_id="")) for n in numbers))


class Measured:
    """A desk that is level with its hub, and what its cycles cost from then on."""

    def __init__(self, hub: LiveHub, desk: SyncedDesk) -> None:
        self._hub, self.store = hub, desk.opened.context.store
        self._engine = desk.opened.engine_for(lambda _progress: None)
        self.cycle()

    def cycle(self) -> SyncReport:
        return self._engine.cycle(threading.Event())

    def write(self, numbers: range) -> None:
        for n in numbers:
            with self.store.unit_of_work("judge", "note.save") as work:
                work.put(Kind.NOTE, f"case:k{n}", a_note(f"own{n}", case_id=f"k{n}", author_id="judge"))

    def unchecked(self) -> tuple[str, ...]:
        return Outsets(self.store).now().held.unchecked

    def cost(self) -> tuple[int, int, int, int]:
        """Rows, round trips, statements of the hub, statements of the desk."""
        with counted(self._hub.engine) as at_hub, counted(self.store.engine) as at_desk:
            report = self.cycle()
        return report.pulled, report.round_trips, len(at_hub), len(at_desk)


def put_notes(hub: LiveHub, numbers: range) -> None:
    hub.put(*((f"case:k{n}", Kind.NOTE, f"n{n}", a_note(f"n{n}", case_id=f"k{n}")) for n in numbers))


def unreachable(*_: object) -> Iterator[tuple[Line, bytes]]:
    raise HubUnreachable


@pytest.fixture
def measured(live_hub: LiveHub, new_desk: NewDesk) -> Measured:
    put_cases(live_hub, range(3))
    return Measured(live_hub, new_desk(live_hub, "judge"))


def test_nothing_new_takes_one_round_trip_and_one_question_on_each_side(live_hub: LiveHub, measured: Measured) -> None:
    assert measured.cost() == (0, 1, 1, 1)
    put_cases(live_hub, range(3, 300))
    measured.cycle()
    assert measured.cost() == (0, 1, 1, 1)


def test_a_desk_that_is_level_neither_tells_nor_is_told_what_it_holds(live_hub: LiveHub, measured: Measured) -> None:
    put_cases(live_hub, range(3, 300))
    measured.cycle()
    report = measured.cycle()
    assert report.bytes_in < HEADS_OF_ONE
    assert report.bytes_out < CURSORS_OF_FIVE


def test_what_is_new_behind_a_first_pull_takes_one_round_trip(live_hub: LiveHub, measured: Measured) -> None:
    put_notes(live_hub, range(1))
    assert measured.cost()[:2] == (1, 1)


def test_a_hub_that_remembers_nothing_is_told_all_of_it_in_one_round_trip_more(
    live_hub: LiveHub, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_notes(live_hub, range(1))
    with monkeypatch.context() as forgetful:
        forgetful.setattr(Levels, "find", lambda *_: None)
        assert measured.cost()[:2] == (1, 2)
        assert measured.cost()[:2] == (0, 1)
    put_notes(live_hub, range(1, 2))
    assert measured.cost()[:2] == (1, 1)


def test_what_the_hub_remembers_has_bounds() -> None:
    levels = Levels(most_bytes=10)
    for name in ("a", "b", "a", "c"):
        levels.note(name, "12345")
        levels.find("a")
    assert (levels.find("a"), levels.find("b"), levels.find("c")) == ("12345", None, "12345")


def test_ten_new_take_as_many_statements_as_one(live_hub: LiveHub, measured: Measured) -> None:
    put_cases(live_hub, range(3, 60))
    measured.cycle()
    put_notes(live_hub, range(3, 4))
    one = measured.cost()
    put_notes(live_hub, range(10, 20))
    assert measured.cost() == (10, *one[1:])
    assert one[1:3] == (1, 2 if live_hub.engine.dialect.name == "sqlite" else 1)
    assert one[3] <= DESK_STATEMENTS


def test_what_a_desk_pushes_does_not_come_back_to_it(live_hub: LiveHub, measured: Measured) -> None:
    measured.write(range(3))
    report = measured.cycle()
    assert (report.pushed, report.pulled, report.round_trips, report.mismatches) == (3, 0, 2, 0)
    assert measured.unchecked() == ()
    assert measured.cost() == (0, 1, 1, 1)


def test_what_others_wrote_between_comes_with_ones_own(live_hub: LiveHub, measured: Measured) -> None:
    put_notes(live_hub, range(1))
    measured.write(range(2))
    report = measured.cycle()
    assert (report.pushed, report.pulled, report.mismatches) == (2, 2, 0)
    assert measured.unchecked() == ()


def test_the_sum_behind_a_push_is_asked_again_when_the_link_broke_before_it(
    live_hub: LiveHub, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.write(range(2))
    with monkeypatch.context() as broken:
        broken.setattr(HttpHub, "pull", unreachable)
        with pytest.raises(HubUnreachable):
            measured.cycle()
    assert measured.unchecked() == ("case:k0", "case:k1")
    measured.cycle()
    assert measured.unchecked() == ()


def test_sums_behind_a_long_outage_are_compared_cycle_by_cycle(
    live_hub: LiveHub, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judge_desk.sync.pull.SUMS", 2)
    measured.write(range(3))
    first = measured.cycle()
    assert (first.pushed, first.more_sums, len(measured.unchecked())) == (3, True, 1)
    with measured.store.writing() as connection:
        connection.exec_driver_sql("UPDATE \"case\" SET rev = rev + 7 WHERE id = 'k2'")
    second = measured.cycle()
    assert (second.mismatches, second.more_sums) == (1, False)


def test_sums_that_do_not_add_up_are_not_asked_for_without_a_pause(
    live_hub: LiveHub, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judge_desk.sync.pull.SUMS", 1)
    measured.write(range(3))
    with measured.store.writing() as connection:
        connection.exec_driver_sql("UPDATE \"case\" SET rev = rev + 7 WHERE id = 'k0'")
    report = measured.cycle()
    assert (report.mismatches, report.more_sums) == (1, False)


def test_a_row_that_differs_from_the_hubs_is_found_behind_a_push(live_hub: LiveHub, measured: Measured) -> None:
    measured.write(range(1))
    with measured.store.writing() as connection:
        connection.exec_driver_sql("UPDATE \"case\" SET rev = rev + 7 WHERE id = 'k0'")
    assert measured.cycle().mismatches == 1


def test_another_role_alone_is_something_new(live_hub: LiveHub, measured: Measured) -> None:
    store = measured.store
    before = Outsets(store).now().held
    with live_hub.engine.begin() as connection:
        grant = tables.scope_grant
        connection.execute(update(grant).where(grant.c.scope == "case:k1").values(role=Role.SECRETARY))
    measured.cycle()
    after = Outsets(store).now().held
    assert after.cursors == before.cursors
    assert after.roles != before.roles
    assert measured.cost() == (0, 1, 1, 1)


def test_who_has_lost_every_right_is_not_taken_for_level(live_hub: LiveHub, measured: Measured) -> None:
    live_hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", judge_id="", secretary_id="")) for n in range(3)))
    live_hub.add_person("judge")
    measured.cycle()
    assert Outsets(measured.store).now().held.cursors == {}
