"""What the window shows of an open desk: navigation, banner, page and status line; palette and toast over them.

Made when the desk opens for the first time, so that the door of the program stands sooner.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.page import Page, PageContext
from judge_desk.desktop.shell.command_palette import CommandPalette
from judge_desk.desktop.shell.navigation import Navigation
from judge_desk.desktop.shell.page_stack import PageStack
from judge_desk.desktop.shell.status_bar import StatusBar
from judge_desk.desktop.shell.toast import Toast
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.runtime.clock import Clock


class DeskFace(QWidget):
    """The widgets and where they stand; MainWindow tells them what to do."""

    def __init__(
        self,
        clock: Clock,
        make_context: Callable[[], PageContext],
        load: Callable[[str], type[Page]],
    ) -> None:
        super().__init__()
        around = make_context()
        self.navigation = Navigation()
        self.banner = Banner()
        self.pages = PageStack(load, make_context)
        self.status = StatusBar(clock)
        self._lay_out()
        self.command_palette = CommandPalette(self, around.actions, around.tasks, around.window.open_page)
        self.toast_line = Toast(self)
        # What it tells was done there, and its undo belongs to what was on screen.
        self.pages.going.connect(self.toast_line.hide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.command_palette.isVisible():
            self.command_palette.place()
        if self.toast_line.isVisible():
            self.toast_line.place()

    def _lay_out(self) -> None:
        side = Theme.current().px(Space.PAGE)
        banner_room = QVBoxLayout()
        banner_room.setContentsMargins(side, 0, side, 0)
        banner_room.addWidget(self.banner)
        self.banner.setObjectName("window_banner")
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(banner_room)
        middle.addWidget(self.pages, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(middle, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.status)
