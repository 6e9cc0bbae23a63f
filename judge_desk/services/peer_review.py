"""What a desk can do in peer review and in contests; loaded when first asked for, for most desks never ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judge_desk.services.context import DeskContext

if TYPE_CHECKING:
    from judge_desk.services.campaign_keys import CampaignKeyService
    from judge_desk.services.campaigns import CampaignService
    from judge_desk.services.contest_panel import ContestPanelService
    from judge_desk.services.contests import ContestService
    from judge_desk.services.due_judges import DueService
    from judge_desk.services.review_appeals import AppealService
    from judge_desk.services.review_results import ReviewResultService


class PeerReview:
    """A part of ``Desk``. None of these services holds anything but the context."""

    __slots__ = ()
    context: DeskContext

    @property
    def campaigns(self) -> CampaignService:
        """The commission's rounds of peer review."""
        from judge_desk.services.campaigns import CampaignService

        return CampaignService(self.context)

    @property
    def campaign_keys(self) -> CampaignKeyService:
        """Who holds the key of a round."""
        from judge_desk.services.campaign_keys import CampaignKeyService

        return CampaignKeyService(self.context)

    @property
    def due_judges(self) -> DueService:
        """Who is to be reviewed, and since when."""
        from judge_desk.services.due_judges import DueService

        return DueService(self.context)

    @property
    def review_results(self) -> ReviewResultService:
        """What a round found, fairness first."""
        from judge_desk.services.review_results import ReviewResultService

        return ReviewResultService(self.context)

    @property
    def review_appeals(self) -> AppealService:
        """Appeals against a result, and second panels."""
        from judge_desk.services.review_appeals import AppealService

        return AppealService(self.context)

    @property
    def contests(self) -> ContestService:
        """Contests for a post, as a judge sees them."""
        from judge_desk.services.contests import ContestService

        return ContestService(self.context)

    @property
    def contest_panel(self) -> ContestPanelService:
        """The council's deeds in those contests."""
        from judge_desk.services.contest_panel import ContestPanelService

        return ContestPanelService(self.contests)
