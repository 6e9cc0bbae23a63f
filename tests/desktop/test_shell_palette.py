"""Ctrl+K: one box for pages, actions, cases and people, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages import MAIN
from judge_desk.desktop.shell.fuzzy import score
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.line import LINE_ROLE
from tests.desktop.conftest import PlainPage, press, type_text


def titles(window: MainWindow) -> list[str]:
    rows = window.command_palette.list.lines
    return [rows.index(number).data(LINE_ROLE).title for number in range(rows.rowCount())]


@pytest.fixture
def palette(window: MainWindow) -> MainWindow:
    window.registry.trigger("palette")
    return window


def test_it_begins_with_pages_and_actions(palette: MainWindow) -> None:
    assert "Settings" in titles(palette)
    assert "Lock" in titles(palette)


def test_letters_narrow_it_and_enter_opens(palette: MainWindow) -> None:
    type_text(palette.command_palette.line, "hear")
    assert titles(palette)[0] == "Hearings"
    press(palette.command_palette.line, Qt.Key.Key_Return)
    assert palette.pages.visit is not None
    assert palette.pages.visit.page_id == "hearings"
    assert not palette.command_palette.isVisible()


def test_cases_come_from_the_store(qtbot: QtBot, palette: MainWindow, tasks: TaskRunner) -> None:
    type_text(palette.command_palette.line, "Сейітова")
    qtbot.waitUntil(lambda: titles(palette) == ["Case about Сейітова"])
    press(palette.command_palette.line, Qt.Key.Key_Return)
    assert PlainPage.calls[-1] == ("cases", {"case_id": "c1"})
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_an_action_runs(palette: MainWindow) -> None:
    type_text(palette.command_palette.line, "dark theme")
    press(palette.command_palette.line, Qt.Key.Key_Return)
    assert Theme.current().name == "dark"


def test_arrows_go_round_and_esc_closes(palette: MainWindow) -> None:
    line, rows = palette.command_palette.line, palette.command_palette.list
    press(line, Qt.Key.Key_Up)
    assert rows.currentIndex().row() == rows.lines.rowCount() - 1
    press(line, Qt.Key.Key_Down)
    assert rows.currentIndex().row() == 0
    press(line, Qt.Key.Key_Escape)
    assert not palette.command_palette.isVisible()
    assert palette.pages.visit is not None
    assert palette.pages.visit.page_id == "today"


def test_nothing_found_says_what_to_try(palette: MainWindow) -> None:
    palette.command_palette.set_finder(None)
    type_text(palette.command_palette.line, "zzzz")
    assert titles(palette) == []
    assert not palette.command_palette.list.isVisible()


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("бас", "Баспа", "Жаңа бас"),
        ("се", "Сейітова — Ахметов", "Ахметов — Сейітова"),
        ("е", "Ёлка", "Дело"),
        ("про", "Проекты", "Электронное досье"),
        ("нас", "Настройки", "Выносимое"),
        ("light th", "Light or dark theme", "Sign the letter"),
    ],
)
def test_the_nearer_name_comes_first(query: str, better: str, worse: str) -> None:
    assert score(query, better) > score(query, worse)


def test_letters_out_of_order_do_not_count() -> None:
    assert score("zyx", "xyz") == 0
    assert score("", "anything") > 0


def test_each_page_is_listed_with_the_keys_that_open_it(palette: MainWindow) -> None:
    rows = palette.command_palette.list.lines
    told = {line.id: line.trailing for line in (rows.index(row).data(LINE_ROLE) for row in range(rows.rowCount()))}
    pages = [page for page in MAIN if f"page:{page.id}" in told]
    assert [told[f"page:{page.id}"] for page in pages] == [
        palette.registry.shortcut_text(f"go.{page.id}") for page in pages
    ]
    assert told["page:settings"] == "Ctrl+,"
