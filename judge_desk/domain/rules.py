"""Dated law as values: which term, fee or number form holds on a day, and by which norm; the law itself is data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from judge_desk.domain.act_forms import ActLaw
from judge_desk.domain.acts import ActKind
from judge_desk.domain.cases import Instance, Procedure
from judge_desk.domain.contests import ContestRules
from judge_desk.domain.guarantees import GuaranteeRule
from judge_desk.domain.norms import Law, Rule
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.domain.working_days import Holidays

R = TypeVar("R", bound=Rule)


class LengthUnit(StrEnum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    HOURS = "hours"


class Trigger(StrEnum):
    """The event from which a term runs."""

    FILED = "filed"
    ACCEPTED = "accepted"
    PREPARATION_ENDED = "preparation_ended"
    OPERATIVE_PART_ANNOUNCED = "operative_part_announced"
    FINAL_FORM_MADE = "final_form_made"
    RULING_MADE = "ruling_made"
    VERDICT_ANNOUNCED = "verdict_announced"
    ORDER_SERVED = "order_served"
    SUMMARY_DECISION_SERVED = "summary_decision_served"
    FULL_TEXT_REQUESTED = "full_text_requested"
    COMPLAINT_DECISION_SERVED = "complaint_decision_served"
    PETITION_RECEIVED = "petition_received"
    CASE_RECEIVED = "case_received"
    PRELIMINARY_HEARING_SET = "preliminary_hearing_set"
    TRIAL_SET = "trial_set"
    APPLICATION_RECEIVED = "application_received"


class Bound(StrEnum):
    """Whose term it is: the court's own, a party's, or a public body's."""

    COURT = "court"
    PARTY = "party"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Length:
    """So many units; ``count`` is at least 1."""

    count: int
    unit: LengthUnit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a length is at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule(Rule):
    """One legal term. An empty ``instances`` or ``categories`` means any.

    ``shortest`` is the lower end where the law gives a range (15-20 working days); ``length`` is always the latest end.
    ``extra`` is how much it can be extended by, where the law says. ``shifts``: an end on a day off goes to the next
    working day; never for hours, nor where a person is held.
    """

    procedures: tuple[Procedure, ...]
    trigger: Trigger
    length: Length
    binds: Bound = Bound.COURT
    instances: tuple[Instance, ...] = ()
    categories: tuple[str, ...] = ()
    shortest: Length | None = None
    extra: Length | None = None
    extendable: bool = False
    shifts: bool = True

    def covers(self, procedure: Procedure, instance: Instance, category: str = "") -> bool:
        """Whether a case of this kind has this term; a rule for certain categories covers no case outside them."""
        return (
            procedure in self.procedures
            and (not self.instances or instance in self.instances)
            and (not self.categories or category in self.categories)
        )


class Payer(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule(Rule):
    """A state fee: a ``rate`` of the claim (0.01 is 1 %), so many ``mci``, or a ``share`` of the fee for ``share_of``.

    Exactly one of the three is set; ``cap_mci`` limits a rate. MCI is the monthly calculation index.
    """

    claim: str
    payers: tuple[Payer, ...]
    rate: Decimal | None = None
    mci: Decimal | None = None
    share: Decimal | None = None
    share_of: str = ""
    cap_mci: int | None = None

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.rate, self.mci, self.share)) != 1:
            raise ValueError("a fee has one of rate, mci and share")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyIndex(Rule):
    """The monthly calculation index (MCI) of a period, in whole tenge."""

    tenge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern(Rule):
    """How case numbers look: a regular expression with named groups. A hint, never a reason to refuse a number."""

    pattern: str
    example: str
    kinds: dict[str, Procedure]

    def __post_init__(self) -> None:
        try:
            fits = re.fullmatch(self.pattern, self.example)
        except re.error as error:
            raise ValueError("the pattern is not a regular expression") from error
        if fits is None:
            raise ValueError("the example does not fit its own pattern")

    def parts(self, number: str) -> dict[str, str]:
        """The named parts of a number (court, year, kind, serial, letter); empty when it looks otherwise."""
        found = re.fullmatch(self.pattern, number.strip())
        return {name: value for name, value in found.groupdict().items() if value} if found else {}

    def procedure(self, number: str) -> Procedure | None:
        return self.kinds.get(self.parts(number).get("kind", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActNumberForm(Rule):
    """How the court numbers an act when it is made final: ``form`` with ``{case}``, ``{year}`` and ``{serial}``.

    ``serial`` counts the acts of these kinds in one case from 1. Empty ``kinds`` means any act.
    """

    form: str
    kinds: tuple[ActKind, ...] = ()

    def __post_init__(self) -> None:
        if set(re.findall(r"{.*?}", self.form)) - {"{case}", "{year}", "{serial}"} or not self.form.strip():
            raise ValueError("a form holds {case}, {year} and {serial} only")

    def number(self, *, case: str, year: int, serial: int) -> str:
        return self.form.format(case=case, year=f"{year % 100:02d}", serial=serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All the law that the packs hold."""

    holidays: Holidays
    terms: tuple[TermRule, ...] = ()
    fees: tuple[FeeRule, ...] = ()
    indices: tuple[MonthlyIndex, ...] = ()
    numbers: tuple[NumberPattern, ...] = ()
    act_numbers: tuple[ActNumberForm, ...] = ()
    law: Law = field(default_factory=Law)
    acts: ActLaw = field(default_factory=ActLaw)
    reviews: tuple[ReviewPeriods, ...] = ()
    contests: tuple[ContestRules, ...] = ()
    guarantees: tuple[GuaranteeRule, ...] = ()

    def act_number(self, kind: ActKind, on: date) -> ActNumberForm | None:
        """The form by which an act of that kind and day is numbered; one for its kind goes before a general one."""
        found = [each for each in self.act_numbers if each.holds_on(on) and (not each.kinds or kind in each.kinds)]
        return min(found, key=lambda each: not each.kinds, default=None)

    def term(self, rule_id: str, on: date) -> TermRule | None:
        """The version of a term rule that holds on the day of its trigger."""
        return next((each for each in self.terms if each.id == rule_id and each.holds_on(on)), None)

    def terms_for(
        self, procedure: Procedure, instance: Instance, trigger: Trigger, on: date, category: str = ""
    ) -> tuple[TermRule, ...]:
        """The terms an event starts; a rule for the case's category displaces the general ones that bind the same."""
        found = [
            each
            for each in self.terms
            if each.trigger is trigger and each.holds_on(on) and each.covers(procedure, instance, category)
        ]
        special = {each.binds for each in found if each.categories}
        return tuple(each for each in found if each.categories or each.binds not in special)

    def index_on(self, day: date) -> MonthlyIndex | None:
        return holding(self.indices, day)


def holding(rules: Iterable[R], day: date) -> R | None:
    """The first rule that holds on a day."""
    return next((each for each in rules if each.holds_on(day)), None)
