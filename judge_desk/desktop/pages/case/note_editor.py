"""Writing a note: on a page or on the whole case, for oneself or shared; saved while one types."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import say, say_plain, t
from judge_desk.domain.ids import new_id
from judge_desk.domain.notes import Note, NoteReach

SAVE_MS = 2_000


class _Text(QPlainTextEdit):
    """Ctrl+Enter and Esc end it; Tab goes on."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.done.emit()
            return
        super().keyPressEvent(event)


class NoteEditor(QFrame):
    """``write(note, place)``; hidden otherwise.

    Signals:
        save_asked: (Note, id of the one it replaces or "") keep it now; comes while typing and at the end, never for an
            empty note. A note whose reach changed lives on under a new id, since it moves to another scope.
        ended: put away.
    """

    save_asked = Signal(object, str)
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: Note | None = None
        self._saved, self._is_kept = "", False
        self.setProperty("kind", "banner")
        self._place = PlainLabel(face="strong", elide=True)
        self._quote = PlainLabel(face="caption", tone="muted", wrap=True)
        self.text = _Text()
        self.text.setTabChangesFocus(True)
        say(self.text.setAccessibleName, "notes.text")
        say(self.text.setPlaceholderText, "notes.text.placeholder")
        self.text.setFixedHeight(2 * Theme.current().px(Size.ROW_TWO_LINES))
        self.reach = Segmented([(each.value, f"word.note.{each.value}") for each in NoteReach], "notes.reach")
        done = QuietButton("notes.done", "Ctrl+Return")
        row = FlowRow()
        row.add(self.reach)
        row.add(done)
        self._state = PlainLabel(face="caption", tone="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setSpacing(Space.ROW)
        column.addWidget(self._place)
        column.addWidget(self._quote)
        column.addWidget(self.text)
        column.addWidget(row)
        column.addWidget(self._state)
        self._pause = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._pause.timeout.connect(self.save)
        self.text.textChanged.connect(self._typed)
        self.text.done.connect(self.end)
        self.reach.picked.connect(lambda _value: self._typed())
        done.clicked.connect(self.end)
        self.hide()

    @property
    def note_id(self) -> str:
        """The note being written, or an empty text."""
        return self._note.id if self._note is not None else ""

    def write(self, note: Note, place: str, *, is_kept: bool) -> None:
        """Begin with a note; ``place`` says where it belongs, ``is_kept`` whether it was saved before."""
        self.end()
        self._note, self._saved, self._is_kept = note, note.text, is_kept
        say_plain(self._place.setText, place)
        say_plain(self._quote.setText, f"«{note.quote}»" if note.quote else "")
        self._quote.setVisible(bool(note.quote))
        self.text.blockSignals(True)
        self.text.setPlainText(note.text)
        self.text.blockSignals(False)
        self.reach.set_value(note.reach.value)
        say(self._state.setText, "notes.kept_while_typing")
        self.show()
        self.text.setFocus()

    def save(self) -> None:
        """Hand over what was typed, if it is anything new."""
        self._pause.stop()
        if self._note is None:
            return
        text = self.text.toPlainText().strip()
        reach = NoteReach(self.reach.value() or NoteReach.PRIVATE.value)
        if (text or self._note.quote) and (text != self._saved or reach is not self._note.reach):
            moves = self._is_kept and reach is not self._note.reach
            old_id = self._note.id if moves else ""
            self._note = replace(self._note, id=new_id() if moves else self._note.id, text=text, reach=reach)
            self._saved, self._is_kept = text, True
            self.save_asked.emit(self._note, old_id)
            say_plain(self._state.setText, t("common.saved"))

    def end(self) -> None:
        """Save and put away."""
        if self._note is None:
            return
        self.save()
        self._note = None
        # First the focus goes where it belongs; a hidden field would hand it to whatever is next.
        self.ended.emit()
        self.hide()

    def _typed(self) -> None:
        if not self._pause.isActive():
            self._pause.start()
