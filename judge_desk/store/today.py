"""What waits for this person, read from columns and slim pieces of bodies: the first page must not parse whole acts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import ReviewState
from judge_desk.store.tables import RECORD_TABLES

_draft = RECORD_TABLES[Kind.DRAFT].c
_assignment = RECORD_TABLES[Kind.REVIEW_ASSIGNMENT].c
_review = RECORD_TABLES[Kind.REVIEW].c
_SEALED = (ReviewState.SUBMITTED, ReviewState.DECLINED)


class DueReview(msgspec.Struct):
    """A review assignment without its act and form."""

    id: str
    due_on: date
    campaign: str = ""
    act_title: str = ""
    is_started: bool = False


_due_review = msgspec.json.Decoder(DueReview)


def drafts_to_sign(connection: Connection) -> list[Any]:
    """Rows of id, title, case_id and changed_at, the longest waiting first."""
    statement = (
        sa.select(_draft.id, _draft.title, _draft.case_id, _draft.changed_at)
        .where(_draft.state == DraftState.TO_SIGN)
        .order_by(_draft.changed_at, _draft.row_no)
    )
    return list(connection.execute(statement))


def draft_counts(connection: Connection) -> dict[DraftState, int]:
    """How many drafts stand in each state."""
    rows = connection.execute(sa.select(_draft.state, sa.func.count()).group_by(_draft.state))
    found: dict[str, int] = {state: count for state, count in rows}
    return {state: int(found.get(state, 0)) for state in DraftState}


def reviews_due(connection: Connection) -> list[DueReview]:
    """Assignments that are not sealed yet, by day due."""
    titles = act_titles(connection)
    statement = (
        sa.select(_assignment.body, _review.state)
        .select_from(_with_reviews())
        .where(_is_open())
        .order_by(_assignment.due_on, _assignment.row_no)
    )
    found: list[DueReview] = []
    for body, state in connection.execute(statement):
        review = _due_review.decode(body)
        review.is_started = state == ReviewState.STARTED
        review.act_title = titles[review.id]
        found.append(review)
    return found


def act_titles(connection: Connection) -> dict[str, str]:
    """The title of each act to review, by its assignment. Acts that share one bear a number, "Title (2)", sealed or not
    the same one: only this desk's own assignments are counted, in the order in which they came.
    """
    rows = connection.execute(sa.select(_assignment.body).order_by(_assignment.row_no)).scalars()
    acts = [_due_review.decode(body) for body in rows]
    alike = Counter(each.act_title for each in acts)
    seen: Counter[str] = Counter()
    titles = {}
    for each in acts:
        seen[each.act_title] += 1
        number = f" ({seen[each.act_title]})" if alike[each.act_title] > 1 else ""
        titles[each.id] = each.act_title + number
    return titles


def review_count(connection: Connection) -> int:
    """How many assignments are not sealed yet."""
    statement = sa.select(sa.func.count(_assignment.id)).select_from(_with_reviews()).where(_is_open())
    return int(connection.execute(statement).scalar_one())


def _with_reviews() -> sa.Join:
    return RECORD_TABLES[Kind.REVIEW_ASSIGNMENT].outerjoin(RECORD_TABLES[Kind.REVIEW], _review.id == _assignment.id)


def _is_open() -> sa.ColumnElement[bool]:
    return sa.or_(_review.state.is_(None), _review.state.not_in(_SEALED))
