"""Finding words in the document that is open: how many, and from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import say, say_plain


class _Words(SearchField):
    """Esc puts the bar away at once, whatever stands in it.

    Signals:
        escaped: the person has seen enough.
    """

    escaped = Signal()

    def event(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)


class FindBar(QWidget):
    """Hidden until ``open_bar``.

    Signals:
        asked: (query) find this; empty for nothing.
        next_asked / previous_asked: go to another hit.
        closed: put away.
        left: put away by the person, who goes on reading.
    """

    asked = Signal(str)
    next_asked = Signal()
    previous_asked = Signal()
    closed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Words("reader.find.placeholder")
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
            button.clicked.connect(self.leave if signal is None else signal)
            row.addWidget(button)
        self.field.asked.connect(self.asked)
        self.field.returnPressed.connect(self.next_asked)
        self.field.escaped.connect(self.leave)
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

    def leave(self) -> None:
        """Put away, and back to the pages."""
        self.close_bar()
        self.left.emit()

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
