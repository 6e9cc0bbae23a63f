"""The small parts: long lists that open at once, texts that stay plain, states that speak."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.date_field import DateField, parse_day
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.lazy_table import Column, LazyTable
from judge_desk.desktop.widgets.line import ID_ROLE, LINE_ROLE, Line
from judge_desk.desktop.widgets.page_cache import PAGE_ROWS, PAGES_KEPT, PageCache
from judge_desk.desktop.widgets.page_head import PageHead
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.widgets.state_stack import State, StateStack
from judge_desk.desktop.wording import Wording, say
from judge_desk.domain.errors import DiskFull, HubUnreachable
from tests.desktop.conftest import press, type_text

EVIL = "<b>Ахметов</b> <img src='http://x/y'> & sons"


@dataclass(frozen=True)
class Row:
    row_no: int
    id: str
    title: str


class Store:
    """100,000 rows by number; remembers what was asked for."""

    def __init__(self, count: int = 100_000) -> None:
        self.numbers = array("q", range(count, 0, -1))
        self.asked: list[int] = []

    def read(self, numbers: Sequence[int]) -> list[Row]:
        self.asked.append(len(numbers))
        return [Row(number, f"id{number}", f"Case {number}") for number in numbers]


COLUMNS = (Column(id="title", title_key="cases.table", text=lambda row: row.title),)


def row_no(row: Row) -> int:
    return row.row_no


def row_line(row: Row) -> Line:
    return Line(id=row.id, title=row.title, detail=str(row.row_no))


def test_a_long_table_reads_only_what_is_in_sight(qtbot: QtBot, tasks: TaskRunner) -> None:
    store = Store()
    table = LazyTable("cases.table", COLUMNS, read=store.read, key_of=row_no, tasks=tasks)
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    table.show_ids(store.numbers)
    qtbot.waitUntil(lambda: table.rows.index(0, 0).data() == "Case 100000")
    table.scrollToBottom()
    qtbot.waitUntil(lambda: table.rows.index(99_999, 0).data() == "Case 1")
    assert sum(store.asked) <= 3 * PAGE_ROWS


def test_the_chosen_row_stays_chosen_in_another_order(qtbot: QtBot) -> None:
    store = Store(1000)
    table = LazyTable("cases.table", COLUMNS, read=store.read, key_of=row_no)
    qtbot.addWidget(table)
    table.show_ids(store.numbers)
    assert table.select(17)
    table.show_ids(array("q", range(1, 1001)))
    assert table.current_id() == "id17"
    assert table.currentIndex().row() == 16


def test_enter_opens_and_headings_ask_for_an_order(qtbot: QtBot) -> None:
    store = Store(10)
    table = LazyTable("cases.table", COLUMNS, read=store.read, key_of=row_no)
    qtbot.addWidget(table)
    table.show_ids(store.numbers)
    table.select(3)
    with qtbot.waitSignal(table.opened) as opened:
        press(table, Qt.Key.Key_Return)
    assert opened.args == ["id3"]
    with qtbot.waitSignal(table.sort_asked) as asked:
        table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert asked.args == ["title", True]


def test_the_row_with_the_focus_is_seen(qtbot: QtBot) -> None:
    table = LazyTable("cases.table", COLUMNS, read=Store(10).read, key_of=row_no)
    view = LazyList("cases.table")
    other = SearchField("cases.filter.find")
    for widget in (table, view, other):
        qtbot.addWidget(widget)
    table.show_ids(array("q", range(10)))
    view.show_lines([Line(id="1", title="Hearing"), Line(id="2", title="Hearing")])
    for widget in (table, view):
        widget.show()
        widget.select(3 if widget is table else "2")
        with qtbot.waitActive(widget):
            widget.activateWindow()
        widget.setFocus()
        focused = widget.grab().toImage()
        widget.clearFocus()
        assert widget.grab().toImage() != focused


def test_a_list_shows_lines_and_keeps_the_chosen_one(qtbot: QtBot) -> None:
    lines = [Line(id=str(number), title=f"Hearing {number}", leading="09:00", trailing="ready") for number in range(5)]
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    view.show_lines(lines)
    view.select("3")
    view.show_lines(lines[::-1])
    assert view.current_id() == "3"
    assert view.lines.index(1).data(LINE_ROLE) == lines[3]
    spoken = view.lines.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "09:00, Hearing 3, ready"


def test_a_list_opens_by_enter_and_tells_what_is_chosen(qtbot: QtBot) -> None:
    view = LazyList("cases.table", read=Store(50).read, key_of=row_no, to_line=row_line)
    qtbot.addWidget(view)
    picked: list[str] = []
    view.picked.connect(picked.append)
    view.show_ids(array("q", range(50)))
    view.select(7)
    with qtbot.waitSignal(view.opened) as opened:
        press(view, Qt.Key.Key_Return)
    assert opened.args == ["id7"]
    assert picked[-1] == "id7"
    assert view.lines.index(7).data(ID_ROLE) == "id7"


def test_rows_on_their_way_are_not_shown_for_another_list(qtbot: QtBot, tasks: TaskRunner) -> None:
    store = Store(500)
    cache = PageCache(store.read, tasks, row_no)
    cache.set_ids(store.numbers)
    assert cache.row(0) is None
    cache.set_ids(array("q", [7, 8]))
    with qtbot.waitSignal(cache.arrived) as arrived:
        assert cache.row(0) is None
    assert arrived.args == [0, 1]
    found = cache.row(0)
    assert found is not None
    assert found.id == "id7"
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_a_cache_forgets_the_oldest_pages(qtbot: QtBot) -> None:
    store = Store(PAGE_ROWS * (PAGES_KEPT + 5))
    cache = PageCache(store.read, None, row_no)
    cache.set_ids(store.numbers)
    for position in range(0, len(cache), PAGE_ROWS):
        cache.row(position)
    assert len(store.asked) == PAGES_KEPT + 5
    cache.row(0)
    assert len(store.asked) == PAGES_KEPT + 6


def test_a_vanished_row_shows_nothing(qtbot: QtBot) -> None:
    cache = PageCache(lambda _keys: [], None)
    cache.set_ids(["gone"])
    assert cache.row(0) is None


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_text_from_outside_stays_text(qtbot: QtBot) -> None:
    label = PlainLabel(EVIL, elide=True)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    label.resize(40, 20)
    label.show()
    QApplication.sendEvent(label, QEvent(QEvent.Type.ToolTip))
    assert "<b>" not in label.toolTip()
    assert "&lt;b&gt;" in label.toolTip()
    view = LazyList("cases.table")
    qtbot.addWidget(view)
    view.show_lines([Line(id="1", title=EVIL)])
    assert "<b>" not in view.lines.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_whole_text_needs_no_tooltip(qtbot: QtBot) -> None:
    label = PlainLabel("short", elide=True)
    qtbot.addWidget(label)
    label.resize(400, 20)
    label.show()
    QApplication.sendEvent(label, QEvent(QEvent.Type.ToolTip))
    assert label.toolTip() == ""


def test_said_texts_follow_the_language_until_said_otherwise(qtbot: QtBot) -> None:
    label = PlainLabel()
    qtbot.addWidget(label)
    say(label.setText, "common.save")
    Wording.current().switch("ru")
    assert label.text() == "Сохранить"
    say(label.setText, "common.cancel")
    Wording.current().switch("en")
    assert label.text() == "Cancel"


def test_say_refuses_what_it_could_not_forget() -> None:
    with pytest.raises(TypeError):
        say(lambda _text: None, "common.save")


def test_a_search_waits_for_the_last_letter(qtbot: QtBot) -> None:
    field = SearchField("cases.filter.find")
    qtbot.addWidget(field)
    asked: list[str] = []
    field.asked.connect(asked.append)
    type_text(field, "Сейітова")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["Сейітова"])
    press(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: asked == ["Сейітова", ""])


def test_a_search_by_enter_does_not_wait(qtbot: QtBot) -> None:
    field = SearchField("cases.filter.find")
    qtbot.addWidget(field)
    asked: list[str] = []
    field.asked.connect(asked.append)
    # Not typed: on a slow machine the pause behind the last letter would be over before Enter comes.
    field.setText("7140")
    press(field, Qt.Key.Key_Return)
    assert asked == ["7140"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("5.3.2026", date(2026, 3, 5)),
        (" 05.03.2026 ", date(2026, 3, 5)),
        ("31.02.2026", None),
        ("2026-11-22", None),
        ("1.1.26", None),
        ("", None),
        ("٢٢.١١.٢٠٢٦", None),
    ],
)
def test_days_as_the_court_writes_them(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_a_date_field_tells_each_day_once(qtbot: QtBot) -> None:
    field = DateField("hearings.field.day")
    qtbot.addWidget(field)
    picked: list[date | None] = []
    field.picked.connect(picked.append)
    type_text(field.line, "05.03.2026")
    assert picked == [date(2026, 3, 5)]
    field.set_value(None)
    assert picked == [date(2026, 3, 5), None]
    assert nameless(field) == []


def test_states_say_what_is_the_matter(qtbot: QtBot) -> None:
    states = StateStack()
    qtbot.addWidget(states)
    states.show()
    faces: list[State] = []
    states.state_changed.connect(faces.append)
    states.show_failure(Failure(DiskFull()))
    states.show_failure(Failure(HubUnreachable()))
    states.show_empty("folder", "today.empty", button=PrimaryButton("common.retry"))
    states.show_ready()
    assert faces == [State.ERROR, State.OFFLINE, State.EMPTY, State.READY]


def test_an_error_offers_another_try(qtbot: QtBot) -> None:
    states = StateStack()
    qtbot.addWidget(states)
    states.show()
    states.show_failure(Failure(DiskFull()))
    retry = next(button for button in states.findChildren(QWidget) if button.property("kind") == "quiet")
    with qtbot.waitSignal(states.retry_asked):
        retry.setFocus()
        press(retry, Qt.Key.Key_Space)


def test_a_failure_on_a_page_follows_the_language(qtbot: QtBot) -> None:
    states = StateStack()
    qtbot.addWidget(states)
    states.show_failure(Failure(DiskFull()))
    Wording.current().switch("ru")
    assert any("диск" in label.text().casefold() for label in states.findChildren(PlainLabel))


def test_loading_speaks_only_when_it_lasts(qtbot: QtBot) -> None:
    states = StateStack()
    qtbot.addWidget(states)
    states.show()
    states.show_loading()
    assert states.state is State.LOADING
    words = [label for label in states.findChildren(PlainLabel) if label.isVisible()]
    assert words == []
    qtbot.waitUntil(lambda: any(label.isVisible() for label in states.findChildren(PlainLabel)))


def test_sides_fold_for_reading_and_come_back_as_they_were(qtbot: QtBot) -> None:
    left, middle, right = QWidget(), QWidget(), QWidget()
    splitter = FoldingSplitter(left, middle, right)
    qtbot.addWidget(splitter)
    splitter.show()
    splitter.right_button().click()
    splitter.set_reading(True)
    assert not left.isVisible()
    splitter.set_reading(False)
    assert left.isVisible()
    assert not right.isVisible()


def test_a_badge_has_a_shape_beside_its_colour(qtbot: QtBot) -> None:
    badge = Badge("common.saved", "ok")
    qtbot.addWidget(badge)
    badge.show()
    assert badge.text() == "Saved"
    assert any(not label.pixmap().isNull() for label in badge.findChildren(type(badge._shape)))


def test_an_icon_button_has_a_name_and_tells_its_key(qtbot: QtBot) -> None:
    button = IconButton("x", "common.close", "Ctrl+W")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Close"
    assert button.toolTip() == "Close (Ctrl+W)"


def test_buttons_go_under_a_title_that_has_no_room(qtbot: QtBot) -> None:
    head = PageHead()
    qtbot.addWidget(head)
    head.set_title_text("Дүйсенбі, 23 қараша")
    button = PrimaryButton("common.save")
    head.add_button(button)
    head.resize(900, 80)
    head.show()
    wide = button.mapTo(head, button.rect().topLeft())
    head.resize(320, 160)
    qtbot.waitUntil(lambda: button.mapTo(head, button.rect().topLeft()).x() < wide.x() // 2)
    assert button.mapTo(head, button.rect().topLeft()).y() > wide.y()


def test_enter_presses_a_button_outside_a_dialog_too(qtbot: QtBot) -> None:
    button = QuietButton("common.save")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        press(button, Qt.Key.Key_Return)


def test_the_padding_of_a_card_outlives_another_look(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.set_padding(Space.TIGHT)
    Theme.current().apply("dark", 1.5)
    assert card.body.contentsMargins().left() == Theme.current().px(Space.TIGHT)
