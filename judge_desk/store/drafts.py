"""Drafts in lists, and the versions of them that this desk keeps for comparison and restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActText
from judge_desk.domain.drafts import Draft, DraftVersion, VersionReason
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.store import bases, settled
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import RECORD_TABLES, draft_version, outbox, shadow

_draft = RECORD_TABLES[Kind.DRAFT].c
_case = RECORD_TABLES[Kind.CASE].c


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionHead:
    """A kept version without its text."""

    id: str
    saved_at: datetime
    reason: VersionReason
    label: str


def rows(connection: Connection) -> list[Any]:
    """Every draft on this desk without its text, the last changed first.

    Columns: id, case_id, author_id, title, state, secrecy, changed_at, rev, pending, changed_by, act_kind, language,
    dated_on, act_number, case_number, case_title.
    """
    statement = (
        sa.select(
            *(_draft.id, _draft.case_id, _draft.author_id, _draft.title, _draft.state, _draft.secrecy),
            *(_draft.changed_at, _draft.rev, _draft.pending),
            _in_body("$.changed_by").label("changed_by"),
            _in_body("$.act.kind").label("act_kind"),
            _in_body("$.act.language").label("language"),
            _in_body("$.dated_on").label("dated_on"),
            _in_body("$.number").label("act_number"),
            _case.number.label("case_number"),
            _case.title.label("case_title"),
        )
        .select_from(RECORD_TABLES[Kind.DRAFT].outerjoin(RECORD_TABLES[Kind.CASE], _case.id == _draft.case_id))
        .order_by(_draft.changed_at.desc(), _draft.row_no)
    )
    return list(connection.execute(statement))


def _in_body(path: str) -> sa.Function[Any]:
    return sa.func.json_extract(_draft.body, path)


def standing(connection: Connection, draft_id: str) -> tuple[int, int]:
    """(revision at the hub, open operations) of a draft; (0, 0) when there is none."""
    row = connection.execute(sa.select(_draft.rev, _draft.pending).where(_draft.id == draft_id)).first()
    return (0, 0) if row is None else (int(row.rev), int(row.pending))


def twin(connection: Connection, draft: Draft) -> Draft | None:
    """The draft of the same act in another language; one in the same language is no twin."""
    if not draft.pair_id:
        return None
    body = connection.execute(
        sa.select(_draft.body)
        .where(_draft.case_id == draft.case_id, _draft.id != draft.id, _in_body("$.pair_id") == draft.pair_id)
        .where(_in_body("$.act.language") != draft.act.language.value)
        .limit(1)
    ).scalar()
    return None if body is None else codec.decode(Kind.DRAFT, body)


def in_conflict(connection: Connection, draft_id: str) -> bool:
    """Whether two desks wrote the same place and nobody has decided yet."""
    statement = sa.select(sa.func.count()).where(
        outbox.c.kind == Kind.DRAFT, outbox.c.record_id == draft_id, outbox.c.state == OutboxState.CONFLICT
    )
    return bool(connection.execute(statement).scalar_one())


def next_order(connection: Connection, case_id: str) -> int:
    """The place behind the last document of a case file."""
    document = RECORD_TABLES[Kind.DOCUMENT].c
    last = connection.execute(sa.select(sa.func.max(document.order)).where(document.case_id == case_id)).scalar()
    return int(last or 0) + 1


def versions(connection: Connection, draft_id: str) -> list[VersionHead]:
    """The kept versions, newest first."""
    columns = (draft_version.c.id, draft_version.c.saved_at, draft_version.c.reason, draft_version.c.label)
    statement = (
        sa.select(*columns)
        .where(draft_version.c.draft_id == draft_id)
        .order_by(draft_version.c.saved_at.desc(), draft_version.c.id.desc())
    )
    return [
        VersionHead(
            id=row.id,
            saved_at=datetime.fromisoformat(row.saved_at),
            reason=VersionReason(row.reason),
            label=row.label,
        )
        for row in connection.execute(statement)
    ]


def version_count(connection: Connection, draft_id: str) -> int:
    statement = sa.select(sa.func.count()).where(draft_version.c.draft_id == draft_id)
    return int(connection.execute(statement).scalar_one())


def version(connection: Connection, version_id: str) -> DraftVersion | None:
    """One version with its text, or None."""
    row = connection.execute(sa.select(draft_version).where(draft_version.c.id == version_id)).first()
    if row is None:
        return None
    return DraftVersion(
        id=row.id,
        draft_id=row.draft_id,
        saved_at=datetime.fromisoformat(row.saved_at),
        reason=VersionReason(row.reason),
        label=row.label,
        act=codec.decode_as(ActText, row.body),
    )


def keep_version(
    connection: Connection, draft_id: str, act: ActText, *, reason: VersionReason, at: datetime, label: str = ""
) -> str:
    """Keep a text; a text that is kept already as the newest version is kept again only under a label.

    Gives the version's id ("": nothing new).
    """
    body = codec.encode(act).decode()
    newest = connection.execute(
        sa.select(draft_version.c.body)
        .where(draft_version.c.draft_id == draft_id)
        .order_by(draft_version.c.saved_at.desc(), draft_version.c.id.desc())
        .limit(1)
    ).scalar()
    if newest == body and not label:
        return ""
    version_id = new_id()
    connection.execute(
        sa.insert(draft_version).values(
            id=version_id, draft_id=draft_id, saved_at=at.isoformat(), reason=reason, label=label, body=body
        )
    )
    return version_id


def move_versions(connection: Connection, draft_id: str, new_draft_id: str) -> None:
    """Hand the history over to the draft that goes on in another scope."""
    moved = sa.update(draft_version).where(draft_version.c.draft_id == draft_id).values(draft_id=new_draft_id)
    connection.execute(moved)


def was_offered(connection: Connection, draft_id: str) -> bool:
    """Whether the hub has, or may have, a copy: a revision of it is known, or an operation has left the desk."""
    base = sa.select(shadow.c.rev).where(shadow.c.kind == Kind.DRAFT, shadow.c.record_id == draft_id)
    left = sa.select(sa.func.count()).where(
        outbox.c.kind == Kind.DRAFT, outbox.c.record_id == draft_id, outbox.c.state != OutboxState.WAITING
    )
    rev, _ = standing(connection, draft_id)
    return bool(rev or connection.execute(base).scalar() or connection.execute(left).scalar())


def strike_texts(connection: Connection, draft_id: str) -> None:
    """Take a draft's texts off the outbox, but for one whose answer is still out: that one has left already.

    A conflict's copy of the hub becomes the base, so that a removal that follows is not stale.
    """
    of_draft = (outbox.c.kind == Kind.DRAFT, outbox.c.record_id == draft_id)
    stopped = outbox.c.state.in_((OutboxState.CONFLICT, OutboxState.REFUSED))
    known = connection.execute(
        sa.select(outbox.c.hub_rev, outbox.c.hub_body).where(*of_draft, stopped).order_by(outbox.c.hub_rev.desc())
    ).first()
    if known is not None and known.hub_rev:
        bases.put_base(connection, Kind.DRAFT, draft_id, known.hub_rev, known.hub_body)
    connection.execute(sa.delete(outbox).where(*of_draft, stopped))


def strike_all(connection: Connection, draft_id: str) -> None:
    """Forget everything owed for a draft that the hub has never been offered."""
    settled.discard_open(connection, Kind.DRAFT, draft_id)
    connection.execute(sa.delete(outbox).where(outbox.c.kind == Kind.DRAFT, outbox.c.record_id == draft_id))
