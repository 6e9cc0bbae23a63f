"""The real program in a real window, and a judge's day in it; a process of its own, talked to by lines.

    python -m tests.e2e.judge_day PROFILE FOLDER

Says ``hub: stop`` and ``hub: start`` when the link is to go and to come back, and waits for a line each time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.pages.drafts.new_draft import NewDraftDialog
from judge_desk.desktop.wording import t
from tests.e2e.lived import Walk, run

NOTE = "Қарау керек: сараптама қорытындысының 2-беті"
PARAGRAPH = "Сот ғимаратында өткен отырыста талап қоюшының түсіндірмесі тыңдалды."
COMMENT = "Дәлелдеу бөлігі түсінікті құрылған"
REPLY = "Жүктеме жылдың екінші жартысында өскенін ескеруді сұраймын"
PDF = "uygharym.pdf"


class Day(Walk):
    """One method a piece of the day, in the order in which they happen."""

    def live(self) -> None:
        self.unlock()
        self.see_today()
        self.read_a_case()
        self.write_a_note()
        self._tell("hub: stop")
        self.begin_a_draft()
        self.make_its_pdf()
        self.half_fill_a_review()
        self.reply_in_the_dossier()
        assert self._desk.sync.outlook().waiting >= 3
        self._tell("hub: start")
        self.become_level()
        self._hands.keys("ctrl+q")

    def see_today(self) -> None:
        self._hands.page("today")
        sync = self._desk.sync
        self._hands.wait(
            "everything of the court is here",
            lambda: sync.standing.level_at is not None and not sync.outlook().files_to_fetch,
        )
        self._hands.page("today")
        self._picture("today")

    def read_a_case(self) -> None:
        self._hands.keys("ctrl+2")
        cases = self._hands.page("cases")
        self._hands.wait("cases are listed", lambda: cases.table.model().rowCount() and cases.filter.words.hasFocus())
        self._hands.keys("Down", "Home")
        self._hands.wait("a case is chosen", lambda: cases.table.hasFocus() and cases.table.current_id())
        self._hands.keys("Return")
        case = self._hands.page("case")
        self._hands.wait("a page of a document is drawn", lambda: case.reader.is_open and case.reader.is_settled())
        reader = self._hands.ask(lambda: case.reader.worker.process_id)
        assert reader is not None, "no process of its own drew the page"
        self._picture("case")

    def write_a_note(self) -> None:
        self._hands.keys("m")
        field = self._hands.seen(QPlainTextEdit, t("notes.text"))
        self._hands.wait("the note can be typed", field.hasFocus)
        self._hands.write(NOTE)
        self._hands.keys("ctrl+Return")
        self._hands.wait("the note is put away", lambda: not field.isVisible())
        self._picture("note")

    def begin_a_draft(self) -> None:
        self._hands.keys("ctrl+n")
        dialog = self._hands.dialog(NewDraftDialog)
        self._hands.wait(
            "the forms of this case are offered", lambda: dialog.list.lines.rowCount() and dialog.search.hasFocus()
        )
        self._hands.keys("Return")
        page = self._hands.page("drafts")
        edit = self._hands.seen(ActEdit)
        self._hands.wait("the draft is on the table", lambda: page.is_writing() and bool(edit.toPlainText()))
        self._hands.ask(edit.setFocus)
        self._hands.keys("ctrl+End")
        self._hands.write(PARAGRAPH)
        self._hands.wait("the text is on the page", lambda: PARAGRAPH in edit.toPlainText())
        self._hands.wait("the text is on disk", lambda: page.desk.autosave.is_settled)
        self._picture("draft")

    def make_its_pdf(self) -> None:
        self._hands.keys("ctrl+shift+e")
        self._name_file(self._folder / PDF)
        self._hands.wait("the PDF is written", (self._folder / PDF).is_file)

    def half_fill_a_review(self) -> None:
        self._hands.keys("ctrl+6")
        reviews = self._hands.page("reviews")
        rows = reviews.list.list
        self._hands.wait("reviews are assigned", lambda: rows.model().rowCount() and rows.hasFocus())
        self._hands.keys("Home")
        self._hands.wait("a review is chosen", lambda: rows.currentIndex().isValid())
        self._hands.keys("Return")
        comment = self._hands.seen(QPlainTextEdit, t("reviews.comment"))
        self._hands.page("reviews")
        self._hands.keys("3")
        self._hands.ask(comment.setFocus)
        self._hands.write(COMMENT)
        self._hands.wait("the half-done form is on disk", lambda: self._is_started())
        self._picture("review")

    def _is_started(self) -> bool:
        reviews = self._desk.reviews
        works = [reviews.open(each.assignment_id).review for each in reviews.assigned()]
        return any((answer.score, answer.comment) == (3, COMMENT) for work in works for answer in work.answers)

    def reply_in_the_dossier(self) -> None:
        self._hands.keys("ctrl+5")
        self._hands.page("dossier")
        self._hands.click(self._button(t("dossier.reply")))
        field = self._hands.seen(QPlainTextEdit, t("dossier.reply.name"))
        self._hands.wait("the reply can be typed", field.hasFocus)
        self._hands.write(REPLY)
        self._hands.keys("ctrl+Return")
        dossier = self._desk.dossier
        self._hands.wait(
            "the reply is on disk",
            lambda: any(reply.reply.text == REPLY for row in dossier.view().timeline() for reply in row.replies),
        )
        self._picture("dossier")

    def become_level(self) -> None:
        self._hands.keys("ctrl+9")
        self._hands.page("sync")
        self._picture("sync-before")
        self._hands.keys("F5")
        self._hands.wait("nothing waits any more", lambda: self._is_level())
        self._hands.page("sync")
        self._picture("sync-after")

    def _is_level(self) -> bool:
        outlook = self._desk.sync.outlook()
        assert outlook.attention == 0, "something was refused or is in conflict"
        return self._desk.sync.standing.linked is True and outlook.waiting == 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), lambda app: Day(app, Path(sys.argv[2]))))
