"""Records of a kind that a newer hub sends to an older desk: kept, counted, adopted by the next version, forgotten."""

from __future__ import annotations

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.store import arrivals, strangers
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk

SCOPE = "case:k1"


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A desk of the day before there were notes."""
    monkeypatch.setattr(strangers, "KNOWN_KINDS", strangers.KNOWN_KINDS - {Kind.NOTE.value})
    return monkeypatch


def put(hub: LiveHub, *texts: str) -> None:
    hub.put((SCOPE, Kind.CASE, "k1", a_case("k1", judge_id="judge", secretary_id="")))
    hub.put(*((SCOPE, Kind.NOTE, f"n{at}", a_note(f"n{at}", case_id="k1", text=text)) for at, text in enumerate(texts)))


def unknown(desk: SyncedDesk) -> int:
    return desk.desk.sync.outlook().strangers


def test_a_scope_with_strangers_adds_up_and_comes_once(
    live_hub: LiveHub, new_desk: NewDesk, older: pytest.MonkeyPatch
) -> None:
    put(live_hub, "бір", "екі")
    desk = new_desk(live_hub, "judge")
    first = desk.sync()
    assert first.mismatches == 0
    assert unknown(desk) == 2
    assert desk.sync().pulled == 0
    put(live_hub, "бір", "екінші рет")
    again = desk.sync()
    assert (again.pulled, again.mismatches, unknown(desk)) == (1, 0, 2)


def test_the_next_version_shows_them_without_a_link(
    live_hub: LiveHub, new_desk: NewDesk, older: pytest.MonkeyPatch
) -> None:
    put(live_hub, "бір")
    desk = new_desk(live_hub, "judge")
    desk.sync()
    assert not desk.desk.notes.of_case("k1")
    older.undo()
    with desk.opened.context.store.writing() as connection:
        changes = arrivals.adopt(connection)
    assert changes.touches(Kind.NOTE.value)
    assert [row.note.text for row in desk.desk.notes.of_case("k1")] == ["бір"]
    assert unknown(desk) == 0
    assert desk.sync().mismatches == 0


def test_a_right_that_ends_takes_them_along(live_hub: LiveHub, new_desk: NewDesk, older: pytest.MonkeyPatch) -> None:
    put(live_hub, "бір")
    desk = new_desk(live_hub, "judge")
    desk.sync()
    live_hub.put((SCOPE, Kind.CASE, "k1", a_case("k1", judge_id="another", secretary_id="")))
    desk.sync()
    assert unknown(desk) == 0


def test_a_deleted_stranger_goes(live_hub: LiveHub, new_desk: NewDesk, older: pytest.MonkeyPatch) -> None:
    put(live_hub, "бір", "екі")
    desk = new_desk(live_hub, "judge")
    desk.sync()
    live_hub.put((SCOPE, Kind.NOTE, "n0", None))
    report = desk.sync()
    assert (report.mismatches, unknown(desk)) == (0, 1)


def test_strangers_keep_the_newest_of_two(live_hub: LiveHub, new_desk: NewDesk, older: pytest.MonkeyPatch) -> None:
    put(live_hub, "бір")
    desk = new_desk(live_hub, "judge")
    desk.sync()
    put(live_hub, "өзгерді")
    desk.sync()
    with desk.opened.context.store.reading() as connection:
        assert strangers.count(connection) == 1
    older.undo()
    with desk.opened.context.store.writing() as connection:
        arrivals.adopt(connection)
    assert [row.note.text for row in desk.desk.notes.of_case("k1")] == ["өзгерді"]
