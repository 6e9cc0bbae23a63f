"""Asks reviewers, asks a reserve in the place of who declared a conflict, and hands sealed forms out all at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignPlan,
    CampaignProgress,
    Pair,
    Place,
    SealedForm,
    told_groups,
)
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Review, ReviewAssignment
from judge_desk.domain.scopes import review_scope
from judge_desk.hub.campaign_books import Books

OPEN, SEALED, DECLINED = "open", "sealed", "declined"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, under which token, until when; ``appeal_id``: for the second panel of that appeal."""

    reviewer_id: str
    token: str
    due_on: date
    appeal_id: str = ""


def ask(books: Books, campaign: Campaign, act: CampaignAct, asked: Asked) -> Place:
    """Write the assignment; nothing in it tells a second panel from a first one."""
    reviewer = next(each for each in campaign.members if each.id == asked.reviewer_id)
    progress: CampaignProgress = books.find(books.scope, Kind.CAMPAIGN_PROGRESS, campaign.id)
    assignment = ReviewAssignment(
        id=new_id(),
        reviewer_id=reviewer.id,
        campaign=campaign.title,
        act_title=act.title,
        act_text=act.text,
        act_language=act.language,
        form=campaign.form,
        due_on=asked.due_on,
        procedure=act.procedure,
        campaign_id=campaign.id,
        act_id=act.id,
        rater_token=asked.token,
        rater_groups=told_groups(reviewer, campaign.members),
        seal_key=campaign.seal_key,
        drawing_sha256=progress.pairs_sha256,
    )
    books.put(review_scope(assignment.id), Kind.REVIEW_ASSIGNMENT, assignment)
    return Place(
        assignment_id=assignment.id,
        act_id=act.id,
        subject_id=act.subject_id,
        reviewer_id=reviewer.id,
        rater_token=asked.token,
        appeal_id=asked.appeal_id,
    )


def token_of(plan: CampaignPlan, reviewer_id: str) -> str:
    """The token under which a reviewer writes in this campaign; a new one for who was never asked."""
    known = (each.rater_token for each in plan.places if each.reviewer_id == reviewer_id)
    return next(known, None) or secrets.token_hex(8)


def with_state(plan: CampaignPlan, assignment_id: str, state: str) -> CampaignPlan:
    places = tuple(replace(each, state=state) if each.assignment_id == assignment_id else each for each in plan.places)
    return replace(plan, places=places)


def replaced(books: Books, plan: CampaignPlan, assignment_id: str) -> tuple[CampaignPlan, bool]:
    """The plan with a reserve asked instead, and whether there was one."""
    plan = with_state(plan, assignment_id, DECLINED)
    left = next(each for each in plan.places if each.assignment_id == assignment_id)
    campaign: Campaign = books.find(books.scope, Kind.CAMPAIGN, plan.id)
    drawn = [each.reviewer for each in plan.reserves if each.subject == left.subject_id]
    free = free_for(campaign, plan, left.subject_id)
    reviewer = next((each for each in drawn if each in free), free[0] if free else None)
    act = books.find(books.scope, Kind.CAMPAIGN_ACT, left.act_id)
    if reviewer is None or act is None:
        return plan, False
    appeal = next((each for each in campaign.appeals if each.id == left.appeal_id), None)
    due_on = campaign.due_on if appeal is None or appeal.due_on is None else appeal.due_on
    place = ask(books, campaign, act, Asked(reviewer, token_of(plan, reviewer), due_on, left.appeal_id))
    reserves = tuple(each for each in plan.reserves if each != Pair(reviewer, left.subject_id))
    return replace(plan, places=(*plan.places, place), reserves=reserves), True


def free_for(campaign: Campaign, plan: CampaignPlan, subject_id: str) -> list[str]:
    """Whoever of the pool breaks no rule and was never asked about this judge, the one with the fewest forms first.

    Who was asked before, also who declined, is never asked again: so a second panel holds nobody of the first.
    """
    from judge_desk.analytics.pool import Pool

    pool = Pool.of(campaign.members, (*campaign.conflicts, *plan.known_conflicts))
    subject = pool.number[subject_id]
    taken = {each.reviewer_id for each in plan.places if each.subject_id == subject_id}
    taken |= {each.subject_id for each in plan.places if each.reviewer_id == subject_id}
    load = {member.id: 0 for member in pool.members}
    for each in plan.places:
        load[each.reviewer_id] += each.state != DECLINED
    free = [
        member.id
        for index, member in enumerate(pool.members)
        if pool.allowed[index, subject] and member.id not in taken and (member.load or len(load)) > load[member.id]
    ]
    # Among equals the hub's own nonce decides: nobody else can tell who comes next.
    return sorted(free, key=lambda name: (load[name], sha256(f"{plan.nonce}\0{subject_id}\0{name}".encode()).digest()))


def collected(books: Books, campaign: Campaign, appeal_id: str = "") -> Sequence[tuple[str, SealedForm]]:
    """All sealed forms of a panel at once, named by their hash, so that neither order nor time tells whose each is."""
    plan: CampaignPlan = books.find(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id)
    forms = []
    for place in plan.places:
        if place.state == SEALED and place.appeal_id == appeal_id:
            review: Review = books.find(review_scope(place.assignment_id), Kind.REVIEW, place.assignment_id)
            form_id = sha256(review.sealed.encode()).hexdigest()[:32]
            form = SealedForm(id=form_id, campaign_id=campaign.id, sealed=review.sealed, appeal_id=appeal_id)
            forms.append((books.scope, form))
    return sorted(forms, key=lambda each: each[1].id)
