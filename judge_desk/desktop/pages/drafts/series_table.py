"""The table of a series: a row to a case, a column to a fact, every cell typed into, a column filled at once."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.plain_label import plain_tooltip
from judge_desk.desktop.wording import say, t
from judge_desk.services.series import SeriesRow, SeriesTable

AnyIndex = QModelIndex | QPersistentModelIndex
EDIT_ROLES: Final = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole})


class SeriesModel(QAbstractTableModel):
    """Rows as values; the head of each row names its case and stays in sight."""

    def __init__(self, table: SeriesTable) -> None:
        super().__init__()
        self._template_id, self._columns = table.template_id, table.columns
        self._rows: list[SeriesRow] = list(table.rows)

    def table(self) -> SeriesTable:
        """The table as it stands now."""
        return SeriesTable(template_id=self._template_id, columns=self._columns, rows=tuple(self._rows))

    def gaps(self) -> int:
        """Cells in which nothing stands yet."""
        return sum(not row.values.get(column.slot) for row in self._rows for column in self._columns)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], self._columns[index.column()]
        text = row.values.get(column.slot, "")
        if role in EDIT_ROLES:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(text)
        if role == Qt.ItemDataRole.BackgroundRole and not text:
            return Theme.current().colour("gold_soft")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.number}, {column.title}: {text or t('series.empty_cell')}"
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        slot = self._columns[index.column()].slot
        self._rows[index.row()] = self._rows[index.row()].with_value(slot, str(value))
        here = self.index(index.row(), index.column())
        self.dataChanged.emit(here, here)
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation is Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            row = self._rows[section] if not across else None
            return f"{row.number} · {t(f'drafts.language.{row.language}')}" if row else self._columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._columns[section].title if across else self._rows[section].title)
        return None


class _CellDelegate(QStyledItemDelegate):
    """Paints the ground of an empty cell itself: a style sheet that draws borders leaves it out."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)


class SeriesTableView(QTableView):
    """Type to change a cell, Tab to the next, Ctrl+D to give its words to those below, Ctrl+V for a column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setItemDelegate(_CellDelegate(self))
        self.setAlternatingRowColors(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(Theme.current().px(Size.ROW))
        names = self.horizontalHeader()
        names.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        # A long name is cut at its end: centred, it would lose its beginning too.
        names.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        names.setTextElideMode(Qt.TextElideMode.ElideRight)
        say(self.setAccessibleName, "series.table")

    def show_table(self, table: SeriesTable) -> None:
        """Another series; its columns as wide as their words, within reason."""
        self.setModel(SeriesModel(table))
        narrow, wide = Theme.current().px(Size.NAVIGATION) // 2, Theme.current().px(Size.SIDE)
        for column in range(len(table.columns)):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(max(self.columnWidth(column), narrow), wide))
        if table.rows:
            self.setCurrentIndex(self.series().index(0, 0))

    def series(self) -> SeriesModel:
        model = self.model()
        assert isinstance(model, SeriesModel)
        return model

    def fill_down(self) -> None:
        """Give the words of the current cell to every row below it that is written in the same language."""
        at = self.currentIndex()
        if at.isValid():
            self.commit_typing()
            words, rows = self.series().data(at), self.series().table().rows
            for row in range(at.row() + 1, self.series().rowCount()):
                if rows[row].language is rows[at.row()].language:
                    self.series().setData(self.series().index(row, at.column()), words)

    def commit_typing(self) -> None:
        """What is being typed into a cell counts."""
        if self.state() == QAbstractItemView.State.EditingState:
            self.setFocus()

    def paste(self) -> None:
        """Lines of the clipboard into the cells from the current one downwards; tabs go to the columns beside it."""
        at = self.currentIndex()
        for down, line in enumerate(QGuiApplication.clipboard().text().splitlines()):
            for across, words in enumerate(line.split("\t")):
                cell = self.series().index(at.row() + down, at.column() + across)
                if cell.isValid():
                    self.series().setData(cell, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.fill_down()
        elif event.key() == Qt.Key.Key_Delete:
            for cell in self.selectedIndexes():
                self.series().setData(cell, "")
        else:
            super().keyPressEvent(event)
