"""Three columns at most: what there is, the thing itself, what to know about it. The sides fold away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.widgets.card_splitter import CardSplitter

# Of the whole width, when the letters grow.
MOST_SIDES = 0.45


class FoldingSplitter(CardSplitter):
    """``FoldingSplitter(left, middle, right)``; either side may be None. The middle gets the room.

    Signals:
        folded: (left is open, right is open).
    """

    folded = Signal(bool, bool)

    def __init__(
        self, left: QWidget | None, middle: QWidget, right: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(*(each for each in (left, middle, right) if each is not None), parent=parent)
        self._left, self._right = left, right
        self._reading = False
        self._is_moved = False
        self.splitterMoved.connect(lambda _place, _index: self._move())
        self._scale = Theme.current().scale
        self._was_open = (True, True)
        for place in range(self.count()):
            self.setStretchFactor(place, 1 if self.widget(place) is middle else 0)
        self.set_side_widths()
        Theme.current().changed.connect(self._grow)

    def set_side_widths(self, left: int = Size.SIDE, right: int = Size.SIDE, most: float = 0.0) -> None:
        """First widths of the sides, in pixels at scale 1; ``most``: of the whole width, however large the letters,
        until the person moves a side."""
        self._wanted, self._most = (left, right), most
        theme = Theme.current()
        sizes = [theme.px(left)] if self._left is not None else []
        sizes.append(theme.px(Size.WINDOW_WIDTH))
        if self._right is not None:
            sizes.append(theme.px(right))
        self.setSizes(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._most and not self._is_moved:
            self._keep_under_most()

    def _keep_under_most(self) -> None:
        theme, sizes = Theme.current(), self.sizes()
        for side, wanted in zip((self._left, self._right), self._wanted, strict=True):
            if side is not None and self._is_open(side):
                sizes[self.indexOf(side)] = min(theme.px(wanted), round(self.width() * self._most))
        self.setSizes(sizes)

    def _move(self) -> None:
        self._is_moved = True

    def toggle_left(self) -> None:
        if self._left is not None:
            self._left.setVisible(self._left.isHidden())
            self._tell()

    def toggle_right(self) -> None:
        if self._right is not None:
            self._right.setVisible(self._right.isHidden())
            self._tell()

    def left_button(self) -> IconButton:
        """A button that folds the left side; for the head of the page."""
        return self._button("panel-left", "widgets.side.left", self.toggle_left)

    def right_button(self) -> IconButton:
        """A button that folds the right side; for the head of the page."""
        return self._button("panel-right", "widgets.side.right", self.toggle_right)

    def set_reading(self, on: bool) -> None:
        """Fold both sides for reading, or bring back what was open before."""
        if on == self._reading:
            return
        self._reading = on
        if on:
            self._was_open = (self._is_open(self._left), self._is_open(self._right))
        for side, was_open in zip((self._left, self._right), self._was_open, strict=True):
            if side is not None:
                side.setVisible(was_open and not on)
        self._tell()

    @staticmethod
    def _button(icon_name: str, name_key: str, toggle: Callable[[], None]) -> IconButton:
        button = IconButton(icon_name, name_key)
        button.clicked.connect(lambda: toggle())
        return button

    @staticmethod
    def _is_open(side: QWidget | None) -> bool:
        return side is not None and not side.isHidden()

    def _tell(self) -> None:
        self.folded.emit(self._is_open(self._left), self._is_open(self._right))

    def _grow(self) -> None:
        theme = Theme.current()
        if theme.scale != self._scale:
            self._grow_sides(theme.scale / self._scale)
            self._scale = theme.scale

    def _grow_sides(self, by: float) -> None:
        """The sides keep room for the same words when the letters grow, as long as the middle has most of it."""
        sizes = self.sizes()
        sides = [self.indexOf(side) for side in (self._left, self._right) if self._is_open(side) and side is not None]
        wanted = sum(sizes[side] for side in sides) * by
        most = sum(sizes) * MOST_SIDES
        for side in sides:
            sizes[side] = round(sizes[side] * by * min(1.0, most / wanted if wanted else 1.0))
        self.setSizes(sizes)
