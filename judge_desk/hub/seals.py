"""Links what must not change in silence to what was sealed before it, in the transaction that stores it.

Two chains are kept: one in each dossier, over its entries, and one for each contest, over everything that was
published, admitted, scored and decided, wherever that lies. The contest's is signed by the hub too, because it is made
to be given away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import ContestLink, LogEvent, last_of, signed_text
from judge_desk.domain.contests import (
    Candidacy,
    ContestDecision,
    ContestExtract,
    Recusal,
    ScoreSheet,
    Standing,
    Vacancy,
)
from judge_desk.domain.dossier import DossierSeal, sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import Scope, contest_scope
from judge_desk.hub import identity
from judge_desk.hub.db import tables
from judge_desk.hub.db.state import Change, Entry
from judge_desk.protocol import codec

LOGGED = frozenset(
    {
        Kind.VACANCY,
        Kind.CANDIDACY,
        Kind.CONTEST_EXTRACT,
        Kind.RECUSAL,
        Kind.SCORE_SHEET,
        Kind.CONTEST_DECISION,
    }
)
"""Kinds of which every writing is a line in the log of its contest."""
_STANDINGS = {
    Standing.ADMITTED: LogEvent.ADMITTED,
    Standing.WITHDRAWN: LogEvent.WITHDRAWN,
    Standing.LAPSED: LogEvent.LAPSED,
}


def scopes(changes: Iterable[Change]) -> set[str]:
    """Where links for these changes will stand; the caller locks them with the scopes of the changes."""
    return {contest_scope(record.contest_id) for _, record in _logged(changes)}


def following(connection: Connection, court_id: str, changes: Iterable[Change], at: datetime) -> list[Change]:
    """The links for ``changes``, in their order; the caller has locked their scopes and ``scopes``."""
    listed = list(changes)
    return [*_of_dossiers(connection, court_id, listed, at), *_of_contests(connection, court_id, listed, at)]


def log_of(connection: Connection, court_id: str, contest_id: str) -> list[ContestLink]:
    """The log of a contest, from its first line."""
    links: list[ContestLink] = records_of(connection, court_id, contest_scope(contest_id), Kind.CONTEST_LINK)
    return sorted(links, key=lambda each: each.number)


def _of_dossiers(connection: Connection, court_id: str, changes: list[Change], at: datetime) -> Iterator[Change]:
    entries = [each for each in changes if each.key[1] is Kind.DOSSIER_ENTRY and not each.deleted and not each.before]
    last: dict[str, DossierSeal | None] = {}
    for entry in entries:
        scope, _, entry_id = entry.key
        if scope not in last:
            seals: list[DossierSeal] = records_of(connection, court_id, scope, Kind.DOSSIER_SEAL)
            last[scope] = max(seals, key=lambda each: each.number, default=None)
        record = codec.decode(Kind.DOSSIER_ENTRY, entry.body)
        seal = sealed(entry_id, Scope.parse(scope).owner_id, codec.sha256(record), at, last[scope])
        last[scope] = seal
        yield _change(scope, Kind.DOSSIER_SEAL, seal, entry)


def _of_contests(connection: Connection, court_id: str, changes: list[Change], at: datetime) -> Iterator[Change]:
    last: dict[str, tuple[int, str]] = {}
    key: Ed25519PrivateKey | None = None
    for change, record in _logged(changes):
        contest_id = record.contest_id
        key = key or identity.key_within(connection, at)
        if contest_id not in last:
            last[contest_id] = last_of(log_of(connection, court_id, contest_id))
        number, previous = last[contest_id]
        link = replace(record, id=f"{contest_id}.{number + 1}", number=number + 1, previous=previous, at=at)
        whole = link.true_hash()
        link = replace(link, hash=whole, signature=key.sign(signed_text(whole)).hex())
        last[contest_id] = link.number, link.hash
        yield _change(contest_scope(contest_id), Kind.CONTEST_LINK, link, change)


def _logged(changes: Iterable[Change]) -> Iterator[tuple[Change, ContestLink]]:
    """What each change says in a log, without its place there."""
    for change in changes:
        _, kind, record_id = change.key
        if kind not in LOGGED or change.deleted:
            continue
        record = codec.decode(kind, change.body)
        told = _told(record, is_new=change.before is None or change.before.deleted, actor=change.entry.actor_id)
        yield (
            change,
            ContestLink(
                id="",
                number=0,
                previous=FIRST_LINK,
                at=datetime.min,
                record_kind=kind.value,
                record_id=record_id,
                record_sha256=codec.sha256(record),
                **told,
            ),
        )


def _told(record: Any, *, is_new: bool, actor: str) -> dict[str, Any]:
    if isinstance(record, Vacancy):
        event = LogEvent.PUBLISHED if is_new else LogEvent.OUTCOME
        return {"contest_id": record.id, "event": event, "member_id": actor}
    told: dict[str, Any] = {"contest_id": record.contest_id, "application_id": record.id}
    if isinstance(record, Candidacy):
        event = _STANDINGS.get(record.standing, LogEvent.NOT_ADMITTED)
        told |= {"event": event, "recused": record.recused, "name": record.shown_name}
    elif isinstance(record, ContestExtract):
        told |= {"event": LogEvent.EXTRACT}
    elif isinstance(record, Recusal):
        told |= {"event": LogEvent.RECUSED, "application_id": record.application_id, "member_id": record.member_id}
    elif isinstance(record, ScoreSheet):
        told |= {"event": LogEvent.SHEET, "application_id": record.application_id}
        told |= {"step_id": record.step_id, "member_id": record.member_id}
    elif isinstance(record, ContestDecision):
        told |= {"event": LogEvent.CHOSEN if record.chosen else LogEvent.NOT_CHOSEN, "member_id": record.decider_id}
    return told


def records_of(connection: Connection, court_id: str, scope: str, kind: Kind) -> list[Any]:
    """Every record of a kind in a scope."""
    entity = tables.entity
    bodies = connection.scalars(
        select(entity.c.body).where(
            entity.c.court_id == court_id,
            entity.c.scope == scope,
            entity.c.kind == kind.value,
            entity.c.deleted.is_(False),
        )
    )
    return [codec.decode(kind, body) for body in bodies]


def _change(scope: str, kind: Kind, link: DossierSeal | ContestLink, of: Change) -> Change:
    body = codec.encode(link).decode()
    line = Entry(
        chain=scope,
        actor_id=of.entry.actor_id,
        device_id=of.entry.device_id,
        action="put",
        scope=scope,
        kind=kind.value,
        record_id=link.id,
        rev=of.rev,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )
    return Change(key=(scope, kind, link.id), rev=of.rev, body=body, deleted=False, before=None, entry=line)
