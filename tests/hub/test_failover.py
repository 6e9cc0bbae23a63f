"""A standby that takes over is noticed by itself; desks compare what they hold and fetch nothing twice."""

from __future__ import annotations

from pathlib import Path

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.protocol import http
from judge_desk.protocol.limits import GENERATION_REVS
from judge_desk.store import sent
from tests import factories
from tests.hub.own_postgresql import Postgres, own_home
from tests.live_hub import good, hub_over
from tests.sync.conftest import enrolled


def test_a_standby_that_takes_over_costs_a_desk_one_comparison(postgresql: str, tmp_path: Path) -> None:
    with own_home() as home:
        primary, standby = Postgres(home, "primary"), Postgres(home, "standby")
        primary.create()
        primary.start()
        primary.sql("CREATE DATABASE hub")
        with hub_over(primary.database("hub"), tmp_path) as hub:
            listen = hub.url.removeprefix("http://")
            hub.add_person("judge1", Role.JUDGE)
            case = factories.a_case(id="k1", court_id="court1", judge_id="judge1", secretary_id="")
            hub.put(("case:k1", Kind.CASE, "k1", case))
            desk = enrolled(hub.url, "judge1", tmp_path / "desk")
            desk.sync()
            desk.desk.notes.save(desk.desk.notes.new("k1", "бірінші"))
            assert desk.sync().pushed == 1
            noted = {xid for (xid,) in primary.sql("SELECT xid FROM movement", "hub")}
            assert noted
            standby.copy_of(primary, "-R")
            standby.start()
            [(end,)] = primary.sql("SELECT pg_current_wal_flush_lsn()")
            while not standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{end}'")[0][0]:
                pass
        primary.stop("immediate")
        standby.promote()
        with hub_over(standby.database("hub"), tmp_path, listen=listen) as hub:
            with hub.engine.connect() as connection:
                kept = connection.exec_driver_sql("SELECT xid FROM movement").scalars()
                assert not noted & set(kept), "numbers of the line that has ended"
            desk.desk.notes.save(desk.desk.notes.new("k1", "екінші"))
            report = desk.sync()
            assert (report.pushed, report.refused, report.conflicts, report.mismatches) == (1, 0, 0, 0)
            assert report.pulled == 0, "nothing comes that is here already, not even the echo of the new note"
            with desk.opened.context.store.reading() as connection:
                generation = sent.generation(connection)
            assert generation > 0
            assert {each.note.text for each in desk.desk.notes.of_case("k1")} == {"бірінші", "екінші"}
            again = desk.sync()
            assert (again.pulled, again.pushed) == (0, 0)
            other = hub.desk("judge1")
            assert other.ask_pull().json()["generation"] == generation
            asked = good(other.http.post(http.LOST, json={"mids": []})).json()
            assert asked == {"mids": []}
            with hub.engine.connect() as connection:
                revs = connection.exec_driver_sql("SELECT rev FROM entity WHERE kind = 'note' ORDER BY rev").scalars()
                assert list(revs) == [1, generation * GENERATION_REVS + 1]
        desk.close()
