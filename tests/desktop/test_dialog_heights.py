"""Dialogs over long sentences: each is as high as these need, so that no button is squeezed and no field parted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.drafts.fact_dialog import FactDialog
from judge_desk.desktop.pages.drafts.remark_dialogs import NewRemarkDialog, RemarkDialog
from judge_desk.desktop.pages.hearings.close_dialog import CloseDialog
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.remarks import Remark
from judge_desk.services.draft_facts import FactDifference
from tests.desktop.conftest import press
from tests.desktop.heights import is_whole, needed
from tests.factories import NOW

WORDS = "О взыскании задолженности по договору долевого участия в строительстве жилого дома. "


def a_new_remark(parent: QWidget, words: str) -> QDialog:
    return NewRemarkDialog(words, parent)


def a_proposal(parent: QWidget, words: str) -> QDialog:
    dialog = NewRemarkDialog(words, parent)
    dialog.proposes.setChecked(True)
    return dialog


def closing(state: HearingState, parent: QWidget, words: str) -> QDialog:
    return CloseDialog(parent, state, words)


def differing(parent: QWidget, words: str) -> QDialog:
    return facts(parent, 1, words)


def facts(parent: QWidget, count: int, words: str) -> FactDialog:
    found = [FactDifference(field=f"field{number}", stands="", known=words) for number in range(count)]
    return FactDialog(found, {each.field: each.field for each in found}, parent)


MAKERS = {
    "facts": differing,
    "remark": a_new_remark,
    "proposal": a_proposal,
    "adjourn": partial(closing, HearingState.ADJOURNED),
    "hold": partial(closing, HearingState.HELD),
    "cancel": partial(closing, HearingState.CANCELLED),
}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_dialog_is_as_high_as_its_sentences_need(
    parent: QWidget, make: Callable[[QWidget, str], QDialog], percent: int
) -> None:
    Theme.current().apply(scale=percent / 100)
    for words in ("слово", WORDS * 8):
        dialog = make(parent, words)
        dialog.open()
        is_whole(dialog)
        assert dialog.height() == needed(dialog)
        dialog.reject()


def test_a_remark_that_proposes_nothing_after_all_is_low_again(parent: QWidget) -> None:
    dialog = NewRemarkDialog(WORDS * 8, parent)
    dialog.open()
    low = dialog.height()
    for proposes in (True, False):
        dialog.proposes.setChecked(proposes)
        is_whole(dialog)
        assert (dialog.height() > low) is proposes
        assert dialog.height() == needed(dialog)


@pytest.mark.parametrize("percent", [100, 150])
def test_a_remark_of_many_words_keeps_its_buttons_and_is_read_by_keys(parent: QWidget, percent: int) -> None:
    Theme.current().apply(scale=percent / 100)
    dialog = a_shown_remark(parent, WORDS * 20)
    is_whole(dialog)
    assert dialog.height() <= dialog.screen().availableSize().height()
    last = dialog.findChildren(PlainLabel)[-1]
    assert last.text() == WORDS * 20
    for _ in range(9):
        press(dialog, Qt.Key.Key_PageDown)
    assert last.visibleRegion().boundingRect().bottom() == last.rect().bottom()
    press(dialog, Qt.Key.Key_PageUp)
    assert last.visibleRegion().boundingRect().bottom() < last.rect().bottom()


def test_many_facts_keep_the_buttons_and_are_reached_by_tab(parent: QWidget) -> None:
    dialog = facts(parent, 12, WORDS * 4)
    dialog.open()
    QApplication.processEvents()
    assert dialog.height() <= dialog.screen().availableSize().height()
    for button in dialog.findChildren(QPushButton):
        assert button.visibleRegion().boundingRect() == button.rect()
        assert button.height() >= button.sizeHint().height()
    *_, last = dialog.boxes.values()
    assert last.visibleRegion().isEmpty()
    for box in dialog.boxes.values():
        assert box.hasFocus()
        assert box.visibleRegion().boundingRect() == box.rect()
        press(box, Qt.Key.Key_Tab)


def test_no_bar_stands_beside_a_remark_that_fits(parent: QWidget) -> None:
    for count in range(1, 7):
        dialog = a_shown_remark(parent, WORDS * count)
        is_whole(dialog)
        assert not any(bar.isVisible() for bar in dialog.findChildren(QScrollBar)), count


def a_shown_remark(parent: QWidget, words: str) -> RemarkDialog:
    said = partial(Remark, id="r", block_id="b", author_id="a", author_name="Ахметова Г. С.", made_at=NOW)
    remark = said(quote="слово", text=words, proposal=words)
    dialog = RemarkDialog(remark, "вчера", parent, may_answer=True, is_mine=True)
    dialog.open()
    return dialog
