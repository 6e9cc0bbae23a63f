"""Small bars that begin at zero and say their figures; nothing is told by length or colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from judge_desk.desktop.theme import Size, Space, Theme

MOST_FIGURE_SHARE = 0.5
LEAST_BAR_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``text`` is the figure in words; an empty ``label`` continues the group of the bar above."""

    label: str
    value: float
    text: str
    tone: str = "accent"


class BarChart(QWidget):
    """``show_bars(bars, most)``; every bar is measured against ``most``, or the longest one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._most = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.updateGeometry)

    def show_bars(self, bars: Sequence[Bar], most: float = 0.0) -> None:
        self._bars = tuple(bars)
        self._most = most or max((bar.value for bar in bars), default=0.0)
        self.setAccessibleDescription("; ".join(f"{bar.label} {bar.text}".strip() for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().px(Size.SIDE), sum(self._height(bar) for bar in self._bars))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(Theme.current().font("caption"))
        top = 0
        for bar in self._bars:
            height = self._height(bar)
            self._paint_bar(painter, QRect(0, top, self.width(), height), bar)
            top += height

    def _paint_bar(self, painter: QPainter, room: QRect, bar: Bar) -> None:
        theme = Theme.current()
        row = QRect(room.left(), room.bottom() + 1 - self._line(), room.width(), self._line())
        labels, figure = self._columns()
        gap = theme.px(Space.ROW)
        field = row.adjusted(labels + gap, 0, -figure - gap, 0)
        self._write(painter, QRect(row.left(), row.top(), labels, row.height()), bar.label, "muted")
        thick = theme.px(Space.GAP)
        groove = QRect(field.left(), field.center().y() - thick // 2, field.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("hover"))
        painter.drawRect(groove)
        length = round(groove.width() * bar.value / self._most) if self._most > 0 else 0
        painter.setBrush(theme.colour(bar.tone))
        painter.drawRect(QRect(groove.left(), groove.top(), length, thick))
        self._write(painter, QRect(field.right() + gap, row.top(), figure, row.height()), bar.text, "text")

    def _columns(self) -> tuple[int, int]:
        """Widths of labels and figures: the figures stay whole, the bars give way, then the labels."""
        metrics = QFontMetrics(Theme.current().font("caption"))
        figure = max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0) + 2
        label = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0) + 2
        figure = min(figure, int(self.width() * MOST_FIGURE_SHARE))
        room = self.width() - figure - int(self.width() * LEAST_BAR_SHARE) - 2 * Theme.current().px(Space.ROW)
        return min(label, max(0, room)), figure

    @staticmethod
    def _write(painter: QPainter, room: QRect, text: str, tone: str) -> None:
        painter.setPen(Theme.current().colour(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _height(self, bar: Bar) -> int:
        """A bar with a label begins a group and stands a little apart."""
        return self._line() + (Theme.current().px(Space.TIGHT) if bar.label else 0)

    @staticmethod
    def _line() -> int:
        return QFontMetrics(Theme.current().font("caption")).height() + Theme.current().px(Space.TIGHT)
