"""Finding words in the document that is open: how many, and from one to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import say, say_plain


class FindBar(QWidget):
    """Hidden until ``open_bar``.

    Signals:
        asked: (query) find this; empty for nothing.
        next_asked / previous_asked: go to another hit.
        closed: put away.
    """

    asked = Signal(str)
    next_asked = Signal()
    previous_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField("reader.find.placeholder")
        self._count = PlainLabel(face="caption", tone="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 0, Space.ROW, Space.ROW)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        for name, key, hint, signal in (
            ("chevron-up", "reader.find.previous", "Shift+F3", self.previous_asked),
            ("chevron-down", "reader.find.next", "F3", self.next_asked),
            ("x", "reader.find.close", "Esc", None),
        ):
            button = IconButton(name, key, hint)
            button.clicked.connect(self.close_bar if signal is None else signal)
            row.addWidget(button)
        self.field.asked.connect(self.asked)
        self.field.returnPressed.connect(self.next_asked)
        self.hide()

    def open_bar(self, query: str = "") -> None:
        """Show it, with the keyboard in it; a query is put there and asked."""
        self.show()
        if query:
            self.show_query(query)
        self.field.setFocus()
        self.field.selectAll()

    def show_query(self, query: str) -> None:
        """The words that are marked now came from elsewhere, such as the list of hits."""
        self.show()
        self.field.set_quietly(query)

    def close_bar(self) -> None:
        self.hide()
        self.field.set_quietly("")
        self.closed.emit()

    def show_count(self, position: int, total: int, *, busy: bool = False) -> None:
        """``position`` from 1; 0 of 0 says that nothing was found."""
        if total:
            say(self._count.setText, "reader.find.count", position=position, total=total)
        elif busy:
            say(self._count.setText, "reader.find.busy")
        else:
            say(self._count.setText, "reader.find.none")

    def show_no_text(self) -> None:
        say(self._count.setText, "reader.find.no_text")

    def clear_count(self) -> None:
        say_plain(self._count.setText, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            return
        super().keyPressEvent(event)
