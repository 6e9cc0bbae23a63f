"""Narrow columns: rows that wrap, lists that leave room to those below them, a choice too long for its field."""

from pytestqt.qtbot import QtBot

from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line


def test_a_line_that_wraps_loses_no_word_in_a_narrow_column(qtbot: QtBot) -> None:
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    words = "Не указано: срок обжалования (резолютивная часть)"
    view.show_lines([Line(id="1", title=words, detail=words, trailing=words, icon="info", wraps=True)])
    heights = []
    for width in (900, 300, 160):
        view.resize(width, 600)
        view.show()
        qtbot.waitUntil(lambda: view.visualRect(view.lines.index(0)).width() == view.viewport().width())
        heights.append(view.visualRect(view.lines.index(0)).height())
    one = view.fontMetrics().height()
    assert heights == sorted(heights)
    assert heights[0] >= 2 * one
    assert heights[-1] >= 8 * one


def test_a_list_that_fits_leaves_the_rest_to_the_one_below(qtbot: QtBot) -> None:
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    view.set_fits(least=2)
    for count in (4, 1):
        view.show_lines([Line(id=str(number), title="Hearing") for number in range(count)])
        assert view.maximumHeight() == count * view.sizeHintForRow(0) + 2
        assert view.minimumHeight() == min(count, 2) * view.sizeHintForRow(0) + 2


def test_a_choice_too_long_for_its_field_says_that_it_goes_on(qtbot: QtBot) -> None:
    choice = Chooser()
    qtbot.addWidget(choice)
    choice.addItem("Абзац с нумерацией")
    choice.resize(400, 30)
    assert choice.shown_text() == "Абзац с нумерацией"
    choice.resize(110, 30)
    assert choice.shown_text().endswith("…")
    assert not choice.grab().isNull()
