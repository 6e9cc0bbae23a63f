"""The programs whose start is measured, each a fresh process; nothing is imported here that only one of them needs.

    python -m tests.bench.start_programs at-once PROFILE PASSPHRASE
    python -m tests.bench.start_programs typed PROFILE PASSPHRASE TYPING_SECONDS
    python -m tests.bench.start_programs bare DATABASE KEY COST|- PRAGMA…

Each prints the moment (of the system's monotonic clock, in seconds) at which it was in use, and ends. ``typed`` prints
that moment less the time between the form being there and the Return key.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judge_desk.bootstrap.gate import ProfileGate
    from judge_desk.desktop.app import DesktopApp


def at_once(folder: Path, passphrase: str) -> int:
    """The real program over the profile, unlocked as soon as it can be; says when Today is in use, and ends."""
    app, gate = _program(folder)
    _when_today_is_there(app, lambda: say_and_end(app.window.close))
    return app.run(lambda _ticket: gate.unlock(passphrase))


def typed(folder: Path, passphrase: str, typing_seconds: float) -> int:
    """The same with a person before the form, who needs so long to type; that time is taken off."""
    from PySide6.QtCore import QTimer

    app, _gate = _program(folder)
    form = app.window.lock_screen.form
    asked: list[float] = []

    def ask() -> None:
        asked.append(time.monotonic())
        QTimer.singleShot(round(typing_seconds * 1000), answer)

    def answer() -> None:
        form.line.setText(passphrase)
        asked.append(time.monotonic())
        form.line.returnPressed.emit()

    _when_today_is_there(app, lambda: say_and_end(app.window.close, less=asked[1] - asked[0]))
    # After the first paint, which queues the form behind itself.
    when_idle(lambda: when_idle(ask))
    return app.run()


def _program(folder: Path) -> tuple[DesktopApp, ProfileGate]:
    from judge_desk.bootstrap.loading import loading

    with loading():
        from judge_desk.bootstrap.desktop import make_app, profile_behind
        from judge_desk.bootstrap.door import Door
        from judge_desk.bootstrap.gate import ProfileGate
        from judge_desk.runtime.clock import SystemClock

    door = Door(folder, SystemClock(), use_keyring=False)
    gate = ProfileGate(door, lambda: profile_behind(door))
    return make_app(door, gate), gate


def _when_today_is_there(app: DesktopApp, then: Callable[[], object]) -> None:
    def look() -> None:
        from judge_desk.desktop.widgets.state_stack import State

        page = app.window.pages.page if app.window.is_open else None
        if page is not None and page.id == "today" and page.states.state is State.READY and app.tasks.is_idle:
            then()

    app.tasks.became_idle.connect(lambda: when_idle(look))


def bare(path: Path, key: str, cost: str, pragmas: Sequence[str]) -> int:
    """The least program that shows rows of the same file."""
    import sqlcipher3
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

    application = QApplication(["bare"])
    if cost != "-":
        derive(*map(int, cost.split(",")))
    connection = sqlcipher3.connect(str(path))
    connection.execute(f"PRAGMA key=\"x'{key}'\"")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    rows = connection.execute('SELECT number, title, stage FROM "case" ORDER BY received_on DESC LIMIT 50').fetchall()
    table = QTableWidget(len(rows), 3)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.setItem(place, column, QTableWidgetItem(text))
    window = QMainWindow()
    window.setCentralWidget(table)
    window.resize(1280, 800)
    window.show()
    when_idle(lambda: say_and_end(window.close))
    return int(application.exec())


def derive(memory_kib: int, iterations: int, lanes: int) -> None:
    """What the passphrase costs; the key itself is given."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    Argon2id(salt=bytes(16), length=32, iterations=iterations, lanes=lanes, memory_cost=memory_kib).derive(
        b"passphrase"
    )


def when_idle(then: Callable[[], object]) -> None:
    """Call once nothing else waits: a timer of 0 comes after what is posted, a second one after what that posted."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, lambda: QTimer.singleShot(0, then))


def say_and_end(close: Callable[[], object], *, less: float = 0.0) -> None:
    print(time.monotonic() - less, flush=True)
    close()


def main(words: Sequence[str]) -> int:
    which, place, secret, *rest = words
    if which == "bare":
        return bare(Path(place), secret, rest[0], rest[1:])
    return typed(Path(place), secret, float(rest[0])) if which == "typed" else at_once(Path(place), secret)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
