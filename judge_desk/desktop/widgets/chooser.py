"""A choice out of a short list, drawn with an arrow in the theme's colours: a style sheet can only show a black one."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Size, Space, Theme


class Chooser(QComboBox):
    """As wide as its longest entry where there is room, never wider than what is around it allows."""

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(2 * Size.FIELD_SHORT), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, painter = Theme.current(), QPainter(self)
        side = theme.px(Space.CARD)
        tone = "muted" if self.isEnabled() else "edge"
        picture = pixmap("chevron-down", tone, Space.CARD, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - theme.px(Space.ROW), (self.height() - side) // 2, picture)
