"""Reads a judge's dossier: entries by section, the judge's replies to each, and who looked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierReply, DossierSeal, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.store import records, tables
from judge_desk.store.tables import RECORD_TABLES

_entry = RECORD_TABLES[Kind.DOSSIER_ENTRY]
_reply = RECORD_TABLES[Kind.DOSSIER_REPLY]
_access = RECORD_TABLES[Kind.DOSSIER_ACCESS]
_seal = RECORD_TABLES[Kind.DOSSIER_SEAL]


def entries(connection: Connection, judge_id: str) -> list[DossierEntry]:
    """Newest first within the order of the sections, which the caller groups by."""
    order = (_entry.c.from_on.desc(), _entry.c.entered_at.desc())
    return records.where(connection, Kind.DOSSIER_ENTRY, _entry.c.judge_id == judge_id, order_by=order)


def results(connection: Connection, judge_id: str) -> list[DossierEntry]:
    """Entries about peer review alone."""
    conditions = (_entry.c.judge_id == judge_id, _entry.c.section == DossierSection.REVIEWS)
    return records.where(connection, Kind.DOSSIER_ENTRY, *conditions)


def replies(connection: Connection, judge_id: str, entry_ids: Collection[str] | None = None) -> list[DossierReply]:
    """Oldest first: a correspondence is read from its beginning. Of some entries, or of all."""
    conditions = [_reply.c.judge_id == judge_id]
    if entry_ids is not None:
        conditions.append(_reply.c.entry_id.in_(entry_ids))
    return records.where(connection, Kind.DOSSIER_REPLY, *conditions, order_by=(_reply.c.written_at,))


def accesses(connection: Connection, judge_id: str, limit: int = 500) -> list[DossierAccess]:
    """Who looked, newest first."""
    order = (_access.c.at.desc(),)
    return records.where(connection, Kind.DOSSIER_ACCESS, _access.c.judge_id == judge_id, order_by=order, limit=limit)


def seals(connection: Connection, judge_id: str) -> list[DossierSeal]:
    """The links of the dossier's chain, from its first."""
    return records.where(connection, Kind.DOSSIER_SEAL, _seal.c.judge_id == judge_id, order_by=(_seal.c.number,))


def granted_judges(connection: Connection) -> list[str]:
    """The judges whose dossier this desk may read."""
    prefix = "dossier:"
    scopes = connection.execute(
        tables.scope.select().with_only_columns(tables.scope.c.scope).where(tables.scope.c.scope.startswith(prefix))
    ).scalars()
    return sorted(scope.removeprefix(prefix) for scope in scopes)
