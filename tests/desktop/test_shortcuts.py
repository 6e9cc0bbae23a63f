"""No two deeds that are within reach at once answer to the same keys: Qt then calls neither of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.actions import WINDOW
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages import MAIN, all_page_ids
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.people import Role
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from tests.desktop.court_day import DeskDay
from tests.desktop.real_page import open_real_page, window_of
from tests.factories import NOW, desk_context

PARAMS = {"case": {"case_id": "c1"}}
OTHERS = {
    page.id: next(role for role in Role if page.is_for((role,))) for page in MAIN if not page.is_for((Role.JUDGE,))
}
"""Pages that a judge does not have, and somebody who does."""


def doubled(window: MainWindow, page: Page) -> dict[str, set[str]]:
    """Keys with several meanings on a page."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for action in (*window.registry.of_group(WINDOW), *page.page_actions()):
        for keys in filter(None, action.shortcut.split("; ")):
            meanings[keys].add(action.id)
    return {keys: ids for keys, ids in meanings.items() if len(ids) > 1}


@pytest.fixture
def theirs(page_id: str, tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, OTHERS[page_id], clock)
    yield made
    made.store.close()


@pytest.mark.parametrize("page_id", [each for each in all_page_ids() if each not in OTHERS])
def test_every_key_of_a_judge_has_one_meaning(page_id: str, desk_day: DeskDay) -> None:
    page = desk_day.go(page_id, **PARAMS.get(page_id, {}))
    assert not doubled(desk_day.window, page)


@pytest.mark.parametrize("page_id", list(OTHERS))
def test_every_key_of_others_has_one_meaning(
    page_id: str, qtbot: QtBot, theirs: DeskContext, local: LocalDesk, tasks: TaskRunner
) -> None:
    page = open_real_page(qtbot, theirs, local, tasks, page_id, loop=None)
    assert not doubled(window_of(page), page)
