"""Notes and marks: private ones stay in the author's scope, shared ones travel with the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.services.context import DeskContext
from judge_desk.store import notes, people
from judge_desk.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note with its author's name; ``is_own`` says whether this person may change it."""

    note: Note
    author_name: str
    is_own: bool
    pending: int = 0


class NoteService:
    """Every save is on disk before the call returns."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def of_case(self, case_id: str) -> list[NoteRow]:
        """All notes of a case that this person may read: pinned first, then the newest."""
        with self._context.store.reading() as connection:
            return self.case_rows(connection, case_id)

    def case_rows(self, connection: Connection, case_id: str) -> list[NoteRow]:
        """``of_case`` within somebody else's read."""
        rows = self._rows(connection, notes.of_case(connection, case_id))
        return sorted(rows, key=lambda each: not each.note.pinned)

    def of_document(self, document_id: str) -> list[NoteRow]:
        """The notes of one document, by page."""
        with self._context.store.reading() as connection:
            rows = self._rows(connection, notes.of_document(connection, document_id))
        return sorted(rows, key=lambda each: each.note.page)

    def new(
        self,
        case_id: str,
        text: str,
        *,
        reach: NoteReach = NoteReach.PRIVATE,
        document_id: str = "",
        page: int = 0,
        quote: str = "",
    ) -> Note:
        """An unsaved note of this person; give it to ``save``."""
        return Note(
            id=new_id(),
            case_id=case_id,
            author_id=self._context.person.id,
            reach=reach,
            text=text,
            document_id=document_id,
            page=page,
            quote=quote,
            created_at=self._context.clock.now(),
        )

    def save(self, note: Note) -> Changes:
        """Save a note; one whose reach changed moves to the other scope under a new id. Raises BadInput for no text."""
        if not note.text.strip() and not note.quote:
            raise BadInput("notes.save.empty")
        context = self._context
        now = context.clock.now()
        note = replace(note, changed_at=now, created_at=note.created_at or now)
        with context.store.unit_of_work(context.person.id, "note.save") as work:
            before: Note | None = work.get(Kind.NOTE, note.id)
            if before is not None and before.reach is not note.reach:
                self._remove(work, before)
                before, note = None, replace(note, id=new_id())
            scope = self._scope(note)
            context.authorise(work, Kind.NOTE, scope, before, note)
            work.put(Kind.NOTE, scope, note)
        return work.changes

    def delete(self, note_id: str) -> Changes:
        """Remove an own note; raises NotFound, NotAllowed."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "note.delete") as work:
            before: Note | None = work.get(Kind.NOTE, note_id)
            if before is None:
                raise NotFound(kind=Kind.NOTE.value, id=note_id)
            self._remove(work, before)
        return work.changes

    def _remove(self, work: UnitOfWork, note: Note) -> None:
        scope = self._scope(note)
        self._context.authorise(work, Kind.NOTE, scope, note, None)
        work.delete(Kind.NOTE, scope, note.id)

    def _scope(self, note: Note) -> str:
        return case_scope(note.case_id) if note.reach is NoteReach.SHARED else user_scope(note.author_id)

    def _rows(self, connection: Connection, found: Iterable[tuple[Note, int]]) -> list[NoteRow]:
        listed = list(found)
        me = self._context.person
        names = {**people.names(connection, (note.author_id for note, _ in listed)), me.id: me.name}
        return [
            NoteRow(
                note=note,
                author_name=names.get(note.author_id, ""),
                is_own=note.author_id == me.id,
                pending=pending,
            )
            for note, pending in listed
        ]
