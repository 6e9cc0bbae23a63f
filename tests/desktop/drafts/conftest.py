"""A page of drafts over a real desk, with one draft begun; put away before its threads end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from tests.desktop.draft_desk import MakePage, Window, drafts_page
from tests.factories import a_case, a_party, desk_context, with_case
from tests.unit.services.test_drafts import FORM


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    context = desk_context(tmp_path, clock=clock)
    yield context
    context.store.close()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def make_page(qtbot: QtBot, tasks: TaskRunner, window: Window, local: LocalDesk) -> Iterator[MakePage]:
    made: list[DraftsPage] = []

    def make(context: DeskContext) -> DraftsPage:
        made.append(drafts_page(context, tasks, window, local))
        qtbot.addWidget(made[-1])
        return made[-1]

    yield make
    for page in made:
        # As the window does before the threads end: nothing may want to save afterwards.
        page.desk.put_away()


@pytest.fixture
def page(make_page: MakePage, context: DeskContext) -> DraftsPage:
    return make_page(context)


@pytest.fixture
def draft_id(context: DeskContext) -> str:
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),)))
    return Desk.over(context).drafts.create(case.id, FORM)[0]
