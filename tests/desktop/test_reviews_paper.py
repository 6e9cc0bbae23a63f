"""A form on paper and a quotation from the act: what the reviewer sees while writing, and what leaves the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.reviews.page import ReviewsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import review_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import NOW, a_review_assignment, a_review_form, agreed, desk_context, grant

ACT = "Суд установил: договор заключён.\nДовод ответчика отклонён."
Show = Callable[..., ReviewsPage]


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    form = replace(a_review_form(1), evidence_at=(1, 5))
    assignment = a_review_assignment(id="r1", form=form, act_text=ACT, due_on=date(2026, 12, 1))
    grant(made, review_scope("r1"), Role.REVIEWER)
    agreed(made, Kind.REVIEW_ASSIGNMENT, review_scope("r1"), [assignment])
    yield made
    made.store.close()


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Show:
    def make() -> ReviewsPage:
        return cast(ReviewsPage, open_real_page(qtbot, context, local, tasks, "reviews", loop=None, review_id="r1"))

    return make


def test_a_score_at_the_end_asks_for_words_of_the_act(show: Show) -> None:
    page = show()
    criterion = page.form.criterion
    criterion.set_score(5)
    assert "Ctrl+E" in criterion._evidence_head.text()
    criterion.comment.setPlainText("ясно")
    assert [each.reason for each in page.form.gaps()] == ["evidence"]
    criterion.evidence.setPlainText("чужие слова")
    assert [each.reason for each in page.form.gaps()] == ["foreign"]
    assert "does not hold" in criterion._evidence_head.text()
    criterion.evidence.clear()
    cursor = page.act.text.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    page.act.text.setTextCursor(cursor)
    QTest.keyClick(window_of(page), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert criterion.evidence.toPlainText() == "«Суд установил: договор заключён.»"
    assert page.form.gaps() == ()


def test_the_form_is_printed_under_a_name_that_tells_nothing(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    page = show()
    page.form.criterion.set_score(4)
    QTest.keyClick(window_of(page), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = cast(QFileDialog, QApplication.activeModalWidget())
    assert [Path(each).name for each in dialog.selectedFiles()] == ["form.pdf"]
    dialog.fileSelected.emit(str(tmp_path / "form.pdf"))
    dialog.reject()
    settle(qtbot, page)
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")


def test_a_form_that_cannot_be_written_says_so(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    page = show()
    page.deeds.print_to("r1", tmp_path / "no folder" / "form.pdf")
    settle(qtbot, page)
    assert not (tmp_path / "no folder").exists()
