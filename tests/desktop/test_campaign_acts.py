"""The acts of a campaign are read one after the other: what was typed goes out, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.campaigns.page import CampaignsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.campaigns import CampaignProgress, CampaignState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import campaign_scope, court_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.campaign_files import CampaignFiles, prepare_from
from judge_desk.services.campaigns import CampaignService
from judge_desk.services.context import DeskContext
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import NOW, a_person, agreed, desk_context, grant

JUDGES = ("judge0", "judge1", "judge2")
SURNAMES = ("Бектаев", "Сериков", "Нуров")
Show = Callable[..., CampaignsPage]


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, Role.COMMISSION, clock)
    grant(made, campaign_scope(made.court.id), Role.COMMISSION)
    known = [a_person(id=judge, name=f"{name} А. Б.") for judge, name in zip(JUDGES, SURNAMES, strict=True)]
    agreed(made, Kind.PERSON, court_scope(made.court.id), known)
    yield made
    made.store.close()


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Show:
    def make(**params: str) -> CampaignsPage:
        return cast(CampaignsPage, open_real_page(qtbot, context, local, tasks, "campaigns", loop=None, **params))

    return make


def files(folder: Path, *judges: str) -> CampaignFiles:
    """An act of each; the second one names its judge in spaced letters."""
    told = "Суд взыскал долг. Набрано: С Е Р И К О В."
    lines = [
        {"id": f"a{at}", "judge": judge, "date": "2026-05-20", "language": "ru", "title": "Заём"}
        | {"text": told if at == 1 else f"Суд взыскал долг {at}."}
        for at, judge in enumerate(judges)
    ]
    (folder / "acts.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "judges.csv").write_text("id\n" + "\n".join(judges), encoding="utf-8")
    judges_file, acts = folder / "judges.csv", folder / "acts.jsonl"
    day = date(2026, 12, 20)
    return CampaignFiles(title="Весна", judges=judges_file, acts=acts, conflicts=None, per_judge=5, seed=7, due_on=day)


@pytest.fixture
def campaign(context: DeskContext, tmp_path: Path) -> str:
    return prepare_from(CampaignService(context), files(tmp_path, *JUDGES)).campaign_id


def texts(context: DeskContext, campaign: str) -> dict[str, tuple[str, bool]]:
    """Judge to the text on disk and whether it is out."""
    rows = CampaignService(context).acts(campaign)
    return {row.act.subject_id: (row.act.text, bool(row.act.cleared_by)) for row in rows}


def test_the_act_that_leaks_stands_first_and_cannot_go_out(context: DeskContext, show: Show, campaign: str) -> None:
    acts = show(campaign_id=campaign).view.acts
    assert "С Е Р И К О В" in acts.text.toPlainText()
    assert not acts.clear.isEnabled()
    assert len(acts.text.extraSelections()) == 1


def test_each_act_is_read_and_let_go_by_one_key(qtbot: QtBot, context: DeskContext, show: Show, campaign: str) -> None:
    page = show(campaign_id=campaign)
    acts = page.view.acts
    acts.text.setPlainText("Суд взыскал долг.")
    for left in (2, 1, 0):
        QTest.keyClick(window_of(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, page)
        assert CampaignService(context).row(campaign).cleared == len(JUDGES) - left
    assert texts(context, campaign)["judge1"] == ("Суд взыскал долг.", True)
    assert page.view.buttons["launch"].isVisible()


def test_words_that_still_leak_do_not_go_out_and_are_not_lost(
    qtbot: QtBot, context: DeskContext, show: Show, campaign: str
) -> None:
    page = show(campaign_id=campaign)
    acts = page.view.acts
    acts.text.setPlainText("Суд взыскал долг. Серикову отказать.")
    acts.clear.click()
    settle(qtbot, page)
    assert not texts(context, campaign)["judge1"][1]
    assert "Серикову" in acts.text.toPlainText()


def test_what_was_typed_is_saved_before_another_act_is_shown(
    qtbot: QtBot, context: DeskContext, show: Show, campaign: str
) -> None:
    page = show(campaign_id=campaign)
    acts = page.view.acts
    acts.text.setPlainText("Суд взыскал часть долга.")
    acts.list.picked.emit(next(row.act.id for row in CampaignService(context).acts(campaign) if not row.leaks))
    settle(qtbot, page)
    assert texts(context, campaign)["judge1"] == ("Суд взыскал часть долга.", False)


def test_an_act_of_a_judge_whose_name_nobody_knows_is_not_taken(context: DeskContext, tmp_path: Path) -> None:
    chosen = replace(files(tmp_path, *JUDGES, "stranger"), title="Осень")
    taken = prepare_from(CampaignService(context), chosen)
    assert [(each.key, each.line) for each in taken.refused] == [("campaigns.row.nameless", 4)]
    assert "stranger" not in texts(context, taken.campaign_id)


def test_forms_may_be_opened_once_the_last_day_has_passed(
    qtbot: QtBot, context: DeskContext, clock: FixedClock, show: Show, campaign: str
) -> None:
    running = replace(CampaignService(context).row(campaign).campaign, state=CampaignState.RUNNING)
    agreed(context, Kind.CAMPAIGN, campaign_scope(context.court.id), [running])
    agreed(context, Kind.CAMPAIGN_PROGRESS, campaign_scope(context.court.id), [CampaignProgress(id=campaign, asked=15)])
    page = show(campaign_id=campaign)
    assert not page.view.buttons["open"].isVisible()
    clock.set(NOW.replace(month=12, day=21))
    page._read()
    settle(qtbot, page)
    assert page.view.buttons["open"].isVisible()
