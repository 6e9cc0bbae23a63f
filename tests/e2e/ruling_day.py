"""A ruling, a decision in the deliberation room and its signature, in the real window; a process of its own.

    python -m tests.e2e.ruling_day PROFILE FOLDER CASE morning|afternoon PIN

The morning ends in typing that never stops: each letter is told as ``TYPED SECONDS`` (of the system's monotonic clock)
until the program is killed. The afternoon opens the same draft and brings it to a signed PDF.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit

from judge_desk.bootstrap.desktop import make_app
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.pages.drafts.finalise_dialog import FinaliseDialog
from judge_desk.desktop.pages.drafts.new_draft import NewDraftDialog
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.sign_dialog import SignDialog
from judge_desk.desktop.wording import t
from judge_desk.domain.acts import ActText, blanks
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.runtime.clock import SystemClock
from tests.e2e.hands import Hands, write_into
from tests.e2e.programs import PASSPHRASE
from tests.e2e.typist import LETTER, LETTER_MS

RULING, TWIN, DECISION = "uygharym.pdf", "opredelenie.pdf", "sheshim.pdf"
WORDS = {
    "kk": {
        "subject": "қарыз шарты бойынша берешекті өндіріп алу",
        "reason": "жауапкердің өкілі сырқаттануына байланысты келмеді.",
        "conclusions": "талап қою негізді және қанағаттандыруға жатады.",
        "operative": "Талап қою толық қанағаттандырылсын.",
        "costs": "Сот шығыстары жауапкерге жүктелсін.",
    },
    "ru": {
        "subject": "взыскание долга по договору займа",
        "reason": "представитель ответчика не явился по болезни.",
        "conclusions": "рассмотрение дела в отсутствие представителя невозможно.",
    },
}
ELSE = {"kk": "іс материалдарында көрсетілген.", "ru": "указано в материалах дела."}
APPEAL = (
    "Шешімге апелляциялық шағым, прокурордың өтінішхаты шешім түпкілікті нысанда шығарылған күннен бастап бір ай "
    "ішінде оны шығарған сот арқылы беріледі."
)
CLOSING = frozenset({"act.date", "act.number"})
FAILED = 9


class RulingDay:
    """One method a piece of the day, in the order in which they happen."""

    def __init__(self, app: DesktopApp, folder: Path, case_id: str, pin: str) -> None:
        self._window, self._folder, self._case_id, self._pin = app.window, folder, case_id, pin
        self._hands = Hands(app)

    def morning(self) -> None:
        self._unlock()
        self._open("case", case_id=self._case_id)
        self._begin("кейінге қалдыру")
        self._fill_blanks("kk")
        self._picture("ruling")
        self._save_pdf(RULING)
        self._make_the_twin()
        self._save_pdf(TWIN)
        self._open("case", case_id=self._case_id)
        self._begin("азаматтық іс бойынша шешім")
        self._go_into_deliberation()
        self._type_until_killed()

    def afternoon(self) -> None:
        self._unlock()
        self._announce_the_operative_part()
        self._open("drafts", draft_id=self._secret_draft())
        self._fill_blanks("kk")
        self._lose_and_restore_the_appeal_term()
        self._finalise()
        self._sign()
        self._save_pdf(DECISION)
        self._hands.keys("ctrl+q")

    def _unlock(self) -> None:
        self._hands.wait("the window is active", lambda: QApplication.activeWindow() is self._window)
        field = self._hands.seen(QLineEdit, t("shell.lock.passphrase"))
        self._hands.wait("the passphrase can be typed", field.hasFocus)
        self._hands.write(PASSPHRASE)
        self._hands.keys("Return")
        self._hands.page("today")

    def _open(self, page_id: str, **params: str) -> None:
        self._hands.ask(lambda: self._window.open_page(page_id, **params))
        self._hands.page(page_id)

    def _begin(self, form: str) -> None:
        """A draft on the Kazakh form that these letters find."""
        self._hands.keys("ctrl+n")
        dialog = self._hands.dialog(NewDraftDialog)
        self._hands.wait("forms are offered", lambda: dialog.list.lines.rowCount() and dialog.search.hasFocus())
        self._hands.write(form)
        self._hands.wait("one form answers", lambda: dialog.list.lines.rowCount() == 1)
        self._hands.keys("Return")
        page = self._hands.page("drafts")
        self._hands.wait("the draft is on the table", lambda: page.is_writing() and page.desk.edit.toPlainText())

    def _fill_blanks(self, language: str) -> None:
        """F8 to each blank, its words over it; number and date come when the act is closed."""
        page, edit = self._page, self._edit
        self._hands.ask(edit.setFocus)
        while left := [field for _, field in blanks(self._text()) if field not in CLOSING]:
            self._hands.keys("F8")
            self._hands.wait("a blank is selected", lambda: edit.textCursor().hasSelection())
            field = self._hands.ask(lambda: self._selected_field(left))
            if field:
                self._hands.write(WORDS[language].get(field, ELSE[language]))
            else:
                self._hands.ask(lambda: edit.moveCursor(QTextCursor.MoveOperation.Right))
        self._hands.wait("the text is on disk", lambda: page.desk.autosave.is_settled)

    def _selected_field(self, left: list[str]) -> str:
        """Which of the blanks is selected: its words stand in brackets, as the form has them."""
        shown = self._edit.textCursor().selectedText().strip("[]")
        names = self._page.work.fields if self._page.work else {}
        return next((field for field in left if names.get(field) == shown), "")

    def _make_the_twin(self) -> None:
        page = self._page
        first = page.draft_id
        self._hands.keys("ctrl+shift+t")
        self._hands.dialog(ConfirmDialog)
        self._hands.keys("Return")
        self._hands.wait("both texts stand side by side", lambda: page.more.twin.isVisible())
        self._picture("twin")
        self._hands.click(page.more.twin.there)
        self._hands.wait("the twin is on the table", lambda: page.draft_id != first and page.is_writing())
        self._hands.wait("its text is there", lambda: self._edit.act().language == "ru")
        self._fill_blanks("ru")

    def _go_into_deliberation(self) -> None:
        page = self._page
        chooser = page.desk.side.secrecy
        self._hands.ask(chooser.setFocus)
        self._hands.keys("End")
        self._hands.dialog(ConfirmDialog)
        self._hands.keys("Return")
        self._hands.wait("nobody else can read it", lambda: self._draft().secrecy is Secrecy.DELIBERATION)

    def _type_until_killed(self) -> None:
        edit = self._edit
        self._hands.wait("it can be written on", lambda: self._page.is_writing() and edit.toPlainText())
        self._hands.ask(lambda: self._select("re-came"))
        self._hands.ask(lambda: edit.moveCursor(QTextCursor.MoveOperation.EndOfBlock))
        typed, pause = 0, threading.Event()
        while True:
            self._hands.ask(lambda: write_into(edit, LETTER))
            typed += 1
            sys.stdout.write(f"{typed} {time.monotonic()}\n")
            sys.stdout.flush()
            pause.wait(LETTER_MS / 1000)

    def _secret_draft(self) -> str:
        drafts = self._window.desk.drafts
        secret = [row.id for row in drafts.rows() if drafts.open(row.id).draft.secrecy is Secrecy.DELIBERATION]
        assert len(secret) == 1
        return secret[0]

    def _announce_the_operative_part(self) -> None:
        self._open("case", case_id=self._case_id)
        self._hands.keys("ctrl+shift+a")
        self._hands.dialog(ConfirmDialog)
        self._picture("announce")
        self._hands.keys("Tab", "Return")
        terms = self._window.desk.terms
        self._hands.wait(
            "five working days run", lambda: any(row.days_left == 5 for row in terms.of_case(self._case_id))
        )

    def _lose_and_restore_the_appeal_term(self) -> None:
        page, edit = self._page, self._edit
        self._hands.wait("the text was checked", lambda: page.more.is_settled and self._rules() is not None)
        self._hands.wait("the linter has no error", lambda: not self._errors())
        self._hands.ask(lambda: self._select("op-appeal"))
        self._hands.keys("Delete")
        self._hands.wait("the linter misses the term", lambda: "missing.appeal_term" in self._errors())
        self._hands.keys("ctrl+shift+j")
        self._hands.wait("the finding is shown", lambda: page.more.findings.isVisible())
        self._picture("finding")
        self._hands.keys("Escape")
        self._hands.ask(lambda: self._select("op-appeal"))
        self._hands.ask(edit.setFocus)
        self._hands.write(APPEAL + " Апелляциялық сатыдағы сот: облыстық сот.")
        self._hands.wait("the linter is content", lambda: not self._errors())

    def _select(self, block_id: str) -> None:
        """The text of a block, as a hand with the mouse would."""
        self._edit.go_to(block_id)
        cursor = self._edit.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.setFocus()

    def _rules(self) -> list[str]:
        return [each.rule for each in self._page.more.report.open]

    def _errors(self) -> list[str]:
        return [each.rule for each in self._page.more.report.open if each.severity == "error"]

    def _finalise(self) -> None:
        page = self._page
        self._hands.wait("the text is on disk", lambda: page.desk.autosave.is_settled)
        self._hands.keys("ctrl+shift+Return")
        dialog = self._hands.dialog(FinaliseDialog)
        self._hands.wait("a number is offered", lambda: bool(dialog.number.text()))
        self._picture("finalise")
        self._hands.keys("Return")
        self._hands.wait("the act is final", lambda: self._draft().state is DraftState.FINAL)

    def _sign(self) -> None:
        page = self._page
        self._hands.wait("it may be signed", page.outputs.may_sign)
        self._hands.keys("ctrl+shift+s")
        dialog = self._hands.dialog(SignDialog)
        self._hands.wait("the PIN can be typed", dialog.means.pin.hasFocus)
        self._hands.write(self._pin)
        self._picture("sign")
        self._hands.keys("Return")
        signing = self._window.desk.signing
        self._hands.wait("the act is signed", lambda: signing.is_signed(page.draft_id))
        self._hands.wait("the dialog is gone", self._is_active)

    def _is_active(self) -> bool:
        return QApplication.activeWindow() is self._window

    def _save_pdf(self, name: str) -> None:
        self._hands.wait("the text is on disk", lambda: self._page.desk.autosave.is_settled)
        self._hands.keys("ctrl+shift+e")
        self._hands.save_as(self._folder / name)

    def _text(self) -> ActText:
        return self._hands.ask(self._edit.act)

    def _draft(self) -> Draft:
        assert self._page.work is not None
        return self._page.work.draft

    @property
    def _page(self) -> DraftsPage:
        page = self._window.pages.page
        assert isinstance(page, DraftsPage)
        return page

    @property
    def _edit(self) -> ActEdit:
        return self._page.desk.edit

    def _picture(self, name: str) -> None:
        self._hands.picture(self._folder / f"{name}.png")


def main(profile_folder: Path, folder: Path, case_id: str, part: str, pin: str) -> int:
    """Run the program; FAILED if the day could not be lived."""
    profile = Profile(profile_folder, SystemClock())
    app = make_app(profile.door, ProfileGate(profile.door, lambda: profile))
    day = RulingDay(app, folder, case_id, pin)

    def live() -> None:
        try:
            (day.morning if part == "morning" else day.afternoon)()
        except BaseException:
            traceback.print_exc()
            QTimer.singleShot(0, app, lambda: app.application.exit(FAILED))
            raise

    thread = threading.Thread(target=live, name="judge", daemon=True)
    QTimer.singleShot(0, app, thread.start)
    return app.run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6]))
