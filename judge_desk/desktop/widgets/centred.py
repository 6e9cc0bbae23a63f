"""Puts one box into the middle of a face, a little above its centre, as wide as told and as high as it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Theme


class Centred(QScrollArea):
    """The box in a scroll area, so that nothing is cut in a small window; its width follows the text scale."""

    def __init__(self, box: QWidget, width: int = Size.DIALOG, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box, self._width = box, width
        # No alignment flags: with them Qt forgets that wrapped text grows higher as it gets narrower.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(box)
        row.addStretch(1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(middle)
        self._space()
        Theme.current().changed.connect(self._space)

    def _space(self) -> None:
        self._box.setFixedWidth(Theme.current().px(self._width))
