"""One use case, one transaction: the row, what is owed, and the journal line."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import Secret, StoreProblem
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.store import journal, outbox
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import RECORD_TABLES, index_queue, shadow
from judge_desk.store.tables import journal as journal_table
from judge_desk.store.tables import outbox as outbox_table
from judge_desk.store.unit_of_work import Store
from tests.factories import JUDGE_ID, a_draft, a_note, agreed, rows_of

SCOPE = f"user:{JUDGE_ID}"
NOTES = RECORD_TABLES[Kind.NOTE]


def save(store: Store, text: str, note_id: str = "n") -> None:
    with store.unit_of_work(JUDGE_ID, "note.save") as work:
        work.put(Kind.NOTE, SCOPE, a_note("case", id=note_id, text=text))


def test_row_operation_line_and_queue_are_written_together(context: DeskContext) -> None:
    save(context.store, "one")

    (row,) = rows_of(context, NOTES)
    (owed,) = rows_of(context, outbox_table)
    (line,) = rows_of(context, journal_table)
    assert (row.scope, row.rev, row.pending, row.case_id) == (SCOPE, 0, 1, "case")
    assert (owed.base_rev, owed.state, codec.decode(Kind.NOTE, owed.body).text) == (0, OutboxState.WAITING, "one")
    assert (line.person_id, line.action, line.kind, line.record_id) == (JUDGE_ID, "note.save", "note", "n")
    assert [tuple(each) for each in rows_of(context, index_queue)] == [("note", "n")]


def test_an_error_in_the_middle_leaves_nothing(context: DeskContext) -> None:
    def broken() -> None:
        with context.store.unit_of_work(JUDGE_ID, "note.save") as work:
            work.put(Kind.NOTE, SCOPE, a_note("case"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert [rows_of(context, table) for table in (NOTES, outbox_table, journal_table, shadow)] == [[], [], [], []]
    save(context.store, "the writer is free again")


def test_typing_fills_no_queue_until_an_operation_is_sent(context: DeskContext) -> None:
    for text in ("a", "ab", "abc"):
        save(context.store, text)
    (owed,) = rows_of(context, outbox_table)
    assert codec.decode(Kind.NOTE, owed.body).text == "abc"
    with context.store.writing() as connection:
        connection.execute(outbox_table.update().values(state=OutboxState.SENT))

    save(context.store, "abcd")
    sent, waiting = rows_of(context, outbox_table)
    assert (codec.decode(Kind.NOTE, sent.body).text, codec.decode(Kind.NOTE, waiting.body).text) == ("abc", "abcd")
    assert rows_of(context, NOTES)[0].pending == 2
    with context.store.reading() as connection:
        assert [row.mid for row in outbox.next_batch(connection, 9)] == [sent.mid]


def test_the_base_of_a_merge_is_the_copy_last_agreed(context: DeskContext) -> None:
    agreed(context, Kind.NOTE, SCOPE, [a_note("case", id="n", text="agreed")], rev=7)
    save(context.store, "mine")
    save(context.store, "mine, later")

    (base,) = rows_of(context, shadow)
    (owed,) = rows_of(context, outbox_table)
    assert (base.rev, codec.decode(Kind.NOTE, base.body).text) == (7, "agreed")
    assert owed.base_rev == 7


def test_a_removal_is_owed_and_remembers_its_base(context: DeskContext) -> None:
    agreed(context, Kind.NOTE, SCOPE, [a_note("case", id="n")], rev=3)
    with context.store.unit_of_work(JUDGE_ID, "note.delete") as work:
        work.delete(Kind.NOTE, SCOPE, "n")

    assert rows_of(context, NOTES) == []
    (owed,) = rows_of(context, outbox_table)
    assert (owed.action, owed.base_rev, owed.body) == ("delete", 3, "null")
    assert rows_of(context, shadow)[0].rev == 3


def test_a_deliberation_draft_can_be_kept_and_never_owed(context: DeskContext) -> None:
    secret = a_draft("case", secrecy=Secrecy.DELIBERATION)
    with pytest.raises(Secret), context.store.unit_of_work(JUDGE_ID, "draft.save") as work:
        work.put(Kind.DRAFT, SCOPE, secret)
    with context.store.unit_of_work(JUDGE_ID, "draft.save") as work:
        work.keep(Kind.DRAFT, SCOPE, secret)

    assert rows_of(context, outbox_table) == []
    assert rows_of(context, shadow) == []
    assert [row.id for row in rows_of(context, RECORD_TABLES[Kind.DRAFT])] == [secret.id]
    assert [row.record_id for row in rows_of(context, journal_table)] == [secret.id]


def test_a_number_of_an_operation_is_never_used_twice(context: DeskContext) -> None:
    save(context.store, "one", "a")
    save(context.store, "two", "b")
    with context.store.writing() as connection:
        connection.execute(outbox_table.delete())
    save(context.store, "three", "c")

    assert [row.mid for row in rows_of(context, outbox_table)] == [3]


def test_a_cut_or_changed_journal_is_seen(context: DeskContext) -> None:
    for number in range(5):
        save(context.store, "text", f"n{number}")
    with context.store.reading() as connection:
        assert journal.first_broken(connection) is None
        connection.execute(journal_table.delete().where(journal_table.c.no == 3))
        assert journal.first_broken(connection) == 4
    with context.store.reading() as connection:
        connection.execute(journal_table.update().where(journal_table.c.no == 2).values(person_id="somebody"))
        assert journal.first_broken(connection) == 2


def test_many_threads_write_one_after_the_other(context: DeskContext) -> None:
    faults: list[BaseException] = []

    def work(part: int) -> None:
        try:
            for number in range(10):
                save(context.store, "text", f"{part}-{number}")
        except (StoreProblem, sa.exc.SQLAlchemyError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(rows_of(context, outbox_table)) == 40
    with context.store.reading() as connection:
        assert journal.first_broken(connection) is None
        assert outbox.counts(connection)[OutboxState.WAITING] == 40


def test_what_a_person_saves_waits_for_the_disk_whoever_wrote_before(context: DeskContext) -> None:
    """A pull does not wait; the connection that it leaves behind is the one that the next save gets."""

    def mode(*, durable: bool) -> tuple[int, int]:
        with context.store.writing(durable=durable) as connection:
            found = (connection.exec_driver_sql(f"PRAGMA {name}") for name in ("synchronous", "wal_autocheckpoint"))
            synchronous, folds = (int(each.scalar_one()) for each in found)
        return synchronous, folds

    normal, full = 1, 2
    assert mode(durable=True) == (full, 1_000)
    assert mode(durable=False) == (normal, 16_000)
    assert mode(durable=False) == (normal, 16_000)
    assert mode(durable=True) == (full, 1_000)
