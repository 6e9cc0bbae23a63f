"""Contests for a post: what is published, what a judge consents to, how each step is scored, and what was decided.

Context: the law names the contest and leaves its criteria, weights and forms to the council; nobody has published them.
Decision: they are a dated rule that stands in every vacancy as it was when the vacancy was published. An application
lies in the judge's own scope and holds the consent; the hub answers it with a candidacy and an extract of the dossier,
in a scope of their own that the judge and the council's panel read and that ends for the panel when the consent ends.
Each sheet has a scope too: its author and the applicant read it at once, the rest of the panel when the step is whole,
so that nobody on the panel scores after somebody else's sheet.
Consequences: an application and its sheets are three kinds of scopes, and the rights on them follow from records alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.norms import Certainty, Rule
from judge_desk.domain.reviews import Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestCriterion:
    """What is scored in a step. ``weight`` is its share of the whole; the anchors say what each score looks like."""

    id: str
    step: str
    names: dict[str, str]
    weight: int
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """A step by default: its name, and how many days after the step before it ends."""

    id: str
    names: dict[str, str]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestRules(Rule):
    """How a contest is run, as of a day. ``sections`` of the dossier are what the council asks for.

    ``apply_days`` is how long applications are taken; one that was made in time without a link still counts when the
    hub gets it within ``late_days`` of the last day. ``names_shown``: whether applicants learn each other's names.
    ``consent_days`` is how long after the last step a consent runs, unless the judge says otherwise.
    """

    low: int
    high: int
    least_panel: int
    apply_days: int
    late_days: int
    consent_days: int
    names_shown: bool
    sections: tuple[DossierSection, ...]
    steps: tuple[StepRule, ...]
    criteria: tuple[ContestCriterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of one contest; it is scored from ``from_on`` on and should be done by ``to_on``."""

    id: str
    names: dict[str, str]
    from_on: date
    to_on: date


def steps_by(rules: ContestRules, apply_until_on: date) -> tuple[Step, ...]:
    """The steps one after the other, the first once the late days behind the last day to apply are over."""
    steps: list[Step] = []
    begin = apply_until_on + timedelta(days=rules.late_days + 1)
    for each in rules.steps:
        end = begin + timedelta(days=each.days - 1)
        steps.append(Step(id=each.id, names=each.names, from_on=begin, to_on=end))
        begin = end + timedelta(days=1)
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of the council who sits on the panel."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestOutcome:
    """How a contest ended, for everybody to read. ``application_id`` and ``name`` are empty where nobody was chosen."""

    application_id: str = ""
    name: str = ""
    reasons: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A published vacancy, in the scope of the court: all who work there read it, and nothing else of the contest.

    Once published only its outcome is added. The rules of the day stand in it word for word.
    """

    id: str
    title: str
    post: str
    court: str
    text: str = ""
    rule_id: str
    norm: str
    certainty: Certainty
    low: int
    high: int
    criteria: tuple[ContestCriterion, ...]
    steps: tuple[Step, ...]
    sections: tuple[DossierSection, ...]
    apply_until_on: date
    late_days: int
    names_shown: bool
    panel: tuple[Seat, ...]
    consent_until_on: date
    published_by: str
    published_at: datetime
    outcome: ContestOutcome | None = None

    @property
    def last_taken_on(self) -> date:
        """The last day on which the hub takes an application that was made in time without a link."""
        return self.apply_until_on + timedelta(days=self.late_days)

    def step(self, step_id: str) -> Step | None:
        return next((each for each in self.steps if each.id == step_id), None)

    def criteria_of(self, step_id: str) -> tuple[ContestCriterion, ...]:
        return tuple(each for each in self.criteria if each.step == step_id)

    def seat(self, person_id: str) -> int | None:
        """The number of a member's seat on the panel, from 0; None for somebody who has none."""
        return next((at for at, each in enumerate(self.panel) if each.person_id == person_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Which sections of the dossier the council may read, for which contest, and until which day."""

    contest_id: str
    sections: tuple[DossierSection, ...]
    until_on: date
    given_at: datetime


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the judge says to an entry of the extract."""

    entry_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A judge's own application, in the scope ``user:judge_id``; afterwards it can only be withdrawn.

    ``chain_number`` and ``chain_hash`` name the last link of the dossier that the judge saw, ``extract_sha256`` what
    was consented to: the hub makes the extract from its own entries and takes it only if it is the same. ``kin`` are
    members of the panel who are kin or otherwise too near. ``salt`` keeps the hash in the published log from being
    guessed.
    """

    id: str
    contest_id: str
    judge_id: str
    statement: str = ""
    consent: Consent
    chain_number: int
    chain_hash: str
    extract_sha256: str
    own_words: tuple[OwnWords, ...] = ()
    kin: tuple[str, ...] = ()
    made_at: datetime
    salt: str
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""


class Standing(StrEnum):
    """What the hub made of an application, and why."""

    ADMITTED = "admitted"
    TOO_LATE = "too_late"
    DIFFERENT_EXTRACT = "different_extract"
    SECOND = "second"
    DECIDED_ALREADY = "decided_already"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """The hub's answer to an application, under its id and in the scope ``application:id``.

    ``late``: it came after the last day and was taken because it had been made in time. ``recused``: members of the
    panel who do not read or score it. What stands in ``arrived_on`` and ``made_at`` is what the decision rests on.
    ``shown_name`` is empty unless the rule of the contest tells applicants each other's names.
    """

    id: str
    contest_id: str
    judge_id: str
    judge_name: str
    statement: str
    standing: Standing
    late: bool
    made_at: datetime
    arrived_on: date
    apply_until_on: date
    last_taken_on: date
    consent_until_on: date
    recused: tuple[str, ...]
    shown_name: str = ""
    salt: str

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.ADMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestExtract:
    """The sections of the dossier that the judge consented to, as they were sealed; under the id of the application.

    Made by the hub, deleted by it when the consent is withdrawn or runs out. ``seal`` is extract_hash.
    """

    id: str
    contest_id: str
    judge_id: str
    sections: tuple[DossierSection, ...]
    entries: tuple[DossierEntry, ...]
    own_words: tuple[OwnWords, ...]
    chain_number: int
    chain_hash: str
    seal: str
    until_on: date
    salt: str


class RecusalReason(StrEnum):
    KIN = "kin"
    CONFLICT = "conflict"
    WORKED_TOGETHER = "worked_together"
    ABSENT = "absent"
    """Declared by another member for one who does not score: nobody can hold a contest up by staying away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """A member of the panel steps back from one application, in its scope, and is sent nothing more of it.

    ``declared_by`` is that member, but for one who is absent.
    """

    id: str
    contest_id: str
    application_id: str
    member_id: str
    member_name: str
    declared_by: str
    reason: RecusalReason
    text: str = ""
    declared_at: datetime
    salt: str


@dataclass(frozen=True, slots=True)
class SheetScore:
    """One criterion's score with its reason; a sheet has no score without one."""

    criterion_id: str
    score: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet:
    """What one member of the panel gave in one step, in a scope of its own whose id it bears; it never changes."""

    id: str
    contest_id: str
    application_id: str
    step_id: str
    member_id: str
    member_name: str
    scores: tuple[SheetScore, ...]
    comment: str = ""
    made_at: datetime
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestDecision:
    """The panel's word on one application, under its id and in its scope; it never changes."""

    id: str
    contest_id: str
    chosen: bool
    reasons: str
    decider_id: str
    decided_by: str
    decided_at: datetime
    salt: str


def sheet_id(application_id: str, step_id: str, seat: int) -> str:
    """The one id that the sheet of a seat in a step can have: a second sheet has no place to be."""
    return f"{application_id}.{step_id}.{seat}"


def of_sheet(sheet: str) -> tuple[str, str, int]:
    """The application, step and seat of a sheet's id; ("", "", -1) for an id that is none."""
    application_id, _, rest = sheet.partition(".")
    step_id, _, seat = rest.rpartition(".")
    return (application_id, step_id, int(seat)) if step_id and seat.isdecimal() else ("", "", -1)


def extract_hash(judge_id: str, chain_hash: str, entries: Iterable[str], own_words: Iterable[OwnWords] = ()) -> str:
    """SHA-256 over the hashes of the entries, in the order of the chain, and over the judge's own words."""
    said = [judge_id, chain_hash, *entries, *(f"{each.entry_id}\0{each.text}" for each in own_words)]
    return sha256("\n".join(said).encode()).hexdigest()


def standing_of(vacancy: Vacancy, application: Application, arrived_on: date, made_on: date) -> tuple[Standing, bool]:
    """Whether an application is taken, and whether it came late, by the rule that stands in the vacancy.

    It counts by the day on which the hub got it. One that was made without a link counts by the day that its desk wrote
    on it, for as long as ``late_days`` allows: a clock that was set back wins no more than those days.
    """
    if vacancy.outcome is not None:
        return Standing.DECIDED_ALREADY, False
    if arrived_on <= vacancy.apply_until_on:
        return Standing.ADMITTED, False
    in_time = made_on <= vacancy.apply_until_on and arrived_on <= vacancy.last_taken_on
    return (Standing.ADMITTED, True) if in_time else (Standing.TOO_LATE, False)
