"""The mark of a choice is seen in both themes, chosen or not; a row that is merely current is not taken for one."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.drafts.series import CaseChooser
from judge_desk.desktop.theme import THEMES, Size, Theme
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.widgets.tick_list import TickList, tick_mark
from judge_desk.runtime.paths import resource


def test_a_check_box_shows_its_mark_in_both_themes(qtbot: QtBot) -> None:
    theme = Theme.current()
    before, box = theme.name, CheckBox()
    qtbot.addWidget(box)
    box.resize(Size.CONTROL, Size.CONTROL)
    for name in THEMES:
        theme.apply(name)
        shown = []
        for is_chosen in (False, True):
            box.setChecked(is_chosen)
            shown.append(_colours(box))
        assert theme.colour("muted").name() in shown[0]
        assert theme.colour("accent").name() in shown[1]
    theme.apply(before)


def test_ticks_are_square_and_the_first_row_is_tinted_only_under_the_keyboard(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    before, ticks = QLineEdit(), TickList("contests.apply.kin_which")
    cases = CaseChooser()
    for widget in (before, ticks, cases):
        column.addWidget(widget)
    ticks.show_rows([("a", "Ермеков А. С."), ("b", "Омаров Б. Қ.")])
    cases.show_cases([])
    cases.addItems(["7199-26-00-3/1099", "7199-26-00-3/1071"])
    cases.setCurrentRow(0)
    window.resize(Size.DIALOG, Size.DIALOG)
    window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    tint = Theme.current().colour("accent_soft").name()
    for view in (ticks, cases):
        assert tint not in _colours(view.viewport())
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        assert tint in _colours(view.viewport())
    assert {tick_mark(is_on)[0] for is_on in (True, False)} <= {file.stem for file in resource("icons").glob("*.svg")}


def _colours(widget: QWidget) -> set[str]:
    picture = widget.grab().toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
