"""Lists of cases: the ids of 100,000 of them in order, and the lines of one page."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from judge_desk.domain.cases import OPEN_STAGES, Language, Procedure, Stage
from judge_desk.domain.kinds import Kind
from judge_desk.store import search
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import CASE_ORDERS, RECORD_TABLES, term_ends_on

_case = RECORD_TABLES[Kind.CASE].c
_term = RECORD_TABLES[Kind.TERM].c
_draft = RECORD_TABLES[Kind.DRAFT].c
# The sign keeps SQLite from looking up single rows by these; it walks the index of the order, which has them too.
_walked_row_no = sa.literal_column('+"case".row_no', sa.Integer)
_walked_stage = sa.literal_column('+"case".stage', sa.Text)
FEW = 2_000
"""Up to so many hits of a word search, rows are looked up one by one; beyond, an index is walked in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConditions:
    """What a list is cut down to; empty means any. ``order_by`` is a column that has an index of its own.

    ``nothing``: the conditions exclude each other.
    """

    match: str | None = None
    procedures: Collection[Procedure] = ()
    stages: Collection[Stage] = ()
    nothing: bool = False
    judge_id: str = ""
    order_by: str = "received_on"
    descending: bool = True


class CaseLine(msgspec.Struct):
    """The part of a case's body that a list shows beside the columns."""

    judge_name: str = ""
    outcome: str = ""


class CaseTitle(NamedTuple):
    """What a list of hearings or terms says about a case."""

    number: str
    title: str
    procedure: Procedure
    language: Language


_line = msgspec.json.Decoder(CaseLine)
_number_list = msgspec.json.Decoder(list[int])


def ids(connection: Connection, conditions: CaseConditions) -> array[int]:
    """``row_no`` in order; rows without a value in the order's column come last."""
    order = CASE_ORDERS[conditions.order_by]
    listed = sa.select(_case.row_no).where(*_filters(conditions))
    is_empty = order.is_(None)
    if conditions.match is not None:
        hits = _numbers(connection, search.cases_matching(conditions.match))
        way = (order.desc(), _case.row_no.desc()) if conditions.descending else (is_empty, order, _case.row_no)
        if len(hits) <= FEW:
            return array("q", _numbers(connection, listed.where(_case.row_no.in_(hits)).order_by(*way)))
        listed = listed.where(_walked_row_no.in_(search.cases_matching(conditions.match)))
    if conditions.descending:
        return array("q", _numbers(connection, listed.order_by(order.desc(), _case.row_no.desc())))
    # Nulls stand first in an index: two walks keep its order where a sort of all would not.
    filled = array("q", _numbers(connection, listed.where(order.is_not(None)).order_by(order, _case.row_no)))
    filled.extend(_numbers(connection, listed.where(is_empty).order_by(_case.row_no)))
    return filled


def _numbers(connection: Connection, statement: sa.Select[Any]) -> list[int]:
    """One column of numbers as one JSON text: a tenth of what 100,000 result rows cost."""
    listed = statement.subquery()
    text = connection.execute(sa.select(sa.func.json_group_array(listed.c[0]))).scalar_one()
    return _number_list.decode(text)


def count(connection: Connection, conditions: CaseConditions) -> int:
    """How many cases fit."""
    statement = sa.select(sa.func.count()).select_from(RECORD_TABLES[Kind.CASE]).where(*_filters(conditions))
    if conditions.match is not None:
        statement = statement.where(_walked_row_no.in_(search.cases_matching(conditions.match)))
    return int(connection.execute(statement).scalar_one())


def _filters(conditions: CaseConditions) -> list[sa.ColumnElement[bool]]:
    filters: list[sa.ColumnElement[bool]] = [sa.false()] if conditions.nothing else []
    if conditions.procedures:
        filters.append(_case.procedure.in_(sorted(conditions.procedures)))
    if conditions.stages:
        filters.append(_walked_stage.in_(sorted(conditions.stages)))
    if conditions.judge_id:
        filters.append(_case.judge_id == conditions.judge_id)
    return filters


def lines(connection: Connection, row_nos: Sequence[int]) -> dict[int, tuple[Row[Any], CaseLine]]:
    """Columns and the visible part of the body, by ``row_no``."""
    columns = [each for each in _case if each.name != "scope"]
    found: dict[int, tuple[Row[Any], CaseLine]] = {}
    for start in range(0, len(row_nos), CHUNK):
        part = list(row_nos[start : start + CHUNK])
        for row in connection.execute(sa.select(*columns).where(_case.row_no.in_(part))):
            found[row.row_no] = (row, _line.decode(row.body))
    return found


def next_terms(connection: Connection, case_ids: Sequence[str]) -> dict[str, date]:
    """The first end among the open terms of each case."""
    statement = (
        sa.select(_term.case_id, sa.func.min(term_ends_on))
        .where(_term.case_id.in_(list(case_ids)), _term.done_on.is_(None))
        .group_by(_term.case_id)
    )
    return {case_id: date.fromisoformat(on) for case_id, on in connection.execute(statement) if on}


def id_of_number(connection: Connection, number: str) -> str | None:
    """The case with exactly this number."""
    return connection.execute(sa.select(_case.id).where(_case.number == number).limit(1)).scalar()


def pending_of(connection: Connection, case_id: str) -> int:
    """How many changes of it the hub has not confirmed."""
    return int(connection.execute(sa.select(_case.pending).where(_case.id == case_id)).scalar() or 0)


def drafts_of(connection: Connection, case_id: str) -> list[Any]:
    """Id, title, state, secrecy and time of change of a case's drafts, the last changed first; no texts."""
    statement = (
        sa.select(_draft.id, _draft.title, _draft.state, _draft.secrecy, _draft.changed_at)
        .where(_draft.case_id == case_id)
        .order_by(_draft.changed_at.desc(), _draft.row_no)
    )
    return list(connection.execute(statement))


def row_no_of(connection: Connection, case_id: str) -> int | None:
    """The case's place in long lists."""
    return connection.execute(sa.select(_case.row_no).where(_case.id == case_id)).scalar()


def titles(connection: Connection, case_ids: Iterable[str]) -> dict[str, CaseTitle]:
    """Of each case that is here, by id."""
    found: dict[str, CaseTitle] = {}
    wanted = list(dict.fromkeys(case_ids))
    columns = (_case.id, _case.number, _case.title, _case.procedure, _case.language)
    for start in range(0, len(wanted), CHUNK):
        rows = connection.execute(sa.select(*columns).where(_case.id.in_(wanted[start : start + CHUNK])))
        for case_id, number, title, procedure, language in rows:
            found[case_id] = CaseTitle(number or "", title or "", Procedure(procedure), Language(language))
    return found


def open_count(connection: Connection) -> int:
    """How many cases are not decided yet."""
    return count(connection, CaseConditions(stages=OPEN_STAGES))
