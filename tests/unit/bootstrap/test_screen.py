"""Without a screen there is a sentence and exit code 3, never Qt's abort."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from judge_desk.bootstrap import screen
from judge_desk.bootstrap.screen import NoScreen, require_screen

VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "QT_QPA_PLATFORM")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux starts without a screen")


@pytest.fixture(autouse=True)
def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DISPLAY": ":4077"},
        {"WAYLAND_DISPLAY": "nobody", "XDG_RUNTIME_DIR": "/nonexistent"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":4077"},
    ],
)
def test_no_screen_is_told(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NoScreen) as caught:
        require_screen()
    assert caught.value.key == "cli.no_screen"


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_a_platform_without_a_screen_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    require_screen()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> ctypes.CDLL:
        raise OSError(name)

    monkeypatch.setattr(screen, "_x_answers", lambda: True)
    monkeypatch.setattr(ctypes, "CDLL", load)
    with pytest.raises(NoScreen) as caught:
        require_screen()
    assert caught.value.params == {"library": "libxcb-cursor.so.0", "package": "libxcb-cursor0"}


@pytest.mark.parametrize("words", [[], ["demo"]], ids=["window", "demo"])
def test_the_program_ends_with_a_sentence(tmp_path: Path, words: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {"HOME": str(tmp_path), "JUDGE_DESK_PROFILE": str(tmp_path / "desk"), "JUDGE_DESK_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "judge_desk", *words],
        env=environment,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert done.stderr.startswith("No screen could be reached")
    assert not (tmp_path / "desk").exists()
