"""Terms by their last day and by case."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.terms import Term
from judge_desk.protocol import codec
from judge_desk.store.tables import RECORD_TABLES, term_ends_on

_term = RECORD_TABLES[Kind.TERM].c


def open_until(connection: Connection, until: date) -> list[tuple[Term, int]]:
    """Open terms that end on or before a day, and those without an end of their own; each with its open operations."""
    statement = (
        sa.select(_term.body, _term.pending)
        .where(_term.done_on.is_(None), sa.or_(term_ends_on <= until.isoformat(), term_ends_on.is_(None)))
        .order_by(term_ends_on, _term.row_no)
    )
    return [(codec.decode(Kind.TERM, body), pending) for body, pending in connection.execute(statement)]


def of_case(connection: Connection, case_id: str) -> list[tuple[Term, int]]:
    """By last day, those without one at the end; each with its open operations."""
    statement = (
        sa.select(_term.body, _term.pending)
        .where(_term.case_id == case_id)
        .order_by(term_ends_on.is_(None), term_ends_on, _term.row_no)
    )
    return [(codec.decode(Kind.TERM, body), pending) for body, pending in connection.execute(statement)]


def missed(connection: Connection, today: date) -> int:
    """How many open terms ended before today."""
    statement = sa.select(sa.func.count()).where(_term.done_on.is_(None), term_ends_on < today.isoformat())
    return int(connection.execute(statement).scalar_one())


def ending(connection: Connection, from_on: date, to_on: date) -> int:
    """How many open terms end within these days."""
    statement = sa.select(sa.func.count()).where(
        _term.done_on.is_(None), term_ends_on >= from_on.isoformat(), term_ends_on <= to_on.isoformat()
    )
    return int(connection.execute(statement).scalar_one())
