"""The program with a marker in all it handles: shown, searched, written, printed, sent, and met by a bug.

python -m tests.e2e.canary PROFILE
"""

from __future__ import annotations

import sys
import threading
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from judge_desk.bootstrap.desktop import make_app
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.app import DesktopApp
from judge_desk.domain.acts import ActText, Block, Run, new_block_id
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import Secret
from judge_desk.domain.notes import NoteReach
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from tests.e2e.hands import Hands
from tests.e2e.programs import PASSPHRASE

MARKERS = ("zhasyrynbelgi", "Жасырынбелгі")
SECRETS = ("kengesubelgi", "Кеңесубелгі")
MARK, SECRET = " ".join(MARKERS), " ".join(SECRETS)
FAILED = 9


class Canary:
    """What a day does with case text, on the real services and pages."""

    def __init__(self, app: DesktopApp) -> None:
        self._app, self._hands = app, Hands(app)

    def sing(self) -> None:
        hands, window = self._hands, self._app.window
        hands.wait("the desk is open", lambda: window.is_open)
        sync = window.desk.sync
        hands.wait("all is here", lambda: sync.standing.level_at is not None and not sync.outlook().files_to_fetch)
        case_id = self.read_the_case()
        self.write(case_id)
        self.search()
        self.meet_bugs()
        sync.now()
        hands.wait("all is sent", lambda: not sync.outlook().waiting)
        hands.ask(window.lock)
        hands.ask(window.close)

    def read_the_case(self) -> str:
        cases = self._app.window.desk.cases
        case = cases.rows(cases.ids(CaseQuery(text=MARKERS[1])))[0]
        for document in cases.case_file(case.id).documents:
            wish = {"case_id": case.id, "document_id": document.document.id}
            self._hands.ask(partial(self._app.window.open_page, "case", **wish))
            page = self._hands.page("case")
            self._hands.wait("a document is shown", page.is_settled)
        return case.id

    def write(self, case_id: str) -> None:
        desk = self._app.window.desk
        desk.notes.save(desk.notes.new(case_id, MARK, reach=NoteReach.PRIVATE))
        form = desk.drafts.templates_for(case_id)[0]
        for secrecy, words in ((Secrecy.OWN, MARK), (Secrecy.DELIBERATION, SECRET)):
            draft_id, _ = desk.drafts.create(case_id, form.id, secrecy=secrecy, title=words)
            desk.drafts.save(draft_id, with_words(desk.drafts.open(draft_id).draft.act, words))
            self._hands.ask(partial(self._app.window.open_page, "drafts", draft_id=draft_id))
            page = self._hands.page("drafts")
            self._hands.wait("its pages are drawn", page.is_settled)
            if secrecy is Secrecy.OWN:
                assert desk.drafts.pdf(draft_id).startswith(b"%PDF")
            else:
                refused_to_print(self._app, draft_id)

    def search(self) -> None:
        desk = self._app.window.desk
        while desk.search.index_step(1.0):
            continue
        assert {hit.kind.value for hit in desk.search.search(MARKERS[1]).hits} >= {"case", "document", "note"}
        for words in (MARK, SECRET):
            self._hands.ask(self._app.window.show_palette)
            self._hands.write(words)
            self._hands.wait("the palette has looked", lambda: self._app.tasks.is_idle)
            self._hands.ask(self._app.window.command_palette.close_it)

    def meet_bugs(self) -> None:
        """One in a task, one in a slot; both are told with a number, and the words stay out of it."""
        self._hands.ask(lambda: self._app.tasks.run(lambda: int(f"{MARK} {SECRET}")))
        self._hands.ask(lambda: QTimer.singleShot(0, self._app, lambda: float(f"{MARK} {SECRET}")))
        self._hands.wait_for_bugs(1)


def with_words(act: ActText, words: str) -> ActText:
    """The act with a paragraph of these words at its end."""
    part = act.parts[-1]
    block = Block(id=new_block_id(), runs=(Run(text=words),))
    return replace(act, parts=(*act.parts[:-1], replace(part, blocks=(*part.blocks, block))))


def refused_to_print(app: DesktopApp, draft_id: str) -> None:
    try:
        app.window.desk.drafts.pdf(draft_id)
    except Secret:
        return
    raise AssertionError("a deliberation draft was printed")


def main(folder: Path) -> int:
    profile = Profile(folder, SystemClock())
    gate = ProfileGate(profile.door, lambda: profile)
    app = make_app(profile.door, gate)
    canary = Canary(app)

    def sing() -> None:
        try:
            canary.sing()
        except BaseException:
            traceback.print_exc()
            QTimer.singleShot(0, app, lambda: app.application.exit(FAILED))
            raise

    thread = threading.Thread(target=sing, name="canary", daemon=True)
    QTimer.singleShot(0, app, thread.start)
    return app.run(lambda _ticket: gate.unlock(PASSPHRASE))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
