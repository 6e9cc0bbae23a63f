"""The text of an act under the hands of its author."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from judge_desk.desktop.editor import clipboard, commands, formats, margins, notes, places, showing
from judge_desk.desktop.editor.formats import Key
from judge_desk.desktop.editor.ids import mend
from judge_desk.desktop.editor.looks import Looks
from judge_desk.desktop.editor.noting import Noting
from judge_desk.desktop.editor.pointer import Pointer
from judge_desk.desktop.editor.reading import read_act
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.wording import say
from judge_desk.domain.acts import ActText, Mark

_ERASERS: Final = {
    Qt.Key.Key_Backspace: QTextCursor.MoveOperation.PreviousCharacter,
    Qt.Key.Key_Delete: QTextCursor.MoveOperation.NextCharacter,
}
_WORD_ERASERS: Final = {
    Qt.Key.Key_Backspace: QTextCursor.MoveOperation.PreviousWord,
    Qt.Key.Key_Delete: QTextCursor.MoveOperation.NextWord,
}


class ActEdit(QTextEdit):
    """Shows an act and takes what is typed; ``act()`` gives it back.

    Signals:
        edited: the text changed by the person's hand, or by undo.
        refused: (key) something was asked that would break the act; says why.
        reference_opened: (document id, page) a reference was clicked.
    """

    edited = Signal()
    refused = Signal(str)
    reference_opened = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._like: ActText | None = None
        self._filled_to = -1
        self._read: tuple[int, ActText] | None = None
        self._next_marks: tuple[Mark, ...] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "act")
        self.setAcceptRichText(True)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(False)
        self.setUndoRedoEnabled(True)
        self.pointer, self.notes = Pointer(self), Noting(self)
        self.pointer.clicked.connect(self.open_reference)
        say(self.setAccessibleName, "editor.name")
        self.looks = Looks(self.document())
        self.pointer.note_name = self.notes.name_at
        # Once only: a margin is a format of the text, and changing it later would be an edit to undo.
        self.document().setDocumentMargin(Theme.current().px(Space.PAGE))
        self._dress()
        Theme.current().changed.connect(self._dress)
        # Not contentsChanged: colours laid over the text would count as edits.
        self.document().contentsChange.connect(self._tell)
        self.cursorPositionChanged.connect(self._leave_part_line)

    def show_act(self, act: ActText) -> None:
        """Another act, or the same anew; nothing before it can be undone."""
        self._like = self._read = None
        showing.show_act(self.document(), act)
        self.notes.marks.look_again()
        self._like = act
        self.setTextCursor(QTextCursor(self.document()))
        self._leave_part_line()

    def take_act(self, act: ActText) -> None:
        """Another text of the same act (merged, restored); the caret stays where it was and undo brings all back."""
        if self._like is None:
            return
        block_id, offset, scroll = self.block_id(), self.textCursor().positionInBlock(), self.verticalScrollBar()
        before = scroll.value()
        self._like, self._read = act, None
        showing.replace_act(self.document(), act)
        if not self.go_to(block_id, offset):
            self.setTextCursor(QTextCursor(self.document()))
        scroll.setValue(before)

    def act(self) -> ActText:
        """The text as it stands, every block with an id of its own."""
        assert self._like is not None
        mend(self.document())
        revision = self.document().revision()
        if self._read is None or self._read[0] != revision:
            self._read = (revision, read_act(self.document(), self._like))
        return self._read[1]

    @property
    def has_act(self) -> bool:
        return self._like is not None

    def language_at(self, cursor: QTextCursor) -> str:
        """The language of a line: its own, or the act's."""
        return commands.language_of(cursor.block()) or (self._like.language.value if self._like else "")

    def block_id(self) -> str:
        """The id of the block at the caret, of the table for a cell; may be empty."""
        table = commands.table_at(self.textCursor())
        look = table.format() if table is not None else self.textCursor().block().blockFormat()
        return look.stringProperty(Key.ID)

    def go_to(self, block_id: str, offset: int = 0) -> bool:
        """Put the caret into a block; False when it is not here."""
        place = places.place_of_block(self.document(), block_id, offset)
        return place is not None and self._put(place)

    def go_to_part(self, part: str) -> bool:
        """Put the caret at the beginning of a part, its name in sight."""
        place = places.place_of_part(self.document(), part)
        if place is None:
            return False
        self._put(self.document().characterCount() - 1)
        return self._put(place)

    def next_blank(self, *, backwards: bool = False) -> bool:
        """Select the next blank, round the end; False when none is left."""
        found = commands.blanks_in(self.document())
        if not found:
            return False
        at = self.textCursor().selectionStart() if backwards else self.textCursor().selectionEnd()
        rest = [each for each in found if (each[1] <= at if backwards else each[0] >= at)]
        chosen = (rest or found)[-1 if backwards else 0]
        cursor = self.textCursor()
        cursor.setPosition(chosen[0])
        cursor.setPosition(chosen[1], QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def toggle_mark(self, mark: Mark) -> None:
        """Bold, italic or underline for the selection, or for what is typed next."""
        if self.isReadOnly():
            return
        cursor = self.textCursor()
        if cursor.hasSelection():
            commands.toggle_mark(cursor, mark)
        else:
            marks = set(self.marks_here()) ^ {mark}
            self._next_marks = tuple(each for each in Mark if each in marks)

    def marks_here(self) -> tuple[Mark, ...]:
        if self._next_marks is not None:
            return self._next_marks
        return formats.marks_of(commands.typing_format(self.textCursor()))

    def insert_words(self, text: str) -> None:
        """What a key typed, in place of the selection."""
        cursor = self.textCursor()
        if not cursor.hasSelection() and (around := commands.blank_around(cursor, cursor.position())):
            _select(cursor, *around)
        if not self.may_write():
            return
        if notes.is_touched(cursor):
            with notes.kept(cursor):
                cursor.removeSelectedText()
        goes_on = not cursor.hasSelection() and cursor.position() == self._filled_to
        look = formats.held_format(cursor.charFormat(), on=False) if goes_on else commands.typing_format(cursor)
        if self._next_marks is not None:
            formats.set_marks(look, self._next_marks)
        cursor.insertText(text, look)
        commands.hold_together(cursor, self.language_at(cursor))
        self.setTextCursor(cursor)
        self._next_marks = None
        # What fills a blank belongs to its fact to the last letter, though nothing of the blank is left behind it.
        self._filled_to = cursor.position() if look.hasProperty(Key.FIELD) else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly() or not self._take_key(event):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString() and not self.may_write():
            return
        self.setCurrentCharFormat(commands.typing_format(self.textCursor()))
        super().inputMethodEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasFormat(clipboard.ACT_FORMAT)

    def insertFromMimeData(self, source: QMimeData) -> None:
        cursor = self.textCursor()
        if self.may_write():
            clipboard.paste(cursor, source)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        return clipboard.to_clipboard(self.textCursor())

    def open_reference(self, cursor: QTextCursor | None = None) -> bool:
        """Show the page that a reference at the caret names; False where there is none."""
        look = (cursor or self.textCursor()).charFormat()
        if not look.hasProperty(Key.DOCUMENT):
            return False
        self.reference_opened.emit(look.stringProperty(Key.DOCUMENT), look.intProperty(Key.PAGE))
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        margins.paint_margins(painter, self, self.notes.marks.numbers)
        painter.end()

    def _take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was ours; everything else (arrows, copy, undo) is Qt's."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._tab(
                backwards=key == Qt.Key.Key_Backtab,
                leaves=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
            )
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._enter()
            return True
        if key in _ERASERS:
            return self._erase(key, by_word=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        if event.matches(QKeySequence.StandardKey.Cut):
            if self.may_write():
                self.notes.cut()
            return True
        typed = event.text()
        is_command = event.modifiers() & Qt.KeyboardModifier.ControlModifier and not (
            event.modifiers() & Qt.KeyboardModifier.AltModifier
        )
        if typed and typed.isprintable() and not is_command:
            self.insert_words(typed)
            self.ensureCursorVisible()
            return True
        return False

    def _enter(self) -> None:
        cursor = self.textCursor()
        if not self.may_write():
            return
        if notes.is_note(cursor.block()):
            self.notes.go_back()
            return
        table = commands.table_at(cursor)
        if table is None:
            commands.split(cursor)
        else:
            place = table.cellAt(cursor)
            below = table.cellAt(min(place.row() + 1, table.rows() - 1), place.column())
            cursor.setPosition(table.lastPosition() + 1 if place.row() + 1 == table.rows() else below.firstPosition())
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _tab(self, *, backwards: bool, leaves: bool) -> bool:
        """To the next blank, cell or level; Ctrl+Tab is the keyboard's way out while blanks are left."""
        if leaves:
            return self.focusNextPrevChild(not backwards)
        cursor = self.textCursor()
        if commands.is_in_grid(cursor) or (commands.table_at(cursor) and not commands.blanks_in(self.document())):
            commands.next_cell(cursor, backwards=backwards)
            self.setTextCursor(cursor)
            return True
        if cursor.atBlockStart() and commands.change_level(cursor, -1 if backwards else 1):
            return True
        if not self.next_blank(backwards=backwards):
            self.focusNextPrevChild(not backwards)
        return True

    def _erase(self, key: Qt.Key, *, by_word: bool) -> bool:
        """Guard what Backspace and Delete would reach; a blank goes as a whole."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            line = cursor.block()
            step = (_WORD_ERASERS if by_word else _ERASERS)[key]
            if notes.is_note(line) and line.length() == 1:
                self.notes.drop()
                return True
            if not cursor.movePosition(step, QTextCursor.MoveMode.KeepAnchor) or not notes.reach_past(cursor, line):
                return True
            for edge in (cursor.selectionStart(), cursor.selectionEnd()):
                if around := commands.blank_around(cursor, edge):
                    _select(cursor, *around)
        if not self._may(cursor.selectionStart(), cursor.selectionEnd(), quiet=not self.textCursor().hasSelection()):
            return True
        with notes.kept(cursor) if notes.is_touched(cursor) else commands.one_step(cursor):
            cursor.removeSelectedText()
        self.setTextCursor(cursor)
        return True

    def may_write(self) -> bool:
        """Whether what is selected may be removed; says why not."""
        cursor = self.textCursor()
        return self._may(cursor.selectionStart(), cursor.selectionEnd())

    def _may(self, start: int, end: int, *, quiet: bool = False) -> bool:
        allowed = not self.isReadOnly() and commands.may_change(self.document(), start, end)
        if not allowed and not quiet and not self.isReadOnly():
            self.refused.emit("editor.refused.parts")
        return allowed

    def _put(self, position: int) -> bool:
        cursor = self.textCursor()
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def _leave_part_line(self) -> None:
        self._next_marks, cursor = None, self.textCursor()
        if self._like is not None and not cursor.hasSelection() and commands.is_part_line(cursor.block()):
            line = cursor.block().next()
            if line.isValid():
                cursor.setPosition(line.position())
                self.setTextCursor(cursor)

    def _tell(self) -> None:
        if self._like is not None:
            self.notes.marks.look_again()
            self.edited.emit()

    def _dress(self) -> None:
        theme = Theme.current()
        self.document().setDefaultFont(theme.font("act"))
        self.document().setIndentWidth(theme.px(Space.PAGE))
        self.viewport().update()


def _select(cursor: QTextCursor, start: int, end: int) -> None:
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
