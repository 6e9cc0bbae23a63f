"""The heading of a section or card, with room at its right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class SectionHead(QWidget):
    """``SectionHead("case.parties")``; ``add_trailing`` puts a widget at the right."""

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label = PlainLabel(face="section", elide=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label, 1)
        self._space()
        Theme.current().changed.connect(self._space)
        if key:
            self.set_text(key)

    def set_text(self, key: str, **params: object) -> None:
        say(self._label.setText, key, **params)

    def set_plain_text(self, text: str) -> None:
        """A heading from data, such as a name."""
        say_plain(self._label.setText, text)

    def add_trailing(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def _space(self) -> None:
        self._row.setSpacing(Theme.current().px(Space.ROW))
