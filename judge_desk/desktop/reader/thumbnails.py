"""Small pages beside the roll, made in the background; a click or Enter goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from judge_desk.desktop.reader.render_queue import RenderQueue, Wanted
from judge_desk.desktop.theme import Corner, Size, Space, Theme
from judge_desk.desktop.wording import say, t

AnyIndex = QModelIndex | QPersistentModelIndex
# Enough for what is in sight and the next screens; the rest is made when one gets there.
AHEAD: Final = 24


class _Pages(QAbstractListModel):
    """Only numbers: a thumbnail is asked for when it is painted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = 0

    def set_count(self, count: int) -> None:
        self.beginResetModel()
        self.count = count
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else self.count

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return t("common.page_of", page=index.row() + 1, total=self.count)
        return None


class Thumbnails(QListView):
    """``wanted()`` names the next ones to make, beginning with those in sight.

    Signals:
        chosen: (page from 0) go there.
        moved: others are in sight.
    """

    chosen = Signal(int)
    moved = Signal()

    def __init__(self, queue: RenderQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = _Pages(self)
        self._sizes: Sequence[tuple[float, float]] = ()
        self._made: dict[int, QImage] = {}
        self._asked: dict[Wanted, int] = {}
        self._queue = queue
        self.setModel(self.pages)
        self.setItemDelegate(_Painter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        say(self.setAccessibleName, "reader.thumbnails")
        queue.ready.connect(self._keep)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        Theme.current().changed.connect(self._resize)
        self._resize()

    def set_pages(self, sizes: Sequence[tuple[float, float]]) -> None:
        self._sizes = sizes
        self._made.clear()
        self._asked.clear()
        self.pages.set_count(len(sizes))

    def show_page(self, page: int) -> None:
        """Mark the page that is being read, without going anywhere."""
        index = self.pages.index(page)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def picture(self, page: int) -> QImage | None:
        return self._made.get(page)

    def wanted(self) -> list[Wanted]:
        """Thumbnails still to make, those in sight first; none while the list is folded away."""
        if not self.isVisible() or not self._sizes:
            return []
        first = max(self.indexAt(self.viewport().rect().topLeft()).row(), 0)
        order = [*range(first, min(first + AHEAD, len(self._sizes))), *range(max(0, first - AHEAD // 2), first)]
        missing = [page for page in order if page not in self._made]
        self._asked = {self._wanted(page): page for page in missing}
        return list(self._asked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())

    def _wanted(self, page: int) -> Wanted:
        width, height = self._sizes[page]
        side = Theme.current().px(Size.THUMBNAIL) * self.devicePixelRatioF()
        return Wanted(page, round(min(side / max(width, 1), 1.4 * side / max(height, 1)), 4), 0)

    def _keep(self, wanted: Wanted) -> None:
        page = self._asked.pop(wanted, None)
        image = self._queue.picture(wanted)
        if page is None or image is None:
            return
        self._made[page] = image
        self.update(self.pages.index(page))
        if not self._asked:
            self.moved.emit()

    def _resize(self) -> None:
        theme = Theme.current()
        self.setFixedWidth(theme.px(Size.THUMBNAIL) + theme.px(3 * Space.CARD))
        self.scheduleDelayedItemsLayout()


class _Painter(QStyledItemDelegate):
    """A small page with its number below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(Size.THUMBNAIL), round(1.4 * theme.px(Size.THUMBNAIL)) + theme.px(2 * Space.PAGE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = Theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(room.adjusted(2, 2, -2, -2), Corner.CONTROL, Corner.CONTROL)
        view = self.parent()
        assert isinstance(view, Thumbnails)
        side, foot = theme.px(Size.THUMBNAIL), theme.px(Space.SECTION)
        paper = QRect(0, 0, side, round(1.4 * side))
        paper.moveCenter(room.center())
        paper.translate(0, -foot // 2)
        picture = view.picture(index.row())
        if picture is not None:
            size = picture.size().scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
            shown = QRect(paper.topLeft(), size)
            shown.moveCenter(paper.center())
            paper = shown
        painter.fillRect(paper, theme.colour("paper"))
        if picture is not None:
            painter.drawImage(paper, picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("accent" if chosen and view.hasFocus() else "line"))
        painter.drawRect(paper)
        painter.setPen(theme.colour("accent" if chosen else "muted"))
        painter.setFont(theme.font("caption"))
        number = QRect(room.left(), paper.bottom() + 1, room.width(), foot)
        painter.drawText(number, int(Qt.AlignmentFlag.AlignCenter), str(index.row() + 1))
        painter.restore()
