"""Notes and marks: private ones stay in the author's scope, shared ones travel with the case."""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.domain.changes import Changes
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.services.context import DeskContext


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
        raise NotImplementedError

    def of_document(self, document_id: str) -> list[NoteRow]:
        """The notes of one document, by page."""
        raise NotImplementedError

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
        raise NotImplementedError

    def save(self, note: Note) -> Changes:
        """Save a note; one whose reach changed moves to the other scope under a new id. Raises BadInput for no text."""
        raise NotImplementedError

    def delete(self, note_id: str) -> Changes:
        raise NotImplementedError
