"""Campaigns of peer review: who may review whom, what was drawn, and how anybody can draw it again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from judge_desk.domain.norms import Rule
from judge_desk.domain.reviews import ReviewForm


class DrawingRule(StrEnum):
    """Hard rules of the drawing; only the lower bound of the load gives way by itself, and the protocol says so."""

    SELF = "self"
    COURT = "court"
    REGION = "region"
    PANEL = "panel"
    BRANCH = "branch"
    LANGUAGE = "language"
    CONFLICT = "conflict"
    RECIPROCAL = "reciprocal"
    LOAD = "load"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMember:
    """One judge of a drawing. ``load``: the most forms this judge may be asked for, None for the common bound.

    ``languages`` are those the judge reads and writes acts in; an empty field rules nothing out.
    """

    id: str
    court: str = ""
    region: str = ""
    branch: str = ""
    panel: str = ""
    sex: str = ""
    languages: frozenset[str] = frozenset()
    load: int | None = None
    is_subject: bool = True
    is_reviewer: bool = True


FEWEST_OF_GROUP = 5
"""A reviewer's group is told with the form only if so many reviewers share it: fewer would name persons."""
GROUPINGS = ("region", "language", "sex")


def groups_of(member: PoolMember) -> dict[str, str]:
    """The groups by which fairness is tested, as far as they are known."""
    known = {"region": member.region, "language": "/".join(sorted(member.languages)), "sex": member.sex}
    return {name: value for name, value in known.items() if value}


def told_groups(reviewer: PoolMember, members: Iterable[PoolMember]) -> dict[str, str]:
    """The reviewer's groups that at least ``FEWEST_OF_GROUP`` reviewers share."""
    others = [groups_of(each) for each in members if each.is_reviewer]
    return {
        name: value
        for name, value in groups_of(reviewer).items()
        if sum(each.get(name) == value for each in others) >= FEWEST_OF_GROUP
    }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two judges who may not review each other: kin, appeal, dispute, friendship, the last two campaigns, one post."""

    one: str
    other: str
    reason: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    reviewer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Why a judge cannot be given reviewers: the rule that stands in the way, and how many it leaves."""

    judge: str
    rule: DrawingRule
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What was drawn and by what. The same members, conflicts, seed and versions give the same pairs.

    ``low`` and ``high`` bound the load; ``relaxed`` says that the lower bound gave way; ``bridges`` are forms beyond
    ``per_judge`` that link parts of a branch; ``reserves`` step in for reviewers who declare a conflict.
    """

    pairs: tuple[Pair, ...]
    reserves: tuple[Pair, ...]
    bridges: tuple[Pair, ...]
    violations: tuple[Violation, ...]
    is_optimal: bool
    gap: float | None
    seconds: float
    solver_seconds: float
    seed: int
    attempt: int
    per_judge: int
    candidates: int
    low: int
    high: int
    relaxed: bool
    components: dict[str, int]
    input_sha256: str
    solver: str


class CampaignState(StrEnum):
    PREPARED = "prepared"
    RUNNING = "running"
    OPENED = "opened"
    CLOSED = "closed"


NEXT_STATES = {
    CampaignState.PREPARED: frozenset({CampaignState.RUNNING}),
    CampaignState.RUNNING: frozenset({CampaignState.OPENED}),
    CampaignState.OPENED: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset[CampaignState](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A recorded decision to set a sealed form aside; the form itself stays as it is."""

    form_id: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One round of reviews, in the scope ``campaign:court_id``. Once it runs, only its state and the withdrawals move.

    ``seed`` is published before; the hub adds a nonce of its own, so that the commission cannot know the pairs.
    ``seal_key`` is the public half (X25519, hex) to which reviewers seal their forms.
    """

    id: str
    title: str
    per_judge: int
    seed: int
    due_on: date
    form: ReviewForm
    seal_key: str
    members: tuple[PoolMember, ...]
    conflicts: tuple[Conflict, ...] = ()
    state: CampaignState = CampaignState.PREPARED
    withdrawals: tuple[Withdrawal, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAct:
    """A blinded act of one judge; nothing goes to a reviewer before ``cleared_by`` has read it."""

    id: str
    campaign_id: str
    subject_id: str
    title: str
    text: str
    language: str
    procedure: str = ""
    source_sha256: str = ""
    cleared_by: str = ""
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignProgress:
    """What the hub tells the commission: counts and the protocol, never who writes on whom."""

    id: str
    asked: int = 0
    received: int = 0
    declined: int = 0
    without_reserve: int = 0
    violations: tuple[Violation, ...] = ()
    nonce_sha256: str = ""
    input_sha256: str = ""
    solver: str = ""
    attempt: int = 0
    low: int = 0
    high: int = 0
    relaxed: bool = False
    is_optimal: bool = False
    components: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every form that can still come has come."""
        return self.asked > 0 and self.received + self.without_reserve >= self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedForm:
    """A reviewer's form as the commission gets it, all at once: its id is its hash, so no order tells when it came."""

    id: str
    campaign_id: str
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One form that is asked for; ``rater_token`` stands for the reviewer inside this campaign only."""

    assignment_id: str
    act_id: str
    subject_id: str
    reviewer_id: str
    rater_token: str
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """Who writes on whom: the hub's own record, in a scope that is granted to nobody."""

    id: str
    nonce: str
    places: tuple[Place, ...]
    reserves: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPeriods(Rule):
    """When a judge is due and what a campaign must keep: the law's figures where it gives any, ours marked as assumed.

    No score is shown under ``fewest_forms``; a criterion whose alpha lies below ``least_alpha`` is shown by its
    comments; the commission sees a judge's result ``judge_first_days`` days after the judge.
    """

    first_after_years: int
    every_years: int
    exempt_after_years: int
    fewest_forms: int
    acts: int
    months_back: int
    least_alpha: float
    judge_first_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A judge's time in office, as far as it decides who is due."""

    judge_id: str
    appointed_on: date
    last_reviewed_on: date | None = None


class DueReason(StrEnum):
    FIRST = "first"
    PERIODIC = "periodic"
    NOT_YET = "not_yet"
    EXEMPT = "exempt"


def due(service: Service, periods: ReviewPeriods, on: date) -> tuple[DueReason, date]:
    """Whether a judge is due on a day, and since when or from when: an anniversary of 29 February falls on 1 March."""
    exempt_on = _years_later(service.appointed_on, periods.exempt_after_years)
    if on >= exempt_on:
        return DueReason.EXEMPT, exempt_on
    if service.last_reviewed_on is None:
        first_on = _years_later(service.appointed_on, periods.first_after_years)
        return (DueReason.FIRST if on >= first_on else DueReason.NOT_YET), first_on
    next_on = _years_later(service.last_reviewed_on, periods.every_years)
    return (DueReason.PERIODIC if on >= next_on else DueReason.NOT_YET), next_on


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAct:
    """An act that may be drawn; ``stratum`` is its category."""

    id: str
    judge_id: str
    stratum: str
    text: str
    title: str = ""
    language: str = "kk"
    file_name: str = ""
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def drawn_acts(acts: Iterable[PoolAct], seed: int, number: int) -> dict[str, tuple[PoolAct, ...]]:
    """``number`` acts of each judge, from different strata as long as there are any, by the published seed alone."""
    found: dict[str, tuple[PoolAct, ...]] = {}
    by_judge: defaultdict[str, list[PoolAct]] = defaultdict(list)
    for act in acts:
        by_judge[act.judge_id].append(act)
    for judge_id, own in sorted(by_judge.items()):
        order = sorted(own, key=lambda act: sha256(f"{seed}\0{act.judge_id}\0{act.id}".encode()).digest())
        seen: Counter[str] = Counter()
        rounds: list[tuple[int, int, PoolAct]] = []
        for place, act in enumerate(order):
            rounds.append((seen[act.stratum], place, act))
            seen[act.stratum] += 1
        found[judge_id] = tuple(act for _, _, act in sorted(rounds, key=lambda each: each[:2])[:number])
    return found
