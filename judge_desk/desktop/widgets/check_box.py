"""A choice to make or not, in the theme's colours: the box of the style does not show on the ground of a dialog."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Size
from judge_desk.desktop.widgets.tick_list import tick_mark


class CheckBox(QCheckBox):
    """The mark of ``TickList``: a square, with a tick where it is chosen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        name, tone = tick_mark(self.isChecked())
        picture = pixmap(name, tone if self.isEnabled() else "edge", Size.ICON, self.devicePixelRatioF())
        corner = picture.rect()
        corner.setSize(picture.deviceIndependentSize().toSize())
        corner.moveCenter(place.center())
        painter = QPainter(self)
        painter.drawPixmap(corner.topLeft(), picture)
