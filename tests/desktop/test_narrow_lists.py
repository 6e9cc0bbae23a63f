"""Narrow columns: rows that wrap, lists as high as what they hold, a choice too long for its field."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.pages.case.lines import term_of_case_line
from judge_desk.desktop.pages.dossier.chain_line import ChainLine
from judge_desk.desktop.pages.dossier.page import _section_lines
from judge_desk.desktop.pages.drafts.new_draft import _form_line as _choice_line
from judge_desk.desktop.pages.drafts.series_table import SeriesTableView
from judge_desk.desktop.pages.drafts.template_editor import _line as _form_line
from judge_desk.desktop.pages.reviews.assigned_list import review_line
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import FACTS_DOT, LINE_ROLE, Line, _title, row_height
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.tick_list import TickList
from judge_desk.domain.acts import ActKind
from judge_desk.domain.cases import Language
from judge_desk.domain.dossier import DossierSection, ReplyKind
from judge_desk.domain.reviews import ReviewState
from judge_desk.domain.terms import Term
from judge_desk.services.court_forms import CourtFormRow
from judge_desk.services.dossier import DossierView, SectionView
from judge_desk.services.draft_forms import TemplateChoice
from judge_desk.services.reviews import ReviewRow
from judge_desk.services.series import SeriesColumn, SeriesRow, SeriesTable
from judge_desk.services.terms import TermRow
from tests.desktop.conftest import painted_by, painted_texts, press


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


@pytest.mark.parametrize(("width", "is_high"), [(600, False), (240, True), (180, True)])
def test_a_row_grows_where_a_detail_that_is_to_be_whole_has_no_room(qtbot: QtBot, width: int, is_high: bool) -> None:
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    facts = ("25.11.2026", "7199-26-00-2/1008")
    line = Line(id="1", title="Изготовление решения в окончательной форме", detail=FACTS_DOT.join(facts))
    view.show_lines([replace(line, trailing="почему?", trailing_below=True, whole_detail=True)])
    view.resize(width, 600)
    view.show()
    QApplication.processEvents()
    assert set(facts if is_high else [line.detail]) <= set(painted_texts(view, 0))
    assert (view.sizeHintForRow(0) > row_height(two_lines=True)) is is_high


@pytest.mark.parametrize(("width", "is_high"), [(900, False), (500, True)])
def test_a_hearing_names_both_parties_and_its_state_stays_above_the_facts(
    qtbot: QtBot, width: int, is_high: bool
) -> None:
    view = LazyList("today.hearings", leading_sample="00:00")
    qtbot.addWidget(view)
    title, facts = "ТОО «Микрофинансовая организация «Алтынсай Каржы» к Ибраеву Т. С.", "7199-26-00-2/1106 · зал 3"
    line = Line(id="1", title=title, detail=facts, leading="09:40", trailing="готово", trailing_icon="circle-check")
    view.show_lines([replace(line, whole_title=True, title_lines=2)])
    view.resize(width, 600)
    view.show()
    QApplication.processEvents()
    assert (view.sizeHintForRow(0) > row_height(two_lines=True)) is is_high
    painted = _painted(view, 0)
    name, state, below = painted[title], painted["готово"], painted[facts]
    assert state.left() > name.right()
    assert name.top() <= state.center().y() < below.top()
    assert below.top() > name.bottom() - 2
    assert abs(painted["09:40"].top() - name.top()) <= QFontMetrics(view.font()).height() // 2


@pytest.mark.parametrize(("width", "is_high"), [(600, False), (180, True)])
def test_the_name_of_a_section_goes_on_beside_its_number(qtbot: QtBot, width: int, is_high: bool) -> None:
    view = LazyList("dossier.sections")
    qtbot.addWidget(view)
    sections = tuple(SectionView(each, ()) for each in DossierSection)
    view.show_lines(_section_lines(DossierView("j", "", sections, (), may_reply=True, may_enter=False)))
    view.resize(width, 600)
    view.show()
    QApplication.processEvents()
    lines: list[Line] = [view.lines.index(row).data(LINE_ROLE) for row in range(view.lines.rowCount())]
    assert all(each.title in _painted(view, row) for row, each in enumerate(lines))
    longest = max(lines, key=lambda each: len(each.title))
    view.show_lines([replace(longest, trailing="128")])
    QApplication.processEvents()
    assert (view.sizeHintForRow(0) > row_height(two_lines=False)) is is_high
    painted = _painted(view, 0)
    name, number = painted[longest.title], painted["128"]
    assert number.left() > name.right()
    assert abs(number.center().y() - name.center().y()) <= 1


class _Rooms(QPainter):
    """Writes down where each text is painted."""

    def __init__(self, sheet: QImage) -> None:
        super().__init__(sheet)
        self.rooms: dict[str, QRect] = {}

    def drawText(self, *room_flags_text: Any) -> Any:
        room, _flags, text = room_flags_text
        self.rooms[text] = QRect(room)


def _painted(view: LazyList, row: int) -> dict[str, QRect]:
    return painted_by(_Rooms, view, row).rooms


@pytest.mark.parametrize("percent", [100, 125])
def test_the_note_on_the_chain_stands_apart_from_the_list_above_it(qtbot: QtBot, percent: int) -> None:
    chain = ChainLine()
    qtbot.addWidget(chain)
    Theme.current().apply(scale=percent / 100)
    assert chain.contentsRect().top() == Theme.current().px(Space.ROW)


def test_what_scrolls_around_a_list_follows_the_keyboard_in_it(qtbot: QtBot) -> None:
    area, sheet = QScrollArea(widgetResizable=True), QWidget()
    qtbot.addWidget(area)
    column = QVBoxLayout(sheet)
    lists = [LazyList("cases.table") for _ in range(2)]
    for view in lists:
        view.set_grows()
        view.show_lines([Line(id=str(number), title="Hearing") for number in range(20)])
        column.addWidget(view)
    area.setWidget(sheet)
    area.resize(300, 200)
    area.show()
    area.activateWindow()
    lists[1].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: _is_seen(area, lists[1]))
    press(lists[1], Qt.Key.Key_End)
    assert lists[1].current_id() == "19"
    assert _is_seen(area, lists[1])
    press(lists[1], Qt.Key.Key_Home)
    assert _is_seen(area, lists[1])


def _is_seen(area: QScrollArea, view: LazyList) -> bool:
    """The current row, whole."""
    row = view.visualRect(view.currentIndex())
    row.moveTopLeft(view.viewport().mapTo(area.viewport(), row.topLeft()))
    return view.currentIndex().isValid() and area.viewport().rect().contains(row.adjusted(0, 0, -30, 0))


def test_a_choice_too_long_for_its_field_says_that_it_goes_on(qtbot: QtBot) -> None:
    choice = Chooser()
    qtbot.addWidget(choice)
    choice.addItem("Абзац с нумерацией")
    choice.resize(400, 30)
    assert choice.shown_text() == "Абзац с нумерацией"
    choice.resize(110, 30)
    assert choice.shown_text().endswith("…")
    assert not choice.grab().isNull()


def test_a_list_that_grows_is_as_high_as_its_rows_at_the_width_that_it_got(qtbot: QtBot) -> None:
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    view.set_grows()
    words = "Конкурс на вакантную должность, с согласия судьи · Высший Судебный Совет"
    view.painter.set_leading_sample("09.10.2026, 16:00")
    view.show_lines(
        [Line(id=each, title="Самойлова И. В.", detail=words, leading="09:00", wraps=True) for each in "12"]
    )
    heights = []
    for width in (900, 320):
        view.resize(width, view.height())
        view.show()
        qtbot.waitUntil(lambda: view.visualRect(view.lines.index(1)).width() == view.viewport().width())
        heights.append(view.minimumHeight())
        assert view.minimumHeight() == sum(view.visualRect(view.lines.index(row)).height() for row in (0, 1)) + 2
    assert heights[1] > heights[0]


def test_ticked_rows_stand_close_to_what_follows_them(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = DialogFrame(window, "signing.title")
    ticks = TickList("signing.list")
    ticks.set_most(6)
    dialog.column.addWidget(ticks)
    ticks.show_rows([(each, "Решение: Задолженность по договору поставки\n№ 7199-26-00-2/2821") for each in "123"])
    dialog.show()
    assert ticks.sizeHintForRow(0) < 3 * ticks.fontMetrics().height()
    assert ticks.height() == 3 * ticks.sizeHintForRow(0) + 2 * ticks.frameWidth() + 2


def test_choices_that_wrap_stay_inside_their_frame(qtbot: QtBot) -> None:
    choices = Segmented([("mine", "sync.pick.mine"), ("hubs", "sync.pick.hubs")], wraps=True)
    qtbot.addWidget(choices)
    choices.resize(choices.minimumSizeHint().width(), choices.heightForWidth(choices.minimumSizeHint().width()))
    choices.show()
    one, other = choices._buttons.values()
    assert other.y() > one.y()
    for button in (one, other):
        assert choices.rect().adjusted(2, 2, -2, -2).contains(button.geometry())
    choices.offer({"hubs"})
    assert not one.isVisible()
    assert other.isVisible()


def test_choices_that_do_not_fit_in_one_line_stand_below_each_other_as_wide_as_their_frame(qtbot: QtBot) -> None:
    choices = Segmented([(each, f"word.dossier.{each}") for each in ReplyKind], wraps=True)
    qtbot.addWidget(choices)
    whole = choices.sizeHint().width()
    for width, is_stacked in ((whole, False), (whole - 10, True)):
        choices.resize(width, choices.heightForWidth(width))
        choices.show()
        QApplication.processEvents()
        places = [each.geometry() for each in choices._buttons.values()]
        assert len({each.top() for each in places}) == (3 if is_stacked else 1)
        assert {each.width() == choices.contentsRect().width() - 4 for each in places} == {is_stacked}
        assert choices.rect().contains(places[-1])


def test_a_cell_that_nothing_stands_in_is_seen(qtbot: QtBot) -> None:
    view = SeriesTableView()
    qtbot.addWidget(view)
    columns = tuple(SeriesColumn(slot=each, title=each) for each in ("who", "article"))
    told = {"who": "Оразбаев"}
    row = SeriesRow(case_id="c", number="1", title="", language=Language.RUSSIAN, template_id="t", values=told)
    view.show_table(SeriesTable(template_id="t", columns=columns, rows=(row,)))
    view.resize(700, 200)
    view.show()
    empty = view.visualRect(view.series().index(0, 1)).translated(view.viewport().pos())
    assert QColor(view.grab().toImage().pixel(empty.center())) == Theme.current().colour("gold_soft")


def test_a_title_takes_no_more_lines_than_it_may_and_is_spoken_whole(qtbot: QtBot) -> None:
    name = "Дела о восстановлении на работе, об установлении отцовства и алиментах, особого производства"
    heights = []
    for most in (0, 2, 3):
        view = LazyList("cases.file.terms")
        qtbot.addWidget(view)
        view.set_grows()
        view.resize(Size.SIDE // 2, view.height())
        view.show()
        made = Line(id="1", title=name, detail="24 дня", icon="hourglass", wraps=True, title_lines=most)
        view.show_lines([made])
        QApplication.processEvents()
        row = view.lines.index(0)
        heights.append(view.visualRect(row).height())
        assert row.data(Qt.ItemDataRole.AccessibleTextRole) == f"{name}, 24 дня"
        assert name in row.data(Qt.ItemDataRole.ToolTipRole)
    line = QFontMetrics(Theme.current().font("strong")).lineSpacing()
    assert heights[0] > heights[2]
    assert heights[2] - heights[1] in (line, line + 1)


def test_a_short_title_is_not_cut_and_a_long_one_keeps_its_end_where_that_counts(qtbot: QtBot) -> None:
    font, name = Theme.current().font("strong"), "Рассмотрение административного дела в разумный срок"
    width = QFontMetrics(font).horizontalAdvance("Рассмотрение административного") + 2
    made = Line(id="1", title=name, wraps=True, title_lines=2, title_keeps_end=True)
    assert _title(made, font, width) == name
    first, second = _title(made, font, width // 2).split("\n")
    assert (first, second[0], second[-4:]) == ("Рассмотрение", "а", "срок")
    assert QFontMetrics(font).horizontalAdvance(second) <= width // 2
    assert "…" in second


def test_forms_that_begin_alike_are_told_apart_in_their_column() -> None:
    begin = "Азаматтық іс бойынша "
    rows = [
        CourtFormRow(id=end, title=begin + end, language=Language.KAZAKH, procedure=None, is_own=False)
        for end in ("кассациялық қаулы", "апелляциялық қаулы")
    ]
    font = Theme.current().font("body")
    width = QFontMetrics(font).horizontalAdvance(begin + "кассац")
    shown = [_title(_form_line(row), font, width) for row in rows]
    assert all(row.title.split()[-2][:8] in each for row, each in zip(rows, shown, strict=True))


@pytest.mark.parametrize("end", ["(1)", "(2)"])
def test_acts_and_forms_that_begin_alike_are_told_apart_in_one_line(qtbot: QtBot, end: str) -> None:
    title, due = f"Решение по гражданскому делу о взыскании долга {end}", date(2026, 12, 5)
    row = ReviewRow(
        assignment_id="a",
        act_title=title,
        campaign="К",
        due_on=due,
        state=ReviewState.ASSIGNED,
        done=0,
        total=6,
        is_sent=False,
    )
    form = TemplateChoice(id="f", title=title, kind=ActKind.DECISION, language=Language.RUSSIAN)
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    view.show_lines([review_line(row, due), _choice_line(form)])
    view.resize(Size.SIDE, 200)
    view.show()
    QApplication.processEvents()
    for at in range(2):
        (shown,) = (text for text in painted_texts(view, at) if text.startswith("Реш"))
        assert shown != title
        assert shown.endswith(end)


def test_a_name_of_three_lines_is_read_whole_in_the_case_column(qtbot: QtBot) -> None:
    name = "Рассмотрение административного дела в разумный срок"
    term = Term(id="t", case_id="c", rule_id="r", title=name)
    row = TermRow(term=term, case_number="", case_title="", names={}, norm="", ends_on=date(2026, 11, 24), days_left=0)
    view = LazyList("cases.file.terms")
    qtbot.addWidget(view)
    view.set_grows()
    view.resize(Size.SIDE - 2 * Space.CARD, view.height())
    view.show()
    view.show_lines([term_of_case_line(row)])
    QApplication.processEvents()
    assert name in [text.replace("\n", " ") for text in painted_texts(view, 0)]
