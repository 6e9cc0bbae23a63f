"""The files of final acts: which document carries which signature, and which still wait for their time stamp."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.kinds import Kind
from judge_desk.store import records, session_data
from judge_desk.store.tables import RECORD_TABLES

_WAITING = "stamps_waiting"
_document = RECORD_TABLES[Kind.DOCUMENT].c


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A signed act without its archive stamp. ``failure`` is the message key of the last try, empty before it."""

    document_id: str
    since: datetime
    tried_at: datetime | None = None
    failure: str = ""


def of_code(connection: Connection, case_id: str, code: str) -> list[Document]:
    """Every file of one act, the printed one first; each later one replaces the one before it."""
    if not code:
        return []
    acts = records.where(
        connection, Kind.DOCUMENT, _document.case_id == case_id, _document.document_kind == DocumentKind.ACT
    )
    left = {each.replaces: each for each in acts if each.code == code}
    found: list[Document] = []
    at = ""
    while (following := left.pop(at, None)) is not None:
        found.append(following)
        at = following.id
    return found


def signed_codes(connection: Connection) -> set[str]:
    """The codes of all acts that bear a signature."""
    acts: list[Document] = records.where(connection, Kind.DOCUMENT, _document.document_kind == DocumentKind.ACT)
    return {each.code for each in acts if each.is_signed and each.code}


def waiting(connection: Connection) -> list[Waiting]:
    """What waits for a stamp, the oldest first."""
    return session_data.get(connection, _WAITING, list[Waiting]) or []


def keep_waiting(connection: Connection, rows: Iterable[Waiting]) -> None:
    session_data.put(connection, _WAITING, list(rows))
