"""Reads contests for a post: vacancies, own and others' applications with what belongs to each, and the log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.contest_log import ContestLink
from judge_desk.domain.contests import Application, Candidacy, Recusal, ScoreSheet, Vacancy
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.store import records
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OPEN, WHOLE, OutboxState
from judge_desk.store.tables import RECORD_TABLES, outbox, shadow
from judge_desk.store.tables import scope as granted

SEALED = (Kind.CANDIDACY, Kind.CONTEST_EXTRACT, Kind.RECUSAL, Kind.SCORE_SHEET, Kind.CONTEST_DECISION)


def vacancies(connection: Connection) -> list[Vacancy]:
    """The newest first."""
    found: list[Vacancy] = records.where(connection, Kind.VACANCY)
    return sorted(found, key=lambda each: each.published_at, reverse=True)


def agreed_vacancy(connection: Connection, contest_id: str) -> Vacancy | None:
    """The copy last agreed with the hub, where an own change waits for the link; None: nothing waits."""
    body = connection.execute(
        sa.select(shadow.c.body).where(shadow.c.kind == Kind.VACANCY, shadow.c.record_id == contest_id)
    ).scalar()
    return None if body in (None, NONE) else codec.decode(Kind.VACANCY, str(body))


def applications(connection: Connection, contest_id: str) -> list[Application]:
    """One's own, also those that were withdrawn; the oldest first."""
    table = RECORD_TABLES[Kind.CONTEST_APPLICATION].c
    found: list[Application] = records.where(connection, Kind.CONTEST_APPLICATION, table.contest_id == contest_id)
    return sorted(found, key=lambda each: each.made_at)


def candidacies(connection: Connection, contest_id: str) -> list[Candidacy]:
    """By their ids, which says nothing about anybody."""
    table = RECORD_TABLES[Kind.CANDIDACY].c
    return records.where(connection, Kind.CANDIDACY, table.contest_id == contest_id, order_by=(table.id,))


def sheets(connection: Connection, application_id: str) -> list[ScoreSheet]:
    """Those that this desk may read, and one's own that wait for the link."""
    table = RECORD_TABLES[Kind.SCORE_SHEET].c
    return records.where(connection, Kind.SCORE_SHEET, table.application_id == application_id, order_by=(table.id,))


def recusals(connection: Connection, application_id: str) -> list[Recusal]:
    table = RECORD_TABLES[Kind.RECUSAL].c
    return records.where(connection, Kind.RECUSAL, table.application_id == application_id)


def links(connection: Connection, contest_id: str) -> list[ContestLink]:
    """The log from its first line; empty for whoever may not read it."""
    table = RECORD_TABLES[Kind.CONTEST_LINK].c
    return records.where(connection, Kind.CONTEST_LINK, table.contest_id == contest_id, order_by=(table.number,))


def sealed_hashes(connection: Connection, contest_id: str) -> dict[str, str]:
    """SHA-256 of every record of a contest that the hub has, by "kind:id" as the log names it."""
    found: dict[str, str] = {}
    for kind in SEALED:
        table = RECORD_TABLES[kind].c
        for body in connection.execute(sa.select(table.body).where(table.rev > 0, table.pending == 0)).scalars():
            record = codec.decode(kind, body)
            if record.contest_id == contest_id:
                found[f"{kind.value}:{record.id}"] = codec.sha256(record)
    return found


def holds(connection: Connection, scope: str) -> bool:
    """Whether this desk may read a scope."""
    return connection.execute(sa.select(granted.c.scope).where(granted.c.scope == scope)).first() is not None


def waiting(connection: Connection) -> set[str]:
    """Ids of the records of contests that wait for the link."""
    query = sa.select(outbox.c.record_id).where(outbox.c.kind.in_(_OWN), outbox.c.state.in_(OPEN))
    return set(connection.execute(query).scalars())


def refused(connection: Connection) -> dict[str, tuple[Any, str]]:
    """By id, the records of contests that the hub refused, as they were sent, with its code."""
    query = WHOLE.where(outbox.c.kind.in_(_OWN), outbox.c.state == OutboxState.REFUSED)
    found: dict[str, tuple[Any, str]] = {}
    for row in connection.execute(query.order_by(outbox.c.mid)):
        if row.body != NONE:
            found[row.record_id] = (codec.decode(Kind(row.kind), row.body), row.code)
    return found


_OWN = (Kind.VACANCY, Kind.CONTEST_APPLICATION, Kind.RECUSAL, Kind.SCORE_SHEET, Kind.CONTEST_DECISION)
