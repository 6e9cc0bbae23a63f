"""Who may read which scope, as rows that follow the records: a reassigned case is a changed record, nothing more.

``following`` is the one place that turns a record into grants; everything else only stores what it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from judge_desk.domain.cases import Case
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.reviews import ReviewAssignment
from judge_desk.domain.scopes import ScopeKind, campaign_scope, court_scope, dossier_scope, user_scope
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import among, upsert

FROM_RECORD = "record"
BY_HAND = "by_hand"
REASSIGNED = "reassigned"
WITHDRAWN = "withdrawn"
LEFT_COURT = "left_court"
FOLLOWED_KINDS = frozenset({Kind.CASE, Kind.PERSON, Kind.REVIEW_ASSIGNMENT})
"""The kinds of records that give grants."""
BY_ROLE = frozenset({Role.COUNCIL, Role.AUDITOR})
"""Roles whose rights are given for one contest or dossier at a time, and end with the role."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One person's right to read one scope, and the role in which it is looked at."""

    person_id: str
    scope: str
    role: Role


def following(scope: str, record: Any) -> tuple[Holding, ...]:
    """The grants that a record by itself gives: a case to its judge and secretary, a review to its reviewer, a person
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


def give(connection: Connection, court_id: str, holdings: Iterable[Holding], origin: str, at: datetime) -> None:
    """Store grants; one that had ended begins anew."""
    rows = [
        {
            "court_id": court_id,
            "person_id": each.person_id,
            "scope": each.scope,
            "role": each.role.value,
            "origin": origin,
            "from_at": at,
            "until_at": None,
            "reason": "",
        }
        for each in sorted(set(holdings), key=lambda each: (each.person_id, each.scope))
    ]
    if rows:
        upsert(connection, tables.scope_grant, rows)


def end(
    connection: Connection,
    court_id: str,
    pairs: Iterable[tuple[str, str]],
    reason: str,
    at: datetime,
    *,
    origins: tuple[str, ...] = (FROM_RECORD, BY_HAND),
) -> None:
    """End the grants of (person, scope); the rows stay, with the reason that the feed tells the desk."""
    grant = tables.scope_grant
    for person_id, scopes in _by_person(pairs).items():
        connection.execute(
            update(grant)
            .where(grant.c.court_id == court_id, grant.c.person_id == person_id, grant.c.scope.in_(scopes))
            .where(grant.c.until_at.is_(None), grant.c.origin.in_(origins))
            .values(until_at=at, reason=reason)
        )


def _by_person(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person_id, scope in sorted(set(pairs)):
        found.setdefault(person_id, []).append(scope)
    return found


def follow(connection: Connection, court_id: str, records: Iterable[tuple[str, Any, Any]], at: datetime) -> None:
    """Bring the grants in line with records that changed: (scope, before, after), None where nothing was or is."""
    given: set[Holding] = set()
    taken: dict[str, set[tuple[str, str]]] = {}
    for scope, before, after in records:
        new = set(following(scope, after))
        given |= new
        kept = {(each.person_id, each.scope) for each in new}
        reason = LEFT_COURT if isinstance(before, Person) else REASSIGNED
        gone = {(each.person_id, each.scope) for each in following(scope, before)} - kept
        taken.setdefault(reason, set()).update(gone)
        if isinstance(after, Person):
            _set_roles(connection, court_id, after)
            _end_lost_roles(connection, court_id, before, after, at)
            given |= _of_auditor(connection, court_id, after)
    for reason, pairs in taken.items():
        end(connection, court_id, pairs, reason, at, origins=(FROM_RECORD,))
    give(connection, court_id, given, FROM_RECORD, at)


def _of_auditor(connection: Connection, court_id: str, person: Person) -> set[Holding]:
    """An auditor reads the log of every contest, also of those that began before."""
    if not person.active or Role.AUDITOR not in person.roles:
        return set()
    table = tables.scope
    logs = select(table.c.scope).where(table.c.court_id == court_id, table.c.scope.startswith(ScopeKind.CONTEST + ":"))
    return {Holding(person.id, each, Role.AUDITOR) for each in connection.scalars(logs)}


def _end_lost_roles(connection: Connection, court_id: str, before: Person | None, after: Person, at: datetime) -> None:
    """Who leaves the council or is no auditor any more keeps nothing that was granted in that role."""
    held = set(before.roles) if before is not None and before.active else set()
    grant = tables.scope_grant
    for role in held & BY_ROLE - (set(after.roles) if after.active else set()):
        connection.execute(
            update(grant)
            .where(grant.c.court_id == court_id, grant.c.person_id == after.id, grant.c.role == role.value)
            .where(grant.c.until_at.is_(None))
            .values(until_at=at, reason=LEFT_COURT)
        )


def _set_roles(connection: Connection, court_id: str, person: Person) -> None:
    table = tables.person_role
    connection.execute(delete(table).where(table.c.court_id == court_id, table.c.person_id == person.id))
    roles = person.roles if person.active else ()
    if roles:
        rows = [{"court_id": court_id, "person_id": person.id, "role": role.value} for role in roles]
        connection.execute(insert(table), rows)


def roles_on(
    connection: Connection, court_id: str, person_id: str, scopes: Iterable[str]
) -> tuple[dict[str, Role], frozenset[str]]:
    """The role of a person on each of the scopes that the person may read now, and the scopes where that has ended."""
    grant = tables.scope_grant
    rows = connection.execute(
        select(grant.c.scope, grant.c.role, is_held())
        .where(grant.c.court_id == court_id, grant.c.person_id == person_id)
        .where(among(connection, grant.c.scope, sorted(set(scopes))))
    ).all()
    held = {scope: Role(role) for scope, role, now in rows if now}
    return held, frozenset(scope for scope, _, now in rows if not now)


def is_held() -> ColumnElement[bool]:
    """Whether a grant holds. No clock is asked: one that jumps by a year, or two hub processes with different ones,
    would make desks forget what is theirs, or give back what was withdrawn."""
    return tables.scope_grant.c.until_at.is_(None)


def court_roles(connection: Connection, court_id: str, person_id: str) -> frozenset[Role]:
    """The roles that a person holds at the court, whatever the scope."""
    table = tables.person_role
    query = select(table.c.role).where(table.c.court_id == court_id, table.c.person_id == person_id)
    return frozenset(Role(role) for role in connection.scalars(query))
