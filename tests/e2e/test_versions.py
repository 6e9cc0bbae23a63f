"""An older desk at a newer hub and a newer desk at an older one, as real processes: served within the window that is
announced, and told politely outside of it, with the work safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.protocol.version import PROTOCOL
from tests.e2e import programs
from tests.e2e.programs import Done, Hub, seeded_hub

OTHER = "tests.e2e.other_version"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with seeded_hub(tmp_path_factory.mktemp("hub"), cases=3, documents=4) as made:
        yield made


@pytest.fixture(scope="module")
def profile(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enrolled and level with a hub of its own version."""
    folder = tmp_path_factory.mktemp("desk") / "profile"
    hub.enrol(folder)
    programs.desk("sync", "--profile", str(folder), "--json").with_code(0)
    return folder


def desk_of(newest: int, oldest: int, *words: str, **more: str) -> Done:
    variables = {"JUDGE_DESK_PASSPHRASE": programs.PASSPHRASE, "JUDGE_DESK_LANGUAGE": "en", **more}
    return programs.run(OTHER, str(newest), str(oldest), "desk", *words, **variables)


def served_by(hub: Hub, newest: int, oldest: int) -> None:
    """The same hub, in the same place, as another build."""
    hub.kill()
    hub.start(OTHER, str(newest), str(oldest), "hub")


@pytest.fixture
def newer_hub(hub: Hub) -> Iterator[Hub]:
    """Two versions ahead; it still speaks the one before its own, and ours no more."""
    served_by(hub, PROTOCOL + 2, PROTOCOL + 1)
    yield hub
    hub.kill()
    hub.start()


@pytest.fixture
def next_hub(hub: Hub) -> Iterator[Hub]:
    """One version ahead, with ours within its window."""
    served_by(hub, PROTOCOL + 1, PROTOCOL)
    yield hub
    hub.kill()
    hub.start()


def test_an_older_desk_is_served_within_the_window(next_hub: Hub, profile: Path) -> None:
    done = programs.desk("sync", "--profile", str(profile), "--json").with_code(0)
    assert done.json["refused"] == 0


def test_an_older_desk_outside_the_window_is_told_and_keeps_its_work(newer_hub: Hub, profile: Path) -> None:
    done = programs.desk("sync", "--profile", str(profile), "--json").with_code(3)
    assert "too old for the hub" in done.err
    assert "Your data is saved" in done.err
    assert "Traceback" not in done.err
    shown = programs.desk("cases", "list", "--profile", str(profile), "--json").with_code(0)
    assert shown.json["total"] > 0, "reading goes on"


def test_a_newer_desk_speaks_as_an_older_hub_does(hub: Hub, profile: Path) -> None:
    done = desk_of(PROTOCOL + 1, PROTOCOL, "sync", "--profile", str(profile), "--json").with_code(0)
    assert done.json["refused"] == 0


def test_a_newer_desk_that_forgot_the_old_version_is_told(hub: Hub, profile: Path) -> None:
    done = desk_of(PROTOCOL + 1, PROTOCOL + 1, "sync", "--profile", str(profile), "--json").with_code(3)
    assert "The hub is older than the program" in done.err
    assert "Your data is saved" in done.err


def test_an_older_desk_keeps_what_it_does_not_know_and_the_next_version_shows_it(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    hub.enrol(folder)
    older = desk_of(PROTOCOL, PROTOCOL, "sync", "--profile", str(folder), UNKNOWN_KIND="hearing").with_code(0)
    assert "must be updated to show" in older.out
    older = desk_of(PROTOCOL, PROTOCOL, "sync", "--profile", str(folder), "--json", UNKNOWN_KIND="hearing").with_code(0)
    assert older.json["unknown"] > 0
    assert older.json["pulled"] == 0, "its scopes add up: nothing comes twice"
    newer = programs.desk("sync", "--profile", str(folder), "--json").with_code(0)
    assert (newer.json["unknown"], newer.json["pulled"]) == (0, 0), "what was kept is read here, without the hub"


def test_a_stick_of_another_version_is_told_by_the_court(hub: Hub, profile: Path, tmp_path: Path) -> None:
    desk_of(PROTOCOL + 1, PROTOCOL, "courier", "out", str(tmp_path / "x.jdc"), "--profile", str(profile)).with_code(0)
    done = programs.hub("courier", "in", str(tmp_path / "x.jdc"), *hub.places).with_code(3)
    assert "newer version of the program" in done.err
    assert "was not touched" in done.err
