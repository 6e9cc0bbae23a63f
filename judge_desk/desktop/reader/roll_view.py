"""The scrolling part of the reader: a roll of pages, its zoom, its turning, and where in it one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from judge_desk.desktop.reader.roll import Roll, fit_scale
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.wording import say, t

FIT_WIDTH: Final = "width"
FIT_PAGE: Final = "page"
# Pixels a point at 100 %.
FULL: Final = 96 / 72
LOWEST, HIGHEST = 0.25, 4.0
STEPS: Final = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class RollView(QAbstractScrollArea):
    """Knows where pages stand, not what is on them.

    Signals:
        page_changed: (page from 0) another page is in the middle of attention.
        view_changed: other pages may be needed now.
        zoom_changed: the zoom is another; ask ``percent``.
    """

    page_changed = Signal(int)
    view_changed = Signal()
    zoom_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: Sequence[tuple[float, float]] = ()
        self._zoom: float | str = FIT_WIDTH
        self._turn = 0
        self._roll = Roll((), 1.0, 0)
        self._page = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        say(self.setAccessibleName, "reader.pages")
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        Theme.current().changed.connect(self._relayout)

    def set_pages(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Another document, from its top; zoom stays as chosen, rotation is forgotten."""
        self._sizes, self._turn, self._page = sizes, 0, -1
        self._relayout()
        self.verticalScrollBar().setValue(0)
        self._scrolled()

    @property
    def page(self) -> int:
        """The page in the middle of attention, from 0."""
        return max(self._page, 0)

    @property
    def zoom(self) -> float | str:
        return self._zoom

    @property
    def turn(self) -> int:
        return self._turn

    def percent(self) -> int:
        return round(self._roll.scale / FULL * 100)

    def go_to(self, page: int, share: float = 0.0) -> None:
        """Bring a page (from 0) to the top, or the place at ``share`` of its height into the upper third."""
        if not 0 <= page < len(self._roll):
            return
        box = self._roll.page(page)
        lead = self.viewport().height() / 3 if share else Theme.current().px(Space.ROW)
        self.verticalScrollBar().setValue(round(box.y + share * box.height - lead))
        self._scrolled()

    def set_zoom(self, zoom: float | str) -> None:
        """A factor (1.0 is 100 %), ``FIT_WIDTH`` or ``FIT_PAGE``; what is read stays where it is."""
        page, share = self._anchor()
        self._zoom = zoom if isinstance(zoom, str) else min(max(zoom, LOWEST), HIGHEST)
        self._relayout()
        self._restore(page, share)
        self.zoom_changed.emit()

    def zoom_by(self, steps: int) -> None:
        """The next larger or smaller of the usual factors."""
        now = self._roll.scale / FULL
        larger = [each for each in STEPS if each > now * 1.02]
        smaller = [each for each in STEPS if each < now * 0.98]
        if steps > 0 and larger:
            self.set_zoom(larger[0])
        elif steps < 0 and smaller:
            self.set_zoom(smaller[-1])

    def rotate(self, degrees: int) -> None:
        """Turn all pages clockwise."""
        page, share = self._anchor()
        self._turn = (self._turn + degrees) % 360
        self._relayout()
        self._restore(page, share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        page, share = self._anchor()
        self._relayout()
        self._restore(page, share)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        leap = round(self.viewport().height() * 0.9)
        moves = {
            Qt.Key.Key_PageDown: leap,
            Qt.Key.Key_Space: leap,
            Qt.Key.Key_PageUp: -leap,
            Qt.Key.Key_Backspace: -leap,
            Qt.Key.Key_Down: Theme.current().px(3 * Space.CARD),
            Qt.Key.Key_Up: -Theme.current().px(3 * Space.CARD),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if key in moves and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            bar.setValue(bar.value() + moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left) and not self.horizontalScrollBar().maximum():
            self.go_to(self.page + (1 if key == Qt.Key.Key_Right else -1))
        else:
            event.ignore()

    def _offset(self) -> tuple[int, int]:
        return self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def _anchor(self) -> tuple[int, float]:
        """The page at the top and how much of it has been scrolled past."""
        if not len(self._roll):
            return 0, 0.0
        top = self.verticalScrollBar().value()
        page = self._roll.page_at(top)
        box = self._roll.page(page)
        return page, (top - box.y) / max(box.height, 1)

    def _restore(self, page: int, share: float) -> None:
        if page < len(self._roll):
            box = self._roll.page(page)
            self.verticalScrollBar().setValue(round(box.y + share * box.height))
        self._scrolled()

    def _relayout(self) -> None:
        theme = Theme.current()
        margin, room = theme.px(Space.CARD), self.viewport().size()
        scale = FULL
        if self._sizes and isinstance(self._zoom, str):
            height = room.height() if self._zoom == FIT_PAGE else None
            scale = fit_scale(self._sizes, self._turn, room.width(), height, margin)
            if self._zoom == FIT_WIDTH:
                scale = min(scale, theme.px(Size.READING) / min(w for w, _ in self._sizes) * 1.5)
            scale = max(scale, 0.1)
        elif not isinstance(self._zoom, str):
            scale = self._zoom * FULL
        self._roll = Roll(self._sizes, scale, self._turn, width=room.width(), gap=theme.px(Space.GAP), margin=margin)
        self.verticalScrollBar().setRange(0, max(0, round(self._roll.height) - room.height()))
        self.verticalScrollBar().setPageStep(room.height())
        self.verticalScrollBar().setSingleStep(theme.px(2 * Space.CARD))
        across = max(0, round(self._roll.width) - room.width())
        self.horizontalScrollBar().setRange(0, across)
        self.horizontalScrollBar().setPageStep(room.width())
        self.horizontalScrollBar().setValue(across // 2)
        self.viewport().update()

    def _scrolled(self) -> None:
        if len(self._roll):
            page = self._roll.page_at(self.verticalScrollBar().value() + self.viewport().height() / 3)
            if page != self._page:
                self._page = page
                self.setAccessibleDescription(t("common.page_of", page=page + 1, total=len(self._roll)))
                self.page_changed.emit(page)
        self.viewport().update()
        self.view_changed.emit()
