"""Facts in two columns: what it is, and what it says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class FactRows(QWidget):
    """``add("case.filed_on", "02.10.2026")``; adding a key again replaces its value. Values can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Theme.current().px(Space.CARD))
        self._grid.setVerticalSpacing(Space.TIGHT)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, PlainLabel] = {}

    def add(self, key: str, value: str, tone: str = "text") -> None:
        label = self._values.get(key)
        if label is None:
            label = self._values[key] = PlainLabel(wrap=True)
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            label.setTextInteractionFlags(flags)
            name = PlainLabel(face="caption", tone="muted")
            say(name.setText, key)
            say(label.setAccessibleName, key)
            row = len(self._values)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, row, 1)
        say_plain(label.setText, value)
        label.set_tone(tone)

    def add_widget(self, key: str, widget: QWidget) -> None:
        """A row whose value is a widget."""
        name = PlainLabel(face="caption", tone="muted")
        say(name.setText, key)
        row = self._grid.rowCount()
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(widget, row, 1)

    def clear(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._values.clear()
