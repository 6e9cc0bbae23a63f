"""The pictures of a page: each of its dialogs opens by name, and nothing that is recorded is done for a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.campaigns.page import CampaignsPage
from judge_desk.desktop.pages.campaigns.scenes import samples_of
from judge_desk.desktop.theme import Theme
from judge_desk.domain.campaigns import Campaign
from judge_desk.domain.kinds import Kind
from judge_desk.services.context import DeskContext
from judge_desk.store import outbox, records
from tests.desktop.real_page import settle, window_of
from tests.desktop.test_campaigns_page import context, opened, show

__all__ = ["context", "show"]
Show = Callable[..., CampaignsPage]
DIALOGS = ("new", "due", "keys")


def stored(context: DeskContext) -> tuple[list[Campaign], int]:
    with context.store.reading() as connection:
        return records.where(connection, Kind.CAMPAIGN), sum(outbox.counts(connection).values())


def test_the_samples_are_the_campaigns_or_the_page_without_any(
    context: DeskContext, show: Show, tmp_path: Path
) -> None:
    page = show()
    assert samples_of(page.context.desk) == ({},)
    campaign = opened(context, tmp_path)
    assert samples_of(page.context.desk) == ({"campaign_id": campaign},)


def test_a_picture_records_nothing(qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path) -> None:
    page = show(campaign_id=opened(context, tmp_path))
    page.deeds.show_holders()
    settle(qtbot, page)
    before = stored(context)
    for _, deed in page.scenes():
        deed()
        settle(qtbot, page)
        for dialog in window_of(page).findChildren(QDialog):
            dialog.reject()
    assert stored(context) == before


@pytest.mark.parametrize("percent", [100, 150])
def test_no_button_of_a_dialog_is_squeezed(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path, percent: int
) -> None:
    page = show(campaign_id=opened(context, tmp_path))
    Theme.current().apply(scale=percent / 100)
    scenes = dict(page.scenes())
    for name in DIALOGS:
        scenes[name]()
        settle(qtbot, page)
        (dialog,) = (each for each in window_of(page).findChildren(QDialog) if each.isVisible())
        buttons = [each for each in dialog.findChildren(QAbstractButton) if each.isVisible()]
        assert buttons
        for button in buttons:
            assert button.height() >= button.sizeHint().height(), (name, button.text())
            assert dialog.rect().contains(button.mapTo(dialog, button.rect().bottomRight())), (name, button.text())
        dialog.reject()


def test_the_thing_itself_keeps_most_of_the_page_with_large_letters(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path
) -> None:
    page = show(campaign_id=opened(context, tmp_path))
    Theme.current().apply(scale=1.5)
    window_of(page).resize(1280, 720)
    settle(qtbot, page)
    qtbot.waitUntil(lambda: page.view.width() > page.list.width())
    assert page.view.scrolled.horizontalScrollBar().maximum() == 0
