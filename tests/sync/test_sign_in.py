"""Enrolment that is cut off or goes wrong, and the way back into a desk that stays shut until it has heard the hub."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool

from judge_desk.bootstrap.cli import main
from judge_desk.bootstrap.profile import DATABASE, DEVICE_KEY, Profile
from judge_desk.cli.secret_input import PASSPHRASE as PASSPHRASE_VARIABLE
from judge_desk.domain.acts import Align, Run
from judge_desk.domain.cases import Case
from judge_desk.domain.errors import BadInput, ClockBehind, DamagedStore, DiskFull, HubProblem, LeaseEnded, StoreLocked
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.drafting.lines import break_lines
from judge_desk.runtime import settings
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.desk import Desk
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.unit_of_work import Store
from tests import factories
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE, enrolled

JUDGE = "judge1"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def case(sqlite_hub: LiveHub) -> Case:
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    made = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    sqlite_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def profile(sqlite_hub: LiveHub, case: Case, tmp_path: Path, clock: FixedClock) -> Iterator[Profile]:
    """An enrolled, synced, locked desk, with a note that is still owed."""
    made = Profile(tmp_path / "desk", clock, cost=CHEAP, use_keyring=False)
    made.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    opened = made.unlock(PASSPHRASE, with_loop=False)
    opened.engine_for(lambda _progress: None).cycle(_never())
    opened.desk.notes.save(opened.desk.notes.new(case.id, "жіберілмеген"))
    made.sign_in.hub_heard(clock.now())
    opened.close()
    made.sign_in.lock()
    yield made
    made.sign_in.lock()


def note_count(hub: LiveHub) -> int:
    with hub.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM entity WHERE kind = 'note'").scalar_one())


def let_the_lease_end(profile: Profile) -> None:
    profile.sign_in.unlock(PASSPHRASE)
    (profile.folder / "standing.sealed").unlink()
    profile.sign_in.hub_heard(datetime.now(UTC) - timedelta(days=40))
    profile.sign_in.lock()


def test_a_desk_whose_lease_ended_opens_once_it_has_heard_the_hub(sqlite_hub: LiveHub, profile: Profile) -> None:
    let_the_lease_end(profile)
    profile.settings.set(settings.HUB_URL, NOWHERE)
    with pytest.raises(LeaseEnded):
        profile.unlock(PASSPHRASE, with_loop=False)
    profile.settings.set(settings.HUB_URL, sqlite_hub.url)
    profile.unlock(PASSPHRASE, with_loop=False).close()


def test_what_was_withdrawn_meanwhile_is_gone_before_the_desk_opens(
    sqlite_hub: LiveHub, profile: Profile, case: Case
) -> None:
    sqlite_hub.add_person("judge2", Role.JUDGE)
    sqlite_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id="judge2")))
    let_the_lease_end(profile)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    try:
        assert factories.rows_of(opened.context, RECORD_TABLES[Kind.CASE]) == []
        assert note_count(sqlite_hub) == 1
    finally:
        opened.close()


def test_a_clock_that_really_is_behind_keeps_the_desk_shut_but_sends(
    sqlite_hub: LiveHub, profile: Profile, clock: FixedClock
) -> None:
    clock.advance(days=-2)
    with pytest.raises(ClockBehind):
        profile.unlock(PASSPHRASE, with_loop=False)
    assert note_count(sqlite_hub) == 1


def test_the_command_line_comes_back_by_itself(
    sqlite_hub: LiveHub, profile: Profile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_the_lease_end(profile)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    assert main(["sync", "--profile", str(profile.folder), "--json"]) == 0
    assert note_count(sqlite_hub) == 1
    assert '"pushed"' in capsys.readouterr().out


def test_an_enrolment_that_was_cut_off_may_begin_with_another_passphrase(
    sqlite_hub: LiveHub, case: Case, tmp_path: Path, clock: FixedClock
) -> None:
    profile = Profile(tmp_path / "desk", clock, cost=CHEAP, use_keyring=False)
    profile.sign_in.create("an earlier passphrase")  # as a kill behind this line leaves it
    profile.sign_in.lock()
    profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    profile.unlock(PASSPHRASE, with_loop=False).close()
    profile.sign_in.lock()


@pytest.mark.parametrize("url", [NOWHERE, "http://[::1", "no address"])
def test_an_enrolment_that_reaches_no_hub_leaves_nothing(
    sqlite_hub: LiveHub, case: Case, tmp_path: Path, clock: FixedClock, url: str
) -> None:
    profile = Profile(tmp_path / "desk", clock, cost=CHEAP, use_keyring=False)
    with pytest.raises(HubProblem):
        profile.enrol(url, JUDGE, PASSWORD, PASSPHRASE)
    assert not profile.is_enrolled
    profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, "another passphrase")
    profile.unlock("another passphrase", with_loop=False).close()
    profile.sign_in.lock()


def test_an_enrolment_on_a_full_disk_leaves_nothing(
    sqlite_hub: LiveHub, case: Case, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = Profile(tmp_path / "desk", clock, cost=CHEAP, use_keyring=False)

    def no_room(*_: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr("judge_desk.store.session_data.put", no_room)
        with pytest.raises(DiskFull):
            profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    assert not (profile.folder / DATABASE).exists()
    profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, "another passphrase")


def test_a_profile_never_becomes_another_persons(sqlite_hub: LiveHub, profile: Profile) -> None:
    sqlite_hub.add_person("judge2", Role.JUDGE)
    with pytest.raises(BadInput):
        profile.enrol(sqlite_hub.url, "judge2", PASSWORD, PASSPHRASE)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    assert opened.context.person.id == JUDGE
    assert opened.desk.sync.outlook().waiting == 1
    opened.close()


def test_a_store_whose_key_record_is_gone_is_not_overwritten(sqlite_hub: LiveHub, profile: Profile) -> None:
    (profile.folder / "key.json").unlink()
    before = (profile.folder / DATABASE).read_bytes()
    with pytest.raises(DamagedStore):
        profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    assert (profile.folder / DATABASE).read_bytes() == before


def test_a_damaged_device_key_shuts_nothing_and_is_cured_by_enrolling(sqlite_hub: LiveHub, profile: Profile) -> None:
    (profile.folder / DEVICE_KEY).write_bytes(b"{")
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    assert len(factories.rows_of(opened.context, RECORD_TABLES[Kind.NOTE])) == 1
    with pytest.raises(DamagedStore):
        opened.engine_for(lambda _progress: None).cycle(_never())
    opened.close()
    profile.sign_in.lock()
    profile.enrol(sqlite_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    assert opened.engine_for(lambda _progress: None).cycle(_never()).pushed == 1
    opened.close()


def _never() -> threading.Event:
    return threading.Event()


def test_no_words_of_an_act_stay_in_memory_when_the_desk_is_closed(
    sqlite_hub: LiveHub, case: Case, tmp_path: Path
) -> None:
    words = (Run(text="Тайное мнение 4c1f"),)

    def lines() -> object:
        return break_lines(words, size=13.0, width=400.0, align=Align.START)

    opened = enrolled(sqlite_hub.url, JUDGE, tmp_path / "desk")
    before = lines()
    assert lines() is before, "remembered while the desk is open"
    opened.close()
    assert lines() is not before


def test_a_start_that_fails_lets_go_of_store_and_key(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Store] = []

    def kept(*given: Any) -> Store:
        made.append(Store(*given))
        return made[-1]

    def fails(*_: Any) -> Desk:
        raise MemoryError

    monkeypatch.setattr("judge_desk.bootstrap.profile.Store", kept)
    monkeypatch.setattr(Desk, "over", fails)
    with pytest.raises(MemoryError):
        profile.unlock(PASSPHRASE, with_loop=True)
    assert isinstance(pool := made[0].engine.pool, QueuePool)
    assert pool.checkedin() == 0, "a connection that nobody closes, with the key in it"
    with pytest.raises(StoreLocked):
        profile.sign_in.key  # noqa: B018
