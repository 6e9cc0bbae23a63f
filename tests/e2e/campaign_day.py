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

from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget

from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.pages.campaigns.due_dialog import DueDialog
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.wording import t
from judge_desk.domain.campaigns import CampaignState
from judge_desk.domain.reviews import ReviewState
from judge_desk.services.campaigns import ActRow, CampaignRow
from judge_desk.services.reviews import ReviewRow
from tests.e2e.lived import Walk, run

TITLE = "Көктемгі бағалау"
ACTS, PAPER, REPORT = "acts.jsonl", "paraq.pdf", "report.pdf"
DUE, NOT_DUE = 38, 2
CONFLICT = "Бірге оқыдық, отбасымызбен араласамыз"
COMMENT = "Ойы анық, артық сөз жоқ"
HALF = "Кейінірек ораламын"
QUOTED = "оценил доказательства"
ASIDE = "Рецензент авторды танып қойды"
REPLY = "Екінші уәжге жауап 4-беттегі азат жолда берілген"
APPEAL = "Актінің уәждеу бөлігі қате оқылған"
TAB_KEYS = 12


class Sitting(Walk):
    """What the sittings share."""

    def sit_down(self, page_id: str, key: str) -> None:
        self.unlock()
        self._hands.wait("the desk is open", lambda: self._window.is_open)
        self._hands.keys(key)
        self._page = self._hands.page(page_id)

    def words(self) -> str:
        """All that the page says."""
        return self._hands.ask(lambda: "\n".join(_texts_of(self._page)))

    def until_synced(self, what: str, condition: Callable[[], object]) -> None:
        self._desk.sync.now()
        self._hands.wait(what, condition)

    def answer(self, words: str) -> None:
        """Write into the dialog that asks for words, and confirm by keyboard."""
        dialog = self._hands.dialog(AskTextDialog)
        self._hands.wait("the words can be typed", dialog.field.hasFocus)
        self._hands.write(words)
        self._hands.keys("ctrl+Return")
        self._hands.wait("the dialog is gone", lambda: not isinstance(QApplication.activeWindow(), AskTextDialog))


class Commission(Sitting):
    """Who is due, a campaign, blinding, the drawing; later fairness before results, and the release."""

    def live(self) -> None:
        """Both sittings begin at the page of campaigns."""
        self.sit_down("campaigns", "ctrl+7")

    def row(self) -> CampaignRow:
        return next(row for row in self._desk.campaigns.rows() if row.campaign.title == TITLE)

    def press(self, action: str) -> None:
        self._hands.click(self._button(t(f"campaigns.action.{action}")))

    def is_offered(self, action: str) -> bool:
        return bool(self._hands.ask(self._page.view.buttons[action].isVisible))


class Prepare(Commission):
    """From the list of who is due to the invitations."""

    def live(self) -> None:
        super().live()
        self.choose_who_is_due()
        self.make_the_campaign()
        self.mend_the_leak()
        self.release_the_acts()
        self.draw_and_ask()
        self._hands.keys("ctrl+q")

    def choose_who_is_due(self) -> None:
        due = self._desk.due_judges
        self.until_synced("every dossier is here", lambda: len(due.rows()) == DUE + NOT_DUE)
        self._hands.wait(
            "the posts are here too", lambda: sum(each.is_due and not each.lacks_court for each in due.rows()) == DUE
        )
        self._hands.keys("ctrl+d")
        dialog = self._hands.dialog(DueDialog)
        assert len(self._hands.ask(dialog.list.chosen)) == DUE
        self._picture("due")
        self._hands.click(dialog.make)

    def make_the_campaign(self) -> None:
        dialog = self._hands.dialog(NewCampaignDialog)
        self._hands.wait("the title can be typed", dialog.title.hasFocus)
        self._hands.write(TITLE)
        assert not self._hands.ask(dialog.make.isEnabled)
        self._hands.click(dialog.acts.button)
        self._name_file(self._folder / ACTS)
        self._hands.wait("nothing is missing", dialog.make.isEnabled)
        self._picture("new")
        self._hands.keys("ctrl+Return")
        self._hands.wait("the acts are drawn", lambda: [each.acts for each in self._desk.campaigns.rows()] == [DUE])
        self._page = self._hands.page("campaigns")

    def mend_the_leak(self) -> None:
        """The act that names its judge in spaced letters is shown first, and its button is off until it is mended."""
        acts = self._page.view.acts
        self._hands.wait("an act is shown", lambda: acts.text.toPlainText())
        text = self._hands.ask(acts.text.toPlainText)
        assert "[лицо]" in text, "nothing was blinded"
        assert not self._hands.ask(acts.clear.isEnabled), "an act that leaks could go out"
        assert self._hands.ask(lambda: len(acts.text.extraSelections())) > 0
        self._picture("leak")
        self._hands.ask(acts.text.setFocus)
        self._hands.keys("ctrl+End", "shift+Home", "Delete")
        self._hands.keys("ctrl+s")
        self._hands.wait("the leak is mended", lambda: not any(row.leaks for row in self.act_rows()))
        self._hands.wait("the act may go out", acts.clear.isEnabled)

    def act_rows(self) -> list[ActRow]:
        return self._desk.campaigns.acts(self.row().campaign.id)

    def release_the_acts(self) -> None:
        for done in range(1, DUE + 1):
            self._hands.keys("ctrl+Return")
            self._hands.wait(f"{done} acts are released", partial(self.has_released, done))
            self._page = self._hands.page("campaigns")

    def has_released(self, number: int) -> bool:
        return self.row().cleared == number

    def draw_and_ask(self) -> None:
        self.press("trial")
        self._hands.wait("the trial says what it found", lambda: self._page.view.told.text())
        self._hands.wait("the trial has ended", lambda: self._page.view.buttons["trial"].isVisible())
        assert t("campaigns.trial.stopped") not in self.words()
        self.press("launch")
        self.until_synced("the hub has drawn", self.is_drawn)
        self._page = self._hands.page("campaigns")
        self._picture("running")

    def is_drawn(self) -> bool:
        row = self.row()
        if row.progress is not None and row.progress.asked:
            return row.campaign.state is CampaignState.RUNNING
        self._desk.sync.now()
        return False


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


class Release(Commission):
    """Opened when all are in, fairness before results, one form set aside, the judges told, the report kept."""

    def live(self) -> None:
        super().live()
        self.until_synced("all forms are in", lambda: self.row().may_open)
        self._hands.wait("they may be opened", lambda: self._page.view.buttons["open"].isVisible())
        self.press("open")
        self.until_synced("the forms are here", self.are_here)
        self._hands.wait("fairness may be seen", lambda: self._page.view.buttons["fairness"].isVisible())
        assert not self.is_offered("publish"), "results before fairness"
        assert not self.is_offered("results")
        self.press("fairness")
        self._hands.wait("fairness is told", self._page.view.found.isVisible)
        self._hands.wait("results may be told", lambda: self._page.view.buttons["publish"].isVisible())
        self._picture("fairness")
        self.set_one_aside()
        self.tell_the_judges()
        self.keep_the_report()
        self._hands.keys("ctrl+q")

    def are_here(self) -> bool:
        row = self.row()
        is_open = row.campaign.state is CampaignState.OPENED and not self._desk.sync.outlook().waiting
        if is_open and row.progress is not None:
            return len(self._desk.review_results.forms(row.campaign.id)) == row.progress.received
        self._desk.sync.now()
        return False

    def set_one_aside(self) -> None:
        self.press("forms")
        self._hands.wait("the forms are listed", self._page.view.forms.list.isVisible)
        self._hands.wait("one is chosen", self._page.view.forms.aside.isEnabled)
        self._hands.ask(lambda: self._page.view.forms.aside.setFocus())
        self._hands.keys("space")
        self.answer(ASIDE)
        self._hands.wait("the decision is recorded", lambda: len(self.row().campaign.withdrawals) == 1)
        self._page = self._hands.page("campaigns")

    def tell_the_judges(self) -> None:
        self.press("publish")
        self._hands.wait("the judges are told", lambda: self.row().campaign.published_at is not None)
        self._page = self._hands.page("campaigns")
        self.press("results")
        self._hands.wait("the commission waits for its turn", lambda: self._window.banner.isVisible())
        self._picture("judge-first")
        self.until_synced("everything is sent", lambda: self._desk.sync.outlook().waiting == 0)

    def keep_the_report(self) -> None:
        self.press("report")
        self._name_file(self._folder / REPORT)
        self._hands.wait("the report is written", (self._folder / REPORT).is_file)


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
        self._hands.wait("the result is shown", lambda: "95 %" in "".join(_texts_of(self._page)))
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


def _texts_of(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


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
