"""The files of final acts: which document carries which signature, and which still wait for their time stamp."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.store import records, session_data
from judge_desk.store.tables import RECORD_TABLES, bears_signature

_WAITING = "stamps_waiting"
_document = RECORD_TABLES[Kind.DOCUMENT].c
_draft = RECORD_TABLES[Kind.DRAFT].c
_signature = (_document.code == _draft.code, _document.code > "", bears_signature)


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


def signed_drafts(connection: Connection) -> dict[str, date | None]:
    """By the ids of the drafts whose act is signed: None where the file bears the signature, else the day on which the
    printed act was signed by hand."""
    files = RECORD_TABLES[Kind.DRAFT].join(RECORD_TABLES[Kind.DOCUMENT], sa.and_(*_signature))
    told = sa.select(_draft.id, sa.func.max(_document.is_signed), sa.func.max(_document.signed_on_paper))
    final = told.select_from(files).where(_draft.state == DraftState.FINAL).group_by(_draft.id)
    rows = connection.execute(final)
    return {draft_id: None if is_signed else date.fromisoformat(day) for draft_id, is_signed, day in rows}


def unsigned_drafts(connection: Connection, author_id: str) -> list[Any]:
    """Rows of id, title, case_id and changed_at of somebody's final acts without a signature, the oldest first."""
    statement = sa.select(_draft.id, _draft.title, _draft.case_id, _draft.changed_at).where(*_lacks(author_id))
    return list(connection.execute(statement.order_by(_draft.changed_at, _draft.row_no)))


def count_unsigned(connection: Connection, author_id: str) -> int:
    """How many these are."""
    return int(connection.execute(sa.select(sa.func.count(_draft.id)).where(*_lacks(author_id))).scalar_one())


def _lacks(author_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether the act of a case that is not here any more was signed, this desk cannot know."""
    is_case_here = sa.exists().where(RECORD_TABLES[Kind.CASE].c.id == _draft.case_id)
    is_signed = sa.exists().where(*_signature)
    return _draft.state == DraftState.FINAL, _draft.author_id == author_id, _draft.code > "", ~is_signed, is_case_here


def waiting(connection: Connection) -> list[Waiting]:
    """What waits for a stamp, the oldest first."""
    return session_data.get(connection, _WAITING, list[Waiting]) or []


def keep_waiting(connection: Connection, rows: Iterable[Waiting]) -> None:
    session_data.put(connection, _WAITING, list(rows))
