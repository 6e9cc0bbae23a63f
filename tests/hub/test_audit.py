"""The audit: one line for each command, chained, and closed to those who would rewrite it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import chain, tables
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub


@pytest.fixture
def court(live_hub: LiveHub) -> LiveHub:
    """A court with a case, and notes written by a desk: one applied, one replaced, one refused."""
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    desk = live_hub.desk("judge")
    desk.push_one("case:k1", Kind.NOTE, "n1", a_note())
    desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text="2"), base_rev=1)
    desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text="3"), base_rev=1)
    desk.push_one("case:none", Kind.NOTE, "n1", a_note())
    return live_hub


def faults(hub: LiveHub) -> list[tuple[str, str, int]]:
    with hub.engine.connect() as connection:
        return list(chain.faults(connection))


@contextmanager
def unguarded(hub: LiveHub) -> Iterator[Connection]:
    """A connection for somebody who may drop the triggers, as an intruder with the owner's rights could."""
    with hub.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        yield connection


def test_every_command_has_one_line_and_the_chain_holds(court: LiveHub) -> None:
    line = tables.audit
    with court.engine.connect() as connection:
        rows = connection.execute(select(line.c.chain, line.c.outcome).where(line.c.kind == "note").order_by(line.c.n))
        lines = sorted(tuple(row) for row in rows)
    assert lines == [
        ("case:k1", "applied"),
        ("case:k1", "applied"),
        ("case:k1", "conflict"),
        ("court:court1", "refused"),
    ]
    assert faults(court) == []


@pytest.mark.parametrize("table", ["audit", "revision"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET rev = 9", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_rewrite_it(court: LiveHub, table: str, verb: str) -> None:
    with pytest.raises(DBAPIError, match="append only"), court.engine.begin() as connection:
        connection.execute(text(verb.format(table)))


def test_postgresql_refuses_to_empty_it(postgresql_hub: LiveHub) -> None:
    with pytest.raises(DBAPIError, match="append only"), postgresql_hub.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE audit SET actor_id = 'nobody' WHERE chain = 'case:k1' AND n = 2",
        "DELETE FROM audit WHERE chain = 'case:k1' AND n = 2",
        "DELETE FROM audit WHERE chain = 'case:k1' AND n = 4",
        "DELETE FROM audit WHERE chain = 'case:k1'",
        "UPDATE audit SET n = 9 WHERE chain = 'case:k1' AND n = 4",
    ],
)
def test_a_rewritten_audit_is_found(court: LiveHub, rewrite: str) -> None:
    with court.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(tables.audit.c.chain == "case:k1")) == 4
    with unguarded(court) as connection:
        connection.execute(text(rewrite))
    assert {name for _, name, _ in faults(court)} == {"case:k1"}
