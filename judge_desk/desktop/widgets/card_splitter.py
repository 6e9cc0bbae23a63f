"""Cards side by side whose borders a person moves, as far apart as cards are everywhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from judge_desk.desktop.theme import Space, Theme


class CardSplitter(QSplitter):
    """``CardSplitter(left, right)``: from left to right, none of them dragged away. The gap grows with the letters."""

    def __init__(self, *cards: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        for card in cards:
            self.addWidget(card)
        self.setChildrenCollapsible(False)
        self._part()
        Theme.current().changed.connect(self._part)

    def _part(self) -> None:
        self.setHandleWidth(Theme.current().px(Space.GAP))
