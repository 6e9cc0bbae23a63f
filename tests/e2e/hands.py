"""A judge's hands and eyes on the real program: keys and clicks through the X server, from a thread beside the window.

A dialog that runs its own event loop holds up nobody here: every question is put to the window's thread as an event.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.page import Page
from judge_desk.desktop.widgets.state_stack import State

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.02
CLICKS, FELT_SECONDS = 5, 5.0


class Hands(QObject):
    """Every method is for the thread of the walk; what it asks runs on the window's thread."""

    _asked = Signal(object, object)

    def __init__(self, app: DesktopApp) -> None:
        super().__init__()
        self._app = app
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self.failures: list[int] = []
        self._watches: list[_Clicked] = []
        app.failed.connect(self.failures.append)

    def ask(self, question: Callable[[], T]) -> T:
        """What the window's thread answers."""
        answer: Future[T] = Future()
        self._asked.emit(question, answer)
        return answer.result(PATIENCE_SECONDS)

    def wait(self, what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        """Until the condition holds on the window's thread; no bug may have come to the surface meanwhile."""
        self._wait(what, condition, seconds)
        assert not self.failures, f"a bug came to the surface before: {what}"

    def wait_for_bugs(self, count: int) -> None:
        """Until so many bugs, meant ones, came to the surface."""
        self._wait(f"{count} bugs", lambda: len(self.failures) >= count, PATIENCE_SECONDS)
        assert len(self.failures) == count
        self.failures.clear()

    def keys(self, *combinations: str) -> None:
        """Press keys as the X server sends them, on the window or dialog that has the focus."""
        self.wait("a window of ours is active", lambda: QApplication.activeWindow() is not None)
        for each in combinations:
            subprocess.run(["xdotool", "key", "--clearmodifiers", each], check=True, timeout=PATIENCE_SECONDS)

    def click(self, button: QAbstractButton) -> None:
        """The left button in the middle; a page that fills may move it from under the pointer, or switch it off for a
        moment between down and up: then again, as a person does."""
        felt = threading.Event()
        watch = self.ask(lambda: _Clicked(button, felt))
        for _ in range(CLICKS):
            place = self.ask(lambda: button.mapToGlobal(button.rect().center()))
            words = ("mousemove", str(place.x()), str(place.y()), "click", "1")
            subprocess.run(["xdotool", *words], check=True, timeout=PATIENCE_SECONDS)
            if felt.wait(FELT_SECONDS):
                self._watches.append(watch)
                return
        raise AssertionError(f"clicked {CLICKS} times beside the button {self.ask(button.accessibleName)}")

    def write(self, text: str) -> None:
        """Letters of any script into the control that has the focus; the X server's layout knows no Kazakh."""
        self.wait("something has the focus", lambda: QApplication.focusWidget() is not None)
        focused = self.ask(QApplication.focusWidget)
        assert focused is not None
        self.ask(lambda: write_into(focused, text))

    def page(self, page_id: str) -> Any:
        """The page of this id, once it is on screen with what it shows."""
        self.wait(f"page {page_id}", lambda: self._is_ready(page_id))
        return self.ask(lambda: self._app.window.pages.page)

    def seen(self, kind: type[W], name: str = "") -> W:
        """The visible widget of a kind, with this accessible or object name if one is given; waits for it."""
        self.wait(f"{kind.__name__} {name}", lambda: self._find(kind, name))
        return self.ask(lambda: self._find(kind, name)[0])

    def dialog(self, kind: type[W]) -> W:
        """The dialog of a kind, once it is on screen and active."""
        self.wait(kind.__name__, lambda: isinstance(QApplication.activeWindow(), kind))
        return self.ask(lambda: QApplication.activeWindow())  # type: ignore[return-value]  # its kind was waited for

    def save_as(self, path: Path) -> None:
        """Answer the question where to save, and wait for the file."""
        dialog = self.dialog(QFileDialog)
        name = self.seen(QLineEdit, "fileNameEdit")
        self.ask(name.setFocus)
        self.ask(name.clear)
        self.write(str(path))
        self.keys("Return")
        self.wait("the dialog is gone", lambda: not dialog.isVisible())
        self.wait(f"{path.name} is written", path.is_file)

    def picture(self, path: Path) -> None:
        """What the window and a dialog over it show."""
        self.ask(lambda: _shown().grab().save(str(path)))

    def _wait(self, what: str, condition: Callable[[], object], seconds: float) -> None:
        until = time.monotonic() + seconds
        pause = threading.Event()
        while not self.ask(condition):
            if time.monotonic() > until:
                raise AssertionError(f"waited {seconds} s in vain: {what}")
            pause.wait(LOOK_SECONDS)

    def _is_ready(self, page_id: str) -> bool:
        page = self._app.window.pages.page
        is_there = isinstance(page, Page) and page.id == page_id and page.states.state is not State.LOADING
        return is_there and self._app.tasks.is_idle

    def _find(self, kind: type[W], name: str) -> list[W]:
        found = [each for window in QApplication.topLevelWidgets() for each in window.findChildren(kind)]
        return [
            each
            for each in found
            if each.isVisible() and (not name or name in (each.accessibleName(), each.objectName()))
        ]

    @staticmethod
    def _answer(question: Callable[[], T], answer: Future[T]) -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # noqa: BLE001  it belongs to the thread that asked
            answer.set_exception(error)


class _Clicked(QObject):
    """Says so when a button is let go under the pointer while it is down: only then does Qt call it clicked. Before
    that, for what the click opens may hold up every word about it."""

    def __init__(self, button: QAbstractButton, felt: threading.Event) -> None:
        super().__init__()
        self._felt = felt
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            button = cast(QAbstractButton, watched)
            if button.isDown() and button.rect().contains(event.position().toPoint()):
                self._felt.set()
        return False


def write_into(widget: QWidget, text: str) -> None:
    """Letters of any script; QTest.keyClicks aborts the interpreter for those beyond ASCII."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = ord(letter.upper()) if ord(letter) < 128 else Qt.Key.Key_unknown
            QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))


def _shown() -> QWidget:
    active = QApplication.activeWindow()
    return (
        active
        if isinstance(active, QDialog)
        else next(each for each in QApplication.topLevelWidgets() if each.isVisible())
    )
