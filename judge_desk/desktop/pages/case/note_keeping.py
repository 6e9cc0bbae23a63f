"""Keeps notes of a case page: begins them on the page in view, saves them while one types, deletes with undo."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.case.notes_section import NotesSection
from judge_desk.desktop.reader.reader import Reader
from judge_desk.domain.changes import Changes
from judge_desk.domain.notes import Note
from judge_desk.services.cases import CaseFile
from judge_desk.services.documents import DocumentRow


class NoteKeeping(QObject):
    """Between the notes section, the reader and the service."""

    def __init__(self, context: PageContext, section: NotesSection, reader: Reader, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._section, self._reader = context, section, reader
        self._title = ""
        section.editor.save_asked.connect(self._save)
        section.editor.ended.connect(self._ended)
        section.edit_asked.connect(self._edit)
        section.delete_asked.connect(self._delete)

    def show_file(self, file: CaseFile) -> None:
        """The title of the document in view may have another wording now."""
        row = next((each for each in file.documents if each.document.id == self._reader.document_id), None)
        if row is not None:
            self.show_place(row)

    def show_place(self, row: DocumentRow) -> None:
        self._title = row.document.title

    def begin(self, case_id: str) -> None:
        """A new note on the page in view, with the marked text as its quotation; on the case where nothing is open."""
        reader = self._reader
        is_open = reader.is_open and bool(reader.document_id)
        note = self._context.desk.notes.new(
            case_id,
            "",
            document_id=reader.document_id if is_open else "",
            page=reader.page if is_open else 0,
            quote=reader.selected_text() if is_open else "",
        )
        self._section.editor.write(note, self._section.place_of(note), is_kept=False)

    def save(self) -> None:
        """What was typed goes to the disk now."""
        self._section.editor.save()

    def end(self) -> bool:
        """Save and put the editor away; False when none was open."""
        was_open = bool(self._section.editor.note_id)
        self._section.editor.end()
        return was_open

    def _edit(self, note: Note) -> None:
        self._section.editor.write(note, self._section.place_of(note), is_kept=True)
        self._section.refill()

    def _save(self, note: Note, replaced_id: str) -> None:
        notes = self._context.desk.notes

        def keep() -> Changes:
            changes = notes.save(note)
            return changes | notes.delete(replaced_id) if replaced_id else changes

        self._context.tasks.run(keep, self._tell, keep=True)

    def _delete(self, note: Note) -> None:
        notes = self._context.desk.notes
        self._context.tasks.run(partial(notes.delete, note.id), self._tell)
        self._context.window.toast("notes.deleted", lambda: self._save(note, ""))

    def _tell(self, changes: Changes) -> None:
        self._context.events.announce(changes, self)

    def _ended(self) -> None:
        self._section.refill()
        self._reader.focus_pages()
