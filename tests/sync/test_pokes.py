"""From one desk to another within seconds, without asking every few seconds; and by asking where nobody tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.errors import HubRefused
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import SystemClock
from judge_desk.sync import loop
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE
from tests.sync.test_loop import Heard

JUDGE, SECRETARY = "judge1", "secretary1"
NEVER = 3_600.0
Opener = Callable[[str], tuple[OpenProfile, Heard]]


@pytest.fixture
def case(live_hub: LiveHub) -> Case:
    for person, role in ((JUDGE, Role.JUDGE), (SECRETARY, Role.SECRETARY)):
        live_hub.add_person(person, role)
    made = factories.a_case(court_id=live_hub.court.id, judge_id=JUDGE, secretary_id=SECRETARY)
    live_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


@pytest.fixture
def opener(live_hub: LiveHub, case: Case, tmp_path: Path) -> Iterator[Opener]:
    """A started desk that would not ask by itself for an hour."""
    made: list[tuple[Profile, OpenProfile]] = []

    def open_desk(person: str) -> tuple[OpenProfile, Heard]:
        profile = Profile(tmp_path / person, SystemClock(), cost=CHEAP, use_keyring=False, sync_seconds=NEVER)
        profile.enrol(live_hub.url, person, PASSWORD, PASSPHRASE)
        opened = profile.unlock(PASSPHRASE, with_loop=True)
        made.append((profile, opened))
        heard = Heard()
        assert opened.loop is not None
        opened.loop.listen(heard)
        opened.start()
        return opened, heard

    yield open_desk
    for profile, opened in made:
        opened.close()
        profile.sign_in.lock()


def is_told(heard: Heard) -> bool:
    return bool(heard.standings) and heard.standings[-1].is_told and heard.standings[-1].linked is True


def test_a_note_reaches_the_other_desk_by_a_poke(opener: Opener, case: Case) -> None:
    (judge, at_judge), (_, at_secretary) = opener(JUDGE), opener(SECRETARY)
    at_judge.until(lambda: is_told(at_judge))
    at_secretary.until(lambda: is_told(at_secretary))
    note = judge.desk.notes.new(case.id, "бірден көрінеді", reach=NoteReach.SHARED)
    judge.desk.notes.save(note)
    at_secretary.until(lambda: at_secretary.changes.touches(Kind.NOTE, note.id))


def test_a_desk_that_goes_hangs_up_at_once(opener: Opener) -> None:
    opened, heard = opener(JUDGE)
    heard.until(lambda: is_told(heard))
    threads = [each for each in threading.enumerate() if each.name == "sync-hear"]
    assert opened.loop is not None
    opened.loop.stop()
    assert threads
    assert not any(each.is_alive() for each in threads)


def test_a_hub_that_tells_nobody_is_asked(
    opener: Opener, live_hub: LiveHub, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crowded(_hub: HttpHub) -> Iterator[None]:
        raise HubRefused(Code.TOO_MANY_REQUESTS, retry_after=300)

    monkeypatch.setattr(HttpHub, "pokes", crowded)
    monkeypatch.setattr(loop, "NUDGE_SECONDS", 0.05)
    opened, heard = opener(JUDGE)
    heard.until(lambda: heard.standings and heard.standings[-1].linked is True)
    assert not heard.standings[-1].is_told
    opened.desk.notes.save(opened.desk.notes.new(case.id, "сұрап алады"))
    heard.until(lambda: any(each.last is not None and each.last.pushed for each in heard.standings))


def test_the_cycle_and_the_listener_share_one_client(live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    both, made, whole = threading.Barrier(2, timeout=0.5), list[HttpHub](), HttpHub._new_client

    def meet(hub: HttpHub) -> httpx2.Client:
        made.append(hub)
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return whole(hub)

    monkeypatch.setattr(HttpHub, "_new_client", meet)
    hub = HttpHub(live_hub.url)
    threads = [threading.Thread(target=hub.version) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    hub.close()
    assert made == [hub], "a second client would stay open for ever"
