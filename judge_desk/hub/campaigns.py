"""Campaigns of peer review at the hub: it alone draws and knows the pairs, and it alone cannot read a form.

The commission's desks hold the key of the forms, the hub the pairs; neither can join a reviewer to a score. The seed of
the drawing is the commission's published one with a nonce of the hub's own, whose hash is shown at once, with those of
the input and of the pairs; the last one goes to every reviewer with the act, and to every judge with the result. The
protocol itself names who reads whom, so nobody gets it but an auditor, from the hub's command line; ``judge-desk review
replay`` draws it again and compares all three.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignPlan,
    CampaignProgress,
    CampaignState,
    Drawing,
    combined_seed,
    pairs_sha256,
)
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Review, ReviewAssignment, ReviewState
from judge_desk.domain.scopes import review_scope
from judge_desk.hub import campaign_panels as panels
from judge_desk.hub import review_appeals
from judge_desk.hub.campaign_asking import SEALED, Asked, ask, collected, replaced, with_state
from judge_desk.hub.campaign_books import Books, Item, known_conflicts

FOLLOWED = frozenset({Kind.CAMPAIGN, Kind.CAMPAIGN_ACT, Kind.REVIEW})


def consequences(
    connection: Connection, court_id: str, done: Iterable[tuple[Kind, Any, Any]], today: date
) -> list[Item]:
    """What the hub writes itself because of accepted records, given as (kind, before, after)."""
    books = Books(connection, court_id, today)
    told = list(done)
    for kind, before, after in told:
        if kind is Kind.CAMPAIGN and isinstance(after, Campaign):
            _follow_campaign(books, before, after)
        if kind is Kind.REVIEW and isinstance(after, Review):
            _follow_review(books, after)
    # The acts of a launched campaign may come in a later push than the word to launch it.
    for campaign_id in sorted({after.campaign_id for _, _, after in told if isinstance(after, CampaignAct)}):
        campaign = books.find(books.scope, Kind.CAMPAIGN, campaign_id)
        if isinstance(campaign, Campaign) and campaign.state is CampaignState.RUNNING:
            _launch(books, campaign)
    return list(books.items())


def _follow_campaign(books: Books, before: Campaign | None, after: Campaign) -> None:
    was = before.state if before is not None else CampaignState.PREPARED
    if was is CampaignState.PREPARED and after.state is CampaignState.RUNNING:
        _launch(books, after)
    if was is CampaignState.RUNNING and after.state is CampaignState.OPENED:
        for scope, form in collected(books, after):
            books.put(scope, Kind.SEALED_FORM, form)
    told = review_appeals.told(after, before, books.find(books.scope, Kind.CAMPAIGN_PROGRESS, after.id), books.today)
    if told is not None:
        books.put(books.scope, Kind.CAMPAIGN_PROGRESS, told)
    panels.follow(books, before.appeals if before is not None else (), after)


def _launch(books: Books, campaign: Campaign) -> None:
    """Draw and ask the reviewers, once, when an act of every judge is here.

    Where nothing can be drawn, the campaign stays prepared and progress says why.
    """
    from judge_desk.analytics.assignment import draw  # numpy and scipy are loaded by the first launch only

    acts = [each for each in books.all_of(books.scope, Kind.CAMPAIGN_ACT) if each.campaign_id == campaign.id]
    subjects = {each.id for each in campaign.members if each.is_subject}
    here = bool(subjects) and {act.subject_id for act in acts if act.cleared_by} >= subjects
    if not here or books.find(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id) is not None:
        return
    nonce = secrets.token_hex(16)
    seed = combined_seed(campaign.seed, nonce)
    known = known_conflicts(books, campaign.id, (each.id for each in campaign.members))
    drawing = draw(campaign.members, (*campaign.conflicts, *known), per_judge=campaign.per_judge, seed=seed)
    if drawing.violations:
        books.put(books.scope, Kind.CAMPAIGN, replace(campaign, state=CampaignState.PREPARED))
        books.put(books.scope, Kind.CAMPAIGN_PROGRESS, CampaignProgress(id=campaign.id, violations=drawing.violations))
        return
    tokens = {each: secrets.token_hex(8) for each in sorted({pair.reviewer for pair in drawing.pairs})}
    wanted = [(pair, act) for pair in drawing.pairs for act in acts if act.subject_id == pair.subject]
    # Before anybody is asked: each reviewer gets the seal of the drawing with the act.
    books.put(books.scope, Kind.CAMPAIGN_PROGRESS, _published(campaign, drawing, nonce, len(wanted)))
    places = tuple(
        ask(books, campaign, act, Asked(pair.reviewer, tokens[pair.reviewer], campaign.due_on)) for pair, act in wanted
    )
    plan = CampaignPlan(
        id=campaign.id,
        nonce=nonce,
        places=places,
        reserves=drawing.reserves,
        pairs=drawing.pairs,
        known_conflicts=known,
    )
    books.put(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, plan)


def _published(campaign: Campaign, drawing: Drawing, nonce: str, asked: int) -> CampaignProgress:
    """What everybody may know of the drawing: hashes by which the protocol can be held to it later."""
    return CampaignProgress(
        id=campaign.id,
        asked=asked,
        nonce_sha256=sha256(nonce.encode()).hexdigest(),
        input_sha256=drawing.input_sha256,
        pairs_sha256=pairs_sha256(drawing.pairs, nonce),
        solver=drawing.solver,
        attempt=drawing.attempt,
        low=drawing.low,
        high=drawing.high,
        relaxed=drawing.relaxed,
        is_optimal=drawing.is_optimal,
        components=drawing.components,
    )


def _follow_review(books: Books, review: Review) -> None:
    """Count a sealed form; for a declared conflict ask a reserve in the reviewer's place."""
    assignment = books.find(review_scope(review.id), Kind.REVIEW_ASSIGNMENT, review.id)
    if not isinstance(assignment, ReviewAssignment) or not assignment.campaign_id or not review.is_sealed:
        return
    plan: CampaignPlan = books.find(review_scope(assignment.campaign_id), Kind.CAMPAIGN_PLAN, assignment.campaign_id)
    progress: CampaignProgress = books.find(books.scope, Kind.CAMPAIGN_PROGRESS, assignment.campaign_id)
    appeal_id = next(each.appeal_id for each in plan.places if each.assignment_id == review.id)
    if review.state is ReviewState.SUBMITTED:
        plan, received, lacking = with_state(plan, review.id, SEALED), 1, 0
    else:
        plan, found = replaced(books, plan, review.id)
        received, lacking = 0, int(not found)
    declined = int(review.state is ReviewState.DECLINED)
    counts = {"received": received, "declined": declined, "without_reserve": lacking}
    books.put(review_scope(plan.id), Kind.CAMPAIGN_PLAN, plan)
    books.put(books.scope, Kind.CAMPAIGN_PROGRESS, panels.counted(progress, appeal_id, counts))
