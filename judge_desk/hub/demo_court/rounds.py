"""Rounds of peer review in every state: drawn as the hub draws, written by invented reviewers, some strict, some kind.

The forms are handed to ``seal`` and leave it sealed: nothing here could read them afterwards, and the seals of two
runs differ while all that is in them is the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from judge_desk.domain.acts import plain_text
from judge_desk.domain.blinding import Known, blind
from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignPlan,
    CampaignProgress,
    CampaignState,
    Drawing,
    Place,
    SealedForm,
    combined_seed,
    told_groups,
)
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Answer, Review, ReviewAssignment, ReviewForm, ReviewState, SealedAnswers
from judge_desk.domain.scopes import campaign_scope, review_scope
from judge_desk.hub.campaign_asking import DECLINED, OPEN, SEALED
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.acts import decision, in_language
from judge_desk.hub.demo_court.colleagues import Colleague
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.dockets import Docket, matters
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import DemoCourt
from judge_desk.hub.registry import Item
from judge_desk.protocol.review_forms import review_form

Seal = Callable[[SealedAnswers, str], str]
"""Answers and the campaign's public key to what only its secret half opens."""
FORMS_A_JUDGE = 5
SHARE_IN, SHARE_NOT_DECLINED = 0.6, 0.98
UNEVEN = (-0.5, -0.5, -0.1, 0.0, 0.0, 0.1, 0.2, 0.0, 0.5, 0.5)
"""Two reviewers in ten are strict, two are kind."""


BIAS = 0.6
"""In one round men score the acts of women lower by so much: something for the test of fairness to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A round in a few words; ``judges`` of the pool take part, counted from the demo court's own.
    ``told_days``: so many days ago the judges heard their results.
    """

    key: str
    state: CampaignState
    judges: int
    created_days: int
    due_days: int
    told_days: int = 0


SKETCHES = (
    # Told so long ago that the commission sees the results, and that a judge can still ask for another panel.
    Sketch(key="told", state=CampaignState.OPENED, judges=40, created_days=110, due_days=-26, told_days=12),
    Sketch(key="opened", state=CampaignState.OPENED, judges=24, created_days=66, due_days=-8),
    Sketch(key="running", state=CampaignState.RUNNING, judges=28, created_days=19, due_days=12),
)


@dataclass(frozen=True, slots=True)
class Round:
    """A round as it stands. ``forms`` are the answers by assignment: sent off, or half-done on a reviewer's desk."""

    campaign: Campaign
    acts: tuple[CampaignAct, ...]
    plan: CampaignPlan
    progress: CampaignProgress
    forms: dict[str, SealedAnswers]

    def act_of(self, place: Place) -> CampaignAct:
        return next(each for each in self.acts if each.id == place.act_id)

    def review(self, place: Place, sealed: str) -> Review | None:
        """What the hub knows of a form: that it came, sealed, or that its reviewer declared a conflict."""
        if place.state == OPEN:
            return None
        at = self.campaign.created_at
        assert at is not None
        # A day of its own for each, before the last one.
        at += timedelta(days=2 + int(place.assignment_id.encode()[-1]) % 12)
        is_in = place.state == SEALED
        return Review(
            id=place.assignment_id,
            assignment_id=place.assignment_id,
            reviewer_id=place.reviewer_id,
            state=ReviewState.SUBMITTED if is_in else ReviewState.DECLINED,
            decline_reason="" if is_in else phrases.read("campaigns")["declined"],
            changed_at=at,
            submitted_at=at if is_in else None,
            sealed=sealed,
        )


def rounds(court: DemoCourt, pool: Sequence[Colleague], keys: dict[str, str]) -> list[Round]:
    """One of each state; ``keys`` are the public halves by the key of the sketch."""
    return [_round(court, pool[: each.judges], each, keys[each.key]) for each in SKETCHES]


def campaign_id(plan: SeedPlan, key: str) -> str:
    return plan.id_of("campaign", key)


def title_of(plan: SeedPlan, key: str) -> str:
    """The name of a round in the demo's year."""
    year = plan.anchor.year
    return str(phrases.read("campaigns")["titles"][key].format(year=year, next_year=year + 1))


def _round(court: DemoCourt, pool: Sequence[Colleague], sketch: Sketch, public: str) -> Round:
    plan = court.plan
    campaign = Campaign(
        id=campaign_id(plan, sketch.key),
        title=title_of(plan, sketch.key),
        per_judge=FORMS_A_JUDGE,
        seed=plan.anchor.year * 10_000 + sketch.created_days,
        due_on=plan.anchor + timedelta(days=sketch.due_days),
        form=review_form(),
        seal_key=public,
        members=tuple(each.member for each in pool),
        state=sketch.state,
        created_at=moment(plan, sketch.created_days),
        published_at=moment(plan, sketch.told_days) if sketch.told_days else None,
    )
    acts = _acts(court, campaign, sketch, pool)
    drawing, nonce = _drawn(plan, campaign)
    places = _places(plan, campaign, acts, drawing)
    forms = {each.assignment_id: _answers(court, campaign, acts, each) for each in places}
    told = [replace(each, state=_state(court, campaign, each)) for each in places]
    done = [each.state for each in told]
    progress = CampaignProgress(
        id=campaign.id,
        asked=len(told),
        received=done.count(SEALED),
        declined=done.count(DECLINED),
        without_reserve=done.count(DECLINED),
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
    hub_plan = CampaignPlan(id=campaign.id, nonce=nonce, places=tuple(told), reserves=drawing.reserves)
    return Round(campaign, acts, hub_plan, progress, forms)


def _drawn(plan: SeedPlan, campaign: Campaign) -> tuple[Drawing, str]:
    from judge_desk.analytics.assignment import draw  # scipy only where something is drawn

    nonce = plan.stream("nonce", campaign.id).randbytes(16).hex()
    seed = combined_seed(campaign.seed, nonce)
    return draw(campaign.members, campaign.conflicts, per_judge=campaign.per_judge, seed=seed), nonce


def _acts(court: DemoCourt, campaign: Campaign, sketch: Sketch, pool: Sequence[Colleague]) -> tuple[CampaignAct, ...]:
    """One of each judge, decided before the round began."""
    begun = court.plan.anchor - timedelta(days=sketch.created_days)
    decided = matters(court.plan, court.cast, sketch.key, begun, len(pool))
    pairs = enumerate(zip(pool, decided, strict=True))
    return tuple(_act(court, campaign, number, of, docket) for number, (of, docket) in pairs)


def _act(court: DemoCourt, campaign: Campaign, number: int, of: Colleague, docket: Docket) -> CampaignAct:
    plan, cast = court.plan, court.cast
    language = "kk" if "kk" in of.member.languages and number % 2 else "ru"
    text = _blinded(docket, cast, language)
    return CampaignAct(
        id=plan.id_of("campaign act", campaign.id, number),
        campaign_id=campaign.id,
        subject_id=of.person.id,
        title=docket.category.names[language],
        text=text,
        language=language,
        procedure=docket.case.procedure.value,
        source_sha256=sha256(f"{text}{number}".encode()).hexdigest(),
        cleared_by=cast.members["commission"].person.name,
        cleared_at=campaign.created_at,
    )


def _blinded(docket: Docket, cast: Cast, language: str) -> str:
    """A decision without what tells whose it is, by the same blinding as the commission's desk."""
    people = (member.words[language] for member in cast.members.values())
    names = [word for each in people for word in (each.nom, each.full)]
    places = (*cast.court.places.values(), *cast.court.names.values())
    known = Known((*names, *(party.name for party in in_language(docket, language).parties)), places)
    return blind(plain_text(decision(docket, cast, language, dated_on=docket.days["hearing"])), known, language)


def place_id(plan: SeedPlan, campaign_id: str, reviewer_id: str, number: int) -> str:
    """The id of a reviewer's first, second … form of a round, so that a desk knows its own before they come."""
    return plan.id_of("place", campaign_id, reviewer_id, number)


def _places(plan: SeedPlan, campaign: Campaign, acts: Sequence[CampaignAct], drawing: Drawing) -> list[Place]:
    act_of = {each.subject_id: each.id for each in acts}
    asked: Counter[str] = Counter()
    made = []
    for pair in drawing.pairs:
        made.append(
            Place(
                assignment_id=place_id(plan, campaign.id, pair.reviewer, asked[pair.reviewer]),
                act_id=act_of[pair.subject],
                subject_id=pair.subject,
                reviewer_id=pair.reviewer,
                rater_token=plan.stream("token", campaign.id, pair.reviewer).randbytes(8).hex(),
            )
        )
        asked[pair.reviewer] += 1
    return made


def _state(court: DemoCourt, campaign: Campaign, place: Place) -> str:
    """Who has an account has sent one form and has the others to write; of the rest most are in."""
    if campaign.state is not CampaignState.RUNNING:
        return SEALED
    if _is_at_court(court.cast, place):
        return SEALED if place.assignment_id == place_id(court.plan, campaign.id, place.reviewer_id, 0) else OPEN
    drawn = court.plan.stream("state", place.assignment_id).random()
    return SEALED if drawn < SHARE_IN else DECLINED if drawn > SHARE_NOT_DECLINED else OPEN


def _is_at_court(cast: Cast, place: Place) -> bool:
    return any(each.person.id == place.reviewer_id for each in cast.members.values())


def _answers(court: DemoCourt, campaign: Campaign, acts: Sequence[CampaignAct], place: Place) -> SealedAnswers:
    plan = court.plan
    chance = plan.stream("form", place.assignment_id)
    act = next(each for each in acts if each.id == place.act_id)
    reviewer = next(each for each in campaign.members if each.id == place.reviewer_id)
    merit = plan.stream("merit", place.subject_id).uniform(1.5, 4.9)
    severity = plan.stream("severity", place.reviewer_id).choice(UNEVEN)
    subject = next(each for each in campaign.members if each.id == place.subject_id)
    bias = BIAS if campaign.id == campaign_id(plan, "opened") and (reviewer.sex, subject.sex) == ("m", "f") else 0.0
    level = merit - severity - bias + chance.gauss(0, 0.15)
    told = phrases.read("campaigns")["comments"][act.language]
    return SealedAnswers(
        campaign_id=campaign.id,
        act_id=act.id,
        rater_token=place.rater_token,
        answers=own_form("sent")
        if campaign.state is CampaignState.RUNNING and _is_at_court(court.cast, place)
        else tuple(_answer(chance, campaign.form, each.id, act, level) for each in campaign.form.criteria),
        general_comment=chance.choice(told["middle"]) if chance.random() < 0.3 else "",
        rater_groups=told_groups(reviewer, campaign.members),
    )


def _answer(chance: random.Random, form: ReviewForm, criterion_id: str, act: CampaignAct, level: float) -> Answer:
    # Tone is where people agree least.
    spread = 1.1 if criterion_id == "fairness" else 0.35
    score = min(form.high, max(form.low, round(level + chance.gauss(0, spread))))
    is_end = score in form.comment_at
    return Answer(
        criterion_id=criterion_id,
        score=score,
        comment=_comment(chance, act.language, criterion_id, score) if is_end else "",
        evidence=f"«{chance.choice(_sentences(act.text))}»" if is_end else "",
    )


def _comment(chance: random.Random, language: str, criterion_id: str, score: int) -> str:
    told = phrases.read("campaigns")["comments"][language]
    return str(chance.choice(told["low" if score <= 2 else "high"][criterion_id]))


def own_form(which: str) -> tuple[Answer, ...]:
    """What a member of the demo court wrote: ``sent`` or ``half``, on whatever act."""
    told = phrases.read("campaigns")["own_form"][which]
    return tuple(Answer(criterion_id=name, score=score, comment=comment) for name, (score, comment) in told.items())


def _sentences(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if 40 <= len(line) <= 220] or [line for line in lines if line]


def items(cast: Cast, of: Round, seal: Seal) -> Iterator[Item]:
    """What the hub holds of a round: each form sealed by ``seal``, and with the commission once it was opened."""
    scope, campaign = campaign_scope(cast.court.id), of.campaign
    yield scope, Kind.CAMPAIGN, campaign.id, campaign
    yield scope, Kind.CAMPAIGN_PROGRESS, campaign.id, of.progress
    yield review_scope(campaign.id), Kind.CAMPAIGN_PLAN, campaign.id, of.plan
    for act in of.acts:
        yield scope, Kind.CAMPAIGN_ACT, act.id, act
    is_over = campaign.state is not CampaignState.RUNNING
    for place in of.plan.places:
        sealed = seal(of.forms[place.assignment_id], campaign.seal_key) if place.state == SEALED else ""
        if sealed and is_over:
            form = SealedForm(id=sha256(sealed.encode()).hexdigest()[:32], campaign_id=campaign.id, sealed=sealed)
            yield scope, Kind.SEALED_FORM, form.id, form
        if not is_over:
            yield from _asked(of, place, sealed)


def _asked(of: Round, place: Place, sealed: str) -> Iterator[Item]:
    campaign, act = of.campaign, of.act_of(place)
    assignment = ReviewAssignment(
        id=place.assignment_id,
        reviewer_id=place.reviewer_id,
        campaign=campaign.title,
        act_title=act.title,
        act_text=act.text,
        act_language=act.language,
        form=campaign.form,
        due_on=campaign.due_on,
        procedure=act.procedure,
        campaign_id=campaign.id,
        act_id=act.id,
        rater_token=place.rater_token,
        rater_groups=of.forms[place.assignment_id].rater_groups,
        seal_key=campaign.seal_key,
    )
    yield review_scope(place.assignment_id), Kind.REVIEW_ASSIGNMENT, place.assignment_id, assignment
    review = of.review(place, sealed)
    if review is not None:
        yield review_scope(place.assignment_id), Kind.REVIEW, place.assignment_id, review
