"""The page of drafts outside its window: for tests of the page, and for a process that types until it is killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from pytestqt.qtbot import QtBot

from judge_desk.desktop.actions import ActionRegistry
from judge_desk.desktop.events import Events
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.acts import plain_text
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk


class Window:
    """What the shell does, written down."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, dict[str, str]]] = []
        self.toasts: list[str] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.undo: Callable[[], object] | None = None
        self.failures: list[Failure] = []

    def open_page(self, page_id: str, **params: str) -> None:
        self.opened.append((page_id, params))

    def go_back(self) -> None:
        self.opened.append(("", {}))

    def toast(self, key: str, undo: Callable[[], object] | None = None, **params: Any) -> None:
        self.toasts.append(key)
        self.told.append((key, params))
        self.undo = undo

    def show_failure(self, failure: Failure) -> None:
        self.failures.append(failure)


def drafts_page(context: DeskContext, tasks: TaskRunner, window: Window, local: LocalDesk) -> DraftsPage:
    """Built, on screen, and told of its own changes as by the shell."""
    events = Events()
    around = PageContext(tasks, events, ActionRegistry(), cast(Any, window), local)
    around.open(Desk.over(context))
    page = DraftsPage(around)
    page.build()
    events.setParent(page)
    events.changed.connect(lambda changes, _initiator: page.refresh(changes))
    page.resize(1200, 800)
    page.show()
    return page


MakePage = Callable[[DeskContext], DraftsPage]


def settled(qtbot: QtBot, page: DraftsPage) -> None:
    qtbot.waitUntil(page.is_settled, timeout=10_000)


def opened(qtbot: QtBot, page: DraftsPage, draft_id: str) -> DraftsPage:
    page.activate({"draft_id": draft_id})
    qtbot.waitUntil(lambda: page.work is not None and page.work.draft.id == draft_id)
    settled(qtbot, page)
    return page


def on_disk(page: DraftsPage) -> str:
    return plain_text(page.context.desk.drafts.open(page.draft_id).draft.act)
