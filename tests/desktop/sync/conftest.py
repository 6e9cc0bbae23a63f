"""The page of the sync in the real window over a real desk with one case, and an exchange moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.page import Page
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.cases import Case
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from tests.desktop.real_page import HandLoop, open_real_page
from tests.factories import NOW, desk_context, with_case


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    yield made
    made.store.close()


@pytest.fixture
def case(context: DeskContext) -> Case:
    return with_case(context)


@pytest.fixture
def loop() -> HandLoop:
    return HandLoop()


@pytest.fixture
def show(
    qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner, loop: HandLoop
) -> Callable[..., Page]:
    """Opens the page of the sync, or the one that it is given."""

    def make(page_id: str = "sync", **params: str) -> Page:
        return open_real_page(qtbot, context, local, tasks, page_id, loop=loop, **params)

    return make
