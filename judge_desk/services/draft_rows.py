"""The list of drafts: a line for each, without its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActKind
from judge_desk.domain.cases import Language
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.store import drafts, people


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One line of the list. ``changed_by``: the name of who changed it, where that is another. ``is_sent``: the hub has
    this very text; a deliberation draft is never sent."""

    id: str
    case_id: str
    case_number: str
    case_title: str
    title: str
    kind: ActKind
    language: Language
    state: DraftState
    secrecy: Secrecy
    number: str
    dated_on: date | None
    changed_at: datetime | None
    changed_by: str
    is_own: bool
    is_sent: bool


def rows(connection: Connection, person_id: str) -> list[DraftRow]:
    """Every draft on the desk of this person, the last changed first."""
    found = drafts.rows(connection)
    others = people.names(connection, (row.changed_by for row in found if row.changed_by != person_id))
    return [_row(row, person_id, others) for row in found]


def _row(row: Any, person_id: str, others: Mapping[str, str]) -> DraftRow:
    secrecy = Secrecy(row.secrecy)
    return DraftRow(
        id=row.id,
        case_id=row.case_id,
        case_number=row.case_number or "",
        case_title=row.case_title or "",
        title=row.title or "",
        kind=ActKind(row.act_kind),
        language=Language(row.language),
        state=DraftState(row.state),
        secrecy=secrecy,
        number=row.act_number or "",
        dated_on=date.fromisoformat(row.dated_on) if row.dated_on else None,
        changed_at=datetime.fromisoformat(row.changed_at) if row.changed_at else None,
        changed_by=others.get(row.changed_by, ""),
        is_own=row.author_id == person_id,
        is_sent=bool(row.rev) and not row.pending and secrecy is not Secrecy.DELIBERATION,
    )
