"""Starts and ends the program around the window: Qt, fonts, one instance, bugs, idle lock, the order of stopping.

For bootstrap::

    app = DesktopApp(gate, settings, profile, clock, checks=doctor_lines, argv=sys.argv)
    return app.run()                                  enrol, unlock or go on, as the gate's state says
    return app.run(prepare=lambda ticket: opened)     run a long job behind a progress sentence first (the demo)
    return app.run_shots(folder, ShotPlan(("kk",)), prepare)     pictures of every page, offscreen too
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.fonts import register_fonts
from judge_desk.desktop.icons import icon
from judge_desk.desktop.local import Check, Keeping, LocalDesk
from judge_desk.desktop.shell.appearance import Appearance
from judge_desk.desktop.shell.idle_watch import IdleWatch
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import Gate, GateState, Opened
from judge_desk.desktop.shell.qt_texts import QtTexts
from judge_desk.desktop.shell.single_instance import SingleInstance
from judge_desk.desktop.tasks import TaskRunner, Ticket, record_bug
from judge_desk.desktop.theme import Size
from judge_desk.desktop.wording import t
from judge_desk.domain.errors import DeviceWiped, KnownError
from judge_desk.runtime.clock import Clock
from judge_desk.runtime.settings import HUB_URL, IDLE_LOCK_MINUTES, USER_NAME, Setting, Settings

if TYPE_CHECKING:
    from judge_desk.desktop.shots import ShotPlan

ALREADY_RUNNING = 0
BUG = 1
NOT_OPENED = 3


def make_application(argv: Sequence[str] = ()) -> QApplication:
    """The one QApplication, with our fonts; an existing one is taken over (tests, screenshots)."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
    else:
        rounding = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(rounding)
        application = QApplication([*(argv[:1] or ["judge-desk"])])
    application.setApplicationName("judge-desk")
    application.setDesktopFileName("judge-desk")
    register_fonts()
    return application


class DesktopApp(QObject):
    """The program from start to end. Order of stopping: pages leave, saves run, threads join, the gate locks.

    Signals:
        failed: (Failure) a bug came to the surface, or the desk could not be prepared; the window stays.
    """

    failed = Signal(object)

    def __init__(
        self,
        gate: Gate,
        settings: Settings,
        profile: Path,
        clock: Clock,
        *,
        checks: Callable[[str], Sequence[Check]],
        argv: Sequence[str] = (),
    ) -> None:
        self.application = make_application(argv)
        super().__init__(self.application)
        self._gate, self._settings = gate, settings
        appearance = Appearance(settings, self)
        appearance.apply()
        self.tasks = TaskRunner(self)
        keeping = gate if isinstance(gate, Keeping) else None
        local = LocalDesk(settings, appearance, profile, checks, keeping)
        self.window = MainWindow(gate, local, clock, self.tasks)
        self.window.setWindowIcon(icon("scale", "accent", Size.ICON_LARGE))
        self._single = SingleInstance(profile, self)
        self._single.called.connect(self._come_to_front)
        self._idle = IdleWatch(self.application, settings.get(IDLE_LOCK_MINUTES))
        self._idle.idle.connect(self.window.lock)
        self.window.wiped.connect(lambda: self._enrol(DeviceWiped()))
        settings.on_change(self._on_setting)
        self._qt_texts = QtTexts(self.application)

    def run(self, prepare: Callable[[Ticket], Opened] | None = None) -> int:
        """Show the window and live until it is closed; returns the exit code."""
        if not self._single.take():
            return ALREADY_RUNNING
        before, sys.excepthook = sys.excepthook, self._on_bug
        self.window.show()
        # After the first paint, so that the window is there before the work begins.
        QTimer.singleShot(0, self.window, lambda: self._begin(prepare))
        try:
            return self.application.exec()
        finally:
            sys.excepthook = before
            self.stop()

    def run_shots(
        self, folder: Path, plan: ShotPlan, prepare: Callable[[Ticket], Opened], tell: Callable[[str], None]
    ) -> int:
        """Open the desk, write a picture of every page into ``folder``, and end.

        Returns 0; 1 when a page failed or never came to rest; 3 when the desk could not be opened; ``tell`` says why.
        """
        from judge_desk.desktop.shots import Shooter

        shooter = Shooter(self.window, self.tasks, folder, plan)
        self.window.opened.connect(shooter.start)
        shooter.finished.connect(self.window.close)

        def give_up(failure: Failure) -> None:
            # Nobody is there to read the window, or to press "try again".
            tell(failure.sentence())
            self.application.exit(BUG if failure.is_bug else NOT_OPENED)

        self.failed.connect(give_up)
        code = self.run(prepare)
        if shooter.restless:
            tell(t("demo.restless", pages=", ".join(shooter.restless)))
        return code or (1 if shooter.restless else 0)

    def stop(self) -> None:
        self.tasks.close()
        self._gate.lock()
        self._single.release()

    def _begin(self, prepare: Callable[[Ticket], Opened] | None) -> None:
        self._single.listen()
        if prepare is not None:
            self._prepare(prepare)
            return
        if self._gate.state is GateState.NEW:
            self._enrol()
        else:
            self.window.show_start()
        # In the lane of the unlock: whoever types fast waits for it, nobody else does.
        QTimer.singleShot(0, self, self._load_behind)

    def _load_behind(self) -> None:
        """Behind the form that is on screen: load what the desk needs, then make what will show it."""
        self.tasks.run(self._gate.prepare, lambda _nothing: self.window.make_ahead())

    def _prepare(self, prepare: Callable[[Ticket], Opened]) -> None:
        from judge_desk.desktop.shell.start_screen import StartScreen  # for a long preparation alone

        screen = StartScreen()
        self.window.show_face(screen)

        def fail(failure: Failure) -> None:
            screen.show_failure(failure)
            self.failed.emit(failure)

        def start() -> None:
            self.tasks.run_long(prepare, self.window.open_desk, fail, on_progress=screen.show_progress)

        screen.retry_asked.connect(start)
        start()

    def _enrol(self, why: KnownError | None = None) -> None:
        """The first sign-in; ``why`` it is asked for again."""
        from judge_desk.desktop.dialogs.enrol import EnrolForm

        hub, user = self._settings.get(HUB_URL), self._settings.get(USER_NAME)
        form = EnrolForm(self._gate, self.tasks, hub, user)
        form.opened.connect(self.window.open_desk)
        self.window.show_face(form)
        if why is not None:
            form.say_why(why)
        form.setFocus()

    def _come_to_front(self) -> None:
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    def _on_setting(self, setting: Setting[int]) -> None:
        if setting.key == IDLE_LOCK_MINUTES.key:
            self._idle.set_minutes(self._settings.get(IDLE_LOCK_MINUTES))

    def _on_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A slot failed: the desk goes on, the banner says what is known, or shows the number of the log entry."""
        if issubclass(kind, KeyboardInterrupt):
            self.application.quit()
            return
        if isinstance(error, KnownError):
            self.window.show_failure(Failure(error))
            return
        failure = Failure(log_id=record_bug(error.with_traceback(trace)))
        self.window.show_failure(failure)
        self.failed.emit(failure)
