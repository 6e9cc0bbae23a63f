"""What becomes of a record after the hub said no: later edits, newer copies, a scope that went away and came back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.domain.cases import Case
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.protocol import codec, feed
from judge_desk.services.context import DeskContext
from judge_desk.services.notes import NoteService
from judge_desk.services.sync import SyncService
from judge_desk.store import arrivals, bases, purge, records
from judge_desk.store.feed_pages import Page
from judge_desk.store.tables import RECORD_TABLES, index_queue
from judge_desk.sync.merge import merge_records
from tests import factories

MINE = user_scope(factories.JUDGE_ID)


@pytest.fixture
def case(context: DeskContext) -> Case:
    return factories.with_case(context)


def the_note(context: DeskContext, note: Note) -> Note | None:
    with context.store.reading() as connection:
        found: Note | None = records.find(connection, Kind.NOTE, note.id)
    return found


def arrive(context: DeskContext, scope: str, note: Note, rev: int) -> None:
    page = Page()
    row = feed.Row(scope=scope, kind=Kind.NOTE, id=note.id, seq=rev, rev=rev, deleted=False)
    page.add(row, codec.encode(note))
    with context.store.writing() as connection:
        arrivals.take_in(connection, page, "now")


def test_what_was_refused_is_no_base_of_a_later_merge(context: DeskContext, case: Case) -> None:
    agreed = factories.a_note(case.id, text="one\ntwo\nthree\nfour\nfive")
    factories.agreed(context, Kind.NOTE, MINE, [agreed])
    NoteService(context).save(replace(agreed, text="ONE\ntwo\nthree\nfour\nfive"))
    factories.refuse(context, "too_large", keeps_row=True)
    NoteService(context).save(replace(agreed, text="ONE\ntwo\nthree\nfour\nFIVE"))
    with context.store.reading() as connection:
        base = codec.decode(Kind.NOTE, bases.base_of(connection, Kind.NOTE, agreed.id)[1])
    theirs = replace(agreed, text="one\ntwo\nTHREE\nfour\nfive")
    merged = merge_records(base, the_note(context, agreed), theirs)
    assert (merged.record.text, merged.is_clean) == ("ONE\ntwo\nTHREE\nfour\nFIVE", True)


def test_a_removal_that_is_refused_brings_the_record_back(context: DeskContext, case: Case) -> None:
    note = factories.a_note(case.id)
    factories.agreed(context, Kind.NOTE, MINE, [note])
    NoteService(context).delete(note.id)
    factories.refuse(context, "not_allowed", keeps_row=True)
    assert the_note(context, note) == note


@pytest.mark.parametrize("choice", ["dismiss", "keep_hubs"])
def test_a_copy_that_came_after_the_refusal_outlives_the_decision(
    context: DeskContext, case: Case, choice: str
) -> None:
    note = factories.a_note(case.id)
    factories.agreed(context, Kind.NOTE, MINE, [note])
    NoteService(context).save(replace(note, text="refused"))
    factories.refuse(context, "too_large", keeps_row=True)
    newer = replace(note, text="from the other desk")
    arrive(context, MINE, newer, 5)
    service = SyncService(context)
    (row,) = service.attention()
    assert (row.hubs, row.is_only_here) == (newer, False)
    getattr(service, choice)(row.mid)
    assert the_note(context, note) == newer
    assert service.attention() == []


def test_a_decision_on_the_older_text_never_drops_the_newer_one(context: DeskContext, case: Case) -> None:
    note = factories.a_note(case.id)
    factories.agreed(context, Kind.NOTE, MINE, [note])
    NoteService(context).save(replace(note, text="refused"))
    factories.refuse(context, "too_large", keeps_row=True)
    NoteService(context).save(replace(note, text="written since"))
    service = SyncService(context)
    (row,) = service.attention()
    for choice in (service.keep_hubs, service.keep_both, service.keep_mine):
        with pytest.raises(BadInput):
            choice(row.mid)
    kept = the_note(context, note)
    assert kept is not None
    assert kept.text == "written since"


def test_what_came_back_with_its_case_outlives_the_old_refusal(context: DeskContext, case: Case) -> None:
    scope = case_scope(case.id)
    note = factories.a_note(case.id, reach=NoteReach.SHARED)
    factories.agreed(context, Kind.NOTE, scope, [note])
    NoteService(context).save(replace(note, text="never sent"))
    with context.store.writing() as connection:
        purge.forget_scope(connection, scope)
    factories.with_case(context, case)
    arrive(context, scope, note, 1)
    service = SyncService(context)
    (row,) = service.attention()
    service.dismiss(row.mid)
    assert the_note(context, note) == note


def test_what_a_reset_dropped_is_taken_out_of_the_index(context: DeskContext, case: Case) -> None:
    factories.index_all(context)
    with context.store.writing() as connection:
        arrivals.reset(connection, case_scope(case.id))
    assert factories.rows_of(context, RECORD_TABLES[Kind.CASE]) == []
    assert [each.record_id for each in factories.rows_of(context, index_queue)] == [case.id]


def test_a_copy_that_came_behind_the_answer_still_counts_for_the_sum(context: DeskContext, case: Case) -> None:
    """An edit made since the copy came must not hide it: the scope would look wrong and be fetched anew."""
    note = factories.a_note(case.id)
    factories.agreed(context, Kind.NOTE, MINE, [note])
    NoteService(context).save(replace(note, text="sent"))
    with context.store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'sent'")
    arrive(context, MINE, replace(note, text="theirs"), 3)
    NoteService(context).save(replace(note, text="typed since"))
    with context.store.writing() as connection:
        assert arrivals.mismatches(connection, {MINE: feed.row_hash(note.id, 3)}) == []
