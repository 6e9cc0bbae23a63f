"""One page of the real window over a real encrypted desk, with an exchange that the test moves by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages import load_page
from judge_desk.desktop.shell.desk_facts import DeskFacts
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import Gate, Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.changes import Changes
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.sync import Standing
from judge_desk.sync.loop import SyncLoop


class HandLoop:
    """A loop without a thread: the test says how it stands; what the page asked for is written down."""

    def __init__(self) -> None:
        self.standing = Standing()
        self.asked: list[str] = []
        self._listeners: list[Callable[[Standing, Changes], None]] = []

    def listen(self, listener: Callable[[Standing, Changes], None]) -> None:
        self._listeners.append(listener)

    def now(self) -> None:
        self.asked.append("now")

    def pause(self, *, paused: bool) -> None:
        self.asked.append("pause" if paused else "resume")
        self.stand(paused=paused)

    def stand(self, changes: Changes | None = None, **values: Any) -> None:
        """Another standing, told to everybody as the real loop does."""
        self.standing = replace(self.standing, **values)
        for listener in self._listeners:
            listener(self.standing, changes or Changes())


def open_real_page(
    qtbot: QtBot,
    context: DeskContext,
    local: LocalDesk,
    tasks: TaskRunner,
    page_id: str,
    *,
    loop: HandLoop | None = None,
    **params: str,
) -> Page:
    """The page on screen and settled."""
    desk = Desk.over(context, cast(SyncLoop, loop) if loop is not None else None)
    window = MainWindow(cast(Gate, None), local, context.clock, tasks, load=load_page)
    qtbot.addWidget(window)
    window.show()
    window.open_desk(Opened(desk, DeskFacts(desk)), page_id, **params)
    assert window.pages.page is not None
    settle(qtbot, window.pages.page)
    return window.pages.page


def settle(qtbot: QtBot, page: Page) -> None:
    """Wait until what is on screen is final."""
    qtbot.waitUntil(lambda: page.context.tasks.is_idle and page.is_settled(), timeout=15_000)


def window_of(page: Page) -> MainWindow:
    return cast(MainWindow, page.window())
