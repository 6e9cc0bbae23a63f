"""What a desk is sent: everything that is its own, nothing else, and proof that it is complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.terms import Term
from judge_desk.hub.db import tables
from judge_desk.protocol import http, limits
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, TestDesk, good, refused


@pytest.fixture
def court(live_hub: LiveHub) -> LiveHub:
    """Two judges; five cases of the first, one of the second."""
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(5)))
    live_hub.put(("case:theirs", Kind.CASE, "theirs", a_case("theirs", judge_id="other", secretary_id="")))
    return live_hub


def terms(case_id: str, how_many: int, text: str = "x") -> list[tuple[str, Kind, str, Term]]:
    named = [(f"{case_id}-t{n}", Term(id=f"{case_id}-t{n}", case_id=case_id, note=text)) for n in range(how_many)]
    return [(f"case:{case_id}", Kind.TERM, name, term) for name, term in named]


def reassign(hub: LiveHub, case_id: str, judge_id: str) -> None:
    hub.put((f"case:{case_id}", Kind.CASE, case_id, a_case(case_id, judge_id=judge_id, secretary_id="")))


def assert_complete(desk: TestDesk, scopes: set[str]) -> None:
    """The desk's sums are those the hub closed each scope with."""
    ends = {each.scope: each.checksum for each in TestDesk.pull(fresh(desk)).ends}
    assert ends.keys() == scopes
    assert {scope: desk.checksum(scope) for scope in scopes} == ends


def fresh(desk: TestDesk) -> TestDesk:
    """The same device as if its store were empty."""
    other = TestDesk.__new__(TestDesk)
    other.__dict__.update(desk.__dict__, cursors={}, held={})
    return other


OWN = {"user:judge", "court:court1", "dossier:judge", *(f"case:k{n}" for n in range(5))}


def test_everything_of_ones_own_and_nothing_else(court: LiveHub) -> None:
    desk = court.desk("judge")
    pulled = desk.pull()
    assert {each.scope for each in pulled.grants} == OWN
    assert {row.scope for row, _ in pulled.rows} <= OWN
    assert_complete(desk, OWN)


def test_scopes_come_in_the_order_of_need(court: LiveHub) -> None:
    kinds = [each.scope.partition(":")[0] for each in court.desk("judge").pull().ends]
    assert kinds == ["user", "court", "dossier", *["case"] * 5]


def test_nothing_new_is_one_line(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.pull()
    assert good(desk.ask_pull()).content.count(b"\n") == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 2_000])
def test_pages_of_any_size_add_up(court: LiveHub, limit: int) -> None:
    court.put(*terms("k1", 9), *terms("k3", 4))
    court.put(("case:k1", Kind.TERM, "k1-t3", None))
    desk = court.desk("judge")
    pulled = desk.pull(limit)
    assert len(pulled.rows) == len({(row.scope, row.kind, row.id) for row, _ in pulled.rows}) == 5 + 13 + 3
    assert_complete(desk, OWN)


def test_a_page_ends_where_its_bytes_do(court: LiveHub) -> None:
    court.put(*terms("k1", 5, "x" * (limits.PULL_BYTES * 3 // 8)), *terms("k2", 2, "y" * (limits.PULL_BYTES * 3 // 4)))
    desk = court.desk("judge")
    pulled = desk.pull()
    assert pulled.pages >= 4
    assert_complete(desk, OWN)


def test_a_scope_with_many_old_numbers_and_few_rows_closes(court: LiveHub) -> None:
    for text in "abcdef":
        court.put(("case:k1", Kind.TERM, "t", Term(id="t", case_id="k1", note=text)))
    desk = court.desk("judge")
    desk.pull(3)
    assert_complete(desk, OWN)


def test_a_deleted_record_is_a_row_without_body(court: LiveHub) -> None:
    court.put(*terms("k1", 1))
    desk = court.desk("judge")
    desk.pull()
    court.put(("case:k1", Kind.TERM, "k1-t0", None))
    [(row, record)] = desk.pull().rows
    assert (row.id, row.deleted, row.rev, record) == ("k1-t0", True, 2, None)
    assert_complete(desk, OWN)


def test_a_reassigned_case_is_revoked_here_and_granted_there(court: LiveHub) -> None:
    court.put(*terms("k1", 3))
    one, two = court.desk("judge"), court.desk("other")
    one.pull()
    two.pull()
    reassign(court, "k1", "other")
    lost, won = one.pull(), two.pull()
    assert [(each.scope, each.reason) for each in lost.revokes] == [("case:k1", "reassigned")]
    assert lost.rows == []
    assert [(each.scope, each.role) for each in won.grants] == [("case:k1", "judge")]
    assert {row.id for row, _ in won.rows} == {"k1", "k1-t0", "k1-t1", "k1-t2"}
    reassign(court, "k1", "judge")
    assert {each.scope for each in one.pull().grants} == {"case:k1"}
    assert_complete(one, OWN)


def test_after_a_revocation_nothing_can_be_written_there(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.pull()
    reassign(court, "k1", "other")
    result = desk.push_one("case:k1", Kind.NOTE, "n1", a_note())
    assert result.code == "not_allowed"
    assert bytes(result.body) == b"null"


def test_a_grant_by_hand_outlives_reassignment_until_it_is_withdrawn(court: LiveHub) -> None:
    court.registry.grant_many("court1", [("other", "case:k1", Role.JUDGE)])
    desk = court.desk("other")
    assert "case:k1" in {each.scope for each in desk.pull().grants}
    reassign(court, "k1", "third")
    assert desk.pull().revokes == []
    court.registry.withdraw_many("court1", [("other", "case:k1")])
    assert [(each.scope, each.reason) for each in desk.pull().revokes] == [("case:k1", "withdrawn")]


def test_who_leaves_the_court_loses_everything(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.pull()
    gone = Person(id="judge", court_id="court1", name="А.", full_name="А.", roles=(Role.JUDGE,), active=False)
    court.put(("court:court1", Kind.PERSON, "judge", gone))
    revoked = {each.scope for each in desk.pull().revokes}
    assert {"user:judge", "court:court1", "dossier:judge"} <= revoked


def test_a_scope_the_hub_does_not_know_is_revoked(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.cursors = {"case:never": 4}
    assert [each.scope for each in desk.pull().revokes] == ["case:never"]


def test_a_cursor_ahead_of_the_hub_resets_the_scope(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.pull()
    desk.cursors["case:k1"] = 99
    pulled = desk.pull()
    assert [each.scope for each in pulled.resets] == ["case:k1"]
    assert [row.id for row, _ in pulled.rows] == ["k1"]
    assert_complete(desk, OWN)


@pytest.mark.parametrize("limit", [2, 2_000])
def test_a_cursor_below_the_floor_resets_the_scope(court: LiveHub, limit: int) -> None:
    court.put(*terms("k1", 6))
    desk = court.desk("judge")
    desk.pull()
    with court.engine.begin() as connection:
        connection.execute(update(tables.scope).where(tables.scope.c.scope == "case:k1").values(floor=5))
    desk.cursors["case:k1"] = 4
    assert [each.scope for each in desk.pull(limit).resets] == ["case:k1"]
    assert_complete(desk, OWN)


def test_what_is_no_pull_is_a_bad_request(court: LiveHub) -> None:
    desk = court.desk("judge")
    for content in (b"", b"[]", b'{"cursors":{"a":"b"},"limit":1}', b'{"cursors":{},"limit":0}'):
        assert refused(desk.http.post(http.PULL, content=content)) == (400, "bad_request")


def an_entry() -> tuple[str, Kind, str, DossierEntry]:
    entry = DossierEntry(
        id="e1", judge_id="judge", section=DossierSection.AWARDS, title="Құрмет", from_on=date(2026, 1, 1)
    )
    return ("dossier:judge", Kind.DOSSIER_ENTRY, "e1", entry)


def looks(desk: TestDesk) -> list[DossierAccess]:
    return [record for _, record in desk.pull().rows if isinstance(record, DossierAccess)]


def test_the_judge_sees_who_looked_once_a_day_and_reader(court: LiveHub) -> None:
    court.add_person("board", Role.COMMISSION, name="Комиссия К. К.")
    court.registry.grant_many("court1", [("board", "dossier:judge", Role.COMMISSION)])
    court.put(an_entry())
    judge, board = court.desk("judge"), court.desk("board")
    judge.pull()
    assert [each.reader_id for each in looks(board)] == ["board"]
    [look] = looks(judge)
    assert (look.reader_name, look.reader_role, look.judge_id) == ("Комиссия К. К.", "commission", "judge")
    scope, kind, record_id, entry = an_entry()
    court.put((scope, kind, record_id, replace(entry, text="x")))
    board.pull()
    court.desk("board").pull()
    assert looks(judge) == []
    assert_complete(judge, OWN)


def test_reading_ones_own_dossier_or_only_its_looks_is_no_look(court: LiveHub) -> None:
    for name in ("board", "council"):
        court.add_person(name, Role.COMMISSION)
    court.put(an_entry())
    judge = court.desk("judge")
    judge.pull()
    rights = [(name, "dossier:judge", Role.COMMISSION) for name in ("board", "council")]
    court.registry.grant_many("court1", rights)
    court.desk("board").pull()
    council = court.desk("council")
    council.pull()
    assert sorted(each.reader_id for each in looks(judge)) == ["board", "council"]
    assert looks(council) == []
