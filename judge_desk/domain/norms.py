"""What a rule rests on: its legal reference, how sure we are of it, and the days between which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How well a rule is known, best first. Anything but SOURCED is shown to the judge as unverified."""

    SOURCED = "sourced"
    GENERAL_KNOWLEDGE = "general_knowledge"
    ASSUMED = "assumed"


def weakest(*certainties: Certainty) -> Certainty:
    """The least sure of several; SOURCED when none is given."""
    order = list(Certainty)
    return max(certainties, key=order.index, default=Certainty.SOURCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every item of a rule pack has: ``names`` by language code, ``norm`` the law, ``source`` where it was read.

    ``valid_from`` and ``valid_to`` are the first and the last day on which the rule holds; None leaves that side open.
    """

    id: str
    names: dict[str, str]
    norm: str
    certainty: Certainty
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: Rule) -> bool:
        """Whether there is a day on which both hold."""
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        ends = min(self.valid_to or date.max, other.valid_to or date.max)
        return starts <= ends
