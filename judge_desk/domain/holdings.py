"""Which scopes a record opens to whom: pure, so that what the hub stores as grants can be held against it.

A holding counts while its holder has the post for it: who leaves the court, or a post in it, reads nothing more in that
role, whatever the records still say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from judge_desk.domain.cases import Case
from judge_desk.domain.people import Person, Role
from judge_desk.domain.reviews import ReviewAssignment
from judge_desk.domain.scopes import campaign_scope, court_scope, dossier_scope, user_scope


@dataclass(frozen=True, slots=True)
class Holding:
    """One person's right to read one scope, and the role in which it is looked at."""

    person_id: str
    scope: str
    role: Role


def following(scope: str, record: Any) -> tuple[Holding, ...]:
    """The holdings that a record by itself gives: a case to its judge and secretary, a review to its reviewer, a person
    to the own scopes. A judge who keeps the own register holds the case as a judge."""
    if isinstance(record, Case):
        holders = {record.secretary_id: Role.SECRETARY, record.judge_id: Role.JUDGE}
        return tuple(Holding(person, scope, role) for person, role in holders.items() if person)
    if isinstance(record, ReviewAssignment):
        return (Holding(record.reviewer_id, scope, Role.REVIEWER),)
    if isinstance(record, Person):
        return _of_person(record)
    return ()


def _of_person(person: Person) -> tuple[Holding, ...]:
    if not person.active or not person.roles:
        return ()
    role = main_role(person.roles)
    own = [Holding(person.id, user_scope(person.id), role), Holding(person.id, court_scope(person.court_id), role)]
    if Role.JUDGE in person.roles:
        own.append(Holding(person.id, dossier_scope(person.id), Role.JUDGE))
    if Role.COMMISSION in person.roles:
        own.append(Holding(person.id, campaign_scope(person.court_id), Role.COMMISSION))
    return tuple(own)


def main_role(roles: Iterable[Role]) -> Role:
    """The role in which somebody with several looks at the own scopes: the first in the order of Role."""
    return min(roles, key=list(Role).index)


def posts(roles: Collection[Role]) -> frozenset[Role]:
    """The roles in which somebody may hold a scope who has these roles at the court now. A judge is asked to review
    without a post for it."""
    return frozenset({*roles, Role.REVIEWER}) if roles else frozenset()
