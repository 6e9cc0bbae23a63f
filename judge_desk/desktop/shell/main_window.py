"""The one window: navigation, page, status line; palette, toast and lock screen over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from judge_desk.desktop.actions import WINDOW, ActionRegistry
from judge_desk.desktop.events import Events
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages import HOME, load_page, pages_for
from judge_desk.desktop.shell.appearance import Appearance
from judge_desk.desktop.shell.lock_screen import LockScreen
from judge_desk.desktop.shell.ports import Gate, Identity, Opened, ShellFacts
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.wording import Wording, t
from judge_desk.runtime.clock import Clock

if TYPE_CHECKING:
    from judge_desk.desktop.page import Page, PageContext
    from judge_desk.desktop.shell.command_palette import CommandPalette
    from judge_desk.desktop.shell.desk_face import DeskFace
    from judge_desk.desktop.shell.navigation import Navigation
    from judge_desk.desktop.shell.page_stack import PageStack
    from judge_desk.desktop.shell.status_bar import StatusBar
    from judge_desk.desktop.shell.toast import Toast
    from judge_desk.desktop.widgets.banner import Banner
    from judge_desk.services.desk import Desk

STATUS_MS = 2_000
COUNTERS_MS = 300


class MainWindow(QMainWindow):
    """Shows an ``Opened`` desk, or the lock screen. It is the ``WindowPort`` of every page.

    Signals:
        locked: the desk was closed and every page destroyed.
        opened: pages are on screen.
        wiped: the court shut this device out; it is locked, and there is nothing to unlock.
    """

    locked = Signal()
    wiped = Signal()
    opened = Signal()

    def __init__(
        self,
        gate: Gate,
        local: LocalDesk,
        clock: Clock,
        tasks: TaskRunner,
        load: Callable[[str], type[Page]] = load_page,
    ) -> None:
        super().__init__()
        self._gate, self._local, self._clock, self._tasks, self._load = gate, local, clock, tasks, load
        self._facts: ShellFacts | None = None
        self._desk: Desk | None = None
        self._reading = self._is_walking = False
        self.events = Events(self)
        self.registry = ActionRegistry(self)
        self.lock_screen = LockScreen(gate, tasks)
        self._faces = QStackedWidget()
        self._build()
        self._connect()
        self._set_title()

    def open_desk(self, opened: Opened, page_id: str = "", **params: str) -> None:
        """Show the pages over these services, beginning with the page given, the one left at the lock, or the first."""
        self._facts, self._desk = opened.facts, opened.desk
        self.navigation.show_pages(pages_for(opened.facts.roles()))
        self.pages.start(opened.desk)
        self.command_palette.set_finder(opened.facts.find)
        opened.facts.listen(self.events.announce_from_thread)
        self._faces.setCurrentWidget(self.face)
        # The door gave its focus to the first thing behind it, the navigation; the page is to have it.
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self._ask_facts()
        self._status_clock.start()
        before = self.pages.visit
        if before is not None and not page_id:
            self.open_page(before.page_id, **before.params)
        else:
            self.open_page(page_id or self.home, **params)
        if self.pages.page is not None:
            # The field of the passphrase has left its focus to whatever stood first: the navigation.
            self.pages.page.focus_first()
        self.opened.emit()

    def lock(self, idle_minutes: int = 0) -> None:
        """Close the desk; every page hands over what was typed first."""
        if not self.is_open:
            return
        self.command_palette.close_it()
        self.toast_line.hide()
        self.banner.put_away()
        self.pages.close_all()
        self._tasks.drop_all()
        self._status_clock.stop()
        self.command_palette.set_finder(None)
        self._facts = self._desk = None
        # In the store's own lane: after the last save, before any unlock.
        self._tasks.run(self._gate.lock, keep=True)
        self.show_lock(idle_minutes)
        self.locked.emit()

    def show_start(self) -> None:
        """The door at the start of the program."""
        self._faces.setCurrentWidget(self.lock_screen)
        self.lock_screen.say_start()

    def show_lock(self, idle_minutes: int = 0) -> None:
        self._faces.setCurrentWidget(self.lock_screen)
        self.lock_screen.say_why(idle_minutes)

    def show_face(self, face: QWidget) -> None:
        """Cover the window with something else, such as the first sign-in."""
        if self._faces.indexOf(face) < 0:
            self._faces.addWidget(face)
        self._faces.setCurrentWidget(face)

    def make_ahead(self) -> None:
        """Make what the unlock will show, while the passphrase is typed."""
        if not self.is_open:
            self.pages.make_ahead(HOME)

    def _make_context(self) -> PageContext:
        from judge_desk.desktop.page import PageContext  # with every state of a page; the door needs none

        return PageContext(self._tasks, self.events, self.registry, self, self._local)

    @cached_property
    def face(self) -> DeskFace:
        """What stands behind the door; loaded and made on first use."""
        from judge_desk.desktop.shell.desk_face import DeskFace
        from judge_desk.desktop.shell.window_actions import window_actions

        face = DeskFace(self._clock, self._make_context, self._load)
        self._faces.addWidget(face)
        self.registry.add(window_actions(self), self)
        face.navigation.chosen.connect(self._walk)
        face.status.palette_asked.connect(self.show_palette)
        face.status.sync_asked.connect(lambda: self.open_page("sync"))
        face.pages.shown.connect(self._on_shown)
        return face

    @property
    def navigation(self) -> Navigation:
        return self.face.navigation

    @property
    def banner(self) -> Banner:
        return self.face.banner

    @property
    def pages(self) -> PageStack:
        return self.face.pages

    @property
    def status(self) -> StatusBar:
        return self.face.status

    @property
    def command_palette(self) -> CommandPalette:
        return self.face.command_palette

    @property
    def toast_line(self) -> Toast:
        return self.face.toast_line

    @property
    def desk(self) -> Desk:
        """The services on screen. Raises RuntimeError while locked."""
        if self._desk is None:
            raise RuntimeError("the desk is locked")
        return self._desk

    @property
    def appearance(self) -> Appearance:
        return self._local.appearance

    @property
    def home(self) -> str:
        """The page where the day of whoever sits here begins."""
        return pages_for(self._facts.roles())[0].id if self._facts is not None else HOME

    def offers(self, page_id: str) -> bool:
        """Whether a main page is one of theirs."""
        return self._facts is not None and page_id in {page.id for page in pages_for(self._facts.roles())}

    @property
    def is_open(self) -> bool:
        return self._facts is not None

    # WindowPort

    def open_page(self, page_id: str, **params: str) -> None:
        if self.is_open:
            self.pages.go(page_id, params)

    def go_back(self) -> None:
        if self._reading:
            self.toggle_reading()
        elif not self.pages.go_back() and self.banner.isVisible():
            self.banner.put_away()

    def toast(self, key: str, undo: Callable[[], object] | None = None, **params: Any) -> None:
        self.toast_line.say(t(key, **params), undo)

    def show_failure(self, failure: Failure) -> None:
        self.banner.show_failure(failure)

    # what the window's own actions do (window_actions.py)

    def undo(self) -> None:
        """Take back what the toast just said."""
        self.toast_line.undo()

    def toggle_reading(self) -> None:
        """F11: only the page, with its sides folded."""
        self._reading = not self._reading
        self.navigation.setVisible(not self._reading)
        self.status.setVisible(not self._reading)
        if self.pages.page is not None:
            self.pages.page.set_reading(self._reading)

    def show_help(self) -> None:
        from judge_desk.desktop.shell.shortcut_help import ShortcutHelp  # a list that few ever ask for

        page = self.pages.visit
        of_window = [each for each in self.registry.of_group(WINDOW) if self.registry.is_enabled(each.id)]
        groups = [(t("shell.help.window"), of_window)]
        if page is not None:
            groups.insert(0, (t("shell.help.page"), self.registry.of_group(page.page_id)))
        ShortcutHelp(self, groups).open()

    def show_palette(self) -> None:
        if self.is_open:
            self.command_palette.open_over()

    def refresh(self) -> None:
        """F5: ask for an exchange and read the page anew."""
        if self._facts is not None:
            self._facts.sync_now()
            self._ask_facts()
            self._tick()
        visit = self.pages.visit
        if self.pages.page is not None and visit is not None:
            self.pages.page.activate(visit.params)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_open:
            self.pages.leave()
        self._status_clock.stop()
        self._facts = None
        event.accept()

    def _build(self) -> None:
        theme = Theme.current()
        self._faces.addWidget(self.lock_screen)
        self.setCentralWidget(self._faces)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        # Many courts have screens of 1366 by 768, and the system's title bar takes its share of them.
        room = self.screen().availableSize() - QSize(0, theme.px(Size.CONTROL))
        self.setMinimumSize(QSize(Size.WINDOW_MIN_WIDTH, Size.WINDOW_MIN_HEIGHT).boundedTo(room))
        self.resize(QSize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT).boundedTo(room))

    def _connect(self) -> None:
        self._status_clock = QTimer(self, interval=STATUS_MS)
        self._status_clock.timeout.connect(self._tick)
        self._counters_pause = QTimer(self, singleShot=True, interval=COUNTERS_MS)
        self._counters_pause.timeout.connect(self._ask_facts)
        self.lock_screen.form.opened.connect(self.open_desk)
        self._tasks.failed.connect(self.show_failure)
        self.events.changed.connect(self._on_changed)
        Wording.current().changed.connect(self._on_reworded)

    def _walk(self, page_id: str) -> None:
        """Who goes through the navigation stays in it; every other way leads to the page."""
        self._is_walking = True
        self.open_page(page_id)
        self._is_walking = False

    def _on_shown(self, page: Page) -> None:
        self.navigation.show_page(page.home or page.id)
        self._set_title()
        if self._reading:
            page.set_reading(True)
        if not self._is_walking:
            page.focus_first()

    def _on_changed(self) -> None:
        self._tick()
        # Not started anew while it runs: a long exchange would put it off to its end.
        if not self._counters_pause.isActive():
            self._counters_pause.start()

    def _on_reworded(self) -> None:
        self._set_title()
        self._ask_facts()

    def _set_title(self) -> None:
        page = self.pages.page if self.is_open else None
        name = page.title() if page is not None else ""
        app = t("common.app_name")
        self.setWindowTitle(t("shell.window_title", page=name, app=app) if name else app)

    def _ask_facts(self) -> None:
        facts = self._facts
        if facts is None:
            return
        language = Wording.current().language
        self._tasks.run(lambda: facts.identity(language), self._show_identity, key="shell.identity")
        self._tasks.run(facts.counters, self._show_counters, key="shell.counters")
        self._tick()

    def _show_identity(self, identity: Identity) -> None:
        self.navigation.show_identity(identity)

    def _show_counters(self, counters: Mapping[str, int]) -> None:
        self.navigation.show_counters(counters)
        self._tick()

    def _tick(self) -> None:
        if self._facts is None:
            return
        status = self._facts.link()
        self.status.show_status(status)
        if status.wiped:
            self.lock()
            self.wiped.emit()
