"""A case: registry facts that the hub decides, and that a desk asks to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    KAZAKH = "kk"
    RUSSIAN = "ru"
    ENGLISH = "en"


class Procedure(StrEnum):
    """Kinds of proceedings. ADMINISTRATIVE is a citizen against a public body; ADMINISTRATIVE_OFFENCE is a fine:
    never mix them."""

    CIVIL = "civil"
    CIVIL_ORDER = "civil_order"
    CIVIL_SIMPLIFIED = "civil_simplified"
    CRIMINAL = "criminal"
    ADMINISTRATIVE = "administrative"
    ADMINISTRATIVE_OFFENCE = "administrative_offence"
    RESTRAINT = "restraint"
    MATERIAL = "material"


class Instance(StrEnum):
    FIRST = "first"
    APPEAL = "appeal"
    CASSATION = "cassation"
    SUPREME = "supreme"
    """Exceptional review by the Supreme Court: on a submission or protest alone, never an ordinary appeal."""


class Stage(StrEnum):
    """Where a case stands; ``STAGE_STEPS`` says which step may follow which."""

    REGISTERED = "registered"
    PREPARATION = "preparation"
    HEARING = "hearing"
    DELIBERATION = "deliberation"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    CLOSED = "closed"


STAGE_STEPS: dict[Stage, frozenset[Stage]] = {
    Stage.REGISTERED: frozenset({Stage.PREPARATION, Stage.HEARING, Stage.CLOSED}),
    Stage.PREPARATION: frozenset({Stage.HEARING, Stage.SUSPENDED, Stage.CLOSED}),
    Stage.HEARING: frozenset({Stage.PREPARATION, Stage.DELIBERATION, Stage.SUSPENDED, Stage.DECIDED, Stage.CLOSED}),
    Stage.DELIBERATION: frozenset({Stage.HEARING, Stage.DECIDED}),
    Stage.DECIDED: frozenset({Stage.IN_FORCE, Stage.CLOSED}),
    Stage.IN_FORCE: frozenset({Stage.CLOSED}),
    Stage.SUSPENDED: frozenset({Stage.PREPARATION, Stage.HEARING, Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}

OPEN_STAGES = frozenset(Stage) - {Stage.DECIDED, Stage.IN_FORCE, Stage.CLOSED}


class PartyRole(StrEnum):
    CLAIMANT = "claimant"
    DEFENDANT = "defendant"
    THIRD_PARTY = "third_party"
    APPLICANT = "applicant"
    DEBTOR = "debtor"
    CREDITOR = "creditor"
    ACCUSED = "accused"
    VICTIM = "victim"
    OFFENDER = "offender"
    PUBLIC_BODY = "public_body"
    PROSECUTOR = "prosecutor"
    REPRESENTATIVE = "representative"
    INTERESTED = "interested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One party of a case. ``number`` is an IIN or BIN as written in the claim; it is checked, never corrected.

    ``represents``: for a representative, the id of the party in this case (or its name, where a register knows no ids).
    """

    id: str
    role: PartyRole
    name: str
    number: str = ""
    address: str = ""
    phone: str = ""
    represents: str = ""
    is_organisation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Registry facts of one case, in the scope ``case:id``. Money is in whole tiyn (1/100 tenge)."""

    id: str
    court_id: str
    number: str
    title: str
    procedure: Procedure
    language: Language
    stage: Stage = Stage.REGISTERED
    instance: Instance = Instance.FIRST
    category: str = ""
    subject: str = ""
    judge_id: str = ""
    secretary_id: str = ""
    judge_name: str = ""
    received_on: date | None = None
    accepted_on: date | None = None
    heard_on: date | None = None
    decided_on: date | None = None
    outcome: str = ""
    claim_tiyn: int | None = None
    fee_tiyn: int | None = None
    parties: tuple[Party, ...] = ()
    register_key: str = ""
    source: str = ""

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES


def may_step(before: Stage, after: Stage) -> bool:
    """Whether a case may go from one stage to another; staying is always allowed."""
    return before is after or after in STAGE_STEPS[before]
