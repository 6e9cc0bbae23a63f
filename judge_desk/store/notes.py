"""Notes of a case and of a document."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.protocol import codec
from judge_desk.store.tables import RECORD_TABLES

_note = RECORD_TABLES[Kind.NOTE].c
_person = RECORD_TABLES[Kind.PERSON].c


def of_case(connection: Connection, case_id: str) -> list[tuple[Note, int]]:
    """Each with its open operations, newest first."""
    return _read(connection, _note.case_id == case_id)


def of_document(connection: Connection, document_id: str) -> list[tuple[Note, int]]:
    """Each with its open operations, newest first."""
    return _read(connection, _note.document_id == document_id)


def names(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """Names of people whom the court's directory knows, by id."""
    wanted = list(dict.fromkeys(person_ids))
    statement = sa.select(_person.id, _person.name).where(_person.id.in_(wanted))
    return {row.id: row.name or "" for row in connection.execute(statement)}


def _read(connection: Connection, condition: sa.ColumnElement[bool]) -> list[tuple[Note, int]]:
    statement = sa.select(_note.body, _note.pending).where(condition).order_by(_note.changed_at.desc(), _note.row_no)
    return [(codec.decode(Kind.NOTE, body), pending) for body, pending in connection.execute(statement)]
