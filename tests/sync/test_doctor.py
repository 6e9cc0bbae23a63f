"""The check-up of a desk whose database is damaged: told as a finding wherever the damage is met, never as a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.bootstrap import doctor
from judge_desk.cli.secret_input import PASSPHRASE as PASSPHRASE_VARIABLE
from judge_desk.domain.errors import DamagedStore
from judge_desk.domain.people import Role
from judge_desk.services.doctor import Check
from tests.live_hub import LiveHub
from tests.sync.conftest import PASSPHRASE, enrolled


@pytest.fixture
def folder(sqlite_hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sqlite_hub.add_person("judge1", Role.JUDGE)
    enrolled(sqlite_hub.url, "judge1", tmp_path / "desk").close()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    return tmp_path / "desk"


def found(folder: Path) -> list[tuple[str, bool]]:
    return [(each.id, each.ok) for each in doctor.check_up(folder)]


def test_a_whole_desk_is_looked_at_to_the_end(folder: Path) -> None:
    assert ("database", True) in found(folder)
    assert {"dossiers", "room", "files"} <= {name for name, _ in found(folder)}


def test_nothing_is_compared_in_a_database_that_is_not_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "check_store", lambda _context: [Check("database", False)])
    assert found(folder)[-1] == ("database", False)


def test_damage_that_a_later_look_meets_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_context: object) -> Check:
        raise DamagedStore

    monkeypatch.setattr(doctor, "check_dossiers", broken)
    assert found(folder)[-1] == ("database", False)
