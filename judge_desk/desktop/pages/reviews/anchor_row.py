"""One score of the scale with what it looks like in an act: the whole row is the button."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from judge_desk.desktop.theme import Corner, Size, Space, Theme

WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class AnchorRow(QAbstractButton):
    """Checkable; the number in a ring, filled when chosen, and the anchor's words, as many lines as they need."""

    def __init__(self, score: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score, self._words = score, words
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{score}: {words}")
        Theme.current().changed.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        theme = Theme.current()
        room = QRect(0, 0, max(1, width - self._text_left() - theme.px(Space.ROW)), Size.WINDOW_HEIGHT)
        words = QFontMetrics(theme.font("body")).boundingRect(room, WRAPPED, self._words).height()
        return max(words, theme.px(Size.ICON)) + 2 * theme.px(Space.TIGHT) + 2

    def sizeHint(self) -> QSize:
        width = Theme.current().px(Size.SIDE)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(Size.SIDE) // 2, Theme.current().px(Size.ICON))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(theme.colour("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        hovered = self.underMouse() and self.isEnabled()
        ground = "accent_soft" if self.isChecked() else "hover" if hovered else ""
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room, Corner.CONTROL, Corner.CONTROL)
        self._paint_ring(painter)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text" if self.isChecked() or self.isEnabled() else "muted"))
        top = theme.px(Space.TIGHT)
        words = QRect(self._text_left(), top, self.width() - self._text_left() - theme.px(Space.ROW), self.height())
        painter.drawText(words, WRAPPED, self._words)

    def _paint_ring(self, painter: QPainter) -> None:
        theme = Theme.current()
        side = theme.px(Size.ICON) + theme.px(Space.TIGHT)
        ring = QRect(theme.px(Space.ROW), theme.px(Space.TIGHT), side, side)
        on = self.isChecked()
        painter.setPen(theme.colour("accent" if on else "edge"))
        painter.setBrush(theme.colour("accent") if on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        painter.setPen(theme.colour("on_accent" if on else "muted"))
        painter.setFont(theme.font("caption"))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), str(self.score))

    def _text_left(self) -> int:
        theme = Theme.current()
        return theme.px(Space.ROW) + theme.px(Size.ICON) + theme.px(Space.TIGHT) + theme.px(Space.GAP)
