"""Notes of a case beside its documents: where each belongs, who may read it, and the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.pages.case.note_editor import NoteEditor
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import IconButton, LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.wording import t
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.services.notes import NoteRow


class NoteItem(QFrame):
    """One note; Enter or a click goes to its page.

    Signals:
        opened / edit_asked / delete_asked: this one.
    """

    opened = Signal()
    edit_asked = Signal()
    delete_asked = Signal()

    def __init__(self, row: NoteRow, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "item")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        note = row.note
        is_private = note.reach is NoteReach.PRIVATE
        badge = Badge(tone="muted" if is_private else "accent", shape="lock" if is_private else "users-round")
        badge.say("word.note.private" if is_private else "word.note.shared")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.ROW, Space.ROW, Space.ROW, Space.TIGHT)
        column.setSpacing(Space.TIGHT)
        column.addWidget(PlainLabel(place, "strong", elide=True))
        if note.quote:
            column.addWidget(PlainLabel(f"«{note.quote}»", "caption", "muted", wrap=True))
        if note.text:
            column.addWidget(PlainLabel(note.text, wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(Space.TIGHT)
        foot.addWidget(badge)
        pending = t("notes.not_sent") if row.pending and not is_private else ""
        foot.addWidget(
            PlainLabel(joined("" if row.is_own else row.author_name, pending), "caption", "muted", elide=True), 1
        )
        if row.is_own:
            for icon, key, signal in (
                ("pen-line", "notes.edit", self.edit_asked),
                ("trash-2", "notes.delete", self.delete_asked),
            ):
                button = IconButton(icon, key)
                button.clicked.connect(signal)
                foot.addWidget(button)
        column.addLayout(foot)
        self.setAccessibleName(joined(place, note.text, badge.text()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.edit_asked.emit()
        else:
            super().keyPressEvent(event)


class NotesSection(QWidget):
    """``show_notes(rows, titles)``; ``editor`` stands above the list.

    Signals:
        new_asked: write one on the page in view.
        opened: (Note) go to its page.
        edit_asked / delete_asked: (Note).
    """

    new_asked = Signal()
    opened = Signal(object)
    edit_asked = Signal(object)
    delete_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = NoteEditor()
        self._items: list[QWidget] = []
        self._rows: Sequence[NoteRow] = ()
        self._titles: Mapping[str, str] = {}
        head = SectionHead("notes.title")
        add = LinkButton("notes.new", "M")
        add.clicked.connect(self.new_asked)
        head.add_trailing(add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._column.addWidget(head)
        self._column.addWidget(self.editor)

    def show_notes(self, rows: Sequence[NoteRow], titles: Mapping[str, str]) -> None:
        """Fill anew; the note being written stays in the editor, not in the list."""
        self._rows, self._titles = rows, titles
        self.refill()

    def refill(self) -> None:
        for item in self._items:
            item.deleteLater()
        shown = [row for row in self._rows if row.note.id != self.editor.note_id]
        self._items = [self._item(row) for row in shown]
        if not self._rows and not self.editor.note_id:
            self._items = [PlainLabel(t("notes.none"), tone="muted", wrap=True)]
        for item in self._items:
            self._column.addWidget(item)

    def place_of(self, note: Note) -> str:
        """ "p. 3 · Receipts", or that it is about the whole case."""
        if not note.document_id:
            return t("notes.whole_case")
        page = t("documents.page", page=note.page) if note.page else ""
        return joined(page, self._titles.get(note.document_id, ""))

    def _item(self, row: NoteRow) -> NoteItem:
        item = NoteItem(row, self.place_of(row.note))
        item.opened.connect(lambda: self.opened.emit(row.note))
        item.edit_asked.connect(lambda: self.edit_asked.emit(row.note))
        item.delete_asked.connect(lambda: self.delete_asked.emit(row.note))
        return item
