"""The thread of the sync: sends what was saved before long, tells pages what came, and does not end at a fault."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime.clock import SystemClock
from judge_desk.sync import loop
from judge_desk.sync.backoff import USUAL_SECONDS, look_seconds
from judge_desk.sync.loop import Standing
from tests import factories
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE

JUDGE = "judge1"
PATIENCE = 30.0


class Heard:
    """What the loop told, and a way to wait for it without sleeping."""

    def __init__(self) -> None:
        self.standings: list[Standing] = []
        self.changes = Changes()
        self._news = threading.Condition()

    def __call__(self, standing: Standing, changes: Changes) -> None:
        with self._news:
            self.standings.append(standing)
            self.changes |= changes
            self._news.notify_all()

    def until(self, what: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(what, PATIENCE), "the loop never said so"


@pytest.fixture
def case(sqlite_hub: LiveHub) -> Case:
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    made = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    sqlite_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


@pytest.fixture
def opened(sqlite_hub: LiveHub, case: Case, tmp_path: Path) -> Iterator[OpenProfile]:
    profile = Profile(tmp_path / "desk", SystemClock(), cost=CHEAP, use_keyring=False)
    profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    made = profile.unlock(PASSPHRASE, with_loop=True)
    yield made
    made.close()
    profile.sign_in.lock()


@pytest.fixture
def heard(opened: OpenProfile) -> Heard:
    made = Heard()
    assert opened.loop is not None
    opened.loop.listen(made)
    return made


def test_the_first_cycle_tells_the_pages_what_came(opened: OpenProfile, heard: Heard, case: Case) -> None:
    opened.start()
    heard.until(lambda: heard.changes.touches("case", case.id))
    heard.until(lambda: heard.standings[-1].linked is True)


def test_what_was_saved_is_sent_before_long(
    opened: OpenProfile, heard: Heard, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "NUDGE_SECONDS", 0.05)
    opened.start()
    heard.until(lambda: heard.standings and heard.standings[-1].linked is True)
    opened.desk.notes.save(opened.desk.notes.new(case.id, "бірден кетеді"))
    heard.until(lambda: any(each.last is not None and each.last.pushed for each in heard.standings))
    assert opened.desk.sync.outlook().waiting == 0


def test_a_long_fetch_lets_pages_and_notes_through(
    sqlite_hub: LiveHub, opened: OpenProfile, heard: Heard, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = case_scope(case.id)
    for number in range(5):
        content = bytes([number]) * 1000
        sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, scope, content)
        document = factories.a_document(case.id, content, id=f"d{number}", sha256=sha256, size=size)
        sqlite_hub.put((scope, Kind.DOCUMENT, document.id, document))
    monkeypatch.setattr(loop, "FETCH_SECONDS", 0.0)
    opened.start()
    heard.until(lambda: heard.changes.touches("document", "d0"))
    assert heard.standings[-1].last is None or heard.standings[-1].last.files_in < 5


def test_a_hub_that_goes_away_is_told_and_tried_again(
    opened: OpenProfile, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "delay_seconds", lambda *_args, **_told: 0.05)
    whole = opened.hub.pull

    def away(*_args: object) -> None:
        raise HubUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(opened.hub, "pull", away)
        opened.start()
        heard.until(lambda: heard.standings and heard.standings[-1].linked is False)
        problem = heard.standings[-1].problem
        assert problem is not None
        assert problem.key == "errors.hub_unreachable"
    assert opened.hub.pull == whole
    heard.until(lambda: heard.standings[-1].linked is True)


@given(usual=st.floats(1, 14_400), chance=st.floats(0, 1, exclude_max=True))
def test_looks_are_spread_and_sooner_where_nobody_tells(usual: float, chance: float) -> None:
    told, untold = (look_seconds(usual, chance, is_told=is_told) for is_told in (True, False))
    assert 0.9 * usual <= told <= 1.1 * usual
    assert untold <= told
    assert untold == told or (30.0 <= untold <= 120.0 and usual <= USUAL_SECONDS)
    assert untold <= 120.0 or usual > USUAL_SECONDS


@pytest.mark.parametrize("is_told", [False, True])
def test_a_desk_knows_whether_it_is_told(
    opened: OpenProfile, heard: Heard, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    asked: list[bool] = []

    def look(_usual: float, _chance: float, *, is_told: bool) -> float:
        asked.append(is_told)
        return 0.05

    def cut() -> Iterator[None]:
        raise HubUnreachable

    monkeypatch.setattr(loop, "look_seconds", look)
    if not is_told:
        monkeypatch.setattr(opened.hub, "pokes", cut)
    opened.start()
    heard.until(lambda: len(asked) > 2 and asked[-1] is is_told)
    assert is_told or not any(asked)


def test_a_bug_does_not_end_the_thread(opened: OpenProfile, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "delay_seconds", lambda *_args, **_told: 0.05)

    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(opened.hub, "pull", broken)
        opened.start()
        heard.until(lambda: any(each.problem is not None for each in heard.standings))
        assert heard.standings[-1].problem is not None
    heard.until(lambda: heard.standings[-1].linked is True)


def test_a_pause_holds_until_it_is_lifted(opened: OpenProfile, heard: Heard, case: Case) -> None:
    assert opened.loop is not None
    opened.loop.pause(paused=True)
    opened.start()
    assert all(each.last is None for each in heard.standings)
    opened.loop.pause(paused=False)
    heard.until(lambda: heard.standings[-1].linked is True)
