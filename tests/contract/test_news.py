"""A desk that the hub remembers is told what one is told that names all its cursors; tests/sync/test_idle.py counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.terms import Term
from judge_desk.hub import feed as hub_feed
from judge_desk.hub import news
from judge_desk.hub.db import tables
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import FixedClock
from tests.contract.asking import NOW, PERSON, Asker
from tests.contract.records import a_case
from tests.live_hub import COURT, LiveHub

CASES = [f"k{number}" for number in range(4)]


@pytest.fixture
def asker(live_hub: LiveHub) -> Asker:
    live_hub.add_person(PERSON, Role.JUDGE, Role.SECRETARY, Role.COMMISSION)
    live_hub.add_person("other", Role.JUDGE)
    live_hub.put(*((f"case:{each}", Kind.CASE, each, a_case(each, secretary_id="")) for each in CASES))
    live_hub.registry.grant_many(COURT.id, [(PERSON, "dossier:other", Role.COMMISSION)])
    made = Asker(live_hub)
    made.begin()
    return made


def terms(hub: LiveHub, case_id: str, number: int) -> None:
    named = [(f"{case_id}-{each}", Term(id=f"{case_id}-{each}", case_id=case_id)) for each in range(number)]
    hub.put(*((f"case:{case_id}", Kind.TERM, name, term) for name, term in named))


def struck(hub: LiveHub, case_id: str, number: int) -> None:
    hub.put((f"case:{case_id}", Kind.TERM, f"{case_id}-{number}", None))


def changed(hub: LiveHub, case_id: str, number: int) -> None:
    note = f"№ {number}"
    hub.put((f"case:{case_id}", Kind.TERM, f"{case_id}-0", Term(id=f"{case_id}-0", case_id=case_id, note=note)))


def reassigned(hub: LiveHub, case_id: str, number: int) -> None:
    judge = (PERSON, "other")[number % 2]
    hub.put((f"case:{case_id}", Kind.CASE, case_id, a_case(case_id, judge_id=judge, secretary_id="")))


def other_role(hub: LiveHub, case_id: str, number: int) -> None:
    hub.registry.grant_many(COURT.id, [(PERSON, f"case:{case_id}", (Role.JUDGE, Role.SECRETARY)[number % 2])])


def dossier(hub: LiveHub, _case_id: str, number: int) -> None:
    entry = DossierEntry(id=f"e{number}", judge_id="other", section=DossierSection.AWARDS, title=str(number))
    hub.put(("dossier:other", Kind.DOSSIER_ENTRY, entry.id, entry))


def floored(hub: LiveHub, case_id: str, number: int) -> None:
    """As if tombstones up to there had been swept: a desk behind it missed deletions."""
    scope = tables.scope
    with hub.engine.begin() as connection:
        lowest = scope.c.head if number % 2 else scope.c.head - 1
        connection.execute(update(scope).where(scope.c.scope == f"case:{case_id}").values(floor=lowest))


STEPS: list[Callable[[LiveHub, str, int], None]] = [
    terms,
    struck,
    changed,
    reassigned,
    other_role,
    dossier,
    floored,
]
steps = st.tuples(st.sampled_from(STEPS), st.sampled_from(CASES), st.integers(1, 4))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(steps, max_size=4), min_size=1, max_size=4))
def test_a_desk_that_is_remembered_is_told_the_same(
    asker: Asker, rounds: list[list[tuple[Callable[[LiveHub, str, int], None], str, int]]]
) -> None:
    for each in rounds:
        for step, case_id, number in each:
            step(asker.hub, case_id, number)
        whole = asker.whole()
        assert asker.known() == whole
        asker.take(whole)
        assert len(asker.known()) == 1, "what was sent is remembered as it is held"


def test_many_rows_are_read_as_ever(asker: Asker) -> None:
    terms(asker.hub, "k1", news.FEW + 1)
    assert len(asker.known()) == news.FEW + 1 + 1 + 1


def test_a_look_at_a_dossier_is_entered(asker: Asker) -> None:
    dossier(asker.hub, "", 1)
    asker.known()
    with asker.hub.engine.connect() as connection:
        kinds = connection.scalars(select(tables.entity.c.kind).where(tables.entity.c.scope == "dossier:other")).all()
    assert Kind.DOSSIER_ACCESS in kinds


def test_no_more_than_the_desk_asked_for(asker: Asker) -> None:
    terms(asker.hub, "k1", 5)
    assert len(asker.known(limit=3)) == 3 + 1


def test_a_device_that_is_shut_out_is_told_nothing(asker: Asker) -> None:
    with asker.hub.engine.begin() as connection:
        connection.execute(update(tables.device).values(revoked_at=NOW))
    with pytest.raises(Refused) as refusal:
        asker.known()
    assert refusal.value.code is Code.DEVICE_REVOKED


def test_who_is_level_is_remembered_by_a_process_that_did_not_know_him(asker: Asker) -> None:
    """As behind a restart of the hub, or a first pull of many pages."""
    asker.remembering = hub_feed.Source(FixedClock(NOW))
    assert asker.remembering.levels.find(asker.named()) is None
    [end] = asker.known()
    assert end.startswith(b'["end",false')
    assert asker.remembering.levels.find(asker.named()) is not None
    terms(asker.hub, "k1", 1)
    whole = asker.whole()
    assert asker.known() == whole, "the cursors had to be told again"
