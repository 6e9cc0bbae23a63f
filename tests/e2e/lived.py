"""The real program in a real window with somebody at it: a process of its own, talked to by lines.

A walk says ``hub: stop`` and ``hub: start`` when the link is to go and to come back, and waits for a line each time.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit

from judge_desk.bootstrap.desktop import make_app
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.wording import t
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.desk import Desk
from tests.e2e.hands import Hands
from tests.e2e.programs import PASSPHRASE, ROOT, environment_of_tests

FAILED = 9
WALK_SECONDS = 300


class Walk(ABC):
    """Somebody at the window; ``live`` is what is done there, on a thread beside it."""

    def __init__(self, app: DesktopApp, folder: Path) -> None:
        self._window, self._folder = app.window, folder
        self._hands = Hands(app)

    @abstractmethod
    def live(self) -> None:
        """From the locked door to the closed window."""

    def unlock(self) -> None:
        self._hands.wait("the window is active", lambda: QApplication.activeWindow() is self._window)
        field = self._hands.seen(QLineEdit, t("shell.lock.passphrase"))
        self._hands.wait("the passphrase can be typed", field.hasFocus)
        self._hands.write(PASSPHRASE)
        self._hands.keys("Return")

    @property
    def _desk(self) -> Desk:
        """The services, from any thread: they hold no widget."""
        return self._window.desk

    def _button(self, text: str) -> QAbstractButton:
        def found() -> list[QAbstractButton]:
            top = QApplication.activeWindow()
            buttons = [] if top is None else top.findChildren(QAbstractButton)
            named = (each for each in buttons if text in (each.text(), each.accessibleName()))
            return [each for each in named if each.isVisible() and each.isEnabled()]

        self._hands.wait(f"a button {text}", found)
        return self._hands.ask(lambda: found()[0])

    def _name_file(self, path: Path) -> None:
        """Type a path into the file dialog that is open, and press Enter."""
        self._hands.dialog(QFileDialog)
        name = self._hands.seen(QLineEdit, "fileNameEdit")
        self._hands.ask(name.setFocus)
        self._hands.ask(name.clear)
        self._hands.write(str(path))
        self._hands.keys("Return")
        self._hands.wait("the dialog is gone", lambda: not isinstance(QApplication.activeWindow(), QFileDialog))

    def _picture(self, name: str) -> None:
        self._hands.picture(self._folder / f"{name}.png")

    @staticmethod
    def _tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        assert sys.stdin.readline(), "nobody is there any more"


def run(profile_folder: Path, make: Callable[[DesktopApp], Walk]) -> int:
    """Run the program; FAILED if the walk could not be walked to its end."""
    profile = Profile(profile_folder, SystemClock())
    app = make_app(profile.door, ProfileGate(profile.door, lambda: profile))
    walk = make(app)

    def live() -> None:
        try:
            walk.live()
        except BaseException:
            traceback.print_exc()
            QTimer.singleShot(0, app, lambda: app.application.exit(FAILED))
            raise

    thread = threading.Thread(target=live, name="person", daemon=True)
    QTimer.singleShot(0, app, thread.start)
    return app.run()


def walked(words: tuple[str, ...], session: Mapping[str, str], acts: Mapping[str, Callable[[], None]]) -> list[str]:
    """Walk in a process of its own (``words``: module and arguments) and act on each line it says; gives the lines."""
    with subprocess.Popen(
        [sys.executable, "-m", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment_of_tests(), **session},
        cwd=ROOT,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        heard = []
        for line in program.stdout:
            heard.append(line.strip())
            acts[heard[-1]]()
            program.stdin.write("done\n")
            program.stdin.flush()
        code = program.wait(WALK_SECONDS)
    assert code == 0, f"{words} ended with {code} after {heard}"
    return heard
