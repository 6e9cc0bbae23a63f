"""Who may read which scope, as rows that follow the records: a reassigned case is a changed record, nothing more.

``domain.holdings`` says what a record gives and ``permissions.may_read`` what may be held at all; here it is stored. A
right sleeps while its holder has not the post for it, and wakes with the post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, not_, or_, select, update

from judge_desk.domain import permissions
from judge_desk.domain.errors import BadInput
from judge_desk.domain.holdings import Holding, following, posts
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import Scope, ScopeKind
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import among, upsert

FROM_RECORD = "record"
BY_HAND = "by_hand"
REASSIGNED = "reassigned"
WITHDRAWN = "withdrawn"
LEFT_COURT = "left_court"
"""The right sleeps: its holder has not, or not yet, the post for it."""
FOLLOWED_KINDS = frozenset({Kind.CASE, Kind.PERSON, Kind.REVIEW_ASSIGNMENT})
"""The kinds of records that give grants."""


def give(connection: Connection, court_id: str, holdings: Iterable[Holding], origin: str, at: datetime) -> None:
    """Store grants; one that had ended begins anew, one without its post sleeps. Raises BadInput for a holding that
    nobody may have in that role."""
    found = sorted(set(holdings), key=lambda each: (each.person_id, each.scope))
    if not found:
        return
    for each in found:
        if not permissions.may_read(each.person_id, each.role, Scope.parse(each.scope)):
            raise BadInput("hub.bad_grant", role=each.role.value, scope=each.scope)
    posts_of = _posts(connection, court_id, {each.person_id for each in found})
    rows = [
        {
            "court_id": court_id,
            "person_id": each.person_id,
            "scope": each.scope,
            "role": each.role.value,
            "origin": origin,
            "from_at": at,
            "until_at": None if wakes else at,
            "reason": "" if wakes else LEFT_COURT,
        }
        for each in found
        for wakes in (each.role in posts_of.get(each.person_id, ()),)
    ]
    upsert(connection, tables.scope_grant, rows)


def _posts(connection: Connection, court_id: str, persons: set[str]) -> dict[str, frozenset[Role]]:
    """The roles in which each of these persons may hold a scope now."""
    table = tables.person_role
    named = among(connection, table.c.person_id, sorted(persons))
    roles: dict[str, set[Role]] = {}
    for person_id, role in connection.execute(
        select(table.c.person_id, table.c.role).where(table.c.court_id == court_id, named)
    ):
        roles.setdefault(person_id, set()).add(Role(role))
    return {person_id: posts(held) for person_id, held in roles.items()}


def end(
    connection: Connection,
    court_id: str,
    pairs: Iterable[tuple[str, str]],
    reason: str,
    at: datetime,
    *,
    origins: tuple[str, ...] = (FROM_RECORD, BY_HAND),
) -> None:
    """End the grants of (person, scope), also those that sleep; the rows stay, with the reason that the feed tells the
    desk."""
    grant = tables.scope_grant
    for person_id, scopes in _by_person(pairs).items():
        connection.execute(
            update(grant)
            .where(grant.c.court_id == court_id, grant.c.person_id == person_id, grant.c.scope.in_(scopes))
            .where(or_(is_held(), grant.c.reason == LEFT_COURT), grant.c.origin.in_(origins))
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
        # Whoever is struck from the directory leaves as well.
        person = replace(before, active=False) if after is None and isinstance(before, Person) else after
        if isinstance(person, Person):
            _set_roles(connection, court_id, person)
            _follow_posts(connection, court_id, person, at)
            given |= _of_auditor(connection, court_id, person)
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


def _follow_posts(connection: Connection, court_id: str, person: Person, at: datetime) -> None:
    """Who leaves, or loses a post, keeps nothing that is held in that role; what sleeps for want of a post that is held
    now, wakes."""
    grant = tables.scope_grant
    held = grant.c.role.in_([each.value for each in sorted(posts(person.roles if person.active else ()))])
    own = update(grant).where(grant.c.court_id == court_id, grant.c.person_id == person.id)
    connection.execute(own.where(is_held(), not_(held)).values(until_at=at, reason=LEFT_COURT))
    connection.execute(own.where(grant.c.reason == LEFT_COURT, held).values(until_at=None, reason=""))


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
