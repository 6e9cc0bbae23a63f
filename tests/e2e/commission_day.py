"""The commission at its window: who is due, a campaign, blinding and drawing; later fairness, and the release."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.pages.campaigns.due_dialog import DueDialog
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.wording import t
from judge_desk.domain.campaigns import CampaignState
from judge_desk.services.campaigns import ActRow, CampaignRow
from tests.e2e.lived import Walk
from tests.sync.campaign_world import ONE_DESK

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
        return self._hands.ask(lambda: "\n".join(texts_of(self._page)))

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
        assert not self._hands.ask(dialog.do_it.isEnabled)
        self._hands.click(dialog.acts.button)
        self._name_file(self._folder / ACTS)
        self._hands.wait("nothing is missing", dialog.do_it.isEnabled)
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
        self.answer(ONE_DESK)
        self.until_synced("the hub has drawn", self.is_drawn)
        self._page = self._hands.page("campaigns")
        self._picture("running")

    def is_drawn(self) -> bool:
        row = self.row()
        if row.progress is not None and row.progress.asked:
            return row.campaign.state is CampaignState.RUNNING
        self._desk.sync.now()
        return False


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


def texts_of(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
