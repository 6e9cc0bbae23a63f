"""What a judge declares about the own person: no membership of a party, and the kin whose cases and acts are not the
judge's to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from judge_desk.domain.campaigns import Conflict


class DeclarationKind(StrEnum):
    NO_PARTY = "no_party"
    KIN = "kin"


class Kinship(StrEnum):
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    IN_LAW = "in_law"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A relative who works where a recusal may be needed: ``person_id`` if it is a judge of the directory.

    ``until_on`` is the last day on which the tie counts (a marriage that ended).
    """

    name: str
    kinship: Kinship = Kinship.OTHER
    person_id: str = ""
    works_at: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declaration holds from its entry's first day to its last; a later one of the same kind takes its place."""

    kind: DeclarationKind
    kin: tuple[Kin, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of one judge with the days of its entry."""

    judge_id: str
    declaration: Declaration
    from_on: date | None = None
    to_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


KIN_REASON = "kin"


def kin_of(declared: Iterable[Declared], on: date) -> Mapping[str, tuple[Kin, ...]]:
    """By judge, the kin that count on a day."""
    found: dict[str, list[Kin]] = {}
    for each in declared:
        if each.declaration.kind is DeclarationKind.KIN and each.holds_on(on):
            ties = (kin for kin in each.declaration.kin if kin.until_on is None or kin.until_on >= on)
            found.setdefault(each.judge_id, []).extend(ties)
    return {judge_id: tuple(kin) for judge_id, kin in found.items()}


def kin_conflicts(declared: Iterable[Declared], members: Iterable[str], on: date) -> tuple[Conflict, ...]:
    """Pairs of ``members`` of whom one has declared the other as kin; a tie told by one side is enough."""
    known = set(members)
    pairs = {
        (min(judge_id, kin.person_id), max(judge_id, kin.person_id))
        for judge_id, ties in kin_of(declared, on).items()
        for kin in ties
        if judge_id in known and kin.person_id in known and kin.person_id != judge_id
    }
    return tuple(Conflict(one, other, KIN_REASON) for one, other in sorted(pairs))


def kin_among(kin: Iterable[Kin], names: Iterable[str]) -> tuple[Kin, ...]:
    """Kin who may stand among names, in full or with initials: a judge is warned of them, nobody is recused by it."""
    told = [_name_parts(each) for each in names]
    return tuple(each for each in kin if any(_may_be_same(_name_parts(each.name), other) for other in told))


def _name_parts(name: str) -> list[str]:
    return name.casefold().replace("ё", "е").replace(".", " ").split()


def _may_be_same(one: list[str], other: list[str]) -> bool:
    """The same surname, and given names of which one begins as the other: Ким Л. В. may be Ким Лариса Викторовна."""
    if len(one) < 2 or len(other) < 2 or one[0] != other[0]:
        return False
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(one[1:], other[1:], strict=False))
