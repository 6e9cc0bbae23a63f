"""Says, with the hub's signature, what each scope of a caller holds: the other half of every desk's proof that its case
files are whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, String, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from judge_desk.domain import manifest
from judge_desk.domain.kinds import Kind
from judge_desk.domain.manifest import Leaf
from judge_desk.hub import grants
from judge_desk.hub.auth import Caller, require_device
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import is_sqlite
from judge_desk.hub.identity import Identity
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.manifest import (
    MOST_SCOPES,
    ManifestAnswer,
    ManifestRequest,
    ScopeManifest,
    scope_text,
    total_text,
)

_EVERYTHING = ManifestRequest()


def asked(engine: Engine, identity: Identity, caller: Caller, body: bytes, at: datetime) -> ManifestAnswer:
    """The answer to a ManifestRequest. Raises Refused: BAD_REQUEST, DEVICE_REVOKED."""
    try:
        request = msgspec.json.decode(body, type=ManifestRequest)
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None
    if len(request.scopes) > MOST_SCOPES or (request.detailed and not request.scopes):
        raise Refused(Code.BAD_REQUEST)
    return make(engine, identity, caller, at, request)


def make(
    engine: Engine, identity: Identity, caller: Caller, at: datetime, request: ManifestRequest = _EVERYTHING
) -> ManifestAnswer:
    """What the caller's scopes hold at this moment; a scope that the caller may not read is left out in silence."""

    def work(connection: Connection) -> dict[str, list[Leaf]]:
        require_device(connection, caller)
        return _leaves(connection, caller, request.scopes)

    held = database.read(engine, work)
    roots = {scope: manifest.root(leaves) for scope, leaves in held.items()}
    total = manifest.total(roots)
    listed: list[ScopeManifest] = []
    if request.scopes or total != request.total:
        for scope, leaves in held.items():
            found = _of_scope(scope, roots[scope], leaves, detailed=request.detailed)
            signature = identity.sign(scope_text(caller.court_id, at, found)) if request.signs else ""
            listed.append(msgspec.structs.replace(found, signature=signature))
    answer = ManifestAnswer(
        court_id=caller.court_id,
        device_id=caller.device_id,
        at=at,
        total=total,
        count=len(held),
        signature="",
        scopes=tuple(listed),
    )
    return msgspec.structs.replace(answer, signature=identity.sign(total_text(answer)))


def _of_scope(scope: str, root: str, leaves: list[Leaf], *, detailed: bool) -> ScopeManifest:
    return ScopeManifest(
        scope=scope,
        root=root,
        records=len(leaves),
        documents=sum(each.is_document for each in leaves),
        leaves=tuple(leaves) if detailed else (),
    )


def _leaves(connection: Connection, caller: Caller, scopes: Iterable[str]) -> dict[str, list[Leaf]]:
    """By scope; a granted scope without any record is there too, with none."""
    wanted = sorted(set(scopes))
    found: dict[str, list[Leaf]] = {}
    rows = connection.execute(_query(connection, caller, wanted))
    for scope, of_scope in groupby(rows, itemgetter(0)):
        found[scope] = [Leaf(kind, id_, rev, sha256) for _, kind, id_, rev, sha256 in of_scope if kind]
    return found


def _query(connection: Connection, caller: Caller, scopes: list[str]) -> Select[Any]:
    grant, entity = tables.scope_grant, tables.entity
    if is_sqlite(connection):
        of_file = func.json_extract(entity.c.body, "$.sha256")
    else:
        of_file = cast(entity.c.body, JSON)["sha256"].astext
    sha256 = case((entity.c.kind == Kind.DOCUMENT.value, of_file), else_=literal("", String))
    live = and_(entity.c.court_id == grant.c.court_id, entity.c.scope == grant.c.scope, ~entity.c.deleted)
    query = (
        select(grant.c.scope, entity.c.kind, entity.c.id, entity.c.rev, func.coalesce(sha256, ""))
        .select_from(grant.outerjoin(entity, live))
        .where(grant.c.court_id == caller.court_id, grant.c.person_id == caller.person_id, grants.is_held())
        .order_by(grant.c.scope)
    )
    return query.where(grant.c.scope.in_(scopes)) if scopes else query
