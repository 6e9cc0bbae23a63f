"""A program whose judge never stops typing: each letter goes into the real editor and is told with its moment.

    python -m tests.e2e.typist PROFILE DRAFT

Says ``TYPED SECONDS`` (of the system's monotonic clock) a line, until it is killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor

from judge_desk.bootstrap.desktop import make_app
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.runtime.clock import SystemClock
from tests.e2e.hands import write_into
from tests.e2e.programs import PASSPHRASE

LETTER = "ұ"
LETTER_MS = 20


def main(folder: Path, draft_id: str) -> int:
    profile = Profile(folder, SystemClock())
    gate = ProfileGate(profile.door, lambda: profile)
    app = make_app(profile.door, gate)
    window, typed = app.window, 0
    begin = QTimer(window, interval=LETTER_MS)
    go_on = QTimer(window, interval=LETTER_MS)

    def editor() -> ActEdit | None:
        shown = [each for each in window.findChildren(ActEdit) if each.isVisible() and each.toPlainText()]
        return shown[0] if shown else None

    def begin_typing() -> None:
        edit = editor()
        if edit is not None and app.tasks.is_idle:
            begin.stop()
            edit.moveCursor(QTextCursor.MoveOperation.End)
            go_on.start()

    def type_one() -> None:
        nonlocal typed
        edit = editor()
        if edit is not None:
            write_into(edit, LETTER)
            typed += 1
            sys.stdout.write(f"{typed} {time.monotonic()}\n")
            sys.stdout.flush()

    begin.timeout.connect(begin_typing)
    go_on.timeout.connect(type_one)
    window.opened.connect(lambda: window.open_page("drafts", draft_id=draft_id))
    window.opened.connect(begin.start)
    return app.run(lambda _ticket: gate.unlock(PASSPHRASE))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
