"""Campaigns of peer review at the hub: it alone draws and knows the pairs, and it alone cannot read a form.

The commission's desk holds the key of the forms, the hub the pairs; neither can join a reviewer to a score. The seed of
the drawing is the commission's published one with a nonce of the hub's own, whose hash the protocol shows at once; an
auditor who is given the nonce draws the same pairs with ``judge-desk review assign``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignPlan,
    CampaignProgress,
    CampaignState,
    Drawing,
    Pair,
    Place,
    SealedForm,
    told_groups,
)
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Review, ReviewAssignment, ReviewState
from judge_desk.domain.scopes import campaign_scope, review_scope
from judge_desk.hub.db import tables
from judge_desk.protocol import codec

Item = tuple[str, Kind, str, Any]
FOLLOWED = frozenset({Kind.CAMPAIGN, Kind.CAMPAIGN_ACT, Kind.REVIEW})
OPEN, SEALED, DECLINED = "open", "sealed", "declined"


def consequences(connection: Connection, court_id: str, done: Iterable[tuple[Kind, Any, Any]]) -> list[Item]:
    """What the hub writes itself because of accepted records, given as (kind, before, after)."""
    books = _Books(connection, court_id)
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


class _Books:
    """The hub's records of campaigns within one transaction, read once and written at the end."""

    def __init__(self, connection: Connection, court_id: str) -> None:
        self._connection = connection
        self.court_id = court_id
        self.scope = campaign_scope(court_id)
        self._read: dict[tuple[str, Kind, str], Any] = {}
        self._written: dict[tuple[str, Kind, str], Any] = {}

    def find(self, scope: str, kind: Kind, record_id: str) -> Any:
        """The record as this transaction leaves it, or None."""
        key = (scope, kind, record_id)
        if key in self._written:
            return self._written[key]
        if key not in self._read:
            found = self._bodies(scope, kind, tables.entity.c.id == record_id)
            self._read[key] = found[0] if found else None
        return self._read[key]

    def all_of(self, scope: str, kind: Kind) -> list[Any]:
        """Every record of a kind in a scope."""
        return self._bodies(scope, kind)

    def put(self, scope: str, kind: Kind, record: Any) -> None:
        self._written[scope, kind, record.id] = record

    def items(self) -> Iterator[Item]:
        for (scope, kind, record_id), record in self._written.items():
            yield scope, kind, record_id, record

    def _bodies(self, scope: str, kind: Kind, *conditions: Any) -> list[Any]:
        entity = tables.entity
        query = (
            select(entity.c.body)
            .where(entity.c.court_id == self.court_id, entity.c.scope == scope, entity.c.kind == kind.value)
            .where(entity.c.deleted.is_(False), *conditions)
            .order_by(entity.c.id)
            # Two reviewers who submit at the same moment are counted one after the other.
            .with_for_update()
        )
        return [codec.decode(kind, body) for body in self._connection.scalars(query)]


def _follow_campaign(books: _Books, before: Campaign | None, after: Campaign) -> None:
    was = before.state if before is not None else CampaignState.PREPARED
    if was is CampaignState.PREPARED and after.state is CampaignState.RUNNING:
        _launch(books, after)
    if was is CampaignState.RUNNING and after.state is CampaignState.OPENED:
        for scope, form in _collected(books, after):
            books.put(scope, Kind.SEALED_FORM, form)


def combined_seed(seed: int, nonce: str) -> int:
    """The number that the drawing starts from: the commission's seed and the hub's nonce, hashed together."""
    return int.from_bytes(sha256(f"{seed}\0{nonce}".encode()).digest()[:6], "big")


def _launch(books: _Books, campaign: Campaign) -> None:
    """Draw and ask the reviewers, once, when an act of every judge is here.

    Where nothing can be drawn, the campaign stays prepared and progress says why.
    """
    from judge_desk.analytics.assignment import draw  # numpy and scipy are loaded by the first launch only

    acts = [each for each in books.all_of(books.scope, Kind.CAMPAIGN_ACT) if each.campaign_id == campaign.id]
    subjects = {each.id for each in campaign.members if each.is_subject}
    here = {act.subject_id for act in acts if act.cleared_by} >= subjects
    if not here or books.find(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id) is not None:
        return
    nonce = secrets.token_hex(16)
    seed = combined_seed(campaign.seed, nonce)
    drawing = draw(campaign.members, campaign.conflicts, per_judge=campaign.per_judge, seed=seed)
    if drawing.violations:
        books.put(books.scope, Kind.CAMPAIGN, replace(campaign, state=CampaignState.PREPARED))
        books.put(books.scope, Kind.CAMPAIGN_PROGRESS, CampaignProgress(id=campaign.id, violations=drawing.violations))
        return
    tokens = {each: secrets.token_hex(8) for each in sorted({pair.reviewer for pair in drawing.pairs})}
    places = tuple(
        _ask(books, campaign, act, pair.reviewer, tokens[pair.reviewer])
        for pair in drawing.pairs
        for act in acts
        if act.subject_id == pair.subject
    )
    plan = CampaignPlan(id=campaign.id, nonce=nonce, places=places, reserves=drawing.reserves)
    books.put(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, plan)
    books.put(books.scope, Kind.CAMPAIGN_PROGRESS, _protocol(campaign, drawing, nonce, len(places)))


def _protocol(campaign: Campaign, drawing: Drawing, nonce: str, asked: int) -> CampaignProgress:
    return CampaignProgress(
        id=campaign.id,
        asked=asked,
        nonce_sha256=sha256(nonce.encode()).hexdigest(),
        input_sha256=drawing.input_sha256,
        solver=drawing.solver,
        attempt=drawing.attempt,
        low=drawing.low,
        high=drawing.high,
        relaxed=drawing.relaxed,
        is_optimal=drawing.is_optimal,
        components=drawing.components,
    )


def _ask(books: _Books, campaign: Campaign, act: CampaignAct, reviewer_id: str, token: str) -> Place:
    assignment = ReviewAssignment(
        id=new_id(),
        reviewer_id=reviewer_id,
        campaign=campaign.title,
        act_title=act.title,
        act_text=act.text,
        act_language=act.language,
        form=campaign.form,
        due_on=campaign.due_on,
        procedure=act.procedure,
        campaign_id=campaign.id,
        act_id=act.id,
        rater_token=token,
        rater_groups=told_groups(next(each for each in campaign.members if each.id == reviewer_id), campaign.members),
        seal_key=campaign.seal_key,
    )
    books.put(review_scope(assignment.id), Kind.REVIEW_ASSIGNMENT, assignment)
    return Place(
        assignment_id=assignment.id,
        act_id=act.id,
        subject_id=act.subject_id,
        reviewer_id=reviewer_id,
        rater_token=token,
    )


def _follow_review(books: _Books, review: Review) -> None:
    """Count a sealed form; for a declared conflict ask a reserve in the reviewer's place."""
    assignment = books.find(review_scope(review.id), Kind.REVIEW_ASSIGNMENT, review.id)
    if not isinstance(assignment, ReviewAssignment) or not assignment.campaign_id or not review.is_sealed:
        return
    plan: CampaignPlan = books.find(review_scope(assignment.campaign_id), Kind.CAMPAIGN_PLAN, assignment.campaign_id)
    progress: CampaignProgress = books.find(books.scope, Kind.CAMPAIGN_PROGRESS, assignment.campaign_id)
    if review.state is ReviewState.SUBMITTED:
        plan = _with_state(plan, review.id, SEALED)
        progress = replace(progress, received=progress.received + 1)
    else:
        plan, found = _replaced(books, plan, review.id)
        lacking = progress.without_reserve + (not found)
        progress = replace(progress, declined=progress.declined + 1, without_reserve=lacking)
    books.put(review_scope(plan.id), Kind.CAMPAIGN_PLAN, plan)
    books.put(books.scope, Kind.CAMPAIGN_PROGRESS, progress)


def _with_state(plan: CampaignPlan, assignment_id: str, state: str) -> CampaignPlan:
    places = tuple(replace(each, state=state) if each.assignment_id == assignment_id else each for each in plan.places)
    return replace(plan, places=places)


def _replaced(books: _Books, plan: CampaignPlan, assignment_id: str) -> tuple[CampaignPlan, bool]:
    """The plan with a reserve asked instead, and whether there was one."""
    plan = _with_state(plan, assignment_id, DECLINED)
    left = next(each for each in plan.places if each.assignment_id == assignment_id)
    campaign: Campaign = books.find(books.scope, Kind.CAMPAIGN, plan.id)
    reviewer = _reserve(campaign, plan, left)
    act = books.find(books.scope, Kind.CAMPAIGN_ACT, left.act_id)
    if reviewer is None or act is None:
        return plan, False
    token = next((each.rater_token for each in plan.places if each.reviewer_id == reviewer), secrets.token_hex(8))
    place = _ask(books, campaign, act, reviewer, token)
    reserves = tuple(each for each in plan.reserves if each != Pair(reviewer, left.subject_id))
    return replace(plan, places=(*plan.places, place), reserves=reserves), True


def _reserve(campaign: Campaign, plan: CampaignPlan, left: Place) -> str | None:
    """The drawn reserve, or whoever of the pool breaks no rule and has the fewest forms; None where nobody is left."""
    from judge_desk.analytics.pool import Pool

    drawn = [each.reviewer for each in plan.reserves if each.subject == left.subject_id]
    pool = Pool.of(campaign.members, campaign.conflicts)
    subject = pool.number[left.subject_id]
    taken = {each.reviewer_id for each in plan.places if each.subject_id == left.subject_id}
    taken |= {each.subject_id for each in plan.places if each.reviewer_id == left.subject_id}
    load = {member.id: 0 for member in pool.members}
    for each in plan.places:
        load[each.reviewer_id] += each.state != DECLINED
    free = [
        member.id
        for index, member in enumerate(pool.members)
        if pool.allowed[index, subject] and member.id not in taken and (member.load or len(load)) > load[member.id]
    ]
    return next((each for each in drawn if each in free), min(free, key=lambda name: (load[name], name), default=None))


def _collected(books: _Books, campaign: Campaign) -> Sequence[tuple[str, SealedForm]]:
    """All sealed forms at once, named by their hash, so that neither order nor time tells whose each is."""
    plan: CampaignPlan = books.find(review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id)
    forms = []
    for place in plan.places:
        if place.state == SEALED:
            review: Review = books.find(review_scope(place.assignment_id), Kind.REVIEW, place.assignment_id)
            form_id = sha256(review.sealed.encode()).hexdigest()[:32]
            forms.append((books.scope, SealedForm(id=form_id, campaign_id=campaign.id, sealed=review.sealed)))
    return sorted(forms, key=lambda each: each[1].id)
