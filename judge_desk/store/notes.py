"""Notes of a case and of a document."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.protocol import codec
from judge_desk.store.tables import RECORD_TABLES

_note = RECORD_TABLES[Kind.NOTE].c


def of_case(connection: Connection, case_id: str) -> list[tuple[Note, int]]:
    """Each with its open operations, newest first."""
    return _read(connection, _note.case_id == case_id)


def of_document(connection: Connection, document_id: str) -> list[tuple[Note, int]]:
    """Each with its open operations, newest first."""
    return _read(connection, _note.document_id == document_id)


def _read(connection: Connection, condition: sa.ColumnElement[bool]) -> list[tuple[Note, int]]:
    statement = sa.select(_note.body, _note.pending).where(condition).order_by(_note.changed_at.desc(), _note.row_no)
    return [(codec.decode(Kind.NOTE, body), pending) for body, pending in connection.execute(statement)]
