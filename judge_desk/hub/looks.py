"""Who looked at a judge's dossier: an entry of the dossier itself, once a day and reader, that its judge can read.

The hub cannot see a person's eyes; it enters that the rows were sent to the reader's desk.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from judge_desk.domain.contests import Candidacy
from judge_desk.domain.dossier import DossierAccess
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import ScopeKind, court_scope, dossier_scope
from judge_desk.hub import generations, write
from judge_desk.hub.auth import Caller
from judge_desk.hub.db.state import Change, Entry, Key
from judge_desk.protocol import codec
from judge_desk.runtime.clock import court_time

WATCHED = (ScopeKind.DOSSIER.value, ScopeKind.APPLICATION.value)
"""Beginnings of scopes in which a judge's own affairs lie."""
DESK_COPY, CONTEST = "desk_copy", "contest"


class Look(msgspec.Struct, frozen=True):
    """A dossier, the role in which it was read, and why. Of an extract for a contest the judge is found out later."""

    scope: str
    judge_id: str
    role: Role
    purpose: str = DESK_COPY


def mark(looked_at: list[Look], caller: Caller, scope: str, role: Role, kind: str) -> None:
    """Remember a row that is about to be sent. The entries about looks are no look at the judge's own affairs."""
    if kind == Kind.CONTEST_EXTRACT and role is Role.COUNCIL:
        looked_at.append(Look(scope, "", role, CONTEST))
    if not scope.startswith(ScopeKind.DOSSIER) or kind == Kind.DOSSIER_ACCESS:
        return
    judge_id = scope.partition(":")[2]
    if judge_id != caller.person_id and not any(each.scope == scope for each in looked_at):
        looked_at.append(Look(scope, judge_id, role))


def note(connection: Connection, caller: Caller, looked_at: list[Look], at: datetime) -> None:
    """Write the entries of today that are not there yet."""
    looked_at = _of_judges(connection, caller.court_id, looked_at)
    day = f"{court_time(at).date():%Y%m%d}"
    person_key: Key = (court_scope(caller.court_id), Kind.PERSON, caller.person_id)
    keys: dict[Key, Look] = {
        (each.scope, Kind.DOSSIER_ACCESS, _record_id(day, caller.person_id, each.judge_id)): each for each in looked_at
    }
    found = write.load(connection, caller.court_id, [*keys, person_key])
    person = codec.decode(Kind.PERSON, found[person_key].body) if person_key in found else None
    name = person.name if isinstance(person, Person) else ""
    rev = generations.next_rev(0, generations.current(connection))
    changes = [_change(key, look, caller, name, at, rev=rev) for key, look in keys.items() if key not in found]
    if changes:
        write.write(connection, caller.court_id, changes, [], at)


def _of_judges(connection: Connection, court_id: str, looked_at: list[Look]) -> list[Look]:
    """The same looks, each at a judge's dossier: an extract for a contest is a part of one."""
    keys: list[Key] = [
        (each.scope, Kind.CANDIDACY, each.scope.partition(":")[2]) for each in looked_at if not each.judge_id
    ]
    found = write.load(connection, court_id, keys) if keys else {}
    known = [each for each in looked_at if each.judge_id]
    for stored in found.values():
        candidacy: Candidacy = codec.decode(Kind.CANDIDACY, stored.body)
        known.append(Look(dossier_scope(candidacy.judge_id), candidacy.judge_id, Role.COUNCIL, CONTEST))
    return known


def _record_id(day: str, reader_id: str, judge_id: str) -> str:
    """One id a day, reader and dossier: a desk that holds many dossiers keeps their looks in one table."""
    return f"look-{reader_id[:30]}-{day}-{hashlib.sha256(f'{reader_id} {judge_id}'.encode()).hexdigest()[:16]}"


def _change(key: Key, look: Look, caller: Caller, name: str, at: datetime, *, rev: int) -> Change:
    access = DossierAccess(
        id=key[2],
        judge_id=look.judge_id,
        reader_id=caller.person_id,
        reader_name=name,
        reader_role=look.role.value,
        purpose=look.purpose,
        at=at,
    )
    body = codec.encode(access).decode()
    entry = Entry(
        chain=look.scope,
        actor_id=caller.person_id,
        device_id=caller.device_id,
        action="look",
        scope=look.scope,
        kind=key[1].value,
        record_id=key[2],
        rev=rev,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )
    return Change(key=key, rev=rev, body=body, deleted=False, before=None, entry=entry)
