"""Drafts in the real window: keys go where the hand means them, and locking loses nothing."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.domain.acts import PartKind, plain_text
from judge_desk.services.drafts import DraftService
from tests.desktop.conftest import type_text
from tests.desktop.court_day import DeskDay

CTRL = Qt.KeyboardModifier.ControlModifier


def test_keys_of_the_text_stay_in_the_text(qtbot: QtBot, desk_day: DeskDay) -> None:
    service = DraftService(desk_day.context)
    draft_id, _ = service.create(desk_day.day.case.id, "administrative_decision.kk")
    page = cast(DraftsPage, desk_day.go("drafts", draft_id=draft_id))
    qtbot.waitUntil(lambda: page.work is not None and page.is_settled(), timeout=15_000)
    edit = page.desk.edit
    desk_day.window.activateWindow()
    edit.go_to_part(PartKind.REASONING)
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    before = page.desk.edit.act()
    QTest.keyClick(edit, Qt.Key.Key_B, CTRL)
    type_text(edit, "Неге? Сол үшін.")
    assert "Неге? Сол үшін." in plain_text(page.desk.edit.act())
    part = page.desk.edit.act().part(PartKind.REASONING)
    assert part is not None
    assert part.blocks[0].runs[0].marks == ("bold",)
    while edit.document().isUndoAvailable():
        QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    assert page.desk.edit.act() == before
    QTest.keyClick(edit, Qt.Key.Key_F, CTRL)
    assert page.desk.find_bar.isVisible()
    qtbot.waitUntil(page.desk.find_bar.needle.hasFocus)
    QTest.keyClick(page.desk.find_bar.needle, Qt.Key.Key_Escape)
    assert not page.desk.find_bar.isVisible()
    assert page.work is not None
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert page.work is None
