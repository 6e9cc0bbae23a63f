"""The hub's side of the guarantees of a judge: the same function and the same dated rules as on the desk."""

from __future__ import annotations

from judge_desk.domain.guarantees import Guarantee, GuaranteeFault, fault
from judge_desk.hub.law import rule_book


def fault_of(guarantee: Guarantee) -> GuaranteeFault | None:
    """Why an entry about a measure is refused, or None."""
    return fault(guarantee, rule_book().guarantees)
