"""The list of cases: 100,000 rows, filtering as one types, sorting, saved filters, coming back to the same row."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionHeader, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.name_dialog import NameDialog
from judge_desk.desktop.pages.cases.page import CasesPage
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.wording import Wording
from judge_desk.domain.cases import Stage
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol import codec
from judge_desk.services.cases import CaseQuery, CaseRow, CaseSort
from judge_desk.services.context import DeskContext
from judge_desk.services.search import SearchService
from judge_desk.store import search
from judge_desk.store.columns import columns_of
from judge_desk.store.tables import RECORD_TABLES
from tests.desktop.conftest import press, type_text
from tests.desktop.court_day import DeskDay
from tests.desktop.pace import seconds
from tests.factories import NOW, a_case, a_hearing, of_case

MANY = 100_000
NAMES = ("Ахметов", "Сейітова", "Жұмабаев", "Иванов", "Оспанов")


def page_of(day: DeskDay, **params: str) -> CasesPage:
    page = day.go("cases", **params)
    assert isinstance(page, CasesPage)
    return page


def column(day: DeskDay, page: CasesPage, number: int) -> list[str]:
    """What a column says; rows are read when they are first looked at."""
    model = page.table.model()
    rows = range(model.rowCount())
    day.qtbot.waitUntil(lambda: all(model.index(row, number).data() is not None for row in rows))
    return [model.index(row, number).data() for row in rows]


def numbers(day: DeskDay, page: CasesPage) -> list[str]:
    return column(day, page, 0)


def pour_in(context: DeskContext, count: int) -> None:
    """Many cases, as a first pull would bring them."""
    table = RECORD_TABLES[Kind.CASE]
    with context.store.writing() as connection:
        for start in range(0, count, 20_000):
            rows = []
            for number in range(start, start + 20_000):
                case = a_case(
                    id=f"m{number}",
                    number=f"7140-25-00-2/{number}",
                    title=f"{NAMES[number % 5]}: қарыз өндіру {number}",
                )
                body = codec.encode(case).decode()
                rows.append(
                    {"id": case.id, "scope": case_scope(case.id), "rev": 1, "body": body, **columns_of(Kind.CASE, body)}
                )
            connection.execute(sa.insert(table), rows)
            search.queue_many(connection, Kind.CASE, [str(row["id"]) for row in rows])
    service = SearchService(context)
    while service.index_step(10):
        pass


def test_a_hundred_thousand_cases_open_at_once_and_follow_every_letter(qtbot: QtBot, desk_day: DeskDay) -> None:
    few = seconds(lambda: page_of(desk_day))
    desk_day.go("today")
    pour_in(desk_day.context, MANY)
    assert seconds(lambda: page_of(desk_day)) < 10 * few, "they open as five do"
    page = page_of(desk_day)
    assert page.table.model().rowCount() == MANY + 5
    assert page.head._subtitle.text() == "100,005 cases · 100,005 open"
    stalls: list[float] = []
    for letter in "сейітова 4":
        stalls.append(seconds(partial(type_text, page.filter.words, letter)))
    qtbot.waitUntil(lambda: page.table.model().rowCount() < MANY // 5, timeout=10_000)
    desk_day.settle()
    assert max(stalls) < 2 * few, "no letter waits for what it asks"
    expected = desk_day.desk.cases.count(CaseQuery(text="сейітова 4"))
    assert page.table.model().rowCount() == expected > 0
    assert page.head._subtitle.text() == f"{expected:,} of 100,005"
    last = page.table.model().index(expected - 1, 1)
    qtbot.waitUntil(lambda: last.data() is not None)
    assert "Сейітова" in last.data()


def test_only_the_answer_to_the_last_letters_is_shown(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    for text in ("займа", "шағым", "инспекция"):
        page.filter.words.setText(text)
        page.filter.words._ask()
    desk_day.settle()
    assert numbers(desk_day, page) == ["7140-26-00-4/318"]


def test_chips_and_words_work_together(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.filter.procedure.set_values(frozenset({"administrative"}))
    page.filter.procedure.ticked.emit()
    desk_day.settle()
    assert len(numbers(desk_day, page)) == 2
    assert page.filter.procedure.accessibleName() == "Procedure: administrative case"
    page.filter.words.setText("шағым")
    page.filter.words._ask()
    desk_day.settle()
    assert len(numbers(desk_day, page)) == 1
    page.filter.clear_all()
    desk_day.settle()
    assert len(numbers(desk_day, page)) == 5


def test_open_only_leaves_out_what_is_over(desk_day: DeskDay) -> None:
    desk_day.desk.cases.advance("c2", Stage.CLOSED)
    page = page_of(desk_day)
    page.filter.open_only.click()
    desk_day.settle()
    assert len(numbers(desk_day, page)) == 4


def test_all_cases_and_the_open_ones_are_counted_in_words_of_each_language(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.change(lambda: desk_day.desk.cases.advance("c2", Stage.CLOSED))
    told = {}
    for language in ("kk", "ru", "en"):
        Wording.current().switch(language)
        told[language] = page.head._subtitle.text()
    assert told == {"kk": "5 іс · аяқталмағаны 4", "ru": "5 дел · 4 открытых", "en": "5 cases · 4 open"}
    assert desk_day.window.navigation._items["cases"]._count == 4
    page.filter.open_only.click()
    desk_day.settle()
    assert page.head._subtitle.text() == "4 of 5"


def test_nothing_found_says_so_and_offers_the_way_back(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.filter.words.setText("гараж")
    page.filter.words._ask()
    desk_day.settle()
    assert page.inside.state is State.EMPTY
    button = page.inside._words._button
    assert button is not None
    button.click()  # type: ignore[attr-defined]  # a QuietButton
    desk_day.settle()
    assert (page.inside.state, len(numbers(desk_day, page))) == (State.READY, 5)


def test_heads_and_keys_sort(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.window.registry.trigger("cases.sort.number")
    desk_day.settle()
    up = numbers(desk_day, page)
    assert up == sorted(up)
    desk_day.window.registry.trigger("cases.sort.number")
    desk_day.settle()
    assert numbers(desk_day, page) == up[::-1]
    page.table.sort_asked.emit(CaseSort.TITLE.value, False)
    desk_day.settle()
    assert column(desk_day, page, 1) == [
        desk_day.desk.cases.rows([each])[0].title
        for each in desk_day.desk.cases.ids(CaseQuery(sort=CaseSort.TITLE, descending=False))
    ]


def test_a_filter_is_saved_renamed_applied_deleted_and_taken_back(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.filter.words.setText("шағым")
    page.filter.words._ask()
    desk_day.settle()
    page._ask_name()
    dialog = desk_day.window.findChildren(NameDialog)[0]
    assert not dialog._save.isEnabled()
    type_text(dialog.line, "Шағымдар")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.filter.applied() is not None)
    assert page.filter.saved.text() == "Шағымдар"
    page.filter.clear_all()
    desk_day.settle()
    found = desk_day.desk.cases.filters()[0]
    page.filter.apply(found.id)
    desk_day.settle()
    assert (len(numbers(desk_day, page)), page.filter.words.text()) == (1, "шағым")
    page._delete_filter(found.id)
    qtbot.waitUntil(lambda: desk_day.desk.cases.filters() == [])
    desk_day.settle()
    desk_day.window.toast_line.undo()
    qtbot.waitUntil(lambda: [each.name for each in desk_day.desk.cases.filters()] == ["Шағымдар"])
    desk_day.settle()


def test_enter_opens_and_coming_back_finds_the_same_row(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.table.setFocus()
    page.table.selectRow(2)
    desk_day.qtbot.waitUntil(lambda: bool(page.table.current_id()))
    chosen = page.table.current_id()
    press(page.table, Qt.Key.Key_Return)
    desk_day.settle()
    assert desk_day.window.pages.visit is not None
    assert desk_day.window.pages.visit.params == {"case_id": chosen}
    desk_day.window.go_back()
    desk_day.settle()
    assert desk_day.window.pages.page is page
    assert page.table.current_id() == chosen


def test_enter_in_the_filter_opens_the_only_case_that_fits(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.focus_first()
    type_text(page.filter.words, "318")
    page.filter.words._ask()
    desk_day.settle()
    page.filter.words.setText("инспекция")
    page.filter.words._ask()
    desk_day.settle()
    press(page.filter.words, Qt.Key.Key_Return)
    desk_day.settle()
    assert desk_day.window.pages.visit is not None
    assert desk_day.window.pages.visit.params == {"case_id": "c1"}


def test_a_change_elsewhere_shows_in_the_row(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    row = numbers(desk_day, page).index("7140-26-00-4/318")
    desk_day.change(lambda: desk_day.desk.cases.advance("c1", Stage.DELIBERATION))
    assert column(desk_day, page, 3)[row] == "deliberation"


def cell(day: DeskDay, page: CasesPage, case_number: str, column_id: str) -> QModelIndex:
    row = numbers(day, page).index(case_number)
    return page.table.model().index(row, [each.id for each in page.table.rows.columns].index(column_id))


@pytest.mark.parametrize(
    ("days", "words"), [(7, "16 Nov · outcome not entered"), (400, "19 Oct 2025 · outcome not entered")]
)
def test_a_hearing_whose_outcome_is_owed_stands_before_the_next(desk_day: DeskDay, days: int, words: str) -> None:
    page = page_of(desk_day)
    looks = []
    of_case(desk_day.context, Kind.HEARING, a_hearing("c1", NOW + timedelta(days=2)))
    for _ in range(2):
        desk_day.go("today")
        page = page_of(desk_day)
        found = cell(desk_day, page, "7140-26-00-4/318", "next_hearing")
        looks.append((found.data().replace("\u00a0", " "), found.data(Qt.ItemDataRole.ForegroundRole)))
        of_case(desk_day.context, Kind.HEARING, a_hearing("c1", NOW - timedelta(days=days)))
    assert looks == [("23 Nov 2026, 09:00", None), (words, Theme.current().colour("warn"))]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_owed_outcome_is_written_out_in_its_column(desk_day: DeskDay, language: str) -> None:
    of_case(desk_day.context, Kind.HEARING, a_hearing("c1", NOW - timedelta(days=7)))
    page = page_of(desk_day)
    Wording.current().switch(language)
    desk_day.settle()
    index = cell(desk_day, page, "7140-26-00-4/318", "next_hearing")
    option = QStyleOptionViewItem()
    page.table.initViewItemOption(option)
    asked = page.table.itemDelegate().sizeHint(option, index).width()
    assert 0 <= page.table.columnWidth(index.column()) - asked <= Space.CARD, "whole, and no wider than it needs"


def test_a_narrow_window_keeps_the_title_readable(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.window.resize(1280, 720)
    Theme.current().apply(scale=1.5)
    desk_day.settle()
    ids = [column.id for column in page.table.rows.columns]
    assert page.table.isColumnHidden(ids.index("procedure"))
    assert not page.table.isColumnHidden(ids.index("title"))
    for sort in (CaseSort.RECEIVED, CaseSort.STAGE, CaseSort.NUMBER):
        page._sort_by_key(sort)
        desk_day.settle()
        assert page.table.columnWidth(ids.index("title")) >= Theme.current().px(150)


@pytest.mark.parametrize(
    ("scale", "gone_by_received", "gone_by_number"),
    [
        (1.0, {"procedure"}, {"procedure"}),
        (1.25, {"procedure", "next_term"}, {"procedure", "received_on"}),
        (
            1.5,
            {"procedure", "next_term", "next_hearing", "stage"},
            {"procedure", "received_on", "next_term", "next_hearing"},
        ),
    ],
)
def test_the_column_that_orders_the_list_never_folds(
    desk_day: DeskDay, scale: float, gone_by_received: set[str], gone_by_number: set[str]
) -> None:
    page = page_of(desk_day)
    Theme.current().apply(scale=scale)

    def gone() -> set[str]:
        columns = enumerate(page.table.rows.columns)
        return {column.id for place, column in columns if page.table.isColumnHidden(place)}

    desk_day.qtbot.waitUntil(lambda: gone() == gone_by_received)
    page._sort_by_key(CaseSort.NUMBER)
    desk_day.settle()
    assert gone() == gone_by_number
    page.table.horizontalHeader().setSortIndicator(4, Qt.SortOrder.DescendingOrder)
    desk_day.settle()
    assert gone() == gone_by_received


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name_and_tab_reaches_it(desk_day: DeskDay, language: str) -> None:
    page = page_of(desk_day)
    Wording.current().switch(language)
    assert nameless(page) == []
    assert unreachable(page) == []


def test_the_arrow_says_in_which_order_the_cases_stand(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    header, shapes = page.table.horizontalHeader(), QStyleOptionHeader.SortIndicator
    at = next(number for number, each in enumerate(page.table.rows.columns) if each.id == CaseSort.RECEIVED)
    for latest_first, shape in ((True, shapes.SortDown), (False, shapes.SortUp)):
        option = QStyleOptionHeader()
        header.initStyleOptionForIndex(option, at)
        assert option.sortIndicator == shape
        received = [case.received_on or date.min for case in _in_order(desk_day, page)]
        assert received == sorted(received, reverse=latest_first)
        page._sort_by_key(CaseSort.RECEIVED)
        desk_day.settle()


def _in_order(day: DeskDay, page: CasesPage) -> list[CaseRow]:
    return list(day.desk.cases.rows(page.table.rows.cache.ids))
