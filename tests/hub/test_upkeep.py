"""What is cleared away, what is not, and that a desk that was away for too long still agrees with the hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import admin, upkeep
from judge_desk.hub.auth import KEY_AGE, TOKEN_LIFE, Keys, make_key, revoke_device
from judge_desk.hub.db import chain, tables
from judge_desk.hub.upkeep import Caretaker, clear
from judge_desk.protocol.limits import LONGEST_OFFLINE_DAYS
from judge_desk.protocol.operations import Outcome
from judge_desk.runtime.clock import FixedClock
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, TestDesk, fresh_database, good, hub_over


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC) - timedelta(days=400))


@pytest.fixture(params=["sqlite", "postgresql"])
def hub(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[LiveHub]:
    """A hub whose clock the test moves."""
    if request.param == "sqlite":
        with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, clock) as made:
            yield made
        return
    with fresh_database(request.getfixturevalue("postgresql")) as url, hub_over(url, tmp_path, clock) as made:
        yield made


def enrol(hub: LiveHub, clock: FixedClock) -> TestDesk:
    """A desk whose own clock goes by the test's."""
    desk = hub.stranger()
    desk.sign_in = lambda at=None: TestDesk.sign_in(desk, at or clock.now())  # type: ignore[method-assign]
    desk.enrol("judge")
    return desk


@pytest.fixture
def desks(hub: LiveHub, clock: FixedClock) -> tuple[TestDesk, TestDesk]:
    """Two desks of one judge: one at work, one that will stay away. Ten notes, of which six were deleted."""
    hub.add_person("judge", Role.JUDGE)
    hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    works, away = enrol(hub, clock), enrol(hub, clock)
    for n in range(10):
        works.push_one("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}"))
    away.pull()
    for n in range(6):
        assert works.push_one("case:k1", Kind.NOTE, f"n{n}", None, 1).rev == 2
    works.pull()
    return works, away


def rows_of_feed(hub: LiveHub, deleted: bool) -> int:
    entity = tables.entity
    with hub.engine.connect() as connection:
        query = select(func.count()).where(entity.c.deleted == deleted, entity.c.seq > 0, entity.c.scope == "case:k1")
        return connection.scalar(query) or 0


def test_old_tombstones_leave_the_feed_and_everybody_still_agrees(
    hub: LiveHub, clock: FixedClock, desks: tuple[TestDesk, TestDesk]
) -> None:
    works, away = desks
    clock.advance(days=LONGEST_OFFLINE_DAYS - 1)
    assert clear(hub.engine, hub.blobs, clock.now()).tombstones == 0
    assert rows_of_feed(hub, deleted=True) == 6
    clock.advance(days=2)
    assert clear(hub.engine, hub.blobs, clock.now()).tombstones == 6
    assert clear(hub.engine, hub.blobs, clock.now()).tombstones == 0
    assert (rows_of_feed(hub, deleted=True), rows_of_feed(hub, deleted=False)) == (0, 5)

    for desk in (works, away):
        desk.sign_in()
    seen = works.pull()
    assert (seen.resets, seen.rows) == ([], []), "who knew of the deletions is asked for nothing"
    missed = away.pull()
    assert [each.scope for each in missed.resets] == ["case:k1"]
    fresh = enrol(hub, clock)
    for desk, pulled in ((away, missed), (fresh, fresh.pull())):
        [end] = [end for end in pulled.ends if end.scope == "case:k1"]
        assert desk.checksum("case:k1") == end.checksum
    assert works.held == away.held == fresh.held
    with hub.engine.connect() as connection:
        assert list(chain.faults(connection)) == []


def test_a_record_that_comes_back_after_its_tombstone_is_a_newer_one(
    hub: LiveHub, clock: FixedClock, desks: tuple[TestDesk, TestDesk]
) -> None:
    works, away = desks
    clock.advance(days=LONGEST_OFFLINE_DAYS + 1)
    clear(hub.engine, hub.blobs, clock.now())
    works.sign_in()
    # Made anew without knowing: told that there was one. Made on the deletion: taken, with the next revision.
    assert works.push_one("case:k1", Kind.NOTE, "n0", a_note("n0")).outcome is Outcome.CONFLICT
    assert works.push_one("case:k1", Kind.NOTE, "n0", a_note("n0"), 2).rev == 3
    assert works.push_one("case:k1", Kind.NOTE, "n0", a_note("n0", text="2"), 3).rev == 4
    away.sign_in()
    works.pull()
    away.pull()
    assert works.held == away.held


def test_uploads_left_half_way_go_with_their_parts_and_those_under_way_stay(
    hub: LiveHub, clock: FixedClock, desks: tuple[TestDesk, TestDesk]
) -> None:
    works, away = desks
    for desk, sha256 in ((works, "a" * 64), (works, "b" * 64), (away, "c" * 64)):
        good(desk.ask_upload(sha256, 3, "case:k1"))
        good(desk.http.put(f"/v1/blobs/{sha256}/parts/0", content=b"abc"))
    clock.advance(days=10)
    works.sign_in()
    good(works.ask_upload("b" * 64, 3, "case:k1"))
    assert revoke_device(hub.engine, away.device_id, clock.now())
    clock.advance(days=5)
    assert clear(hub.engine, hub.blobs, clock.now()).uploads == 2
    parts = {
        sha256: hub.blobs.size(f"court1/parts/{works.device_id}/{sha256}/00000") for sha256 in ("a" * 64, "b" * 64)
    }
    assert parts == {"a" * 64: None, "b" * 64: 3}
    assert hub.blobs.size(f"court1/parts/{away.device_id}/{'c' * 64}/00000") is None
    works.sign_in()
    assert good(works.ask_upload("b" * 64, 3, "case:k1")).json()["missing"] == []


def test_stored_answers_outlive_every_desk_that_may_ask_for_them(
    hub: LiveHub, clock: FixedClock, desks: tuple[TestDesk, TestDesk]
) -> None:
    works, _ = desks
    again = works.operation("case:k1", Kind.NOTE, "n9", a_note("n9"), mid=10)
    clock.advance(days=2 * LONGEST_OFFLINE_DAYS - 1)
    assert clear(hub.engine, hub.blobs, clock.now()).answers == 0
    works.sign_in()
    assert works.push(again)[0].rev == 1
    clock.advance(days=2)
    assert clear(hub.engine, hub.blobs, clock.now()).answers == 16
    with hub.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.mutation)) == 0


def test_the_command_says_what_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs"), "--json"]
    assert admin.main(["upkeep", *places]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "tombstones": 0,
        "uploads": 0,
        "answers": 0,
        "attempts": 0,
        "consents": 0,
        "movements": 0,
    }


def test_two_caretakers_do_not_meet(postgresql_hub: LiveHub) -> None:
    caretaker = Caretaker(postgresql_hub.engine, postgresql_hub.blobs)
    with postgresql_hub.engine.connect() as other:
        other.execute(select(func.pg_advisory_xact_lock(upkeep._LOCK)))
        assert caretaker.once() is None
    assert caretaker.once() is not None


def test_every_process_takes_up_a_new_key_and_lets_the_old_one_run_out(tmp_path: Path) -> None:
    clock = FixedClock(datetime.now(UTC))
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, clock) as hub:
        here, there = Keys(hub.engine, clock), Keys(hub.engine, clock)
        old = here.newest()
        assert there.newest() == old
        new = make_key(hub.engine, clock.now())
        clock.advance(seconds=KEY_AGE.total_seconds() + 1)
        assert here.newest()[0] == there.newest()[0] == new
        # Sealed by a process that had not looked yet: good for as long as any token is.
        clock.advance(seconds=TOKEN_LIFE.total_seconds() - 2)
        assert Keys(hub.engine, clock).secret(old[0]) == old[1]
        clock.advance(seconds=KEY_AGE.total_seconds())
        assert Keys(hub.engine, clock).secret(old[0]) is None
