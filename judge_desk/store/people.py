"""The court's directory, as far as a list or a sentence names somebody."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.store.tables import RECORD_TABLES

_person = RECORD_TABLES[Kind.PERSON].c


def names(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """Names of people whom the court's directory knows, by id."""
    wanted = list(dict.fromkeys(person_ids))
    statement = sa.select(_person.id, _person.name).where(_person.id.in_(wanted))
    return {row.id: row.name or "" for row in connection.execute(statement)}
