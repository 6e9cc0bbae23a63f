"""A table of long lists: fixed row heights, sorting by asking the store, rows by pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyleOptionHeader, QTableView, QWidget

from judge_desk.desktop.icons import icon
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.line import ID_ROLE, KEY_ROLE
from judge_desk.desktop.widgets.page_cache import PageCache, id_of
from judge_desk.desktop.widgets.plain_label import plain_tooltip
from judge_desk.desktop.wording import Wording, say, t

AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: ``text(row)`` is what it says; ``width`` in pixels at scale 1, 0 takes the rest. Where the language
    decides how wide it must be, ``sample()`` is the widest usual text, and ``width`` the least."""

    id: str
    title_key: str
    text: Callable[[Any], str]
    width: int = 0
    sample: Callable[[], str] | None = None
    right: bool = False
    sortable: bool = True
    tone: Callable[[Any], str] | None = None
    icon: Callable[[Any], str] | None = None


class TableModel(QAbstractTableModel):
    """Ids from outside, rows from a ``PageCache``, cells from ``Column.text``."""

    def __init__(self, cache: PageCache, columns: Sequence[Column]) -> None:
        super().__init__()
        self.cache, self.columns = cache, columns
        cache.setParent(self)
        cache.arrived.connect(self._show_rows)
        Wording.current().changed.connect(self._reword)

    def set_ids(self, ids: Sequence[Any]) -> None:
        self.beginResetModel()
        self.cache.set_ids(ids)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.cache)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role == KEY_ROLE:
            return self.cache.ids[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role not in (
            ID_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.DecorationRole,
        ):
            return None
        row = self.cache.row(index.row())
        return None if row is None else _cell(column, row, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return t(self.columns[section].title_key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _show_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _reword(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if len(self.cache):
            self._show_rows(0, len(self.cache) - 1)


def _cell(column: Column, row: Any, role: int) -> Any:
    if role == ID_ROLE:
        return row.id
    if role == Qt.ItemDataRole.DisplayRole:
        return column.text(row)
    if role == Qt.ItemDataRole.ToolTipRole:
        return plain_tooltip(column.text(row))
    tone = column.tone(row) if column.tone else ""
    if role == Qt.ItemDataRole.ForegroundRole:
        return Theme.current().colour(tone) if tone else None
    name = column.icon(row) if column.icon else ""
    return icon(name, tone or "muted", Size.ICON_SMALL) if name else None


class SortHeader(QHeaderView):
    """Its arrow points up while values grow downwards, as readers know it; Qt points the other way."""

    _OTHER: ClassVar = {
        QStyleOptionHeader.SortIndicator.SortUp: QStyleOptionHeader.SortIndicator.SortDown,
        QStyleOptionHeader.SortIndicator.SortDown: QStyleOptionHeader.SortIndicator.SortUp,
    }

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, logical_index: int) -> None:
        super().initStyleOptionForIndex(option, logical_index)
        option.sortIndicator = self._OTHER.get(option.sortIndicator, option.sortIndicator)


class LazyTable(QTableView):
    """``LazyTable("cases.table", columns, read=desk.cases.rows, tasks=tasks)`` then ``show_ids(ids)``.

    Signals:
        opened: (id) Enter or double click.
        picked: (id or "") another row was chosen.
        sort_asked: (column id, descending) a heading was pressed; the page asks the store for ids in that order.
    """

    opened = Signal(str)
    picked = Signal(str)
    sort_asked = Signal(str, bool)

    def __init__(
        self,
        name_key: str,
        columns: Sequence[Column],
        *,
        read: Callable[[Sequence[Any]], Sequence[Any]],
        key_of: Callable[[Any], Any] = id_of,
        tasks: TaskRunner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = TableModel(PageCache(read, tasks, key_of), columns)
        self.rows.setParent(self)
        self.setModel(self.rows)
        self._waits_for: Any = None
        self.rows.cache.arrived.connect(lambda _first, _last: self._open_waiting())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMouseTracking(True)
        say(self.setAccessibleName, name_key)
        self._set_header(columns)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._pick)
        self._relayout()
        Theme.current().changed.connect(self._relayout)
        Wording.current().changed.connect(self._relayout)

    def show_ids(self, ids: Sequence[Any]) -> None:
        """Ids, or whatever ``key_of`` gives for a row (row numbers in an array, say)."""
        kept = self.currentIndex().data(KEY_ROLE) if self.currentIndex().isValid() else None
        self.rows.set_ids(ids)
        self.select(kept)

    def select(self, key: Any) -> bool:
        """Choose a row by its key (its id, as a rule); False when it is not in the table."""
        position = self.rows.cache.position_of(key) if key is not None else -1
        if position >= 0:
            self.selectRow(position)
        return position >= 0

    def show_sort(self, column_id: str, descending: bool) -> None:
        """Draw the arrow of the order in force, without asking for it."""
        header = self.horizontalHeader()
        header.blockSignals(True)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator([column.id for column in self.rows.columns].index(column_id), order)
        header.blockSignals(False)

    def refresh_rows(self) -> None:
        """The same ids, rows read anew."""
        self.show_ids(self.rows.cache.ids)

    def current_id(self) -> str:
        index = self.currentIndex()
        return str(index.data(ID_ROLE) or "") if index.isValid() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus() or not self.currentIndex().isValid():
            return
        # The style sheet can mark single cells only; the eye looks for a row.
        row = self.visualRect(self.currentIndex())
        row.setLeft(0)
        row.setRight(self.viewport().width() - 1)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Theme.current().colour("accent"), Size.FOCUS))
        painter.drawRoundedRect(row.adjusted(1, 1, -1, -2), Space.TIGHT, Space.TIGHT)

    def _set_header(self, columns: Sequence[Column]) -> None:
        header = SortHeader(Qt.Orientation.Horizontal, self)
        self.setHorizontalHeader(header)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        for position, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(position, mode)
        header.sortIndicatorChanged.connect(self._ask_sort)

    def _ask_sort(self, section: int, order: Qt.SortOrder) -> None:
        if section >= 0 and self.rows.columns[section].sortable:
            self.sort_asked.emit(self.rows.columns[section].id, order == Qt.SortOrder.DescendingOrder)

    def open_current(self) -> None:
        """As Enter does: at once, or as soon as the row was read."""
        if self.currentIndex().isValid():
            self._open(self.currentIndex())

    def _open(self, index: AnyIndex) -> None:
        if index.data(ID_ROLE):
            self.opened.emit(str(index.data(ID_ROLE)))
        else:
            self._waits_for = index.data(KEY_ROLE)

    def _open_waiting(self) -> None:
        """Enter came before the row; it still means this row, unless another was chosen meanwhile."""
        key, self._waits_for = self._waits_for, None
        index = self.currentIndex()
        if key is not None and index.isValid() and index.data(KEY_ROLE) == key and index.data(ID_ROLE):
            self.opened.emit(str(index.data(ID_ROLE)))

    def _pick(self, current: AnyIndex, _previous: AnyIndex) -> None:
        self.picked.emit(str(current.data(ID_ROLE) or "") if current.isValid() else "")

    def _relayout(self) -> None:
        theme = Theme.current()
        self.verticalHeader().setDefaultSectionSize(theme.px(Size.ROW))
        for position, column in enumerate(self.rows.columns):
            if column.width:
                asked = QFontMetrics(theme.font("body")).horizontalAdvance(column.sample()) if column.sample else 0
                self.setColumnWidth(position, max(theme.px(column.width), asked + theme.px(2 * Space.GAP)))
