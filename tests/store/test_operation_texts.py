"""The words of an operation lie beside it: there as long as it is, gone with it, with the base that it stands on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from judge_desk.domain.kinds import Kind
from judge_desk.store import outbox, purge, sent, settled
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OPEN, OutboxState
from judge_desk.store.settled import Answer, HubCopy
from judge_desk.store.tables import operation_text, shadow
from judge_desk.store.tables import outbox as outbox_table
from judge_desk.store.tables import sent as sent_table
from judge_desk.store.unit_of_work import Store
from tests.factories import JUDGE_ID, a_note, open_store

SCOPE = f"user:{JUDGE_ID}"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOTES = [a_note("case", id=f"n{number}") for number in range(2)]


def found(connection: Any, *states: OutboxState) -> list[Any]:
    """The oldest operation in one of the states, if there is any."""
    return list(connection.execute(outbox.WHOLE.where(outbox_table.c.state.in_(states)).order_by(outbox_table.c.mid)))[
        :1
    ]


def write(store: Store, number: int) -> None:
    with store.unit_of_work(JUDGE_ID, "note.save") as work:
        before = work.get(Kind.NOTE, NOTES[number].id)
        text = "слово" if before is None else f"{before.text} и ещё"
        work.put(Kind.NOTE, SCOPE, replace(NOTES[number], text=text))


def remove(store: Store, number: int) -> None:
    with store.unit_of_work(JUDGE_ID, "note.delete") as work:
        if work.get(Kind.NOTE, NOTES[number].id) is not None:
            work.delete(Kind.NOTE, SCOPE, NOTES[number].id)


def freeze(store: Store, number: int) -> None:
    with store.writing() as connection:
        settled.mark_sent(connection, [mid for mid, _ in outbox.ready(connection, number + 1)])


def apply(store: Store, _number: int) -> None:
    with store.writing() as connection:
        for each in found(connection, OutboxState.SENT):
            settled.applied(connection, each, each.base_rev + 1)


def apply_many(store: Store, _number: int) -> None:
    with store.writing() as connection:
        settled.applied_many(connection, [(each, each.base_rev + 1) for each in found(connection, OutboxState.SENT)])


def refuse(store: Store, number: int) -> None:
    with store.writing() as connection:
        for each in found(connection, OutboxState.SENT):
            answer = Answer(rev=number + 10, body=NONE, code="sealed", at=AT)
            settled.refused(connection, each, answer, keeps_row=bool(number))


def clash(store: Store, number: int) -> None:
    with store.writing() as connection:
        for each in found(connection, OutboxState.SENT):
            settled.in_conflict(connection, each, Answer(rev=number + 10, body=NONE, code="", at=AT))


def rebase(store: Store, _number: int) -> None:
    with store.writing() as connection:
        for each in found(connection, OutboxState.REFUSED, OutboxState.CONFLICT):
            hub = HubCopy(Kind.NOTE, SCOPE, each.record_id, 20, each.hub_body)
            settled.rebase(connection, hub, each.body, AT)


def strike(store: Store, _number: int) -> None:
    with store.writing() as connection:
        for each in found(connection, OutboxState.REFUSED):
            outbox.remove(connection, each.mid)


def restore(store: Store, number: int) -> None:
    with store.writing() as connection:
        sent.put_back(connection, sent.mids(connection)[: number + 1])


def forget(store: Store, _number: int) -> None:
    with store.writing() as connection:
        purge.forget_scope(connection, SCOPE)


STEPS = (write, write, remove, freeze, freeze, apply, apply_many, refuse, clash, rebase, strike, restore, forget)


def check(store: Store) -> None:
    with store.reading() as connection:
        owed = connection.execute(sa.select(outbox_table)).all()
        kept = set(connection.execute(sa.select(sent_table.c.mid)).scalars())
        texts = {row.mid: row for row in connection.execute(sa.select(operation_text))}
        bases = {(row.kind, row.record_id): row.body for row in connection.execute(sa.select(shadow))}
    assert set(texts) == {row.mid for row in owed} | kept
    for row in owed:
        if row.state in OPEN:
            assert texts[row.mid].base_body == bases[row.kind, row.record_id]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=20))
def test_words_live_as_long_as_their_operation_and_know_its_base(
    steps: list[tuple[Callable[[Store, int], None], int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        try:
            for step, number in steps:
                step(store, number)
            check(store)
        finally:
            store.close()


@pytest.mark.parametrize("answered", [apply, apply_many])
def test_what_is_written_meanwhile_stands_on_what_the_hub_took(
    tmp_path: Path, answered: Callable[[Store, int], None]
) -> None:
    store = open_store(tmp_path)
    for step in (write, freeze, write, answered):
        step(store, 0)
    check(store)
    with store.reading() as connection:
        (later,) = found(connection, OutboxState.WAITING)
        bodies = dict(connection.execute(sa.select(operation_text.c.mid, operation_text.c.body)).all())
        base = connection.scalar(sa.select(operation_text.c.base_body).where(operation_text.c.mid == later.mid))
    store.close()
    assert base == bodies[later.mid - 1]


def test_what_is_forgotten_leaves_no_word_of_what_was_sent_or_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number, answered in ((0, apply), (1, refuse), (0, apply_many)):
        write(store, number)
        freeze(store, 0)
        answered(store, 1)
    write(store, 0)
    forget(store, 0)
    with store.reading() as connection:
        rows = connection.execute(sa.select(operation_text.c.body, operation_text.c.base_body)).all()
    store.close()
    assert rows == [(NONE, NONE)] * 2, "the refused one and the one that waited, without their words"
