"""Documents of cases with the state of their files, and how ready each case file is to be read offline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.documents import Document
from judge_desk.domain.kinds import Kind
from judge_desk.store import records
from judge_desk.store.attachments_table import READABLE
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import RECORD_TABLES, attachment

_document = RECORD_TABLES[Kind.DOCUMENT].c


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Of one case file: documents in all, those that are here, and the bytes of the others."""

    total: int = 0
    here: int = 0
    missing_bytes: int = 0


def of_case(connection: Connection, case_id: str) -> list[Document]:
    """In the order of the case file."""
    return records.where(
        connection, Kind.DOCUMENT, _document.case_id == case_id, order_by=(_document.order, _document.row_no)
    )


def hashes_of_case(connection: Connection, case_id: str) -> list[str]:
    """The files of a case, each once."""
    statement = sa.select(_document.sha256).where(_document.case_id == case_id).distinct()
    return [str(each) for each in connection.execute(statement).scalars()]


def counts(connection: Connection, case_ids: Iterable[str]) -> dict[str, FileCounts]:
    """Of each case that has documents; from indexes alone."""
    wanted: Sequence[str] = list(dict.fromkeys(case_ids))
    is_here = attachment.c.state.in_(READABLE)
    found: dict[str, FileCounts] = {}
    for start in range(0, len(wanted), CHUNK):
        statement = (
            sa.select(
                _document.case_id,
                sa.func.count(),
                sa.func.coalesce(sa.func.sum(sa.case((is_here, 1), else_=0)), 0),
                sa.func.coalesce(sa.func.sum(sa.case((is_here, 0), else_=_document.size)), 0),
            )
            .select_from(RECORD_TABLES[Kind.DOCUMENT].outerjoin(attachment, attachment.c.sha256 == _document.sha256))
            .where(_document.case_id.in_(wanted[start : start + CHUNK]))
            .group_by(_document.case_id)
        )
        for case_id, total, here, missing_bytes in connection.execute(statement):
            found[case_id] = FileCounts(total, here, missing_bytes)
    return found
