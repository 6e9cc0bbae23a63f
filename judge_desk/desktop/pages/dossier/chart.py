"""Small bars that begin at zero and say their figures; nothing is told by length or colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from judge_desk.desktop.theme import Size, Space, Theme

LEAST_BAR_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``text`` is the figure in words; an empty ``label`` continues the group of the bar above."""

    label: str
    value: float
    text: str
    tone: str = "accent"


class BarChart(QWidget):
    """``show_bars(bars, most)``; every bar is measured against ``most``, or the longest one.

    Where label, bar and figure do not fit beside each other, the bar stands under the words: none of them is cut.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._most = 0.0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        Theme.current().changed.connect(self.updateGeometry)

    def show_bars(self, bars: Sequence[Bar], most: float = 0.0) -> None:
        self._bars = tuple(bars)
        self._most = most or max((bar.value for bar in bars), default=0.0)
        self.setAccessibleDescription("; ".join(f"{bar.label} {bar.text}".strip() for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = Theme.current().px(Size.SIDE)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        stacked = self._is_stacked(width)
        return sum(self._height(bar, stacked=stacked) for bar in self._bars)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(Theme.current().font("caption"))
        top, stacked = 0, self._is_stacked(self.width())
        paint = self._paint_stacked if stacked else self._paint_bar
        for bar in self._bars:
            height = self._height(bar, stacked=stacked)
            paint(painter, QRect(0, top, self.width(), height), bar)
            top += height

    def _paint_bar(self, painter: QPainter, room: QRect, bar: Bar) -> None:
        theme = Theme.current()
        row = QRect(room.left(), room.bottom() + 1 - self._line(), room.width(), self._line())
        labels, figure = self._columns()
        gap = theme.px(Space.ROW)
        field = row.adjusted(labels + gap, 0, -figure - gap, 0)
        self._write(painter, QRect(row.left(), row.top(), labels, row.height()), bar.label, "muted")
        thick = theme.px(Space.GAP)
        self._paint_groove(painter, QRect(field.left(), field.center().y() - thick // 2, field.width(), thick), bar)
        self._write(painter, QRect(field.right() + gap, row.top(), figure, row.height()), bar.text, "text")

    def _paint_stacked(self, painter: QPainter, room: QRect, bar: Bar) -> None:
        thick = Theme.current().px(Space.ROW)
        groove = QRect(room.left(), room.bottom() + 1 - thick, room.width(), thick)
        words = QRect(room.left(), groove.top() - self._line(), room.width(), self._line())
        figure = min(painter.fontMetrics().horizontalAdvance(bar.text) + 2, words.width())
        label = QRect(words.left(), words.top(), max(0, words.width() - figure - thick), words.height())
        self._write(painter, label, bar.label, "muted")
        self._write(painter, QRect(words.right() + 1 - figure, words.top(), figure, words.height()), bar.text, "text")
        self._paint_groove(painter, groove, bar)

    def _paint_groove(self, painter: QPainter, groove: QRect, bar: Bar) -> None:
        theme = Theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("hover"))
        painter.drawRect(groove)
        length = round(groove.width() * bar.value / self._most) if self._most > 0 else 0
        painter.setBrush(theme.colour(bar.tone))
        painter.drawRect(QRect(groove.left(), groove.top(), length, groove.height()))

    def _columns(self) -> tuple[int, int]:
        """Widths of labels and figures."""
        metrics = QFontMetrics(Theme.current().font("caption"))
        label = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0) + 2
        return label, max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0) + 2

    def _is_stacked(self, width: int) -> bool:
        """Whether the bars would get less than their share beside the words."""
        return width - sum(self._columns()) - 2 * Theme.current().px(Space.ROW) < width * LEAST_BAR_SHARE

    @staticmethod
    def _write(painter: QPainter, room: QRect, text: str, tone: str) -> None:
        painter.setPen(Theme.current().colour(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _height(self, bar: Bar, *, stacked: bool) -> int:
        """A bar with a label begins a group and stands a little apart."""
        theme = Theme.current()
        apart = theme.px(Space.TIGHT) if bar.label else 0
        return self._line() + apart + (theme.px(Space.ROW) if stacked else 0)

    @staticmethod
    def _line() -> int:
        return QFontMetrics(Theme.current().font("caption")).height() + Theme.current().px(Space.TIGHT)
