"""A card: one group of things on paper, with an optional heading."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.section_head import SectionHead


class Card(QFrame):
    """``body`` is its layout. ``Card("today.hearings")`` shows a heading; ``add_trailing`` puts a widget beside it."""

    def __init__(self, title_key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.head = SectionHead(title_key)
        self.body.addWidget(self.head)
        self.head.setVisible(bool(title_key))
        self._sides = (Space.CARD, Space.GAP)
        self._space()
        Theme.current().changed.connect(self._space)

    def set_title(self, key: str, **params: object) -> None:
        self.head.set_text(key, **params)
        self.head.setVisible(True)

    def set_padding(self, side: Space) -> None:
        """Another distance from the edge to what is inside, grown by the text scale like every other."""
        self._sides = (side, side)
        self._space()

    def add_trailing(self, widget: QWidget) -> None:
        """A count, a link or a small button at the right of the heading."""
        self.head.add_trailing(widget)

    def _space(self) -> None:
        theme = Theme.current()
        across, down = (theme.px(each) for each in self._sides)
        self.body.setContentsMargins(across, down, across, down)
        self.body.setSpacing(theme.px(Space.ROW))
