"""The question before a deed: it names the thing, and Enter alone does nothing that cannot be undone."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.dialogs.confirm import ConfirmDialog, confirm
from tests.desktop.conftest import press


def test_a_question_names_the_thing_and_begins_on_the_safe_answer(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    done: list[str] = []
    dialog = confirm(window, "cases.filter.delete", "cases.filter.delete", lambda: done.append("yes"), danger=True)
    assert isinstance(dialog, ConfirmDialog)
    assert nameless(dialog) == []
    press(dialog, Qt.Key.Key_Escape)
    assert done == []
    dialog = confirm(window, "cases.filter.delete", "cases.filter.delete", lambda: done.append("yes"), danger=True)
    dialog.accept()
    assert done == ["yes"]


@pytest.mark.parametrize(("danger", "final"), [(True, False), (False, True)])
def test_enter_alone_does_nothing_that_cannot_be_undone(qtbot: QtBot, danger: bool, final: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    done: list[str] = []
    asked = partial(confirm, window, "common.undo", "common.undo", lambda: done.append("yes"))
    grave = asked(danger=danger, final=final)
    QTest.keyClick(grave.focusWidget(), Qt.Key.Key_Return)
    assert (done, grave.isVisible()) == ([], False)
    QTest.keyClick(asked().focusWidget(), Qt.Key.Key_Return)
    assert done == ["yes"]


def test_a_long_hint_takes_nothing_from_the_buttons(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = AskTextDialog(window, "Самоотвод", "Укажите конфликт интересов и его причину. " * 30, "common.save")
    dialog.open()
    QApplication.processEvents()
    assert dialog.do_it.height() == dialog.do_it.sizeHint().height()
    assert dialog.field.height() >= dialog.field.minimumHeight()
