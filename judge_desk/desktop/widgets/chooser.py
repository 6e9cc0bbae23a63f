"""A choice out of a short list, drawn with an arrow in the theme's colours: a style sheet can only show a black one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Size, Space, Theme


class Chooser(QComboBox):
    """As wide as its longest entry where there is room, never wider than what is around it allows."""

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(2 * Size.FIELD_SHORT), super().minimumSizeHint().height())

    def shown_text(self) -> str:
        """What stands in the field: Qt itself would cut a long entry within a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, option = Theme.current(), QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.shown_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        side = theme.px(Space.CARD)
        tone = "muted" if self.isEnabled() else "edge"
        picture = pixmap("chevron-down", tone, Space.CARD, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - theme.px(Space.ROW), (self.height() - side) // 2, picture)
