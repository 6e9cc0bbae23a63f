"""Files between hub and desk as a person sees them: what waits and why, and how much room there is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.store import file_order
from judge_desk.store.attachments_table import TO_FETCH, Urgency
from judge_desk.store.file_order import FilePlan, Room
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import RECORD_TABLES, attachment

SHOWN = 100
"""Of what waits; the rest is counted."""


class Why(StrEnum):
    """Why a file stands where it does in the queue."""

    OPENED = "opened"
    ASKED = "asked"
    HEARING = "hearing"
    TERM = "term"
    KEPT = "kept"
    LATER = "later"


class Held(StrEnum):
    """Why a file does not come now, though there is a link."""

    METERED = "metered"
    NO_ROOM = "no_room"


_WHY = {
    Urgency.OPENED: Why.OPENED,
    Urgency.ASKED: Why.ASKED,
    Urgency.HEARING: Why.HEARING,
    Urgency.TERM: Why.TERM,
    Urgency.KEPT: Why.KEPT,
    Urgency.LATER: Why.LATER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file that is still to come. ``due``: the moment or day it is needed by, as text (empty: none)."""

    sha256: str
    document_id: str
    case_id: str
    title: str
    case_number: str
    size: int
    why: Why
    due: str
    held: Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesView:
    """``waiting``: the first SHOWN of ``total`` files of ``bytes`` in all. ``failed``: the hub could not give them.
    ``on_hub``: those that made room. ``budget_bytes`` 0: any."""

    waiting: tuple[FileLine, ...]
    total: int
    bytes: int
    failed: int
    on_hub: int
    room: Room
    budget_bytes: int
    metered: bool


def files_view(connection: Connection, plan: FilePlan | None) -> FilesView:
    """All of it in one consistent read; ``plan`` None: nothing bounds what comes."""
    states = sa.select(attachment.c.state, sa.func.count(), sa.func.sum(attachment.c.size)).group_by(attachment.c.state)
    counted = {str(state): (int(count), int(size or 0)) for state, count, size in connection.execute(states)}
    coming = [counted.get(state, (0, 0)) for state in TO_FETCH]
    room = file_order.room(connection)
    rows = file_order.waiting(connection, SHOWN)
    named = _documents(connection, [row.sha256 for row in rows])
    return FilesView(
        waiting=tuple(_line(row, named.get(row.sha256), _held(row, plan, room)) for row in rows),
        total=sum(count for count, _ in coming),
        bytes=sum(size for _, size in coming),
        failed=counted.get(AttachmentState.FAILED, (0, 0))[0],
        on_hub=counted.get(AttachmentState.ON_HUB, (0, 0))[0],
        room=room,
        budget_bytes=0 if plan is None else plan.budget_bytes,
        metered=plan is not None and plan.metered,
    )


def _held(row: Any, plan: FilePlan | None, room: Room) -> Held | None:
    if plan is None:
        return None
    if row.urgency < plan.least:
        return Held.METERED
    is_spare = row.urgency == Urgency.LATER and plan.budget_bytes > 0
    return Held.NO_ROOM if is_spare and row.size > plan.budget_bytes - room.here else None


def _documents(connection: Connection, hashes: list[str]) -> dict[str, Any]:
    """The first document of each file, with its case's number."""
    document, case = RECORD_TABLES[Kind.DOCUMENT].c, RECORD_TABLES[Kind.CASE].c
    found: dict[str, Any] = {}
    for start in range(0, len(hashes), CHUNK):
        query = (
            sa.select(document.sha256, document.id, document.case_id, document.title, case.number)
            .select_from(RECORD_TABLES[Kind.DOCUMENT].outerjoin(RECORD_TABLES[Kind.CASE], case.id == document.case_id))
            .where(document.sha256.in_(hashes[start : start + CHUNK]))
            .order_by(document.row_no.desc())
        )
        found |= {row.sha256: row for row in connection.execute(query)}
    return found


def _line(row: Any, document: Any | None, held: Held | None) -> FileLine:
    return FileLine(
        sha256=row.sha256,
        document_id="" if document is None else document.id,
        case_id="" if document is None else document.case_id or "",
        title="" if document is None else document.title or "",
        case_number="" if document is None else document.number or "",
        size=row.size,
        why=_WHY[Urgency(row.urgency)],
        due=row.due,
        held=held,
    )
