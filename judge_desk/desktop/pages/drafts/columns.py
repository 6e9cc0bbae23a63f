"""How text, pages and what to know about them share the width: what a narrow window has no room for steps back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.card_splitter import CardSplitter


class Paper(Card):
    """A card that leaves its margins to the text on it."""

    def _space(self) -> None:
        self.body.setContentsMargins(Space.HAIR, Space.HAIR, Space.HAIR, Space.HAIR)
        self.body.setSpacing(Theme.current().px(Space.TIGHT))


class DeskColumns(CardSplitter):
    """``DeskColumns(text, (pages, differences), (outline, history))``.

    Signals:
        pages_shown: the pages came into sight and may be old.
    """

    pages_shown = Signal()

    def __init__(
        self,
        paper: QWidget,
        middle: tuple[QWidget, QWidget],
        right: tuple[QWidget, QWidget],
        parent: QWidget | None = None,
    ) -> None:
        stacks = QStackedWidget(), QStackedWidget()
        super().__init__(paper, *stacks, parent=parent)
        self._paper, (self._middle, self._right) = paper, stacks
        self._widths: list[int] = []
        self._wants_pages: bool | None = None
        self._is_reading = False
        for stack, pair in ((self._middle, middle), (self._right, right)):
            for widget in pair:
                stack.addWidget(widget)
        for widget, share in ((paper, 5), (self._middle, 4), (self._right, 0)):
            self.setStretchFactor(self.indexOf(widget), share)
        self._size()
        Theme.current().changed.connect(self._size)
        self._middle.hide()

    @property
    def in_history(self) -> bool:
        return self._right.currentIndex() == 1

    @property
    def shows_differences(self) -> bool:
        return self._middle.currentIndex() == 1

    @property
    def in_own_right(self) -> bool:
        """Whether something that was added stands at the right instead of the outline."""
        return self._right.currentIndex() > 1

    def add_right(self, widget: QWidget) -> None:
        """One more thing that may stand at the right, one at a time."""
        self._right.addWidget(widget)

    def show_right(self, widget: QWidget) -> None:
        """Put what was added in the place of the outline."""
        if not self._right.currentIndex():
            self._widths = self.sizes()
        self._right.setCurrentWidget(widget)
        self._is_reading = False
        self._fit()
        wide, total = Theme.current().px(Size.POPOVER), sum(self.sizes())
        rest = max(total - wide, 0)
        self.setSizes([rest * 5 // 9, rest * 4 // 9, wide] if self._middle.isVisible() else [rest, 0, wide])

    def set_reading(self, on: bool) -> None:
        """Only the text, or everything."""
        self._is_reading = on
        self._fit()

    def toggle_preview(self) -> None:
        """Pages beside the text, or not; in a narrow window they take the place of the outline."""
        self._wants_pages = self._middle.isHidden()
        self._fit()

    def show_history(self) -> None:
        """The versions; the middle gets most of the room."""
        if not self.in_history:
            self._widths = self.sizes()
        self._right.setCurrentIndex(1)
        self._is_reading = False
        self._fit()
        width = sum(self.sizes()) - self._right.width()
        self.setSizes([width * 2 // 5, width * 3 // 5, self._right.width()])

    def show_writing(self) -> None:
        """The outline and the pages."""
        was_open = self._right.currentIndex() > 0
        self._right.setCurrentIndex(0)
        self._middle.setCurrentIndex(0)
        self._fit()
        if was_open:
            self.setSizes(self._widths)

    def show_differences(self) -> None:
        """What was compared, in the place of the pages."""
        self._middle.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        is_wide = self.width() >= theme.px(Size.READING) + theme.px(Size.SIDE) // 2
        shows_middle = self.in_history or (is_wide if self._wants_pages is None else self._wants_pages)
        shows_middle = shows_middle and not self._is_reading
        was_hidden = self._middle.isHidden()
        self._middle.setVisible(shows_middle)
        self._right.setVisible(not self._is_reading and (is_wide or self._right.currentIndex() > 0 or not shows_middle))
        # Two columns of differences are not read in less: the text steps back, and comes again with the pages.
        beside = 2 * theme.px(Size.DIALOG) + theme.px(Size.SIDE)
        self._paper.setVisible(not self.in_history or self.width() >= beside)
        if was_hidden and shows_middle:
            self.pages_shown.emit()

    def _size(self) -> None:
        """Least widths that the window can always grant; the splitter's own would come from every hidden button."""
        theme = Theme.current()
        self._paper.setMinimumWidth(theme.px(Size.DIALOG))
        self._middle.setMinimumWidth(Space.HAIR)
        self._right.setMinimumWidth(theme.px(Size.NAVIGATION))
        self.setSizes([theme.px(Size.READING), theme.px(Size.DIALOG), theme.px(Size.SIDE)])
