"""A campaign of peer review in real windows; a process of its own for each sitting, talked to by lines.

    python -m tests.e2e.campaign_day SITTING PROFILE FOLDER

FOLDER holds the acts of the pool and takes pictures and papers. ``prepare`` and ``release`` are the commission's
sittings, ``begin`` and ``finish`` a reviewer's, ``hear`` a judge's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit

from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.wording import t
from judge_desk.domain.reviews import ReviewState
from judge_desk.services.reviews import ReviewRow
from tests.e2e.commission_day import (
    APPEAL,
    COMMENT,
    CONFLICT,
    HALF,
    PAPER,
    QUOTED,
    REPLY,
    TAB_KEYS,
    TITLE,
    Prepare,
    Release,
    Sitting,
    texts_of,
)
from tests.e2e.lived import Walk, run


class Begin(Sitting):
    """P1 to P4: five acts, a conflict, a form that asks for its reasons, and half of it kept without a link."""

    def live(self) -> None:
        self.sit_down("reviews", "ctrl+6")
        reviews = self._desk.reviews
        self.until_synced("the acts are here", lambda: len(reviews.assigned()) >= 5)
        self._page = self._hands.page("reviews")
        self.declare_a_conflict()
        self.open_one(lambda row: not row.is_sealed)
        self.score_with_reasons()
        self._tell("hub: stop")
        self.leave_it_half_done()
        self._hands.keys("ctrl+q")

    def open_one(self, wanted: Callable[[ReviewRow], bool]) -> str:
        """Go down the list to a row and open it, by keyboard."""
        lines = self._page.list.list
        self._hands.wait("reviews are listed", lambda: lines.model().rowCount())
        rows = self._desk.reviews.assigned()
        number = next(at for at, row in enumerate(rows) if wanted(row))
        self._hands.ask(lines.setFocus)
        self._hands.keys("Home", *["Down"] * number)
        self._hands.wait("the row is chosen", lambda: lines.currentIndex().row() == number)
        self._hands.keys("Return")
        self._hands.wait("the act can be read", lambda: self._page._work is not None)
        self._page = self._hands.page("reviews")
        return rows[number].assignment_id

    def declare_a_conflict(self) -> None:
        declined = self.open_one(lambda row: not row.is_sealed)
        self._hands.click(self._button(t("reviews.decline")))
        self.answer(CONFLICT)
        self.until_synced("the conflict is told", lambda: self.is_sent(declined, ReviewState.DECLINED))
        self._picture("declined")
        self._hands.keys("Escape")
        self._hands.wait("the list is back", lambda: self._page._work is None)

    def is_sent(self, assignment_id: str, state: ReviewState) -> bool:
        work = self._desk.reviews.open(assignment_id)
        return work.is_sent and work.review.state is state

    def score_with_reasons(self) -> None:
        form = self._page.form
        assert len(self._hands.ask(lambda: form.criterion._group.buttons())) == 5
        self._hands.keys("5")
        self._hands.keys("ctrl+Return")
        self._hands.wait("the end says what is missing", form.is_at_end)
        self._hands.wait("and that a comment is", lambda: t("reviews.gap.comment") in _trailing(form.summary))
        self._hands.keys(*["ctrl+Prior"] * self._hands.ask(lambda: form.place))
        self._hands.wait("the first criterion is back", lambda: form.place == 0)
        self.tab_to(form.criterion.comment)
        self._hands.write(COMMENT)
        assert next(gap.reason for gap in self._hands.ask(form.gaps)) == "evidence"
        self.quote_from_the_act()
        self._hands.wait("the quotation is taken", lambda: form.criterion.evidence.toPlainText() == f"«{QUOTED}»")
        self._hands.wait("nothing is missing on the first", lambda: len(form.gaps()) == 5)

    def tab_to(self, field: QPlainTextEdit) -> None:
        """By Tab alone, as one does who uses no mouse."""
        for _ in range(TAB_KEYS):
            if self._hands.ask(field.hasFocus):
                return
            self._hands.keys("Tab")
        raise AssertionError("the field cannot be reached by Tab")

    def quote_from_the_act(self) -> None:
        self._hands.keys("ctrl+f")
        self._hands.wait("the act can be searched", self._page.act.search.hasFocus)
        self._hands.write(QUOTED)
        self._hands.wait("the words are found", lambda: self._page.act.selected() == QUOTED)
        self._hands.keys("ctrl+e")

    def leave_it_half_done(self) -> None:
        form = self._page.form
        self._hands.keys("ctrl+Next")
        self._hands.wait("the second criterion is shown", lambda: form.place == 1)
        self._hands.keys("3")
        self.tab_to(form.criterion.comment)
        self._hands.write(HALF)
        self._hands.wait("the half-done form is on disk", lambda: HALF in self.kept())
        self._picture("half-done")

    def kept(self) -> list[str]:
        """The comments of half-done forms that are on disk."""
        reviews = self._desk.reviews
        works = [reviews.open(row.assignment_id) for row in reviews.assigned() if row.state is ReviewState.STARTED]
        return [each.comment for work in works for each in work.review.answers if each.comment]


class Finish(Begin):
    """P4 to P8: back without a link, sealed for good, no other scores, and a paper without an author."""

    def live(self) -> None:
        self.sit_down("reviews", "ctrl+6")
        assert self.kept() == [COMMENT, HALF]
        mine = self.open_one(lambda row: row.state is ReviewState.STARTED)
        self.fill_the_rest()
        self.seal_it()
        self.try_to_change_it(mine)
        self._tell("hub: start")
        self.until_synced("the hub has it", lambda: self.is_sent(mine, ReviewState.SUBMITTED))
        self.print_it()
        self._picture("sealed")
        self._hands.keys("ctrl+q")

    def fill_the_rest(self) -> None:
        form = self._page.form
        for place in range(2, 6):
            self._hands.wait("the next open criterion is shown", partial(self.is_at, place))
            self._hands.keys("4")
            self._hands.keys("ctrl+Next")
        self._hands.wait("nothing is missing", lambda: form.is_at_end() and not form.gaps())

    def is_at(self, place: int) -> bool:
        return bool(self._page.form.place == place)

    def seal_it(self) -> None:
        self._hands.keys("ctrl+Return")
        self._hands.dialog(ConfirmDialog)
        self._hands.click(self._button(t("reviews.submit.do")))
        self._hands.wait("the form is sealed", lambda: self._page._work is not None and self._page.seal.isVisible())

    def try_to_change_it(self, assignment_id: str) -> None:
        before = self._desk.reviews.open(assignment_id)
        self._hands.keys("ctrl+Prior", "1")
        form = self._page.form
        assert self._hands.ask(form.criterion.comment.isReadOnly)
        assert self._hands.ask(form.answers) == before.review.answers
        assert self._desk.reviews.open(assignment_id).receipt == before.receipt
        assert not self._hands.ask(self._page._submit.isVisible)

    def print_it(self) -> None:
        self._hands.keys("ctrl+p")
        self._name_file(self._folder / PAPER)
        self._hands.wait("the paper is written", (self._folder / PAPER).is_file)


class Hear(Sitting):
    """The judge hears first, in words and with the interval, answers, and asks for another panel."""

    def live(self) -> None:
        self.sit_down("dossier", "ctrl+5")
        dossier, sync = self._desk.dossier, self._desk.sync
        self._hands.wait("the first exchange is over", lambda: sync.standing.level_at is not None)
        self.until_synced(
            "the result is here", lambda: any(row.entry.title == TITLE for row in dossier.view().timeline())
        )
        self._page = self._hands.page("dossier")
        self._hands.wait("the result is shown", lambda: "95 %" in "".join(texts_of(self._page)))
        self._picture("heard")
        self.write("dossier.reply", REPLY)
        self.write("dossier.appeal", APPEAL)
        self.until_synced("both are sent", lambda: self._desk.sync.outlook().waiting == 0)
        self._picture("appealed")
        self._hands.keys("ctrl+q")

    def write(self, key: str, words: str) -> None:
        # The link stands under all that was said: the keyboard reaches it without a look at the pixels.
        link = self._button(t(key))
        self._hands.ask(link.setFocus)
        self._hands.keys("space")
        field = self._hands.seen(QPlainTextEdit, t("dossier.reply.name"))
        self._hands.wait("it can be typed", field.hasFocus)
        self._hands.write(words)
        self._hands.keys("ctrl+Return")
        self._hands.wait(
            "it is on disk",
            lambda: (
                words in [reply.reply.text for row in self._desk.dossier.view().timeline() for reply in row.replies]
            ),
        )
        self._page = self._hands.page("dossier")


def _trailing(lines: LazyList) -> list[str]:
    model = lines.lines
    return [model.index(at).data(LINE_ROLE).trailing for at in range(model.rowCount())]


SITTINGS: dict[str, Callable[[DesktopApp, Path], Walk]] = {
    "prepare": Prepare,
    "begin": Begin,
    "finish": Finish,
    "release": Release,
    "hear": Hear,
}

if __name__ == "__main__":
    SITTING = SITTINGS[sys.argv[1]]
    sys.exit(run(Path(sys.argv[2]), lambda app: SITTING(app, Path(sys.argv[3]))))
