"""The window around the pages: going, coming back, missing nothing, locking, speaking three languages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.pages import MAIN, pages_for
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.navigation import NavigationItem
from judge_desk.desktop.shell.ports import GateState, LinkStatus
from judge_desk.desktop.shell.shortcut_help import ShortcutHelp
from judge_desk.desktop.shell.status_bar import link_sentence
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.line import KEY_ROLE
from judge_desk.desktop.wording import Wording
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DiskFull
from judge_desk.domain.people import Role
from tests.desktop.conftest import NOW, FakeGate, PlainPage, press, type_text


def shown(window: MainWindow) -> str:
    assert window.pages.visit is not None
    return window.pages.visit.page_id


def test_it_opens_on_today(window: MainWindow) -> None:
    assert shown(window) == "today"
    assert PlainPage.calls == [("today", "build"), ("today", {})]


def test_it_fits_the_screen(window: MainWindow) -> None:
    room = window.screen().availableSize()
    assert window.size().boundedTo(room) == window.size()


def test_pages_are_built_on_their_first_visit_only(window: MainWindow) -> None:
    window.open_page("cases")
    window.open_page("today")
    window.open_page("cases", case_id="c1")
    built = [page_id for page_id, call in PlainPage.calls if call == "build"]
    assert built == ["today", "cases"]
    assert PlainPage.calls[-1] == ("cases", {"case_id": "c1"})


def test_ctrl_and_a_number_go_to_each_page(window: MainWindow) -> None:
    offered = pages_for((Role.JUDGE, Role.REVIEWER))
    for number, page in enumerate(MAIN, 1):
        if page not in offered:
            continue
        key = Qt.Key.Key_Comma if page.id == "settings" else Qt.Key(Qt.Key.Key_0.value + number)
        press(window, key, Qt.KeyboardModifier.ControlModifier)
        assert shown(window) == page.id


def test_esc_always_goes_one_step_back(window: MainWindow) -> None:
    window.open_page("cases")
    window.open_page("cases", case_id="c1")
    window.open_page("drafts")
    steps = []
    for _ in range(4):
        press(window, Qt.Key.Key_Escape)
        steps.append((shown(window), dict(window.pages.visit.params) if window.pages.visit else {}))
    assert steps == [("cases", {"case_id": "c1"}), ("cases", {}), ("today", {}), ("today", {})]


def test_a_page_off_screen_hears_later_what_it_missed(window: MainWindow) -> None:
    window.open_page("cases")
    PlainPage.calls.clear()
    window.events.announce(Changes.of("case", "c1"))
    window.events.announce(Changes.of("draft", "d1"))
    assert PlainPage.calls == [("cases", Changes.of("case", "c1")), ("cases", Changes.of("draft", "d1"))]
    window.open_page("today")
    assert PlainPage.calls[-1] == ("today", Changes.of("case", "c1") | Changes.of("draft", "d1"))


def test_changes_come_over_from_the_thread_of_the_sync(qtbot: QtBot, window: MainWindow, gate: FakeGate) -> None:
    thread = threading.Thread(target=lambda: gate.facts.listener(Changes.of("case", "c9")))
    with qtbot.waitSignal(window.events.changed):
        thread.start()
    thread.join()
    assert PlainPage.calls[-1] == ("today", Changes.of("case", "c9"))


def test_the_navigation_shows_name_and_numbers(window: MainWindow) -> None:
    items = {item.page.id: item.accessibleName() for item in window.navigation.findChildren(NavigationItem)}
    assert items["cases"] == "Cases: 312"
    assert items["drafts"] == "Drafts"


def test_arrows_move_in_the_navigation_and_enter_goes(window: MainWindow) -> None:
    window.navigation.focus_current()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert shown(window) == "cases"


def test_the_status_line_tells_the_truth(window: MainWindow) -> None:
    assert window.status.sentence().replace("\u00a0", " ") == (
        "No link for 2 h 14 min · work goes on. 18 changes wait to be sent. Cases not checked yet"
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (LinkStatus(linked=None), "Trying the link to the hub…"),
        (LinkStatus(linked=True), "Linked to the hub"),
        (LinkStatus(linked=True, since_at=NOW - timedelta(hours=1)), "Linked to the hub since 08:00"),
        (LinkStatus(linked=False, since_at=NOW - timedelta(seconds=20)), "No link · work goes on"),
        (LinkStatus(linked=False, since_at=NOW + timedelta(days=1)), "No link · work goes on"),
        (LinkStatus(linked=True, paused=True, step="sending"), "Sync is paused"),
        (LinkStatus(linked=True, step="receiving", done=1200), "Receiving changes: 1,200"),
        (LinkStatus(linked=True, step="fetching"), "Fetching documents…"),
    ],
)
def test_link_sentences(status: LinkStatus, sentence: str) -> None:
    assert link_sentence(status, NOW, "en") == sentence


def test_language_changes_while_running(window: MainWindow, tasks: TaskRunner, qtbot: QtBot) -> None:
    window.appearance.set_language("kk")
    items = [item.text() for item in window.navigation.findChildren(NavigationItem)]
    assert items[:2] == ["Бүгін", "Істер"]
    assert "жіберуді күтуде" in window.status.sentence()
    assert window.registry.qaction("lock").text() == "Құлыптау"
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_theme_and_size_change_while_running(window: MainWindow) -> None:
    window.appearance.set_theme("dark")
    assert window.palette().window().color() == Theme.current().colour("ground")
    before = window.status.height()
    window.appearance.set_scale(150)
    assert window.status.height() == round(before * 1.5)


def test_choices_of_looks_are_kept(window: MainWindow) -> None:
    window.registry.trigger("language")
    window.registry.trigger("theme")
    window.registry.trigger("larger")
    Wording.current().switch("en")
    Theme.current().apply("light", 1.0)
    window.appearance.apply()
    assert (Wording.current().language, Theme.current().name, Theme.current().scale) == ("kk", "dark", 1.25)


def test_locking_destroys_every_page_and_unlocking_brings_the_place_back(
    qtbot: QtBot, window: MainWindow, gate: FakeGate, tasks: TaskRunner
) -> None:
    window.open_page("cases", case_id="c1")
    page = window.pages.page
    assert page is not None
    with qtbot.waitSignal(page.destroyed):
        window.registry.trigger("lock")
    qtbot.waitUntil(lambda: gate.state is GateState.LOCKED)
    assert ("cases", "leave") in PlainPage.calls
    assert window.pages.count() == 0
    form = window.lock_screen.form
    type_text(form.line, "wrong")
    press(form.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert not window.is_open
    form.line.clear()
    type_text(form.line, "right")
    with qtbot.waitSignal(window.opened):
        press(form.line, Qt.Key.Key_Return)
    assert form.line.text() == ""
    assert shown(window) == "cases"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.pages.isAncestorOf(focused)
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_the_first_page_is_made_while_the_passphrase_is_typed(
    qtbot: QtBot, window: MainWindow, gate: FakeGate, tasks: TaskRunner
) -> None:
    window.lock()
    qtbot.waitUntil(lambda: gate.state is GateState.LOCKED)
    PlainPage.calls.clear()
    window.make_ahead()
    assert PlainPage.calls == [("today", "build")]
    form = window.lock_screen.form
    type_text(form.line, "right")
    with qtbot.waitSignal(window.opened):
        press(form.line, Qt.Key.Key_Return)
    assert PlainPage.calls == [("today", "build"), ("today", {})]
    page = window.pages.page
    assert page is not None
    assert page.context.desk is window.desk
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_a_page_that_has_left_still_saves_with_its_own_desk(window: MainWindow) -> None:
    page, desk = window.pages.page, window.desk
    assert page is not None
    window.lock()
    assert page.context.desk is desk


def test_what_a_page_saves_while_leaving_is_saved_before_the_door_shuts(
    qtbot: QtBot, window: MainWindow, gate: FakeGate, tasks: TaskRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    slow = threading.Event()
    tasks.run(lambda: slow.wait(5))
    monkeypatch.setattr(PlainPage, "leave", lambda _page: tasks.run(lambda: order.append("saved"), keep=True))
    monkeypatch.setattr(gate, "lock", lambda: order.append("shut"))
    window.lock()
    slow.set()
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["saved", "shut"]


def test_closing_the_program_saves_too(qtbot: QtBot, window: MainWindow, tasks: TaskRunner) -> None:
    saved: list[str] = []
    slow = threading.Event()
    tasks.run(lambda: slow.wait(5))
    tasks.run(lambda: saved.append("dropped"))
    tasks.run(lambda: saved.append("kept"), keep=True)
    threading.Timer(0.01, slow.set).start()
    tasks.close()
    assert saved == ["kept"]


def test_a_failure_nobody_asked_for_is_shown_and_put_away(qtbot: QtBot, window: MainWindow, tasks: TaskRunner) -> None:
    def fail() -> None:
        raise DiskFull

    tasks.run(fail)
    qtbot.waitUntil(lambda: window.banner.isVisible())
    assert "disk is full" in window.banner.accessibleName()
    press(window, Qt.Key.Key_Escape)
    assert not window.banner.isVisible()


def test_a_toast_can_be_undone(window: MainWindow) -> None:
    undone: list[str] = []
    window.toast("common.saved", lambda: undone.append("yes"))
    assert window.toast_line.can_undo()
    window.registry.trigger("undo")
    assert undone == ["yes"]
    window.registry.trigger("undo")
    assert undone == ["yes"]


def test_the_keys_are_told(window: MainWindow) -> None:
    window.show_help()
    shown_help = window.findChild(ShortcutHelp)
    assert shown_help is not None
    assert nameless(shown_help) == []
    shown_help.close()


def test_f5_asks_for_an_exchange_and_reads_anew(
    qtbot: QtBot, window: MainWindow, gate: FakeGate, tasks: TaskRunner
) -> None:
    PlainPage.calls.clear()
    press(window, Qt.Key.Key_F5)
    assert gate.facts.syncs == 1
    assert PlainPage.calls == [("today", {})]
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_reading_mode_leaves_only_the_page(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F11)
    assert not window.navigation.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert window.navigation.isVisible()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name_and_is_reached_by_tab(window: MainWindow, language: str) -> None:
    window.appearance.set_language(language)
    window.show_failure(Failure(DiskFull()))
    window.toast("common.saved", lambda: None)
    window.show_palette()
    assert nameless(window) == []
    window.command_palette.close_it()
    assert unreachable(window) == []


@pytest.mark.parametrize(
    ("roles", "offered"),
    [
        ((Role.JUDGE, Role.REVIEWER), [page.id for page in MAIN if page.id != "campaigns"]),
        ((Role.SECRETARY,), ["today", "cases", "hearings", "drafts", "sync", "settings"]),
        ((Role.COMMISSION,), ["dossier", "campaigns", "sync", "settings"]),
        ((Role.REVIEWER,), ["reviews", "sync", "settings"]),
        ((Role.CHAIR,), ["today", "sync", "settings"]),
    ],
)
def test_each_role_is_offered_its_pages_and_begins_on_the_first(
    make_window: Callable[..., MainWindow], gate: FakeGate, roles: tuple[Role, ...], offered: list[str]
) -> None:
    gate.facts.held = roles
    window = make_window()
    items = [each for each in window.navigation.findChildren(NavigationItem) if each.isVisible()]
    assert [each.page.id for each in items] == offered
    assert shown(window) == offered[0]
    keys = [page.id for page in MAIN if window.registry.is_enabled(f"go.{page.id}")]
    assert keys == offered
    window.show_palette()
    rows = window.command_palette.list.lines
    found = [str(rows.index(number).data(KEY_ROLE)) for number in range(rows.rowCount())]
    assert [each.removeprefix("page:") for each in found if each.startswith("page:")] == offered


def test_a_page_called_by_its_key_takes_the_keyboard_from_the_navigation(window: MainWindow) -> None:
    window.navigation.focus_current()
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.pages.isAncestorOf(focused)


def test_a_toast_goes_with_its_page_and_has_even_sides(window: MainWindow) -> None:
    window.toast("common.saved")
    toast = window.toast_line
    sides = toast._row.contentsMargins()
    assert sides.left() == sides.right()
    window.open_page("cases")
    assert not toast.isVisible()
    window.toast("common.saved")
    window.open_page("cases", case_id="c1")
    assert not toast.isVisible()
    window.toast("common.saved")
    window.go_back()
    assert not toast.isVisible()
