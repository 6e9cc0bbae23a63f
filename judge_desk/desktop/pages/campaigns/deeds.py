"""What the commission does beyond the plain buttons: sets a form aside, decides appeals, hands the key over, closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from judge_desk.desktop.dialogs.ask_text import ask_text
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.pages.campaigns.due_dialog import DueDialog
from judge_desk.desktop.pages.campaigns.holders_dialog import ask_holders
from judge_desk.desktop.wording import Wording
from judge_desk.domain.changes import Changes
from judge_desk.domain.review_appeals import Standing
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.services.campaign_keys import HolderRow
from judge_desk.services.desk import Desk
from judge_desk.services.due_judges import DueRow
from judge_desk.services.review_appeals import BothResults
from judge_desk.services.review_results import FormRow
from judge_desk.services.review_words import names_of, panels_in_words

if TYPE_CHECKING:
    from judge_desk.desktop.pages.campaigns.page import CampaignsPage

T = TypeVar("T")


class CampaignDeeds:
    """Belongs to one page; everything is asked in a dialog, done in a thread and told on the page."""

    def __init__(self, page: CampaignsPage) -> None:
        self._page = page

    @property
    def _desk(self) -> Desk:
        return self._page.context.desk

    def show_due(self) -> None:
        """The list of who is due; what is ticked goes to the form for a new campaign."""
        service = self._desk.due_judges

        def load() -> tuple[list[DueRow], ReviewPeriods]:
            return service.rows(), service.rule()

        def show(found: tuple[list[DueRow], ReviewPeriods]) -> None:
            DueDialog(self._page, *found, self._begin).open()

        self._page.ask(load, show)

    def _begin(self, chosen: list[str]) -> None:
        service = self._desk.due_judges
        self._page.ask(lambda: service.members(chosen), self._page.ask_new)

    def show_forms(self) -> None:
        """The opened forms, to set one aside."""
        service, campaign_id = self._desk.review_results, self._page.campaign_id

        def show(rows: list[FormRow]) -> None:
            self._page.view.show_forms(rows)

        self._page.ask(lambda: service.forms(campaign_id), show, key="campaigns.forms.again")

    def ask_aside(self, form_id: str) -> None:
        """The reason, and then the decision is recorded."""
        service, campaign_id = self._desk.campaigns, self._page.campaign_id
        ask_text(
            self._page,
            "campaigns.forms.aside.title",
            "campaigns.forms.aside.do",
            lambda words: self._do(lambda: service.withdraw(campaign_id, form_id, words), "campaigns.forms.aside.done"),
            hint_key="campaigns.forms.aside.hint",
        )

    def show_holders(self) -> None:
        """Who holds the key; telling this desk's own key first, so that it stands in the list."""
        service, page = self._desk.campaign_keys, self._page
        campaign_id = page.campaign_id

        def load() -> tuple[Changes, list[HolderRow]]:
            return service.tell(), service.holders(campaign_id)

        def show(found: tuple[Changes, list[HolderRow]]) -> None:
            page.context.events.announce(found[0], page)
            ask_holders(page, found[1], give, has_key=page.has_key)

        def give(holder_id: str, digits: str) -> None:
            self._do(lambda: service.hand_over(campaign_id, holder_id, digits), "campaigns.holders.given")

        page.ask(load, show)

    def ask_launch(self) -> None:
        """Launch; with the key on too few desks only after why is written down, for one lost desk would lose all."""
        service, campaign = self._desk.campaigns, self._page.campaign
        if campaign is None:
            return
        if campaign.holders >= service.periods().least_holders:
            self._do(lambda: service.launch(campaign.id), "campaigns.launched")
            return
        ask_text(
            self._page,
            "campaigns.launch.few.title",
            "campaigns.launch.few.do",
            lambda words: self._do(lambda: service.launch(campaign.id, words), "campaigns.launched"),
            hint_key="campaigns.launch.few.hint",
        )

    def ask_close(self) -> None:
        service, campaign_id = self._desk.campaigns, self._page.campaign_id
        confirm(
            self._page,
            "campaigns.close.title",
            "campaigns.action.close",
            lambda: self._do(lambda: service.close(campaign_id), "campaigns.close.done"),
            body_key="campaigns.close.body",
            final=True,
        )

    def on_appeal(self, action: str, appeal_id: str) -> None:
        """A button under an appeal."""
        service, campaign_id = self._desk.review_appeals, self._page.campaign_id
        if action == "grant":
            self._ask_reason(action, lambda words: service.grant(campaign_id, appeal_id, words))
        elif action == "refuse":
            self._ask_reason(action, lambda words: service.refuse(campaign_id, appeal_id, words))
        elif action == "open":
            self._do(lambda: service.open_forms(campaign_id, appeal_id), "campaigns.opening")
        elif action == "tell":
            self._do(lambda: service.tell(campaign_id, appeal_id), "campaigns.appeal.told")
        elif action == "both":
            self._page.ask(lambda: service.results(campaign_id, appeal_id), self._show_both)
        else:
            stands = Standing(action)
            self._ask_reason(action, lambda words: service.decide(campaign_id, appeal_id, stands, words))

    def _ask_reason(self, action: str, job: Callable[[str], Changes]) -> None:
        ask_text(
            self._page,
            f"campaigns.appeal.ask.{action}",
            "campaigns.appeal.record",
            lambda words: self._do(lambda: job(words), "campaigns.appeal.recorded"),
            hint_key="campaigns.appeal.reason.hint",
        )

    def _show_both(self, both: BothResults) -> None:
        campaign = self._page.campaign
        if campaign is not None:
            names = names_of(campaign.form.criteria)
            lines = panels_in_words(both.first, both.second, names, Wording.current().translator)
            self._page.view.appeals.show_both(lines)

    def _do(self, job: Callable[[], Changes], told: str) -> None:
        self._page.change(job, told)
