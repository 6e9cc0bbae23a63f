"""The two programs whose start is measured, each a fresh process; nothing is imported here that only one of them needs.

    python -m tests.bench.start_programs program PROFILE PASSPHRASE
    python -m tests.bench.start_programs bare DATABASE KEY COST|- PRAGMA…

Each prints the moment (of the system's monotonic clock, in seconds) at which it was in use, and ends.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def program(folder: Path, passphrase: str) -> int:
    """The real program over the profile; says when Today is in use, and ends."""
    from judge_desk.bootstrap import cli

    cli.load(window=True)
    from judge_desk.bootstrap.desktop import make_app
    from judge_desk.bootstrap.gate import ProfileGate
    from judge_desk.bootstrap.profile import Profile
    from judge_desk.desktop.widgets.state_stack import State
    from judge_desk.runtime.clock import SystemClock

    profile = Profile(folder, SystemClock(), use_keyring=False)
    gate = ProfileGate(profile)
    app = make_app(profile, gate)
    window = app.window

    def look() -> None:
        page = window.pages.page
        if page is not None and page.id == "today" and page.states.state is State.READY and app.tasks.is_idle:
            say_and_end(window.close)

    app.tasks.became_idle.connect(lambda: when_idle(look))
    return app.run(lambda _ticket: gate.unlock(passphrase))


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


def say_and_end(close: Callable[[], object]) -> None:
    print(time.monotonic(), flush=True)
    close()


if __name__ == "__main__":
    which, place, secret, *rest = sys.argv[1:]
    sys.exit(program(Path(place), secret) if which == "program" else bare(Path(place), secret, rest[0], rest[1:]))
