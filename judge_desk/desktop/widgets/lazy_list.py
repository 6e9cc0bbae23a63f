"""A list of two-line rows that opens at once with 100,000 of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QScrollArea, QWidget

from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.line import ID_ROLE, KEY_ROLE, LINE_ROLE, Line, LineDelegate
from judge_desk.desktop.widgets.page_cache import PageCache, id_of
from judge_desk.desktop.widgets.plain_label import plain_tooltip
from judge_desk.desktop.wording import say

AnyIndex = QModelIndex | QPersistentModelIndex


class LineModel(QAbstractListModel):
    """Ids from outside, rows from a ``PageCache``, each turned into a ``Line`` by ``to_line``."""

    def __init__(self, cache: PageCache, to_line: Callable[[Any], Line]) -> None:
        super().__init__()
        self.cache, self._to_line = cache, to_line
        cache.setParent(self)
        cache.arrived.connect(self._show_rows)

    def set_ids(self, ids: Sequence[Any]) -> None:
        self.beginResetModel()
        self.cache.set_ids(ids)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.cache)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == KEY_ROLE:
            return self.cache.ids[index.row()]
        if role not in (
            ID_ROLE,
            LINE_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        row = self.cache.row(index.row())
        if row is None:
            return None
        return row.id if role == ID_ROLE else _say(row if isinstance(row, Line) else self._to_line(row), role)

    def _show_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first), self.index(last))


def _say(line: Line, role: int) -> Any:
    if role == LINE_ROLE:
        return line
    if role == Qt.ItemDataRole.ToolTipRole:
        return plain_tooltip(line.spoken())
    return line.title if role == Qt.ItemDataRole.DisplayRole else line.spoken()


def _as_it_is(row: Any) -> Line:
    line: Line = row
    return line


class LazyList(QListView):
    """Long: ``LazyList("cases.list", read=desk.cases.rows, to_line=case_line, tasks=tasks)`` then ``show_ids(ids)``.
    Short: ``LazyList("today.hearings")`` then ``show_lines(lines)``.

    The chosen row stays chosen when the list is shown anew and still holds it.

    Signals:
        opened: (id) Enter or double click (with ``open_on_click`` a click).
        picked: (id or "") another row was chosen.
    """

    opened = Signal(str)
    picked = Signal(str)

    def __init__(
        self,
        name_key: str,
        *,
        read: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
        key_of: Callable[[Any], Any] = id_of,
        to_line: Callable[[Any], Line] = _as_it_is,
        tasks: TaskRunner | None = None,
        leading_sample: str = "",
        open_on_click: bool = False,
        hairlines: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines: dict[str, Line] = {}
        self._grows = False
        cache = PageCache(read or self._own, tasks if read else None, key_of)
        self.lines = LineModel(cache, to_line)
        self.lines.setParent(self)
        self.setModel(self.lines)
        self.painter = LineDelegate(self, leading_sample, hairlines=hairlines)
        self.setItemDelegate(self.painter)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        say(self.setAccessibleName, name_key)
        (self.clicked if open_on_click else self.doubleClicked).connect(self._open)
        self.selectionModel().currentChanged.connect(self._pick)
        Theme.current().changed.connect(self._relayout)

    def show_ids(self, ids: Sequence[Any]) -> None:
        """Ids, or whatever ``key_of`` gives for a row (row numbers in an array, say)."""
        kept = self.currentIndex().data(KEY_ROLE) if self.currentIndex().isValid() else None
        self.lines.set_ids(ids)
        if not self.select(kept) and self.hasFocus():
            self._choose_something()
        self._relayout()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """A short list, whole in memory."""
        self._lines = {line.id: line for line in lines}
        grow = any(line.may_grow for line in lines)
        self.setUniformItemSizes(not grow and len({bool(line.detail) for line in lines}) < 2)
        # Rows that grow are as high as the width makes them.
        self.setResizeMode(QListView.ResizeMode.Adjust if grow else QListView.ResizeMode.Fixed)
        self.show_ids([line.id for line in lines])

    def refresh_rows(self) -> None:
        """The same ids, rows read anew."""
        self.show_ids(self.lines.cache.ids)

    def current_id(self) -> str:
        index = self.currentIndex()
        return str(index.data(ID_ROLE) or "") if index.isValid() else ""

    def select(self, key: Any) -> bool:
        """Choose a row by its key (its id, as a rule); False when it is not in the list."""
        position = self.lines.cache.position_of(key) if key is not None else -1
        if position >= 0:
            self.setCurrentIndex(self.lines.index(position))
        return position >= 0

    def set_grows(self, on: bool = True) -> None:
        """As high as its rows, without a scroll bar of its own: for a list inside a card. Whatever scrolls around it
        follows the keyboard."""
        self._grows = on
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if on else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self._relayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Rows that grow are lower or higher now.
        if event.size().width() != event.oldSize().width() and self.resizeMode() is QListView.ResizeMode.Adjust:
            self._relayout()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)
        self._keep_in_sight()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._choose_something()
        # Under the mouse a row must not move away between press and release.
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        around: QWidget | None = self.parentWidget() if self._grows else None
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        sheet = around.widget() if around is not None else None
        if around is not None and sheet is not None and self.currentIndex().isValid():
            row = self.visualRect(self.currentIndex())
            place = self.viewport().mapTo(sheet, row.center())
            around.ensureVisible(place.x(), place.y(), 0, row.height())

    def _choose_something(self) -> None:
        """With the keyboard here, Enter must mean something."""
        if not self.currentIndex().isValid() and self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0))

    def _own(self, ids: Sequence[str]) -> Sequence[Line]:
        return [self._lines[each] for each in ids]

    def _open(self, index: AnyIndex) -> None:
        if index.data(ID_ROLE):
            self.opened.emit(str(index.data(ID_ROLE)))

    def _pick(self, current: AnyIndex, _previous: AnyIndex) -> None:
        self.picked.emit(str(current.data(ID_ROLE) or "") if current.isValid() else "")

    def _relayout(self) -> None:
        self.scheduleDelayedItemsLayout()
        if self._grows:
            self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.lines.rowCount())) + 2)
