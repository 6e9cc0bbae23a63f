"""The calendar of hearings over a real desk: looking, planning with clashes, closing with undo, exporting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.pages.court_lines import hearing_line
from judge_desk.desktop.pages.hearings.page import HearingsPage
from judge_desk.desktop.pages.hearings.views import DAY, _short_line
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import KEY_ROLE, Line
from judge_desk.desktop.widgets.page_head import PageHead
from judge_desk.desktop.widgets.time_field import parse_time
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.services.hearings import HearingRow
from tests.desktop.conftest import painted_texts, press
from tests.desktop.court_day import DeskDay
from tests.desktop.heights import is_whole, needed
from tests.factories import NOW, a_hearing, of_case

PARTIES = "Бейсембаева А. Д. к Тлеубергенову Б. М."
LONG_TITLE = f"{PARTIES} о расторжении брака, разделе совместно нажитого имущества и взыскании алиментов"


def page_of(day: DeskDay, **params: str) -> HearingsPage:
    page = day.go("hearings", **params)
    assert isinstance(page, HearingsPage)
    return page


def state_of(day: DeskDay, hearing_id: str) -> HearingState:
    return day.desk.hearings.get(hearing_id).hearing.state


def test_four_weeks_stand_under_their_days(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    ids = [page.weeks.lines.index(row).data(KEY_ROLE) for row in range(page.weeks.lines.rowCount())]
    assert [each for each in ids if each.startswith(DAY)] == [f"{DAY}2026-11-23", f"{DAY}2026-11-24"]
    assert page._chosen == "h1"
    page._go(-14)
    desk_day.settle()
    assert f"{DAY}2026-11-09" in [page.weeks.lines.index(row).data(KEY_ROLE) for row in range(3)]


def test_arrows_step_over_the_days_and_enter_opens_the_case(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.weeks.setFocus()
    seen = []
    for _ in range(8):
        seen.append(page.weeks.current_id())
        press(page.weeks, Qt.Key.Key_Down)
    assert not any(each.startswith(DAY) for each in seen)
    assert len(set(seen)) == 6
    press(page.weeks, Qt.Key.Key_Home)
    assert page.weeks.current_id() == "h1"
    press(page.weeks, Qt.Key.Key_Return)
    assert desk_day.window.pages.visit is not None
    assert desk_day.window.pages.visit.params == {"case_id": "c1"}
    desk_day.settle()


def test_a_week_stands_in_columns_and_arrows_go_sideways(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page._switch()
    desk_day.settle()
    page.week.focus_day(0)
    press(page.week, Qt.Key.Key_Right)
    assert page._chosen != "h1"
    assert page._rows[page._chosen].hearing.starts_at.date() == date(2026, 11, 24)


def test_a_hearing_asked_for_is_chosen_in_its_own_weeks(desk_day: DeskDay) -> None:
    desk_day.desk.hearings.adjourn("h1", "…")
    earlier = next(row for row in desk_day.desk.hearings.between(date(2026, 11, 9), date(2026, 11, 9)))
    page = page_of(desk_day, hearing_id=earlier.hearing.id)
    assert page._chosen == earlier.hearing.id
    assert page._monday == date(2026, 11, 9)


def test_planning_names_the_hearing_it_clashes_with(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    dialog = page.deeds.plan(date(2026, 11, 23), "c3")
    desk_day.settle()
    dialog.day.set_value(date(2026, 11, 23))
    dialog.time.set_value(time(9, 30))
    qtbot.waitUntil(dialog.clash.isVisible)
    is_whole(dialog)
    assert dialog.height() == needed(dialog)
    told = dialog.clash.accessibleName()
    assert "clashes with another hearing" in told
    assert "Сейітова" in told
    dialog.time.set_value(time(16, 0))
    qtbot.waitUntil(lambda: not dialog.clash.isVisible())
    assert nameless(dialog) == []
    dialog.save.click()
    desk_day.settle()
    planned = desk_day.desk.hearings.between(date(2026, 11, 23), date(2026, 11, 23))
    assert [row.hearing.case_id for row in planned if row.hearing.starts_at.hour == 11] == ["c3"]


def test_a_hearing_that_is_over_asks_for_its_outcome(desk_day: DeskDay) -> None:
    planned = next(
        row
        for row in desk_day.desk.hearings.between(date(2026, 11, 23), date(2026, 11, 27))
        if row.hearing.state is HearingState.PLANNED and row.is_ready
    )
    looks = [
        (line.trailing, line.trailing_tone, line.trailing_icon)
        for line in (hearing_line(replace(planned, owes_outcome=owes)) for owes in (False, True))
    ]
    assert looks == [
        (t("hearings.ready"), "ok", "circle-check"),
        (t("hearings.owes_outcome"), "warn", "pen-line"),
    ]


@pytest.mark.parametrize(("to_line", "width"), [(hearing_line, Size.PALETTE), (_short_line, Size.DIALOG)])
def test_a_long_title_keeps_both_parties_and_loses_its_subject(
    desk_day: DeskDay, to_line: Callable[[HearingRow], Line], width: Size
) -> None:
    row = desk_day.desk.hearings.between(date(2026, 11, 23), date(2026, 11, 27))[0]
    view = LazyList("hearings.list")
    desk_day.qtbot.addWidget(view)
    view.show_lines([to_line(replace(row, case_title=LONG_TITLE))])
    view.resize(Theme.current().px(width), 200)
    view.show()
    QApplication.processEvents()
    (shown,) = (text for text in painted_texts(view, 0) if text.startswith(PARTIES[:5]))
    assert shown != LONG_TITLE
    assert shown.startswith(PARTIES)


def test_the_list_and_the_head_of_a_case_keep_both_parties_too(desk_day: DeskDay) -> None:
    assert desk_day.go("cases").table.textElideMode() is Qt.TextElideMode.ElideRight
    head = PageHead()
    desk_day.qtbot.addWidget(head)
    head.set_title_text(LONG_TITLE)
    head.resize(Theme.current().px(Size.PALETTE), 80)
    head.show()
    QApplication.processEvents()
    assert head._title._shown() != LONG_TITLE
    assert head._title._shown().startswith(PARTIES)


def owed_one(day: DeskDay) -> HearingsPage:
    of_case(day.context, Kind.HEARING, a_hearing("c1", NOW - timedelta(hours=1), id="h0"))
    return page_of(day, hearing_id="h0")


def offered(page: HearingsPage) -> list[tuple[str, str]]:
    """Words and weight of the buttons beside the calendar, from the top."""
    shown = [each for each in page.detail.findChildren(QuietButton) if each.isVisible()]
    shown.sort(key=lambda each: each.mapTo(page.detail, each.rect().topLeft()).y())
    return [(each.text(), each.kind) for each in shown]


def test_what_became_of_a_hearing_that_is_over_is_offered_first(desk_day: DeskDay) -> None:
    page = owed_one(desk_day)
    assert offered(page) == [
        ("It was held", "primary"),
        ("It was adjourned", "quiet"),
        ("It did not take place", "quiet"),
        ("Open the case", "quiet"),
    ]
    assert not desk_day.window.registry.is_enabled("hearings.move")
    assert desk_day.window.registry.is_enabled("hearings.hold")
    page.weeks.select("h1")
    assert [name for name, _ in offered(page)] == ["Open the case", "Move", "It was held", "Adjourn", "Call it off"]
    assert desk_day.window.registry.is_enabled("hearings.move")
    desk_day.change(lambda: desk_day.desk.hearings.hold("h1", ""))
    assert offered(page) == [("Open the case", "quiet")]


def test_that_a_hearing_did_not_take_place_is_no_danger(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = owed_one(desk_day)
    dialog = page.deeds.close(page._rows["h0"], HearingState.CANCELLED)
    assert (dialog.do_it.text(), dialog.do_it.kind) == ("It did not take place", "primary")
    dialog.reason.setText("Судья ауырды")
    dialog.do_it.click()
    qtbot.waitUntil(lambda: state_of(desk_day, "h0") is HearingState.CANCELLED)
    qtbot.waitUntil(desk_day.window.toast_line.can_undo)
    assert desk_day.window.toast_line.accessibleName() == "The hearing was marked as not held"
    desk_day.settle()


def test_hearings_ahead_and_without_an_outcome_are_counted_apart(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    assert page.head._subtitle.text() == "5 ahead · 2 lack documents"
    page = owed_one(desk_day)
    told = {}
    for language in ("kk", "ru", "en"):
        Wording.current().switch(language)
        told[language] = page.head._subtitle.text()
    assert told == {
        "kk": "алдағысы 5 · нәтижесі енгізілмегені 1 · 2 отырысқа құжат жетіспейді",
        "ru": "5 впереди · 1 без итога · 2 заседаниям не хватает документов",
        "en": "5 ahead · 1 without an outcome · 2 lack documents",
    }
    of_case(desk_day.context, Kind.HEARING, a_hearing("c1", NOW - timedelta(days=7)))
    page.view.set_value("week")
    page._go(-7)
    desk_day.settle()
    assert page.head._subtitle.text() == "1 without an outcome"


def test_an_unfinished_time_cannot_be_saved(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    dialog = page.deeds.plan(date(2026, 11, 24), "c3")
    desk_day.settle()
    assert dialog.save.isEnabled()
    dialog.time.setText("25:00")
    assert not dialog.save.isEnabled()
    dialog.reject()
    desk_day.settle()


@pytest.mark.parametrize(
    ("name", "state"),
    [("hold", HearingState.HELD), ("adjourn", HearingState.ADJOURNED), ("cancel", HearingState.CANCELLED)],
)
def test_a_hearing_is_closed_with_a_reason_and_taken_back(
    qtbot: QtBot, desk_day: DeskDay, name: str, state: HearingState
) -> None:
    page = page_of(desk_day)
    dialog = page.deeds.close(page._rows["h1"], state)
    assert nameless(dialog) == []
    assert dialog.do_it.isEnabled() is (state is HearingState.HELD)
    dialog.reason.setText("Тараптардың өтінішхаты")
    dialog.do_it.click()
    qtbot.waitUntil(lambda: state_of(desk_day, "h1") is state)
    qtbot.waitUntil(desk_day.window.toast_line.can_undo)
    desk_day.window.toast_line.undo()
    qtbot.waitUntil(lambda: state_of(desk_day, "h1") is HearingState.PLANNED)
    desk_day.settle()


def test_adjourning_plans_the_next_one_in_the_same_step(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    dialog = page.deeds.close(page._rows["h1"], HearingState.ADJOURNED)
    dialog.reason.setText("…")
    dialog.day.set_value(date(2026, 12, 1))
    dialog.time.set_value(time(10, 0))
    dialog.do_it.click()
    qtbot.waitUntil(lambda: state_of(desk_day, "h1") is HearingState.ADJOURNED)
    (following,) = desk_day.desk.hearings.between(date(2026, 12, 1), date(2026, 12, 1))
    assert following.hearing.case_id == "c1"
    desk_day.settle()


def test_the_calendar_goes_to_a_file_without_names(qtbot: QtBot, desk_day: DeskDay, tmp_path: Path) -> None:
    page = page_of(desk_day)
    target = tmp_path / "out.ics"
    page.deeds.write_calendar(target, date(2026, 11, 23), date(2026, 12, 20))
    qtbot.waitUntil(target.exists)
    desk_day.settle()
    text = target.read_bytes().decode()
    assert text.count("BEGIN:VEVENT") == 5
    assert "Сейітова" not in text


def test_a_calendar_that_cannot_be_written_says_so(qtbot: QtBot, desk_day: DeskDay, tmp_path: Path) -> None:
    page = page_of(desk_day)
    page.deeds.write_calendar(tmp_path / "no" / "out.ics", date(2026, 11, 23), date(2026, 12, 20))
    qtbot.waitUntil(desk_day.window.banner.isVisible)
    assert "calendar file was not written" in desk_day.window.banner.accessibleName()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("view", ["list", "week"])
def test_every_control_has_a_name(desk_day: DeskDay, language: str, view: str) -> None:
    page = page_of(desk_day)
    page.view.set_value(view)
    page._load()
    desk_day.settle()
    Wording.current().switch(language)
    desk_day.settle()
    assert nameless(page) == []
    assert unreachable(page) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("9:05", time(9, 5)), ("09.05", time(9, 5)), ("0905", time(9, 5)), ("930", time(9, 30)), ("24:00", None)]
    + [(text, None) for text in ("", "9", "9:5", "9:60", "aa:bb", "-1:00", "٩:٠٥")],
)
def test_times_are_read_as_people_type_them(text: str, found: time | None) -> None:
    assert parse_time(text) == found
