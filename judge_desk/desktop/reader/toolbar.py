"""The line above the pages: which page of how many, how large, and what else can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton, LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say


class PageField(QLineEdit):
    """A page number; Enter goes, Esc and leaving the field put the old one back.

    Signals:
        chosen: (page from 1).
        given_up: Esc with nothing typed.
    """

    chosen = Signal(int)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = 1
        self.setValidator(QIntValidator(1, 99_999, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        say(self.setAccessibleName, "reader.page")
        self.returnPressed.connect(self._choose)
        self.editingFinished.connect(lambda: self.show_page(self._shown))
        self._resize()
        Theme.current().changed.connect(self._resize)

    def show_page(self, page: int) -> None:
        self._shown = page
        self.setText(str(page))

    def event(self, event: QEvent) -> bool:
        # Else the window's own Esc would leave the page.
        is_esc = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_esc and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text() == str(self._shown):
                self.given_up.emit()
            self.show_page(self._shown)
            self.selectAll()
            return
        super().keyPressEvent(event)

    def _choose(self) -> None:
        if self.text():
            self._shown = int(self.text())
            self.chosen.emit(self._shown)

    def _resize(self) -> None:
        self.setFixedWidth(Theme.current().px(Size.FIELD_SHORT))


class ReaderToolbar(QWidget):
    """Signals:
    page_chosen: (page from 1).
    thumbnails_asked, larger_asked, smaller_asked, fit_asked, find_asked: a button was pressed.
    """

    page_chosen = Signal(int)
    thumbnails_asked = Signal()
    larger_asked = Signal()
    smaller_asked = Signal()
    fit_asked = Signal()
    find_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = PageField()
        self.page.chosen.connect(self.page_chosen)
        self._total = PlainLabel(tone="muted")
        self._percent = LinkButton()
        say(self._percent.setToolTip, "reader.fit_width")
        self._percent.clicked.connect(self.fit_asked)
        self._menu = QMenu(self)
        self._more = IconButton("ellipsis", "reader.more")
        self._more.clicked.connect(self._open_menu)
        self.thumbnails = self._button("panel-left", "reader.thumbnails", "F4", self.thumbnails_asked)
        self.thumbnails.setCheckable(True)
        self._smaller = self._button("zoom-out", "reader.smaller", "Ctrl+-", self.smaller_asked)
        self._larger = self._button("zoom-in", "reader.larger", "Ctrl++", self.larger_asked)
        self._find = self._button("search", "reader.find", "Ctrl+F", self.find_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, Space.TIGHT, Space.ROW, Space.TIGHT)
        row.setSpacing(Space.TIGHT)
        left: tuple[QWidget, ...] = (self.thumbnails, self.page, self._total)
        middle: tuple[QWidget, ...] = (self._smaller, self._percent, self._larger)
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in middle:
            row.addWidget(widget)
        row.addStretch(1)
        self._for_pages = (*left, *middle, self._more)
        row.addWidget(self._find)
        row.addWidget(self._more)

    def set_menu(self, actions: list[Action]) -> None:
        """What stands behind "more"."""
        for action in actions:
            entry = self._menu.addAction("")
            say(entry.setText, action.text_key)
            entry.triggered.connect(lambda _checked=False, each=action: each.handler())

    def show_page(self, page: int, total: int) -> None:
        self.page.show_page(page)
        say(self._total.setText, "reader.of", total=total)

    def show_percent(self, percent: int) -> None:
        say(self._percent.setText, "reader.percent", percent=percent)
        say(self._percent.setAccessibleName, "reader.zoom", percent=percent)

    def show_for_text(self, on: bool) -> None:
        """A plain text has no pages and no zoom of its own."""
        for widget in self._for_pages:
            widget.setVisible(not on)

    def _button(self, icon: str, key: str, hint: str, signal: object) -> IconButton:
        button = IconButton(icon, key, hint)
        button.clicked.connect(signal)
        return button

    def _open_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
