"""The guarantees of a judge: which body alone may allow which measure, on the day it was allowed, and by which norm.

Both the desk, before it offers to save, and the hub, before it obeys, ask ``fault`` with the same dated rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from judge_desk.domain.norms import Rule


class Measure(StrEnum):
    COVERT_MEASURE = "covert_measure"
    PROSECUTION = "prosecution"
    CUSTODY = "custody"
    FORCED_APPEARANCE = "forced_appearance"
    ADMINISTRATIVE_PENALTY = "administrative_penalty"


class Authority(StrEnum):
    PROSECUTOR_GENERAL = "prosecutor_general"
    PROSECUTOR = "prosecutor"
    INVESTIGATIVE_JUDGE = "investigative_judge"
    PRESIDENT = "president"
    SENATE = "senate"
    POLICE = "police"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """A measure against a judge, and who allowed it by which paper; ``allowed_on`` decides which rule holds."""

    measure: Measure
    authority: Authority
    allowed_on: date
    paper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeRule(Rule):
    """Who may allow a measure while the rule holds."""

    measure: Measure
    authorities: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class GuaranteeFault:
    """Why an entry is refused: another body was asked for than ``rule`` names, or no rule holds on the day (None)."""

    measure: Measure
    authority: Authority
    allowed_on: date
    rule: GuaranteeRule | None = None


def rule_for(measure: Measure, on: date, rules: Sequence[GuaranteeRule]) -> GuaranteeRule | None:
    return next((each for each in rules if each.measure is measure and each.holds_on(on)), None)


def fault(guarantee: Guarantee, rules: Sequence[GuaranteeRule]) -> GuaranteeFault | None:
    """None where the body is the right one for its day."""
    rule = rule_for(guarantee.measure, guarantee.allowed_on, rules)
    if rule is not None and guarantee.authority in rule.authorities:
        return None
    return GuaranteeFault(guarantee.measure, guarantee.authority, guarantee.allowed_on, rule)
