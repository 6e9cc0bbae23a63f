"""The commission's deeds in the window: who is due, a form set aside, an appeal decided, the key handed over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.pages.campaigns.due_dialog import DueDialog
from judge_desk.desktop.pages.campaigns.holders_dialog import HoldersDialog
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.pages.campaigns.page import CampaignsPage
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.wording import t
from judge_desk.domain.campaigns import KeyHolder
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.posts import Post
from judge_desk.domain.review_appeals import AppealState
from judge_desk.domain.scopes import campaign_scope, dossier_scope
from judge_desk.security import sealed_forms
from judge_desk.services.campaigns import CampaignService
from judge_desk.services.context import DeskContext
from judge_desk.services.review_results import ReviewResultService
from tests.desktop.conftest import begins_on_cancel
from tests.desktop.real_page import settle, window_of
from tests.desktop.test_campaigns_page import JUDGES, context, files, opened, show
from tests.factories import NOW, agreed, grant

__all__ = ["context", "show"]
Show = Callable[..., CampaignsPage]
DEEDS = {"grant": AppealState.RUNNING, "refuse": AppealState.REFUSED}


def answer(page: CampaignsPage, qtbot: QtBot, words: str) -> None:
    """Type into the question that is open, and agree."""
    dialog = window_of(page).findChildren(AskTextDialog)[-1]
    dialog.field.setPlainText(words)
    dialog.do_it.click()
    settle(qtbot, page)


def test_those_who_are_due_are_listed_with_reasons_and_become_a_campaign(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    for at, judge in enumerate(JUDGES):
        scope = dossier_scope(judge)
        grant(context, scope, Role.COMMISSION)
        post = DossierEntry(
            id=f"p{at}",
            judge_id=judge,
            section=DossierSection.POSTS,
            title="Судья",
            from_on=date(2024 if at < 3 else 2026, 8, 1),
            post=Post(court=f"court{at}"),
        )
        agreed(context, Kind.DOSSIER_ENTRY, scope, [post])
    page = show()
    page.context.actions.trigger("campaigns.due")
    settle(qtbot, page)
    (dialog,) = window_of(page).findChildren(DueDialog)
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    assert dialog.list.chosen() == JUDGES[:3]
    dialog.list.untick(JUDGES[1])
    dialog.make.click()
    settle(qtbot, page)
    (form,) = window_of(page).findChildren(NewCampaignDialog)
    assert (form.months_back.value(), form.acts_each.value()) == (24, 1)
    service = CampaignService(context)
    assert form.due_on.value() == service.today + timedelta(days=service.periods().campaign_days)
    form.title.setText("Весна")
    form.acts.take(files(tmp_path).acts)
    form.do_it.click()
    settle(qtbot, page)
    (row,) = CampaignService(context).rows()
    assert {each.id for each in row.campaign.members if each.is_subject} == {JUDGES[0], JUDGES[2]}
    assert len(row.campaign.members) == len(JUDGES)
    assert row.acts == 2


def test_closing_a_campaign_for_good_begins_on_cancel(
    context: DeskContext, show: Callable[..., CampaignsPage], tmp_path: Path
) -> None:
    page = show(campaign_id=opened(context, tmp_path))
    page.deeds.ask_close()
    (dialog,) = window_of(page).findChildren(ConfirmDialog)
    assert begins_on_cancel(dialog)
    dialog.reject()


def test_acts_outside_the_stated_period_are_not_drawn_and_that_is_told(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    page = show()
    page._new.click()
    (form,) = window_of(page).findChildren(NewCampaignDialog)
    chosen = files(tmp_path)
    assert chosen.judges is not None
    form.title.setText("Весна")
    form.judges.take(chosen.judges)
    form.acts.take(chosen.acts)
    form.months_back.setValue(3)
    form.do_it.click()
    settle(qtbot, page)
    (row,) = CampaignService(context).rows()
    assert row.acts == 0
    assert row.campaign.act_drawing is not None
    assert row.campaign.act_drawing.from_on == date(2026, 8, 23)
    assert "12" in page.view.told.text()


def test_a_form_is_set_aside_by_a_reason_and_only_before_the_judges_are_told(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    campaign = opened(context, tmp_path)
    page = show(campaign_id=campaign)
    page.view.buttons["forms"].click()
    settle(qtbot, page)
    panel = page.view.forms
    assert panel.aside.isEnabled()
    assert not any(digit in panel.words.text() for digit in "12345")
    form_id = panel.list.current_id()
    panel.aside.click()
    answer(page, qtbot, "рецензент узнал автора")
    settle(qtbot, page)
    (decision,) = CampaignService(context).row(campaign).campaign.withdrawals
    assert (decision.form_id, decision.reason) == (form_id, "рецензент узнал автора")
    assert "рецензент узнал автора" in panel.words.text()
    assert not panel.aside.isEnabled()
    told = replace(CampaignService(context).row(campaign).campaign, published_at=NOW)
    agreed(context, Kind.CAMPAIGN, campaign_scope(context.court.id), [told])
    page.activate({"campaign_id": campaign})
    settle(qtbot, page)
    assert not any(panel._may_decide for _ in panel._rows)
    assert len(ReviewResultService(context).forms(campaign)) == 60


@pytest.mark.parametrize("asked", ["forms", "fairness"])
def test_what_a_button_brings_to_light_is_on_screen(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path, asked: str
) -> None:
    campaign = opened(context, tmp_path)
    page = show(campaign_id=campaign)
    window_of(page).resize(960, 600)
    for name in ("forms", asked):
        page.view.buttons[name].click()
        settle(qtbot, page)
    card = page.view.forms_card if asked == "forms" else page.view.found
    port = page.view.scrolled.viewport()

    def is_on_screen() -> bool:
        top = card.mapTo(port, card.rect().topLeft()).y()
        return top >= 0 and top + min(card.height(), port.height() // 2) <= port.height()

    qtbot.waitUntil(is_on_screen)


@pytest.mark.parametrize("deed", DEEDS)
def test_an_appeal_is_decided_with_its_reason(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path, deed: str
) -> None:
    campaign = opened(context, tmp_path)
    told = replace(CampaignService(context).row(campaign).campaign, published_at=NOW)
    agreed(context, Kind.CAMPAIGN, campaign_scope(context.court.id), [told])
    scope = dossier_scope(JUDGES[0])
    entry = DossierEntry(
        id="result", judge_id=JUDGES[0], section=DossierSection.REVIEWS, title="Весна", campaign_id=campaign
    )
    reply = DossierReply(
        id="appeal",
        judge_id=JUDGES[0],
        entry_id="result",
        kind=ReplyKind.APPEAL,
        text="Прочтён другой текст",
        written_at=NOW,
    )
    agreed(context, Kind.DOSSIER_ENTRY, scope, [entry])
    agreed(context, Kind.DOSSIER_REPLY, scope, [reply])
    page = show(campaign_id=campaign)
    panel = page.view.appeals
    assert "Прочтён другой текст" in panel.words.text()
    panel.buttons[deed].click()
    assert not window_of(page).findChildren(AskTextDialog)[-1].windowTitle().endswith("…")
    answer(page, qtbot, "Довод проверен")
    (appeal,) = CampaignService(context).row(campaign).campaign.appeals
    assert (appeal.id, appeal.state, appeal.reason) == ("appeal", DEEDS[deed], "Довод проверен")
    service = CampaignService(context)
    last = service.today + timedelta(days=service.periods().panel_days)
    assert appeal.due_on == (last if deed == "grant" else None)
    assert "Довод проверен" in panel.words.text()
    assert not panel.buttons[deed].isVisible()


def test_the_key_goes_to_another_desk_only_by_its_digits(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    campaign = opened(context, tmp_path)
    secret, public = sealed_forms.new_key()
    other = KeyHolder(id="other", person_id="member2", name="Вторая Ч. К.", public_key=public)
    agreed(context, Kind.KEY_HOLDER, campaign_scope(context.court.id), [other])
    page = show(campaign_id=campaign)
    page.view.buttons["keys"].click()
    settle(qtbot, page)
    (dialog,) = window_of(page).findChildren(HoldersDialog)
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    model = dialog.list.model()
    told = [model.index(row, 0).data(LINE_ROLE).trailing for row in range(model.rowCount())]
    assert told == [t("campaigns.holders.has"), t("campaigns.holders.has_not")]
    assert not dialog.give.isEnabled()
    dialog.digits.setText(sealed_forms.digits(public).replace(" ", ""))
    dialog.give.click()
    settle(qtbot, page)
    row = CampaignService(context).row(campaign)
    share = next(each for each in row.campaign.shares if each.holder_id == "other")
    opened_key = sealed_forms.open_secret(share.sealed, campaign, secret, row.campaign.seal_key)
    assert len(bytes.fromhex(opened_key)) == 32


def test_the_report_is_offered_under_a_name_that_tells_nobody(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    page = show()
    page._keep_report(b"%PDF-")
    (dialog,) = window_of(page).findChildren(QFileDialog)
    assert [Path(each).name for each in dialog.selectedFiles()] == ["campaign-report.pdf"]
    dialog.fileSelected.emit(str(tmp_path / "no folder" / "report.pdf"))
    settle(qtbot, page)
    dialog.fileSelected.emit(str(tmp_path / "report.pdf"))
    dialog.reject()
    settle(qtbot, page)
    assert (tmp_path / "report.pdf").read_bytes() == b"%PDF-"
    assert not (tmp_path / "no folder").exists()


def test_a_page_that_reads_its_forms_anew_drops_nothing_that_was_asked_for(qtbot: QtBot, show: Show) -> None:
    page = show()
    go_on = threading.Event()
    answers: list[bool] = []
    page.ask(lambda: go_on.wait(20), answers.append)
    page.deeds.show_forms()
    go_on.set()
    settle(qtbot, page)
    assert answers == [True]
