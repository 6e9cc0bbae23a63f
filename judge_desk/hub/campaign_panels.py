"""The second panel of an appeal: drawn by the hub from whoever was never asked about this judge, and counted apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from judge_desk.domain.campaigns import Campaign, CampaignPlan, CampaignProgress, PanelProgress
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_appeals import Appeal, AppealState
from judge_desk.domain.scopes import review_scope
from judge_desk.hub.campaign_asking import Asked, ask, collected, free_for, token_of
from judge_desk.hub.campaign_books import Books


def follow(books: Books, before: tuple[Appeal, ...], campaign: Campaign) -> None:
    """Draw for appeals that were granted, hand out the forms of those that were opened."""
    was = {each.id: each.state for each in before}
    for appeal in campaign.appeals:
        if appeal.id not in was and appeal.state is AppealState.RUNNING:
            _draw(books, campaign, appeal)
        if was.get(appeal.id) is AppealState.RUNNING and appeal.state is AppealState.OPENED:
            for scope, form in collected(books, campaign, appeal.id):
                books.put(scope, Kind.SEALED_FORM, form)


def counted(progress: CampaignProgress, appeal_id: str, counts: Mapping[str, int]) -> CampaignProgress:
    """Progress with so many forms more, in the campaign itself or in the panel of an appeal."""
    panel = progress.panel(appeal_id)
    if panel is None:
        return replace(progress, **{name: getattr(progress, name) + more for name, more in counts.items()})
    grown = replace(panel, **{name: getattr(panel, name) + more for name, more in counts.items()})
    return replace(progress, panels=tuple(grown if each is panel else each for each in progress.panels))


def _draw(books: Books, campaign: Campaign, appeal: Appeal) -> None:
    """As many reviewers as the first panel had, or as many as are left; how many are lacking is told."""
    plan: CampaignPlan = books.find(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id)
    progress: CampaignProgress = books.find(books.scope, Kind.CAMPAIGN_PROGRESS, campaign.id)
    acts = sorted(
        (books.find(books.scope, Kind.CAMPAIGN_ACT, each) for each in _acts_of(plan, appeal.subject_id)),
        key=lambda act: act.id,
    )
    chosen = free_for(campaign, plan, appeal.subject_id)[: campaign.per_judge]
    due_on = appeal.due_on or campaign.due_on
    places = tuple(
        ask(books, campaign, act, Asked(reviewer, token_of(plan, reviewer), due_on, appeal.id))
        for reviewer in chosen
        for act in acts
    )
    panel = PanelProgress(appeal_id=appeal.id, asked=len(places), short=campaign.per_judge - len(chosen))
    books.put(review_scope(plan.id), Kind.CAMPAIGN_PLAN, replace(plan, places=(*plan.places, *places)))
    books.put(books.scope, Kind.CAMPAIGN_PROGRESS, replace(progress, panels=(*progress.panels, panel)))


def _acts_of(plan: CampaignPlan, subject_id: str) -> set[str]:
    return {each.act_id for each in plan.places if each.subject_id == subject_id}
