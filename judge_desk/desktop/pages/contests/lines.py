"""A column of labels that is filled anew: headings, sentences and their reasons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t


class Lines(QWidget):
    """``clear()``, then ``head(text)``, ``say(text, tone)``, ``under(text)``; every text can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Theme.current().px(Space.TIGHT))

    def clear(self) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def head(self, text: str) -> None:
        """A small heading, with room above it."""
        label = self._add(text, "strong", "text")
        label.setContentsMargins(0, Theme.current().px(Space.ROW), 0, 0)

    def say(self, text: str, tone: str = "text") -> None:
        self._add(text, "body", tone)

    def fact(self, key: str, value: str, tone: str = "text") -> None:
        """What it is and what it says, in one sentence that goes on in the next line where there is little room."""
        self._add(t("contests.fact", name=t(key), value=value), "body", tone)

    def under(self, text: str, tone: str = "muted") -> None:
        """What belongs to the line above: a reason, the judge's own words."""
        label = self._add(text, "body", tone)
        label.setContentsMargins(Theme.current().px(Space.CARD), 0, 0, 0)

    def _add(self, text: str, face: str, tone: str) -> PlainLabel:
        label = PlainLabel(text, face, tone, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)
        return label
