"""Many answers at once do what each of them would do alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.services.context import DeskContext
from judge_desk.store import outbox, settled
from judge_desk.store.tables import RECORD_TABLES, operation_text, sent, shadow
from judge_desk.store.tables import outbox as outbox_table
from tests.factories import JUDGE_ID, a_note

MINE = f"user:{JUDGE_ID}"
NOTE = RECORD_TABLES[Kind.NOTE].c
KEPT = (
    sa.select(sent.c.mid, operation_text.c.body, operation_text.c.base_body)
    .join_from(sent, operation_text, sent.c.mid == operation_text.c.mid)
    .order_by(sent.c.mid)
)


def state(context: DeskContext) -> list[Any]:
    with context.store.reading() as connection:
        return [
            connection.execute(sa.select(NOTE.id, NOTE.rev, NOTE.pending).order_by(NOTE.id)).all(),
            connection.execute(sa.select(shadow.c.record_id, shadow.c.rev, shadow.c.body).order_by(shadow.c[1])).all(),
            connection.execute(sa.select(outbox_table.c.mid, outbox_table.c.base_rev, outbox_table.c.state)).all(),
            connection.execute(KEPT).all(),
        ]


@pytest.mark.parametrize("at_once", [True, False])
def test_answers_settle_alike(context: DeskContext, at_once: bool) -> None:
    notes = [a_note("case", id=f"n{number}") for number in range(4)]
    for note in notes:
        with context.store.unit_of_work(JUDGE_ID, "note.save") as work:
            work.put(Kind.NOTE, MINE, note)
    with context.store.writing() as connection:
        settled.mark_sent(connection, [1, 2, 3, 4])
        batch = list(outbox.by_mids(connection, [1, 2, 3, 4]))
    with context.store.unit_of_work(JUDGE_ID, "note.save") as work:
        work.put(Kind.NOTE, MINE, replace(notes[1], text="позже"))
    with context.store.writing() as connection:
        if at_once:
            settled.applied_many(connection, [(each, 1) for each in batch])
        else:
            for each in batch:
                settled.applied(connection, each, 1)

    rows, bases, owed, kept = state(context)
    assert rows == [("n0", 1, 0), ("n1", 1, 1), ("n2", 1, 0), ("n3", 1, 0)]
    assert [(record_id, rev) for record_id, rev, _ in bases] == [("n1", 1)]
    assert owed == [(5, 1, "waiting")]
    assert [(mid, base) for mid, _, base in kept] == [(mid, "null") for mid in (1, 2, 3, 4)]
