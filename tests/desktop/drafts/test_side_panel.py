"""Beside the text: the lists stand below each other and scroll together."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.remarking import MOST_LINES
from judge_desk.desktop.pages.drafts.side_panel import SidePanel, TitleField
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.domain.acts import ActText
from judge_desk.domain.remarks import Remark
from tests.desktop.conftest import painted_texts
from tests.desktop.draft_desk import opened
from tests.factories import NOW, a_draft


def test_the_lists_take_the_height_of_their_lines_and_scroll_together(
    qtbot: QtBot, page: DraftsPage, draft_id: str
) -> None:
    act = opened(qtbot, page, draft_id).desk.edit.act()
    side = _with_remarks(qtbot, act, *"123")
    area = side.findChildren(QScrollArea)[0]
    for view in (side.outline, side.fields, side.remarks.list):
        assert view.verticalScrollBar().maximum() == 0
        assert view.viewport().height() >= view.visualRect(view.lines.index(view.lines.rowCount() - 1)).bottom()
    assert area.verticalScrollBar().maximum() > 0
    tops = [(_top(view, area.widget()), view.height()) for view in (side.outline, side.fields, side.remarks.list)]
    gaps = [later[0] - earlier[0] - earlier[1] for earlier, later in itertools.pairwise(tops)]
    assert max(gaps) <= Size.CONTROL + 2 * Space.GAP


def _with_remarks(qtbot: QtBot, act: ActText, *ids: str, may_write: bool = True) -> SidePanel:
    side = SidePanel()
    qtbot.addWidget(side)
    side.show_act(act)
    side.remarks.show_remarks(
        tuple(
            Remark(id=each, block_id="b", quote="q", author_id="a", author_name="А", made_at=NOW, text="t")
            for each in ids
        ),
        may_write=may_write,
    )
    side.resize(Size.SIDE, 2 * Size.SIDE)
    side.show()
    return side


@pytest.mark.parametrize(
    ("ids", "may_write", "is_seen"), [("", True, True), ("1", False, True), ("", False, False)], ids=str
)
def test_no_heading_stands_over_remarks_that_nobody_made_or_can_make(
    qtbot: QtBot, ids: str, may_write: bool, is_seen: bool
) -> None:
    side = _with_remarks(qtbot, a_draft("c").act, *ids, may_write=may_write)
    assert side.remarks.isVisible() is is_seen


def test_a_remark_is_read_in_three_lines_and_said_whole(qtbot: QtBot) -> None:
    said = "Нет ссылки на норму. В мотивировочной части назовите статью, которую суд применил. " * 3
    remark = Remark(id="1", block_id="b", quote=said, author_id="a", author_name="А", made_at=NOW, text=said)
    side = SidePanel()
    qtbot.addWidget(side)
    side.remarks.show_remarks((replace(remark, text="Да", id="2"), remark), may_write=True)
    side.resize(Size.SIDE, 2 * Size.SIDE)
    side.show()
    view = side.remarks.list
    qtbot.waitUntil(lambda: view.visualRect(view.lines.index(1)).width() == view.viewport().width())
    title, detail = painted_texts(view, 1)
    assert title.count("\n") == MOST_LINES - 1
    assert "\n" not in detail
    assert detail.endswith("…")
    line = QFontMetrics(Theme.current().font("strong")).lineSpacing()
    high, low = (view.visualRect(view.lines.index(row)).height() for row in (1, 0))
    assert high - low >= line
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert said in view.lines.index(1).data(role)


def _top(view: QWidget, sheet: QWidget | None) -> int:
    assert sheet is not None
    return view.mapTo(sheet, QPoint(0, 0)).y()


def test_a_title_too_long_says_that_it_goes_on(qtbot: QtBot) -> None:
    field = TitleField()
    qtbot.addWidget(field)
    field.setText("Решение: Восстановление на работе")
    for width, is_whole in ((600, True), (120, False)):
        field.resize(width, field.height())
        place = QPoint(5, 5)
        QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, place, field.mapToGlobal(place)))
        assert field.shown_text().endswith("…") is not is_whole
        assert (field.toolTip() == field.text()) is not is_whole
        assert not field.grab().isNull()
