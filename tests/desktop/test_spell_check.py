"""Misspelt words under the hand: marked once judged, mended from the menu, learnt, and never in the text itself."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCharFormat
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.spell_check import SpellCheck
from judge_desk.desktop.tasks import TaskRunner
from tests.desktop.conftest import type_text
from tests.desktop.test_editor_edits import an_act, at, reasons

SLIP = "шешмі"


class Speller:
    """Knows everything but one word."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.learnt: list[str] = []

    def misspelt(self, draft_id: str, words: Collection[str], language: str) -> set[str]:
        self.asked += [f"{draft_id}/{language}/{word}" for word in words]
        return {word for word in words if word == SLIP}

    def suggestions(self, word: str, language: str) -> list[str]:
        return ["шешім"] if word == SLIP else []

    def learn(self, word: str) -> None:
        self.learnt.append(word)


@pytest.fixture
def speller() -> Speller:
    return Speller()


@pytest.fixture
def edit(qtbot: QtBot) -> ActEdit:
    edit = ActEdit()
    qtbot.addWidget(edit)
    edit.show_act(an_act())
    edit.resize(600, 400)
    edit.show()
    return at(edit, "why", 3)


@pytest.fixture
def check(qtbot: QtBot, edit: ActEdit, speller: Speller, tasks: TaskRunner) -> SpellCheck:
    check = SpellCheck(edit, speller, tasks)
    check.begin("d1", "kk")
    qtbot.waitUntil(lambda: tasks.is_idle)
    return check


def typed_slip(qtbot: QtBot, check: SpellCheck, edit: ActEdit, tasks: TaskRunner) -> None:
    type_text(edit, f" {SLIP} ")
    check.look()
    qtbot.waitUntil(lambda: tasks.is_idle)


def marked(edit: ActEdit) -> str:
    """The letters that carry a wave in the line of the caret."""
    line = edit.textCursor().block()
    return "".join(
        line.text()[each.start : each.start + each.length]
        for each in line.layout().formats()
        if each.format.underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline
    )


def test_a_slip_is_marked_and_no_mark_enters_the_text(
    qtbot: QtBot, check: SpellCheck, edit: ActEdit, tasks: TaskRunner
) -> None:
    typed_slip(qtbot, check, edit, tasks)
    assert marked(edit) == SLIP
    assert not any(run.marks for block in edit.act().blocks() for run in block.runs if SLIP in run.text)
    check.set_on(False)
    assert marked(edit) == ""


def test_a_word_is_judged_once(
    qtbot: QtBot, check: SpellCheck, edit: ActEdit, tasks: TaskRunner, speller: Speller
) -> None:
    typed_slip(qtbot, check, edit, tasks)
    typed_slip(qtbot, check, edit, tasks)
    assert speller.asked.count(f"d1/kk/{SLIP}") == 1
    assert marked(edit) == SLIP * 2


def test_f7_finds_it_and_the_menu_mends_it(qtbot: QtBot, check: SpellCheck, edit: ActEdit, tasks: TaskRunner) -> None:
    typed_slip(qtbot, check, edit, tasks)
    assert check.next_wrong()
    assert edit.textCursor().selectedText() == SLIP
    edit.customContextMenuRequested.emit(QPoint(0, 0))
    qtbot.waitUntil(lambda: check.menu is not None)
    assert check.menu is not None
    offered = {action.text(): action for action in check.menu.actions()}
    offered["шешім"].trigger()
    assert "шешім" in "".join(text for _, text in reasons(edit))
    assert not check.next_wrong()
    edit.undo()
    assert SLIP in "".join(text for _, text in reasons(edit))
    check.menu.close()


def test_a_word_is_learnt(qtbot: QtBot, check: SpellCheck, edit: ActEdit, tasks: TaskRunner, speller: Speller) -> None:
    typed_slip(qtbot, check, edit, tasks)
    check._learn(SLIP)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert speller.learnt == [SLIP]
    assert marked(edit) == ""
