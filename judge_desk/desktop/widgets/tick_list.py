"""Lines to tick, by mouse or with Space: what is in a batch, what is to be hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from judge_desk.desktop.wording import say

ID_ROLE: Final = Qt.ItemDataRole.UserRole


class TickList(QListWidget):
    """``show_rows([(id, text), …])``; all are ticked at first.

    Signals:
        ticked: the person changed a tick.
    """

    ticked = Signal()

    def __init__(self, name_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("kind", "framed")
        self.setUniformItemSizes(False)
        say(self.setAccessibleName, name_key)
        self.itemChanged.connect(lambda _item: self.ticked.emit())

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
        self.ticked.emit()

    def chosen(self) -> list[str]:
        """The ids of the ticked rows, in order."""
        items = [self.item(row) for row in range(self.count())]
        return [item.data(ID_ROLE) for item in items if item.checkState() is Qt.CheckState.Checked]

    def untick(self, row_id: str) -> None:
        """Take the tick off a row."""
        for row in range(self.count()):
            if self.item(row).data(ID_ROLE) == row_id:
                self.item(row).setCheckState(Qt.CheckState.Unchecked)
