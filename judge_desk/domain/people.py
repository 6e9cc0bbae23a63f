"""Who works at the court, and in which role each looks at a scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    JUDGE = "judge"
    SECRETARY = "secretary"
    CHAIR = "chair"
    REVIEWER = "reviewer"
    COMMISSION = "commission"
    COUNCIL = "council"
    AUDITOR = "auditor"
    IT_OFFICER = "it_officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An entry of the court's directory, in the scope of the court; ``name`` is "Surname N. P." as it stands on
    acts."""

    id: str
    court_id: str
    name: str
    full_name: str
    roles: tuple[Role, ...]
    post: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The court itself, in the scope of the court. ``names`` by language code: kk, ru, en."""

    id: str
    code: str
    names: dict[str, str]
    places: dict[str, str]
    appeal_courts: dict[str, str]
    rooms: tuple[str, ...] = ()
    verify_url: str = ""
    """Where the public may ask about an act, as it is printed on paper; empty: the hub's own address."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with the role by which a scope was granted. Permissions are functions of it."""

    person_id: str
    court_id: str
    role: Role
