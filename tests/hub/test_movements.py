"""What has moved is found by the numbers of transactions: whatever commits late, is cleared away, or is another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text, update

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.terms import Term
from judge_desk.hub import feed as hub_feed
from judge_desk.hub import generations, levels, news, upkeep
from judge_desk.hub import write as writing
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import movements, tables
from judge_desk.hub.db.dialect import upsert
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.db.state import Change, Entry
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import PullRequest
from tests.contract.asking import PERSON, Asker
from tests.contract.records import a_case
from tests.live_hub import COURT, LiveHub, fresh_database, hub_over

LATER = datetime(2096, 1, 1, tzinfo=UTC)
NOTHING_NEW = 1
"""Lines: the end alone."""


@pytest.fixture
def asker(postgresql_hub: LiveHub) -> Asker:
    """A desk that holds two cases, and a hub that has compared them once."""
    postgresql_hub.add_person(PERSON, Role.JUDGE, Role.SECRETARY)
    postgresql_hub.add_person("other", Role.JUDGE)
    for name in ("k1", "k2"):
        postgresql_hub.put((f"case:{name}", Kind.CASE, name, a_case(name, judge_id=PERSON, secretary_id="")))
    made = Asker(postgresql_hub)
    made.begin()
    assert len(made.known()) == NOTHING_NEW
    return made


@contextmanager
def compared(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block that look for news: ``moved`` or ``all``."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "scope_grant" in statement:
            seen.append("moved" if "FROM movement" in statement else "all")

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def add_term(hub: LiveHub, case_id: str, name: str) -> None:
    hub.put((f"case:{case_id}", Kind.TERM, name, Term(id=name, case_id=case_id)))


def a_change(case_id: str, name: str) -> Change:
    body = msgspec.json.encode(Term(id=name, case_id=case_id)).decode()
    scope = f"case:{case_id}"
    entry = Entry(chain=scope, actor_id="system", action="put", scope=scope, kind=Kind.TERM, record_id=name, rev=1)
    return Change(key=(scope, Kind.TERM, name), rev=1, body=body, deleted=False, before=None, entry=entry)


def lists(connection: Connection) -> list[str]:
    return list(connection.scalars(select(tables.movement.c.scopes).order_by(tables.movement.c.xid)))


def test_only_what_moved_is_looked_at(asker: Asker) -> None:
    add_term(asker.hub, "k1", "t1")
    with compared(asker.hub.engine) as seen:
        lines = asker.known()
        asker.take(lines)
        assert len(asker.known()) == NOTHING_NEW
    assert len(lines) == 1 + 1 + 1, "the term, the sum of its scope, the end"
    assert seen == ["moved", "moved"]


def test_what_others_move_is_no_news(asker: Asker) -> None:
    asker.hub.put(("case:k9", Kind.CASE, "k9", a_case("k9", judge_id="other", secretary_id="")))
    with compared(asker.hub.engine) as seen:
        assert len(asker.known()) == NOTHING_NEW
    assert seen == ["moved"]


def test_what_is_committed_behind_younger_work_is_found(asker: Asker) -> None:
    """Its number is the lower one: it was at work when the desk last asked, and when the younger one was sent."""
    with asker.hub.engine.connect() as slow:
        slow.execute(text("SELECT pg_current_xact_id()"))
        add_term(asker.hub, "k2", "young")
        asker.take(asker.known())
        assert len(asker.known()) == NOTHING_NEW
        writing.write(slow, COURT.id, [a_change("k1", "slow")], (), datetime.now(UTC))
        assert len(asker.known()) == NOTHING_NEW
        slow.commit()
    with compared(asker.hub.engine) as seen:
        assert any(b'"slow"' in line for line in asker.known())
    assert seen == ["moved"]


def test_what_is_rolled_back_has_moved_nothing(asker: Asker) -> None:
    with asker.hub.engine.connect() as connection:
        writing.write(connection, COURT.id, [a_change("k1", "never")], (), datetime.now(UTC))
        connection.rollback()
    assert len(asker.known()) == NOTHING_NEW


@pytest.mark.parametrize("judge", [PERSON, "other"])
def test_a_right_that_changed_is_compared_with_everything(asker: Asker, judge: str) -> None:
    asker.hub.put(("case:k3", Kind.CASE, "k3", a_case("k3", judge_id=PERSON, secretary_id="")))
    asker.take(asker.known())
    assert len(asker.known()) == NOTHING_NEW
    name = "k4" if judge == PERSON else "k3"
    asker.hub.put((f"case:{name}", Kind.CASE, name, a_case(name, judge_id=judge, secretary_id="")))
    with compared(asker.hub.engine) as seen:
        lines = asker.known()
    assert seen[:2] == ["moved", "all"]
    assert any((b'"grant"' if judge == PERSON else b'"revoke"') in line for line in lines)


def test_a_new_role_is_told_though_nothing_moved(asker: Asker) -> None:
    asker.hub.registry.grant_many(COURT.id, [(PERSON, "case:k1", Role.SECRETARY)])
    assert asker.known() == asker.whole() != [asker.known()[-1]]


def test_the_mark_of_one_person_is_none_of_anothers(asker: Asker) -> None:
    """Were it taken by the words alone, whoever says the same would be told that nothing is new."""
    rights = {"court_id": COURT.id, "person_id": "other", "origin": "record", "from_at": LATER, "reason": ""}
    rows = [{**rights, "scope": scope, "role": role} for scope, (_, role) in asker.held.items()]
    with asker.hub.engine.begin() as connection:
        upsert(connection, tables.scope_grant, rows)  # what no grant may be: another's own scopes
    stranger = Caller(COURT.id, "other", asker.hub.desk("other").device_id)
    request = PullRequest({}, 2_000, level=asker.named(), brief=True)
    with compared(asker.hub.engine) as seen:
        hub_feed.pull(asker.hub.engine, asker.remembering, stranger, msgspec.json.encode(request))
    assert seen[0] == "all"


def test_more_than_can_be_named_is_compared_with_everything(asker: Asker) -> None:
    names = [f"long-{number:04}" for number in range(movements.MOST_BYTES // len("case:long-0000") + 1)]
    others = (a_case(each, judge_id="other", secretary_id="") for each in names)
    asker.hub.put(*((f"case:{each.id}", Kind.CASE, each.id, each) for each in others))
    add_term(asker.hub, "k1", "t1")
    with compared(asker.hub.engine) as seen:
        asker.take(asker.known())
        assert len(asker.known()) == NOTHING_NEW
    assert seen == ["moved", "all", "moved"]


def test_many_short_lists_of_one_transaction_become_one_without_names(asker: Asker) -> None:
    with asker.hub.engine.begin() as connection:
        movements.note(connection, COURT.id, ["case:k1"], LATER)
        movements.note(connection, COURT.id, ["case:k2", "case:k3"], LATER)
        assert lists(connection)[-1] == "case:k1\ncase:k2\ncase:k3"
        movements.note(connection, COURT.id, ["x" * (movements.MOST_BYTES - 5)], LATER)
        assert lists(connection)[-1] == ""
        movements.note(connection, COURT.id, ["case:k1"], LATER)
        assert lists(connection)[-1] == ""


def test_a_desk_that_was_away_for_long_is_compared_with_everything(asker: Asker) -> None:
    with asker.hub.engine.begin() as connection:
        [(current,)] = connection.exec_driver_sql("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
        row = {"court_id": COURT.id, "at": LATER, "scopes": "case:k9"}
        connection.execute(insert(tables.movement), [{**row, "xid": current + n} for n in range(news.MOST_MOVEMENTS)])
    add_term(asker.hub, "k1", "t1")
    with compared(asker.hub.engine) as seen:
        assert len(asker.known()) == 1 + 1 + 1
    assert seen == ["moved", "all"]


@pytest.mark.parametrize("days", [-1, 0, 40_000])
def test_whatever_is_cleared_away_is_not_missed(asker: Asker, days: int) -> None:
    """A clock that is years ahead clears away what a desk has not heard of yet."""
    add_term(asker.hub, "k1", "t1")
    add_term(asker.hub, "k2", "t2")
    upkeep.clear(asker.hub.engine, None, datetime.now(UTC) + timedelta(days=days))
    with asker.hub.engine.connect() as connection:
        assert len(lists(connection)) == 1 if days > 1 else len(lists(connection)) > 1
    with compared(asker.hub.engine) as seen:
        lines = asker.known()
    assert [b'"t1"' in b"".join(lines), b'"t2"' in b"".join(lines)] == [True, True]
    assert seen == (["moved", "all"] if days > 1 else ["moved"])


def test_clearing_away_twice_leaves_the_one_row(asker: Asker) -> None:
    first, second = (upkeep.clear(asker.hub.engine, None, LATER).movements for _ in range(2))
    assert first > 0
    assert second == 0
    with asker.hub.engine.connect() as connection:
        assert lists(connection) == [""]


def test_a_restore_makes_every_mark_worthless(asker: Asker) -> None:
    add_term(asker.hub, "k1", "lost")
    asker.take(asker.known())
    assert len(asker.known()) == NOTHING_NEW
    generation = generations.begin(asker.hub.engine, datetime.now(UTC))
    with asker.hub.engine.begin() as connection:
        assert lists(connection) == []
        scope = tables.scope
        connection.execute(update(scope).where(scope.c.scope == "case:k1").values(head=scope.c.head - 1))
    with pytest.raises(Refused) as refusal:
        asker.known()
    assert refusal.value.code is Code.HUB_RESTORED
    asker.generation = generation
    with compared(asker.hub.engine) as seen:
        lines = asker.known()
    assert seen[:2] == ["moved", "all"]
    assert any(b'"reset"' in line for line in lines)


def test_a_mark_of_another_line_of_history_is_worthless(asker: Asker) -> None:
    """As behind a pooler, where no connection of ours ends when a standby takes over."""
    kept, owner = asker.remembering.levels, asker.caller.owner
    mark = kept.mark(owner, asker.named())
    assert mark is not None
    assert mark.line == "00000001"
    kept.set_mark(owner, asker.named(), msgspec.structs.replace(mark, line="00000002", xid=mark.xid + 1_000))
    add_term(asker.hub, "k1", "t1")
    with compared(asker.hub.engine) as seen:
        assert len(asker.known()) == 1 + 1 + 1
    assert seen == ["moved", "all"]


A_CLUSTER = (
    "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
    " SELECT 99999, 'citus', extowner, extnamespace, false, '13' FROM pg_extension WHERE extname = 'plpgsql'"
)


def test_in_a_cluster_everything_is_compared(postgresql: str, tmp_path: Path) -> None:
    """Each of its servers numbers for itself."""
    with fresh_database(postgresql) as url:
        cluster = create_engine(url)
        with cluster.begin() as connection:
            connection.exec_driver_sql(A_CLUSTER)
        cluster.dispose()
        with hub_over(url, tmp_path) as hub:
            hub.add_person(PERSON, Role.JUDGE)
            hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", judge_id=PERSON, secretary_id="")))
            asker = Asker(hub)
            asker.begin()
            with compared(hub.engine) as seen:
                assert [len(asker.known()) for _ in range(2)] == [NOTHING_NEW] * 2
            assert seen == ["all", "all"]
            with hub.engine.connect() as connection:
                assert lists(connection) == []


@pytest.mark.parametrize("hidden", ["pg_control_system()", "pg_current_wal_insert_lsn()"])
def test_a_server_that_hides_its_line_of_history_is_not_counted_on(postgresql_hub: LiveHub, hidden: str) -> None:
    with postgresql_hub.engine.begin() as connection:
        assert movements.is_counted(connection)
        connection.exec_driver_sql(f"REVOKE EXECUTE ON FUNCTION {hidden} FROM PUBLIC")
        connection.exec_driver_sql(f"CREATE ROLE {(name := 'r' + token_hex(6))} LOGIN")
    hosted = open_engine(postgresql_hub.database_url)
    try:
        with hosted.connect() as connection:
            connection.exec_driver_sql(f"SET ROLE {name}")
            assert not movements.is_counted(connection)
            connection.exec_driver_sql("RESET ROLE")
            connection.exec_driver_sql(f"DROP ROLE {name}")
            connection.commit()
    finally:
        hosted.dispose()


def test_the_oldest_marks_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "MOST_MARKS", 2)
    kept, mark = levels.Levels(), movements.Mark(0, "", 1, "")
    for name in ("a", "b", "c"):
        kept.set_mark(("court", name), "level", mark)
    assert [kept.mark(("court", name), "level") for name in ("a", "b", "c")] == [None, mark, mark]
