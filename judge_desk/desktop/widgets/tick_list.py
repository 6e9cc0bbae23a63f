"""Lines to tick, by mouse or with Space: what is in a batch, what is to be hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from judge_desk.desktop.icons import icon
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.wording import say

ID_ROLE: Final = Qt.ItemDataRole.UserRole
AnyIndex = QModelIndex | QPersistentModelIndex


def tick_mark(is_on: bool) -> tuple[str, str]:
    """Icon and colour token of a tick: square, for several may be chosen."""
    return ("square-check", "accent") if is_on else ("square", "muted")


class QuietRow(QStyledItemDelegate):
    """The current row is tinted while the keyboard is in the list, and only then: a tint beside ticks looks like one
    more choice."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        view = self.parent()
        if isinstance(view, QWidget) and not view.hasFocus():
            option.state &= ~QStyle.StateFlag.State_Selected


class _TickDelegate(QuietRow):
    """Ticks as the theme's own pictures: the style's are black on black in one theme or the other."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        side = Theme.current().px(Size.ICON)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.icon = icon(*tick_mark(is_on))
        option.decorationSize = QSize(side, side)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height() + Space.ROW, Theme.current().px(Size.ROW)))


class TickList(QListWidget):
    """``show_rows([(id, text), …])``; all are ticked at first.

    Signals:
        ticked: the person changed a tick.
    """

    ticked = Signal()

    def __init__(self, name_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = 0
        self.setWordWrap(True)
        self.setProperty("kind", "framed")
        self.setUniformItemSizes(False)
        say(self.setAccessibleName, name_key)
        self.setItemDelegate(_TickDelegate(self))
        self.itemChanged.connect(lambda _item: self.ticked.emit())
        self.itemClicked.connect(self._turn)
        Theme.current().changed.connect(self.viewport().update)

    def set_most(self, rows: int) -> None:
        """As high as its rows, and no higher than so many of them."""
        self._most = rows
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        if self._most:
            self.doItemsLayout()  # only then does a row know how high its words are at this width
            heights = [self.visualItemRect(self.item(row)).height() for row in range(min(self.count(), self._most))]
            self.setFixedHeight(max(sum(heights), Theme.current().px(Size.ROW)) + 2 * self.frameWidth() + 2)

    def show_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Other rows; ids are what ``chosen`` gives back."""
        self.blockSignals(True)
        self.clear()
        for row_id, text in rows:
            item = QListWidgetItem(text)
            item.setData(ID_ROLE, row_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.addItem(item)
        self.blockSignals(False)
        if self.count():
            self.setCurrentRow(0)
        self._fit()
        self.ticked.emit()

    def _turn(self, item: QListWidgetItem) -> None:
        """A click anywhere on the row turns its tick; Space does so by itself."""
        is_on = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)

    def chosen(self) -> list[str]:
        """The ids of the ticked rows, in order."""
        items = [self.item(row) for row in range(self.count())]
        return [item.data(ID_ROLE) for item in items if item.checkState() is Qt.CheckState.Checked]

    def untick(self, row_id: str) -> None:
        """Take the tick off a row."""
        for row in range(self.count()):
            if self.item(row).data(ID_ROLE) == row_id:
                self.item(row).setCheckState(Qt.CheckState.Unchecked)
