"""The commission's page: from the files to cleared acts, a trial that can be stopped, and results behind fairness."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.pages.campaigns.page import CampaignsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.domain.campaigns import CampaignProgress, CampaignState, SealedForm
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Answer, SealedAnswers
from judge_desk.domain.scopes import campaign_scope, court_scope, dossier_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.security import sealed_forms
from judge_desk.services.campaign_files import CampaignFiles, prepare_from
from judge_desk.services.campaigns import CampaignService
from judge_desk.services.context import DeskContext
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import NOW, a_person, agreed, desk_context, grant
from tests.sync.campaign_world import surname

JUDGES = [f"judge{at:02d}" for at in range(12)]


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, Role.COMMISSION, clock)
    grant(made, campaign_scope(made.court.id), Role.COMMISSION)
    known = [a_person(id=judge, name=f"{surname(at)} А. Б.", full_name=surname(at)) for at, judge in enumerate(JUDGES)]
    agreed(made, Kind.PERSON, court_scope(made.court.id), known)
    yield made
    made.store.close()


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Callable[..., CampaignsPage]:
    def make(**params: str) -> CampaignsPage:
        return cast(CampaignsPage, open_real_page(qtbot, context, local, tasks, "campaigns", loop=None, **params))

    return make


def files(folder: Path) -> CampaignFiles:
    """Twelve judges of twelve courts and an act of each, the first with a name that the pool does not know."""
    judges, acts = folder / "judges.csv", folder / "acts.jsonl"
    rows = [f"{judge},court{at},{'fm'[at % 2]}" for at, judge in enumerate(JUDGES)]
    judges.write_text("id,court,sex\n" + "\n".join([*rows, ",x,f"]), encoding="utf-8")
    lines = [
        {
            "id": f"a{at}",
            "judge": judge,
            "date": "2026-05-20",
            "title": "Решение по займу",
            "language": "ru",
            "names": ["Ахметов К. Б."],
            "text": f"Суд взыскал с Ахметова {at} тысяч тенге. Доводы сторон оценены.",
        }
        for at, judge in enumerate(JUDGES)
    ]
    acts.write_text("\n".join([*(json.dumps(each, ensure_ascii=False) for each in lines), "{"]), encoding="utf-8")
    return CampaignFiles(
        title="Весна", judges=judges, acts=acts, conflicts=None, per_judge=5, seed=7, due_on=date(2026, 12, 20)
    )


def made(context: DeskContext, tmp_path: Path, *, cleared: bool = True) -> str:
    service = CampaignService(context)
    campaign = prepare_from(service, files(tmp_path)).campaign_id
    if cleared:
        for row in service.acts(campaign):
            service.clear(row.act.id)
    return campaign


def opened(context: DeskContext, tmp_path: Path) -> str:
    """A campaign as the hub leaves it when the forms are handed out: five reviewers a judge, in a circle."""
    service = CampaignService(context)
    campaign_id = made(context, tmp_path)
    campaign = replace(service.row(campaign_id).campaign, state=CampaignState.OPENED)
    scope = campaign_scope(context.court.id)
    act_of = {row.act.subject_id: row.act.id for row in service.acts(campaign_id)}
    forms = []
    for at, judge in enumerate(JUDGES):
        for step in range(1, 6):
            rater = (at + step) % len(JUDGES)
            answers = tuple(
                Answer(
                    criterion_id=each.id,
                    score=min(5, max(1, 1 + at // 3 + (rater * at + step) % 5 // 4)),
                    comment="Ясно изложено",
                )
                for each in campaign.form.criteria
            )
            told = SealedAnswers(
                campaign_id=campaign_id,
                act_id=act_of[judge],
                rater_token=f"t{rater}",
                answers=answers,
                rater_groups={"sex": "fm"[rater % 2]},
            )
            sealed = sealed_forms.seal(told, campaign.seal_key)
            forms.append(
                SealedForm(id=sha256(sealed.encode()).hexdigest()[:32], campaign_id=campaign_id, sealed=sealed)
            )
    agreed(context, Kind.CAMPAIGN, scope, [campaign])
    agreed(context, Kind.CAMPAIGN_PROGRESS, scope, [CampaignProgress(id=campaign_id, asked=60, received=60)])
    agreed(context, Kind.SEALED_FORM, scope, forms)
    for judge in JUDGES:
        grant(context, dossier_scope(judge), Role.COMMISSION)
    return campaign_id


def words(page: CampaignsPage) -> str:
    """Everything that the page says now."""
    return "\n".join(label.text() for label in page.view.findChildren(PlainLabel) if label.isVisible())


def test_nothing_yet_says_how_to_begin(show: Callable[..., CampaignsPage]) -> None:
    assert show().states.state is State.EMPTY


def test_the_form_makes_a_campaign_and_names_the_rows_it_left_out(
    qtbot: QtBot, context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    page = show()
    page._new.click()
    dialog = page.window().findChild(NewCampaignDialog)
    assert dialog is not None
    assert not dialog.do_it.isEnabled()
    chosen = files(tmp_path)
    dialog.title.setText("Весна")
    assert chosen.judges is not None
    dialog.judges.take(chosen.judges)
    dialog.acts.take(chosen.acts)
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    dialog.do_it.click()
    settle(qtbot, page)
    row = CampaignService(context).rows()[0]
    assert (row.campaign.title, row.acts, row.cleared) == ("Весна", 12, 0)
    assert "judges.csv:14" in words(page)
    assert "acts.jsonl:13" in words(page)


def test_an_act_is_mended_and_cleared(
    qtbot: QtBot, context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    campaign = made(context, tmp_path, cleared=False)
    page = show(campaign_id=campaign)
    acts = page.view.acts
    assert "Ахметов" not in acts.text.toPlainText()
    acts.text.setPlainText("Суд взыскал с АХМЕТОВА долг.")
    acts.save.click()
    settle(qtbot, page)
    assert not acts.clear.isEnabled()
    assert len(acts.text.extraSelections()) == 1
    acts.text.setPlainText("Суд взыскал долг.")
    acts.save.click()
    settle(qtbot, page)
    acts.clear.click()
    settle(qtbot, page)
    assert CampaignService(context).row(campaign).cleared == 1
    assert not page.view.buttons["launch"].isVisible()


def test_a_trial_is_run_in_its_own_process_and_can_be_stopped(
    qtbot: QtBot, context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    page = show(campaign_id=made(context, tmp_path))
    page.view.buttons["trial"].click()
    assert page.view.buttons["stop"].isVisible()
    page.view.buttons["stop"].click()
    settle(qtbot, page)
    assert "stopped" in words(page)
    page.view.buttons["trial"].click()
    settle(qtbot, page)
    assert "60 forms" in words(page)


def test_launching_asks_the_hub(
    qtbot: QtBot, context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    campaign = made(context, tmp_path)
    page = show(campaign_id=campaign)
    page.view.buttons["launch"].click()
    settle(qtbot, page)
    # The key lies on this desk alone: nothing goes out before somebody has written why.
    assert CampaignService(context).row(campaign).campaign.state is CampaignState.PREPARED
    (dialog,) = window_of(page).findChildren(AskTextDialog)
    assert not dialog.do_it.isEnabled()
    dialog.field.setPlainText("в комиссии одно рабочее место")
    dialog.do_it.click()
    settle(qtbot, page)
    launched = CampaignService(context).row(campaign).campaign
    assert launched.state is CampaignState.RUNNING
    assert launched.few_holders_reason in words(page)
    assert not page.view.acts_card.isVisible()


def test_results_wait_for_fairness_and_for_the_judges(
    qtbot: QtBot, context: DeskContext, clock: FixedClock, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    campaign = opened(context, tmp_path)
    page = show(campaign_id=campaign)
    buttons = page.view.buttons
    assert not buttons["publish"].isVisible()
    buttons["fairness"].click()
    settle(qtbot, page)
    qtbot.waitUntil(lambda: "Forms opened: 60" in words(page))
    assert not any(judge in words(page) or surname(at) in words(page) for at, judge in enumerate(JUDGES))
    buttons["publish"].click()
    settle(qtbot, page)
    buttons["results"].click()
    settle(qtbot, page)
    assert surname(11) not in words(page)
    clock.set(NOW.replace(month=12, day=20))
    buttons["results"].click()
    settle(qtbot, page)
    qtbot.waitUntil(lambda: f"{surname(11)} А. Б." in words(page))
    assert "with 95 % certainty" in words(page)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_face_is_reachable_and_named_in_every_language(
    context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path, language: str
) -> None:
    page = show(campaign_id=opened(context, tmp_path))
    window_of(page).appearance.set_language(language)
    assert (nameless(page), unreachable(page)) == ([], [])
