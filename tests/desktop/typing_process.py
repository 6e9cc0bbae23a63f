"""A process that opens a draft and types numbers into it until somebody kills it; it says each number it typed.

``python -m tests.desktop.typing_process FOLDER DRAFT_ID``
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from judge_desk.desktop.fonts import register_fonts
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.shell.appearance import Appearance
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.acts import PartKind
from judge_desk.runtime.clock import SystemClock
from judge_desk.runtime.settings import Settings
from tests.desktop.conftest import type_text
from tests.desktop.draft_desk import Window, drafts_page
from tests.factories import desk_context

KEY_MS = 40
"""Faster than any pause of the autosave: only its longest wait can save."""


def main(folder: Path, draft_id: str) -> int:
    application = QApplication([])
    register_fonts()
    context = desk_context(folder, clock=SystemClock())
    settings = Settings(folder)
    local = LocalDesk(settings, Appearance(settings), folder, lambda _language: ())
    page = drafts_page(context, TaskRunner(), Window(), local)
    page.activate({"draft_id": draft_id})
    keys = QTimer(interval=KEY_MS)
    typed = 0

    def type_next() -> None:
        nonlocal typed
        if page.work is None:
            return
        if not typed:
            page.desk.edit.go_to_part(PartKind.REASONING)
        typed += 1
        type_text(page.desk.edit, f"қ{typed} ")
        sys.stdout.write(f"{typed}\n")
        sys.stdout.flush()

    keys.timeout.connect(type_next)
    keys.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
