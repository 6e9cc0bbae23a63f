"""The hub's side of the guarantees of a judge: the same function and the same dated rules as on the desk."""

from __future__ import annotations

from functools import cache

from judge_desk.domain.guarantees import Guarantee, GuaranteeFault, GuaranteeRule, fault
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths


def fault_of(guarantee: Guarantee) -> GuaranteeFault | None:
    """Why an entry about a measure is refused, or None."""
    return fault(guarantee, _rules())


@cache
def _rules() -> tuple[GuaranteeRule, ...]:
    path = paths.resource("rules") / "guarantees.toml"
    return rule_packs.read_rules([(path.name, path.read_text(encoding="utf-8"))]).book.guarantees
