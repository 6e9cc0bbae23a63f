"""Who loses a post reads nothing more that was held in it, whatever the records still say; with the post it comes
back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain import permissions
from judge_desk.domain.holdings import following, posts
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.reviews import ReviewAssignment
from judge_desk.domain.scopes import Scope, case_scope, court_scope, review_scope
from judge_desk.protocol import http
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_case, a_note
from tests.contract.test_rights import an_assignment
from tests.live_hub import COURT, LiveHub, TestDesk, good, hub_over

HERE = court_scope(COURT.id)
Key = tuple[str, Kind, str]
Event = tuple[str, Any, Any]
"""What changes, whose or of what, and to what."""
PAPER = b"%PDF-1.7 a paper of the case"


def change(hub: LiveHub, person: Person, *roles: Role, active: bool = True) -> None:
    """Other roles in the directory, as the court's registry tells them."""
    hub.put((HERE, Kind.PERSON, person.id, replace(person, roles=roles, active=active)))


@pytest.fixture
def judge(live_hub: LiveHub) -> Person:
    """A judge who is chair too, with a case and a paper in it."""
    person = live_hub.add_person("judge", Role.JUDGE, Role.CHAIR)
    live_hub.put((case_scope("k1"), Kind.CASE, "k1", a_case(secretary_id="")))
    live_hub.registry.add_blob(COURT.id, case_scope("k1"), PAPER)
    return person


def paper(desk: TestDesk) -> bool:
    """Whether the desk is told that the hub has the paper."""
    sha256 = hashlib.sha256(PAPER).hexdigest()
    return sha256 in good(desk.http.post(http.HELD, json={"hashes": [sha256]})).json()["sizes"]


@pytest.mark.parametrize("roles", [(Role.CHAIR,), ()], ids=["another post", "left"])
def test_nothing_stays_of_a_post_that_is_lost_and_all_comes_back_with_it(
    live_hub: LiveHub, judge: Person, roles: tuple[Role, ...]
) -> None:
    desk = live_hub.desk("judge")
    desk.pull()
    assert {case_scope("k1"), "dossier:judge"} < set(desk.cursors)
    change(live_hub, judge, *roles, active=bool(roles))
    told = desk.pull()
    assert {case_scope("k1"), "dossier:judge"} <= {each.scope for each in told.revokes}
    assert set(desk.cursors) == ({"user:judge", HERE} if roles else set())
    assert not paper(desk)
    refused = desk.push_one(case_scope("k1"), Kind.NOTE, "n1", a_note("n1"))
    assert (refused.outcome, refused.code) == (Outcome.REFUSED, "not_allowed")
    change(live_hub, judge, Role.JUDGE, Role.CHAIR)
    desk.pull()
    assert (case_scope("k1"), "case", "k1") in desk.held
    assert paper(desk)


def test_who_is_struck_from_the_directory_holds_nothing(live_hub: LiveHub, judge: Person) -> None:
    desk = live_hub.desk("judge")
    desk.pull()
    live_hub.put((HERE, Kind.PERSON, judge.id, None))
    desk.pull()
    assert desk.cursors == {}
    live_hub.put((HERE, Kind.PERSON, judge.id, judge))
    desk.pull()
    assert case_scope("k1") in desk.cursors


def test_a_case_that_was_given_away_meanwhile_does_not_come_back(live_hub: LiveHub, judge: Person) -> None:
    desk = live_hub.desk("judge")
    desk.pull()
    change(live_hub, judge, active=False)
    live_hub.put((case_scope("k1"), Kind.CASE, "k1", a_case(judge_id="another", secretary_id="")))
    change(live_hub, judge, Role.JUDGE)
    desk.pull()
    assert case_scope("k1") not in desk.cursors
    assert "dossier:judge" in desk.cursors


def test_a_case_waits_for_the_post_of_whom_it_names(live_hub: LiveHub, judge: Person) -> None:
    change(live_hub, judge, Role.CHAIR)
    live_hub.put((case_scope("k2"), Kind.CASE, "k2", a_case("k2", secretary_id="")))
    desk = live_hub.desk("judge")
    desk.pull()
    assert case_scope("k2") not in desk.cursors
    change(live_hub, judge, Role.JUDGE)
    desk.pull()
    assert case_scope("k2") in desk.cursors


# The same over any order of events


@dataclass
class Court:
    """A hub with one desk, and what its person must hold by the pure rules alone."""

    hub: LiveHub
    desk: TestDesk
    person: Person


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    folder: Path = tmp_path_factory.mktemp("posts")
    with hub_over(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        person = hub.add_person("p1", Role.JUDGE)
        yield Court(hub, hub.desk("p1"), person)


ROLES = st.lists(st.sampled_from(list(Role)), unique=True, max_size=3).map(tuple)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("roles"), ROLES, st.booleans()),
        st.tuples(st.just("judge"), st.sampled_from(["k1", "k2"]), st.sampled_from(["p1", "another", ""])),
        st.tuples(st.just("secretary"), st.sampled_from(["k1", "k2"]), st.sampled_from(["p1", "another", ""])),
        st.tuples(st.just("review"), st.sampled_from(["r1"]), st.sampled_from(["p1", "another"])),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_after_any_events_the_desk_holds_what_the_rules_say(court: Court, events: list[Event]) -> None:
    records: dict[Key, Any] = {
        (HERE, Kind.PERSON, "p1"): replace(court.person, roles=(Role.JUDGE,)),
        (case_scope("k1"), Kind.CASE, "k1"): a_case("k1", judge_id="p1", secretary_id=""),
        (case_scope("k2"), Kind.CASE, "k2"): a_case("k2", judge_id="", secretary_id="p1"),
        (review_scope("r1"), Kind.REVIEW_ASSIGNMENT, "r1"): an_assignment("r1", "another"),
    }
    court.hub.put(*((*key, record) for key, record in records.items()))
    for event in events:
        key, record = after(records, event)
        records[key] = record
        court.hub.put((*key, record))
        court.desk.pull()
        assert set(court.desk.cursors) == lawful(records, "p1"), event


def after(records: dict[Key, Any], event: Event) -> tuple[Key, Any]:
    """The record that an event changes, and what it becomes."""
    what, name, new = event
    key = next(each for each in records if each[2] == ("p1" if what == "roles" else name))
    record = records[key]
    if isinstance(record, Person):
        return key, replace(record, roles=name, active=new)
    if isinstance(record, ReviewAssignment):
        return key, replace(record, reviewer_id=new)
    return key, replace(record, **{f"{what}_id": new})


def lawful(records: dict[Key, Any], person_id: str) -> set[str]:
    """The scopes that a person may read, from the records and the pure rules."""
    person: Person = records[HERE, Kind.PERSON, person_id]
    held = posts(person.roles if person.active else ())
    given = {each for (scope, _, _), record in records.items() for each in following(scope, record)}
    return {
        each.scope
        for each in given
        if each.person_id == person_id
        and each.role in held
        and permissions.may_read(person_id, each.role, Scope.parse(each.scope))
    }
