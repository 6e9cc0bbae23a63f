"""What a person does with footnotes: put one in, go to it and back, take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from judge_desk.desktop.editor import formats, notes
from judge_desk.desktop.editor.note_marks import NoteMarks
from judge_desk.desktop.wording import t

if TYPE_CHECKING:
    from judge_desk.desktop.editor.act_edit import ActEdit


class Noting:
    """The deeds of one text; ``marks`` draws and numbers."""

    def __init__(self, edit: ActEdit) -> None:
        self._edit = edit
        self.marks = NoteMarks(edit.document(), edit)
        self._said = ""
        edit.cursorPositionChanged.connect(self._say_where)

    def put(self) -> None:
        """A footnote at the caret, ready to be written; from a mark to its note, and from a note back to its mark."""
        cursor = self._edit.textCursor()
        found = notes.note_at(cursor)
        if found and notes.is_note(cursor.block()):
            self.go_back()
        elif found and not cursor.hasSelection():
            self._edit.go_to(found)
        elif not self._edit.isReadOnly():
            made = notes.insert(cursor)
            if not made or not self._edit.go_to(made):
                self._edit.refused.emit("editor.refused.footnote")

    def go_back(self) -> bool:
        """The caret goes from a note behind its mark."""
        found = notes.note_at(self._edit.textCursor())
        place = next((place for place, note in notes.marks_in(self._edit.document()) if note == found), None)
        if place is None:
            return False
        cursor = self._edit.textCursor()
        cursor.setPosition(place + 1)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()
        return True

    def drop(self) -> None:
        """Take out the note that the caret stands in, or at the mark of which."""
        cursor = self._edit.textCursor()
        found = notes.note_at(cursor)
        if found and not self._edit.isReadOnly() and notes.drop(cursor, found):
            self._edit.setTextCursor(cursor)
            self._edit.ensureCursorVisible()

    def cut(self) -> None:
        """What is selected goes onto the clipboard, with the notes of its marks."""
        cursor = self._edit.textCursor()
        if cursor.hasSelection():
            self._edit.copy()
            with notes.kept(cursor):
                cursor.removeSelectedText()
            self._edit.setTextCursor(cursor)

    def here(self) -> str:
        """What the caret stands at, in words: the number of the note, and at its mark what it says."""
        cursor = self._edit.textCursor()
        note = notes.note_at(cursor)
        if not note:
            return ""
        name = t("drafting.footnote", number=self.marks.numbers.get(note, ""))
        line = None if notes.is_note(cursor.block()) else notes.note_line(self._edit.document(), note)
        return name if line is None else f"{name}: {formats.as_typed(line.text())}"

    def _say_where(self) -> None:
        """A screen reader finds no letter in a mark, so it is told."""
        if not QAccessible.isActive():
            return
        before, self._said = self._said, self.here()
        if self._said and self._said != before:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._edit, self._said))

    def name_at(self, position: int) -> str:
        """The words of the note whose mark stands at a position, behind its number; "" where there is none."""
        document = self._edit.document()
        note = next((note for place, note in notes.marks_of(document.findBlock(position)) if place == position), "")
        line = notes.note_line(document, note) if note else None
        return f"{self.marks.numbers.get(note, '')}. {formats.as_typed(line.text())}" if line is not None else ""
