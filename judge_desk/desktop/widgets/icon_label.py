"""An icon standing by itself; it follows the theme and says nothing to a screen reader (a word stands beside it)."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Size, Theme


class IconLabel(QLabel):
    """``IconLabel("gavel", "muted")``; ``set_icon`` changes name and colour token."""

    def __init__(self, name: str, tone: str = "text", size: int = Size.ICON, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self._draw()
        Theme.current().changed.connect(self._draw)

    def set_icon(self, name: str, tone: str) -> None:
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        if self._name:
            self.setPixmap(pixmap(self._name, self._tone, self._size, self.devicePixelRatioF()))
