"""Campaigns of peer review: who may review whom, what was drawn, and how anybody can draw it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from judge_desk.domain.review_appeals import Appeal
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


def combined_seed(seed: int, nonce: str) -> int:
    """The number that the drawing starts from: the commission's seed and the hub's nonce, hashed together."""
    return int.from_bytes(sha256(f"{seed}\0{nonce}".encode()).digest()[:6], "big")


def pairs_sha256(pairs: Iterable[Pair], nonce: str) -> str:
    """Binds the hub to what it drew before anybody may see it; the nonce keeps anybody from guessing pairs."""
    lines = (f"{each.reviewer}\0{each.subject}" for each in sorted(pairs))
    return sha256("\n".join((nonce, *lines)).encode()).hexdigest()


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
class KeyHolder:
    """A desk of the commission that can take a campaign's key: its public half (X25519, hex), in the campaign scope."""

    id: str
    person_id: str
    name: str
    public_key: str
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShare:
    """The secret half of a campaign's key, sealed to one holder; whoever gave it has compared the holder's digits."""

    holder_id: str
    sealed: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDrawing:
    """How acts were drawn, so that anybody draws the same from the same pool: with the campaign's seed, ``number`` of
    each judge among those made between two days. ``pool_sha256`` names the pool."""

    number: int
    from_on: date
    to_on: date
    pool_sha256: str = ""
    pool_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One round of reviews, in the scope ``campaign:court_id``. Once it runs, only its state, the decisions about forms
    and appeals, and the holders of its key move.

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
    act_drawing: ActDrawing | None = None
    shares: tuple[KeyShare, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    published_at: datetime | None = None
    few_holders_reason: str = ""
    """Why it was launched although fewer desks than the rules ask for held its key."""

    @property
    def holders(self) -> int:
        """On how many desks the key of the forms lies."""
        return len({each.holder_id for each in self.shares})


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
class PanelProgress:
    """Counts of the second panel of one appeal; ``short``: so many reviewers could not be found."""

    appeal_id: str
    asked: int = 0
    received: int = 0
    declined: int = 0
    without_reserve: int = 0
    short: int = 0

    @property
    def is_complete(self) -> bool:
        return self.asked > 0 and self.received + self.without_reserve >= self.asked


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
    pairs_sha256: str = ""
    panels: tuple[PanelProgress, ...] = ()
    told_on: date | None = None
    """The day on which the hub heard that every judge has the own result; the time for appeals runs from it."""

    def panel(self, appeal_id: str) -> PanelProgress | None:
        return next((each for each in self.panels if each.appeal_id == appeal_id), None)

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
    appeal_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One form that is asked for; ``rater_token`` stands for the reviewer inside this campaign only."""

    assignment_id: str
    act_id: str
    subject_id: str
    reviewer_id: str
    rater_token: str
    state: str = "open"
    appeal_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """Who writes on whom: the hub's own record, in a scope that is granted to nobody."""

    id: str
    nonce: str
    places: tuple[Place, ...]
    reserves: tuple[Pair, ...]
    pairs: tuple[Pair, ...] = ()
    """As they were drawn, before anybody declared a conflict."""
    known_conflicts: tuple[Conflict, ...] = ()
    """What the hub added by itself: declared kin, and the pairs of the last two campaigns."""
