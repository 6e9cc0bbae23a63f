"""What Settings offer to keep a desk safe, over a real profile: the copy opens with what was typed, and only so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.bootstrap import backup
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.local import Keeping
from judge_desk.domain.errors import BadInput, StoreLocked, WrongPassphrase
from judge_desk.runtime.clock import SystemClock
from tests.live_hub import LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE, NewDesk

ANOTHER = "another long passphrase"


@pytest.fixture
def gate(sqlite_hub: LiveHub, new_desk: NewDesk) -> Iterator[ProfileGate]:
    made = new_desk(sqlite_hub, "judge")
    made.sync()
    made.close()
    profile = made.profile
    gate = ProfileGate(profile.door, lambda: profile)
    gate.unlock(PASSPHRASE)
    yield gate
    gate.lock()


def test_the_window_is_offered_it(gate: ProfileGate) -> None:
    assert isinstance(gate, Keeping)


def test_a_copy_is_made_only_with_the_right_passphrase_and_opens_with_it(gate: ProfileGate, tmp_path: Path) -> None:
    target = tmp_path / "copy.jdbackup"
    with pytest.raises(WrongPassphrase):
        gate.back_up("not this one at all", target, own_files_only=False)
    assert not target.exists()
    first = gate.back_up(PASSPHRASE, target, own_files_only=False)
    assert first.new_code
    assert not gate.back_up(PASSPHRASE, tmp_path / "second.jdbackup", own_files_only=True).new_code
    folder, clock = tmp_path / "restored", SystemClock()
    backup.restore(target, folder, PASSPHRASE, first.new_code, clock, use_keyring=False, cost=CHEAP)
    opened = Profile(folder, clock, use_keyring=False).unlock(PASSPHRASE, with_loop=False)
    assert opened.desk.person.id == "judge"
    opened.close()


def test_the_passphrase_changes_while_the_desk_stays_open(gate: ProfileGate) -> None:
    with pytest.raises(WrongPassphrase):
        gate.change_passphrase("not this one at all", ANOTHER)
    with pytest.raises(BadInput):
        gate.change_passphrase(PASSPHRASE, "short")
    gate.change_passphrase(PASSPHRASE, ANOTHER)
    gate.lock()
    with pytest.raises(WrongPassphrase):
        gate.unlock(PASSPHRASE)
    gate.unlock(ANOTHER)


def test_a_locked_desk_makes_no_copy(gate: ProfileGate, tmp_path: Path) -> None:
    gate.lock()
    with pytest.raises(StoreLocked):
        gate.back_up(PASSPHRASE, tmp_path / "copy.jdbackup", own_files_only=False)
