"""The hub's own writes: the same numbers, history, grants and audit as any other, and nothing when nothing changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.hub.db import chain
from judge_desk.hub.registry import Written
from judge_desk.protocol import http
from tests.contract.records import a_case, a_note
from tests.live_hub import PASSWORD, LiveHub, good


def test_the_same_records_again_change_nothing(live_hub: LiveHub) -> None:
    items = [(f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}")) for n in range(3)]
    registry = live_hub.registry
    assert registry.put_many("court1", items) == Written(new=3, changed=0, same=0)
    assert registry.put_many("court1", items) == Written(new=0, changed=0, same=3)
    changed = ("case:k1", Kind.CASE, "k1", a_case("k1", subject="x"))
    assert registry.put_many("court1", [*items, changed]) == Written(new=0, changed=1, same=2)
    assert registry.put_many("court1", [("case:k2", Kind.CASE, "k2", None)]) == Written(new=0, changed=1, same=0)


def test_who_gets_a_case_gets_its_rows(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("secretary", Role.SECRETARY)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case()), ("case:k1", Kind.NOTE, "n1", a_note()))
    for person in ("judge", "secretary"):
        pulled = live_hub.desk(person).pull()
        assert {row.id for row, _ in pulled.rows if row.scope == "case:k1"} == {"k1", "n1"}
        assert {each.role for each in pulled.grants if each.scope == "case:k1"} == {person}


@pytest.mark.parametrize(("scope", "record_id"), [("moon:1", "x"), ("case:../x", "x"), ("case:k1", "a b")])
def test_a_scope_or_an_id_that_is_none_is_refused(live_hub: LiveHub, scope: str, record_id: str) -> None:
    with pytest.raises(BadInput):
        live_hub.put((scope, Kind.CASE, record_id, a_case()))


def test_a_file_of_a_scope_is_for_its_readers(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case()))
    sha256, size = live_hub.registry.add_blob("court1", "case:k1", b"content")
    assert size == 7
    assert good(live_hub.desk("judge").http.get(http.blob_path(sha256))).content == b"content"


def test_a_user_name_belongs_to_one_person(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    other = Person(id="p2", court_id="court1", name="x", full_name="x", roles=(Role.JUDGE,))
    with pytest.raises(BadInput):
        live_hub.registry.add_account("court1", " P1", PASSWORD, other)


def test_writers_that_make_the_same_rows_at_once_all_end_well(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    start = threading.Barrier(6)

    def write(n: int) -> Written:
        start.wait()
        case = ("case:k1", Kind.CASE, "k1", a_case(subject=str(n)))
        return live_hub.registry.put_many("court1", [case, ("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}"))])

    with ThreadPoolExecutor(6) as pool:
        written = list(pool.map(write, range(6)))
    assert sum(each.new for each in written) == 7
    desk = live_hub.desk("judge")
    ends = {each.scope: each.checksum for each in desk.pull().ends}
    assert desk.held["case:k1", "case", "k1"][0] == 6
    assert ends["case:k1"] == desk.checksum("case:k1")
    with live_hub.engine.connect() as connection:
        assert list(chain.faults(connection)) == []
