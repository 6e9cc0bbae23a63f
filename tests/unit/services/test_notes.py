"""Notes: private ones stay in the author's scope, shared ones travel with the case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.services.context import DeskContext
from judge_desk.services.notes import NoteService
from judge_desk.store.tables import outbox
from tests.factories import JUDGE_ID, NOW, a_note, a_person, agreed, of_case, rows_of, with_case


def test_a_private_note_goes_to_the_authors_scope_and_a_shared_one_to_the_case(context: DeskContext) -> None:
    case = with_case(context)
    service = NoteService(context)
    private = service.new(case.id, "сомнение в дате", document_id="d", page=3)
    shared = service.new(case.id, "вызвать эксперта", reach=NoteReach.SHARED)

    assert service.save(private).touches(Kind.NOTE, private.id)
    service.save(shared)
    scopes = {row.record_id: row.scope for row in rows_of(context, outbox)}
    assert scopes == {private.id: f"user:{JUDGE_ID}", shared.id: f"case:{case.id}"}
    (row,) = service.of_document("d")
    assert (row.note.page, row.note.changed_at, row.author_name, row.is_own, row.pending) == (
        3,
        NOW,
        context.person.name,
        True,
        1,
    )


def test_a_note_that_is_shared_later_leaves_no_copy_behind(context: DeskContext) -> None:
    case = with_case(context)
    service = NoteService(context)
    note = service.new(case.id, "показать секретарю")
    service.save(note)

    changes = service.save(replace(note, reach=NoteReach.SHARED))

    (row,) = service.of_case(case.id)
    assert (row.note.reach, row.note.text) == (NoteReach.SHARED, note.text)
    assert row.note.id != note.id
    assert changes.touches(Kind.NOTE, note.id)
    assert changes.touches(Kind.NOTE, row.note.id)


def test_pinned_notes_come_first_then_the_newest(context: DeskContext) -> None:
    case = with_case(context)
    notes = [a_note(case.id, changed_at=NOW.replace(minute=minute), pinned=minute == 1) for minute in range(4)]
    agreed(context, Kind.NOTE, f"user:{JUDGE_ID}", notes)

    assert [row.note.id for row in NoteService(context).of_case(case.id)] == [
        notes[number].id for number in (1, 3, 2, 0)
    ]


def test_somebody_elses_note_can_be_read_and_not_changed(context: DeskContext) -> None:
    case = with_case(context)
    agreed(context, Kind.PERSON, "court:court-1", [a_person(id="secretary", name="Ким Л. А.")])
    note = a_note(case.id, author_id="secretary", reach=NoteReach.SHARED)
    of_case(context, Kind.NOTE, note)
    service = NoteService(context)

    (row,) = service.of_case(case.id)
    assert (row.is_own, row.author_name) == (False, "Ким Л. А.")
    with pytest.raises(NotAllowed):
        service.save(replace(note, text="чужое"))
    with pytest.raises(NotAllowed):
        service.delete(note.id)
    assert rows_of(context, outbox) == []


def test_an_empty_note_is_refused_but_a_mark_needs_no_words(context: DeskContext) -> None:
    case = with_case(context)
    service = NoteService(context)
    with pytest.raises(BadInput):
        service.save(service.new(case.id, "  "))
    service.save(service.new(case.id, "", document_id="d", page=1, quote="сумма займа"))
    (row,) = service.of_document("d")
    service.delete(row.note.id)
    assert service.of_document("d") == []
    with pytest.raises(NotFound):
        service.delete(row.note.id)
