"""A withdrawn right leaves nothing behind: rows, bases, versions, index, keys; only a line that says so."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.services.context import DeskContext
from judge_desk.store.outbox import OutboxState
from judge_desk.store.purge import forget_scope
from judge_desk.store.tables import draft_version, metadata, outbox, shadow
from tests.factories import (
    a_case,
    a_document,
    a_draft,
    a_hearing,
    a_note,
    a_party,
    a_term,
    agreed,
    index_all,
    of_case,
    rows_of,
    with_case,
    with_file,
)

MARK = "ЗЕБРА"


def everything(context: DeskContext) -> str:
    return " ".join(str(tuple(row)) for table in metadata.sorted_tables for row in rows_of(context, table))


def words_in_index(context: DeskContext) -> int:
    with context.store.reading() as connection:
        match = sa.text("SELECT count(*) FROM search_words WHERE search_words MATCH 'зебр*'")
        return int(connection.execute(match).scalar_one())


def filled(context: DeskContext, mark: str) -> str:
    case = with_case(context, a_case(title=mark, parties=(a_party(mark),)))
    document = a_document(case.id, mark.encode() + case.id.encode(), title=mark)
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, mark.encode() + case.id.encode())
    of_case(context, Kind.HEARING, a_hearing(case.id, purpose=mark))
    of_case(context, Kind.TERM, a_term(case.id, title=mark))
    of_case(context, Kind.NOTE, a_note(case.id, text=mark, reach=NoteReach.SHARED))
    draft = a_draft(case.id, title=mark)
    of_case(context, Kind.DRAFT, draft)
    with context.store.writing() as connection:
        connection.execute(
            draft_version.insert().values(id=f"v-{case.id}", draft_id=draft.id, saved_at="", reason="", body=mark)
        )
    index_all(context)
    scope = f"case:{case.id}"
    with context.store.unit_of_work("judge-1", "note.save") as work:
        work.put(Kind.NOTE, scope, a_note(case.id, text=mark, reach=NoteReach.SHARED))
        work.delete(Kind.TERM, scope, f"gone-{case.id}")
    return case.id


def test_forgetting_one_case_leaves_nothing_of_it_and_all_of_the_others(context: DeskContext, tmp_path: Path) -> None:
    gone, kept = filled(context, MARK), filled(context, "ЖИРАФ")
    kept_before = everything(context).count("ЖИРАФ")
    assert words_in_index(context) > 0

    with context.store.writing() as connection:
        names = forget_scope(connection, f"case:{gone}")

    assert len(names) == 1
    assert (tmp_path / "files" / names[0]).is_file()
    text = everything(context)
    assert MARK not in text
    assert words_in_index(context) == 0
    assert text.count("ЖИРАФ") == kept_before
    assert f"case:{kept}" in text
    lines = [(row.scope, row.state, row.code, row.body) for row in rows_of(context, outbox)]
    assert lines.count((f"case:{gone}", OutboxState.REFUSED, "no_such_scope", "null")) == 2
    assert {row.record_id for row in rows_of(context, shadow)} == {
        row.record_id for row in rows_of(context, outbox) if row.scope == f"case:{kept}"
    }


def test_forgetting_what_was_never_here_does_nothing(context: DeskContext) -> None:
    case = filled(context, MARK)
    before = everything(context)
    with context.store.writing() as connection:
        assert forget_scope(connection, "case:unknown") == []
    assert everything(context) == before
    assert case


def test_own_notes_on_a_withdrawn_case_stay_with_their_author(context: DeskContext) -> None:
    case = filled(context, MARK)
    own = a_note(case, text="моё")
    agreed(context, Kind.NOTE, "user:judge-1", [own])
    with context.store.writing() as connection:
        forget_scope(connection, f"case:{case}")
    assert "моё" in everything(context)
