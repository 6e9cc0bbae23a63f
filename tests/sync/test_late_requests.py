"""Requests that come in when the desk no longer waits for them, or before an older one, and answers that break off."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
import sqlalchemy as sa

from judge_desk.domain.cases import Case
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.db import tables
from judge_desk.protocol import codec
from judge_desk.store.tables import RECORD_TABLES
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk
from tests.sync.faulty_link import PARTS, arrive, faulty, small_requests

JUDGE = "judge1"


@pytest.fixture
def case(sqlite_hub: LiveHub) -> Case:
    made = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    sqlite_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


@pytest.fixture
def desk(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> SyncedDesk:
    made = new_desk(sqlite_hub, JUDGE)
    made.sync()
    return made


@pytest.fixture
def _small() -> Iterator[None]:
    with small_requests():
        yield


def write(desk: SyncedDesk, case: Case, *texts: str) -> None:
    for text in texts:
        desk.desk.notes.save(desk.desk.notes.new(case.id, text))


def break_off(desk: SyncedDesk, fault: str, at: int = 0) -> list[httpx2.Request]:
    """A sync that the link breaks; what is on its way then."""
    on_way: list[httpx2.Request] = []
    with faulty(desk, fault, at, on_way) as link, pytest.raises(HubUnreachable):
        desk.sync()
    assert link.struck
    return on_way


def at_hub(hub: LiveHub) -> dict[str, int]:
    """Each note's text, with how often an operation on it had an effect."""
    audit = tables.audit
    with hub.engine.connect() as connection:
        notes = connection.execute(sa.select(tables.entity).where(tables.entity.c.kind == Kind.NOTE.value)).all()
        applied = sa.select(sa.func.count()).where(audit.c.outcome == "applied", audit.c.rev > 0)
        return {
            codec.decode(Kind.NOTE, row.body).text: connection.scalar(applied.where(audit.c.record_id == row.id)) or 0
            for row in notes
        }


@pytest.mark.parametrize("is_first", [True, False], ids=["before the repeat", "behind the repeat"])
def test_a_request_that_was_given_up_has_one_effect(
    sqlite_hub: LiveHub, case: Case, desk: SyncedDesk, *, is_first: bool
) -> None:
    write(desk, case, "бірінші")
    (held,) = break_off(desk, "held_push")
    assert at_hub(sqlite_hub) == {}, "it has not come in"
    (note,) = (each.note for each in desk.desk.notes.of_case(case.id))
    desk.desk.notes.delete(note.id)
    write(desk, case, "екінші")
    if is_first:
        assert arrive(held) == 200
        assert at_hub(sqlite_hub) == {"бірінші": 1}
    report = desk.sync()
    if not is_first:
        assert arrive(held) == 200
    assert (report.pushed, report.conflicts, report.refused) == (3, 0, 0)
    assert desk.sync().pulled == 0
    assert [each.note.text for each in desk.desk.notes.of_case(case.id)] == ["екінші"]
    with sqlite_hub.engine.connect() as connection:
        rows = connection.execute(sa.select(tables.entity).where(tables.entity.c.kind == Kind.NOTE.value)).all()
    assert sorted((row.rev, row.deleted) for row in rows) == [(1, False), (2, True)]


@pytest.mark.usefixtures("_small")
def test_a_request_that_first_comes_in_behind_a_younger_one(sqlite_hub: LiveHub, case: Case, desk: SyncedDesk) -> None:
    """Four notes go in three requests, two at once; the first is held back, the one beside it comes in."""
    write(desk, case, "1", "2", "3", "4")
    (held,) = break_off(desk, "held_push")
    assert at_hub(sqlite_hub) == {"2": 1, "3": 1}
    assert arrive(held) == 200
    assert at_hub(sqlite_hub) == {"1": 1, "2": 1, "3": 1}
    assert desk.sync().pushed == 2
    assert at_hub(sqlite_hub) == {"1": 1, "2": 1, "3": 1, "4": 1}


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("fault", ["overtaken", "answer_overtaken", "abreast"])
def test_requests_and_answers_in_any_order_are_all_counted_once(
    sqlite_hub: LiveHub, case: Case, desk: SyncedDesk, fault: str
) -> None:
    write(desk, case, "1", "2", "3", "4")
    with faulty(desk, fault, 0, []) as link:
        report = desk.sync()
    assert link.struck
    assert (report.pushed, report.refused, report.mismatches) == (4, 0, 0)
    assert at_hub(sqlite_hub) == {"1": 1, "2": 1, "3": 1, "4": 1}


@pytest.mark.parametrize("fault", ["cut_pull", "short_pull"])
def test_a_pull_that_breaks_off_at_any_byte_goes_on(
    sqlite_hub: LiveHub, case: Case, desk: SyncedDesk, fault: str
) -> None:
    for place in range(0, PARTS, 40):
        sqlite_hub.put(*((case_scope(case.id), Kind.NOTE, f"n{place}-{n}", a_note(case, n)) for n in range(3)))
        break_off(desk, fault, place)
    report = desk.sync()
    assert report.mismatches == 0
    held = factories.rows_of(desk.opened.context, RECORD_TABLES[Kind.NOTE])
    assert len(held) == 3 * len(range(0, PARTS, 40))


def a_note(case: Case, number: int) -> Note:
    return factories.a_note(case.id, author_id=JUDGE, reach=NoteReach.SHARED, text=f"мәтін {number}")


def test_an_answer_that_breaks_off_at_any_byte_is_asked_for_again(
    sqlite_hub: LiveHub, case: Case, desk: SyncedDesk
) -> None:
    texts = [str(place) for place in range(0, PARTS, 100)]
    for text in texts:
        write(desk, case, text)
        break_off(desk, "cut_answer", int(text))
    assert desk.sync().pushed == len(texts)
    assert at_hub(sqlite_hub) == dict.fromkeys(texts, 1)
