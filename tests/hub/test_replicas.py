"""A primary and a streaming standby, both real: pulls read from the standby exactly when it has caught up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import metrics, replicas
from judge_desk.hub.app import make_app
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.replicas import FAILED, LATE, PRIMARY, REPLICA, Replicas
from judge_desk.hub.server import running
from tests.contract.records import a_case, a_note
from tests.hub.own_postgresql import Postgres, own_home
from tests.live_hub import LiveHub, TestDesk, hub_over


@dataclass
class Pair:
    """A hub that reads from a standby, and the two servers."""

    hub: LiveHub
    primary: Postgres
    standby: Postgres
    slept: float = 0.0

    def seconds(self) -> float:
        return time.monotonic() + self.slept

    def desk(self, person_id: str) -> TestDesk:
        return self.hub.desk(person_id)

    def catch_up(self) -> None:
        """Until the standby has replayed all that the primary has written."""
        [(end,)] = self.primary.sql("SELECT pg_current_wal_lsn()")
        while not self.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{end}'")[0][0]:
            pass


@pytest.fixture(scope="module")
def pair(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("replicas")
    with own_home() as home:
        primary, standby = Postgres(home, "primary"), Postgres(home, "standby")
        primary.create()
        primary.start()
        primary.sql("CREATE DATABASE hub")
        standby.copy_of(primary, "-R")
        standby.start()
        read_only = open_engine(standby.database("hub"))
        with hub_over(primary.database("hub"), folder) as hub:
            made = Pair(hub, primary, standby)
            app = make_app(hub.engine, hub.blobs, replicas=Replicas([read_only], made.seconds))
            with running(app) as url:
                served = LiveHub(url, hub.registry, hub.engine, hub.blobs, hub.database_url)
                served.add_person("judge", Role.JUDGE)
                served.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
                made.hub = served
                yield made
                for each in served.desks:
                    each.close()
        read_only.dispose()


def rows_from(source: str) -> float:
    return metrics.ROWS_FROM.value(source)


def test_rows_come_from_a_replica_that_is_level(pair: Pair) -> None:
    desk = pair.desk("judge")
    pair.catch_up()
    before = rows_from(REPLICA)
    assert ("case:k1", "k1") in desk.pull().ids
    assert rows_from(REPLICA) == before + 1
    assert desk.pull().rows == []
    assert rows_from(REPLICA) == before + 1, "nothing new is asked of nobody"


def test_a_late_replica_hides_nothing_that_was_pushed_or_pulled(pair: Pair) -> None:
    desk, other = pair.desk("judge"), pair.desk("judge")
    pair.catch_up()
    desk.pull()
    pair.standby.sql("SELECT pg_wal_replay_pause()")
    try:
        late = rows_from(LATE)
        for number in range(1, 6):
            record_id = f"late{number}"
            pushed = desk.push_one("case:k1", Kind.NOTE, record_id, a_note(record_id))
            pulled = desk.pull()
            assert ("case:k1", record_id) in pulled.ids, "the desk must see what it has just pushed"
            assert desk.cursors["case:k1"] == pushed.seq
        assert rows_from(LATE) == late + 5
        # A desk that saw all of it asks again, and one that saw none: neither is sent back.
        seen = dict(desk.cursors)
        assert desk.pull().resets == []
        assert desk.cursors == seen
        other.pull()
        assert other.cursors == seen
    finally:
        pair.standby.sql("SELECT pg_wal_replay_resume()")
    pair.catch_up()
    level = rows_from(REPLICA)
    fresh = pair.desk("judge")
    fresh.pull()
    assert fresh.held == desk.held
    assert rows_from(REPLICA) > level


def test_a_right_that_was_withdrawn_ends_at_once_on_a_late_replica(pair: Pair) -> None:
    hub = pair.hub
    hub.add_person("second", Role.JUDGE)
    hub.put(("case:k9", Kind.CASE, "k9", a_case("k9", judge_id="second", secretary_id="")))
    pair.catch_up()
    desk = pair.desk("second")
    assert "case:k9" in {end.scope for end in desk.pull().ends}
    pair.standby.sql("SELECT pg_wal_replay_pause()")
    try:
        hub.registry.withdraw_many("court1", [("second", "case:k9")])
        assert [each.scope for each in desk.pull().revokes] == ["case:k9"]
        fresh = pair.desk("second")
        assert "case:k9" not in {row.scope for row, _ in fresh.pull().rows}
    finally:
        pair.standby.sql("SELECT pg_wal_replay_resume()")


def test_a_replica_that_fails_costs_nobody_an_answer(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)
    pair.catch_up()
    pair.desk("judge").pull()
    pair.standby.stop("immediate")
    try:
        desk = pair.desk("judge")
        assert ("case:k1", "k1") in desk.pull().ids
        monkeypatch.setattr(replicas, "REST_SECONDS", 60.0)
        assert ("case:k1", "k1") in pair.desk("judge").pull().ids
        failed = rows_from(FAILED)
        assert ("case:k1", "k1") in pair.desk("judge").pull().ids
        assert rows_from(FAILED) == failed + 1
        assert rows_from(PRIMARY) >= 0
    finally:
        pair.standby.start()
        # The pair is shared: the tests after this one find a replica that has rested.
        pair.slept += replicas.REST_SECONDS + 1
