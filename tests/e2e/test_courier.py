"""A court without a link: a desk that was enrolled once and never connected again works a whole week by stick; hub and
desk are processes that share nothing but the files on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.e2e import programs
from tests.e2e.programs import PASSPHRASE, Hub, desk, hub, seeded_hub

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
MARKER = "CanaryOfTheStick"


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that served for the enrolment, and then never again."""
    with seeded_hub(tmp_path_factory.mktemp("hub"), cases=4, documents=8) as made:
        yield made


@pytest.fixture(scope="module")
def profile(court: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "profile"
    court.enrol(folder)
    court.kill()
    return folder


@pytest.fixture(scope="module")
def device(court: Hub, profile: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    desks: list[dict[str, Any]] = hub("courier", "list", *court.places, "--json").with_code(0).json["desks"]
    (only,) = desks
    found = str(only["device"])
    assert desk("sync", "--profile", str(profile)).code == 3, "there is no link"
    stick = tmp_path_factory.mktemp("first-stick")
    hub("courier", "out", str(stick), "--device", found, *court.places).with_code(0)
    first = desk("courier", "in", str(stick), "--profile", str(profile), "--json").with_code(0).json
    assert first["pulled"] > 4
    assert first["files_in"] > 0
    return found


def write_note(profile: Path, word: str) -> None:
    programs.run("tests.e2e.offline_hand", str(profile), word, JUDGE_DESK_PASSPHRASE=PASSPHRASE).with_code(0)


def notes_at_hub(court: Hub) -> list[str]:
    engine = sa.create_engine(court.database)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT body FROM entity WHERE kind = 'note'")).scalars().all()
    engine.dispose()
    return [day for day in (*DAYS, MARKER) for body in rows if day in body]


def test_a_week_by_stick(court: Hub, profile: Path, device: str, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for day in DAYS:
        write_note(profile, day)
        out = desk("courier", "out", str(stick), "--profile", str(profile), "--json").with_code(0).json
        assert out["operations"] >= 1
        came = hub("courier", "in", str(stick), "--answer", str(stick), *court.places, "--json").with_code(0).json
        assert min(each["applied"] for each in came["taken"]) >= 1
        back = desk("courier", "in", str(stick), "--profile", str(profile), "--json").with_code(0).json
        assert (back["pushed"] >= 1, back["refused"], back["conflicts"]) == (True, 0, 0)
    assert [each for each in notes_at_hub(court) if each in DAYS] == list(DAYS), "each exactly once"
    shown = desk("cases", "list", "--profile", str(profile), "--json").with_code(0).json
    assert shown["total"] > 0


def test_the_same_stick_again_is_refused_by_name(court: Hub, profile: Path, device: str, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk("courier", "out", str(stick), "--profile", str(profile)).with_code(0)
    hub("courier", "in", str(stick), *court.places).with_code(0)
    again = hub("courier", "in", str(stick), *court.places).with_code(2)
    assert "was taken in before" in again.err
    assert "nothing is doubled" in again.err


def test_nothing_of_a_case_lies_on_the_stick(court: Hub, profile: Path, device: str, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    write_note(profile, MARKER)
    desk("courier", "out", str(stick), "--profile", str(profile)).with_code(0)
    hub("courier", "in", str(stick), "--answer", str(stick), *court.places).with_code(0)
    number = desk("cases", "list", "--profile", str(profile), "--json").with_code(0).json["cases"][0]["number"]
    paths = list(stick.iterdir())
    assert len(paths) == 2
    for path in paths:
        content = path.read_bytes() + path.name.encode()
        for word in (MARKER, number, device):
            assert word.encode() not in content


def test_a_stick_that_was_cut_is_told_and_changes_nothing(
    court: Hub, profile: Path, device: str, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole.jdc", tmp_path / "cut.jdc"
    hub("courier", "out", str(whole), "--device", device, *court.places).with_code(0)
    shutil.copy(whole, cut)
    cut.write_bytes(cut.read_bytes()[:-100])
    whole.unlink()
    told = desk("courier", "in", str(cut), "--profile", str(profile)).with_code(2)
    assert "damaged or was cut off" in told.err
    assert "Traceback" not in told.err


def test_outages_are_certified_from_the_command_line(profile: Path, device: str, tmp_path: Path) -> None:
    paper = tmp_path / "x.pdf"
    words = ("outages", "--profile", str(profile), "--out", str(paper), "--language", "kk", "--json")
    answer = desk(*words).with_code(0).json
    assert len(answer["statement"]["outages"]) >= 1, "the sync that found no link was noted"
    assert paper.read_bytes().startswith(b"%PDF")
    desk("outages", "--check", str(tmp_path / "x.json")).with_code(0)
    statement = tmp_path / "x.json"
    statement.write_text(statement.read_text().replace('"attempts":1', '"attempts":9', 1))
    assert "was changed" in desk("outages", "--check", str(statement)).with_code(1).out


def test_backup_and_restore_from_the_command_line(profile: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "x.backup", tmp_path / "new"
    made = desk("backup", str(file), "--profile", str(profile), "--json").with_code(0).json
    code = made["recovery_code"]
    desk("restore", str(file), "--profile", str(new), JUDGE_DESK_RECOVERY_CODE="0000-" * 7 + "0000").with_code(2)
    assert not new.exists()
    desk("restore", str(file), "--profile", str(new), JUDGE_DESK_RECOVERY_CODE=code.upper()).with_code(0)
    ours = desk("cases", "list", "--profile", str(profile), "--json").with_code(0).json
    assert desk("cases", "list", "--profile", str(new), "--json").with_code(0).json["total"] == ours["total"]
    taken = desk("restore", str(file), "--profile", str(new), JUDGE_DESK_RECOVERY_CODE=code).with_code(2)
    assert "Nothing was overwritten" in taken.err
