"""Links each entry of a dossier to the one before it, in the transaction that stores the entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from judge_desk.domain.dossier import DossierSeal, sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import Scope
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Change, Entry
from judge_desk.protocol import codec


def following(connection: Connection, court_id: str, changes: Iterable[Change], at: datetime) -> list[Change]:
    """The links for new entries among ``changes``, in their order; the caller has locked their scopes."""
    entries = [each for each in changes if each.key[1] is Kind.DOSSIER_ENTRY and not each.deleted and not each.before]
    last = {scope: _last(connection, court_id, scope) for scope in {each.key[0] for each in entries}}
    made: list[Change] = []
    for entry in entries:
        scope, _, entry_id = entry.key
        record = codec.decode(Kind.DOSSIER_ENTRY, entry.body)
        seal = sealed(entry_id, Scope.parse(scope).owner_id, codec.sha256(record), at, last[scope])
        last[scope] = seal
        made.append(_change(scope, seal, entry))
    return made


def _last(connection: Connection, court_id: str, scope: str) -> DossierSeal | None:
    entity = tables.entity
    bodies = connection.scalars(
        select(entity.c.body).where(
            entity.c.court_id == court_id, entity.c.scope == scope, entity.c.kind == Kind.DOSSIER_SEAL.value
        )
    )
    seals: list[DossierSeal] = [codec.decode(Kind.DOSSIER_SEAL, body) for body in bodies]
    return max(seals, key=lambda each: each.number, default=None)


def _change(scope: str, seal: DossierSeal, entry: Change) -> Change:
    body = codec.encode(seal).decode()
    line = Entry(
        chain=scope,
        actor_id=entry.entry.actor_id,
        device_id=entry.entry.device_id,
        action="put",
        scope=scope,
        kind=Kind.DOSSIER_SEAL.value,
        record_id=seal.id,
        rev=entry.rev,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )
    key = (scope, Kind.DOSSIER_SEAL, seal.id)
    return Change(key=key, rev=entry.rev, body=body, deleted=False, before=None, entry=line)
