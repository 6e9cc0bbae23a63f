"""The page of the sync: plain words, both texts, and no decision taken by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.pages.hearings.plan_dialog import PlanDialog
from judge_desk.desktop.pages.sync.decision import reason
from judge_desk.desktop.pages.sync.in_words import Passage
from judge_desk.desktop.pages.sync.page import SyncPage
from judge_desk.desktop.pages.sync.two_texts import MarkedText, TwoTexts, ValueTable
from judge_desk.desktop.theme import Size
from judge_desk.desktop.widgets.line import LINE_ROLE, Line, row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.acts import Block, Part, PartKind, Run
from judge_desk.domain.cases import Case
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.i18n import formats
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import court_time
from judge_desk.services.context import DeskContext
from judge_desk.services.hearings import HearingService
from judge_desk.services.notes import NoteService
from judge_desk.services.sync import Step, SyncService
from judge_desk.sync.engine import Progress
from judge_desk.sync.report import SyncReport
from tests.desktop.conftest import press
from tests.desktop.real_page import HandLoop, settle, window_of
from tests.factories import JUDGE_ID, NOW, a_case, a_draft, a_note, agreed, in_conflict, refuse

MINE = user_scope(JUDGE_ID)
STANDING = Changes.of("sync")


def a_conflicting_note(context: DeskContext, case: Case) -> None:
    base = a_note(case.id, id="note", text="Сумма 100 тенге")
    hubs = replace(base, text="Сумма 300 тенге")
    in_conflict(context, Kind.NOTE, MINE, base=base, mine=replace(base, text="Сумма 200 тенге"), hubs=hubs)


def an_act_in_conflict(context: DeskContext, case: Case) -> None:
    blank = a_draft(case.id, id="draft")

    def written(text: str) -> object:
        part = Part(kind=PartKind.OPERATIVE, blocks=(Block(id="b", runs=(Run(text=text),)),))
        return replace(blank, act=replace(blank.act, parts=(part,)))

    base, mine, hubs = (written(f"Взыскать {sum_} тенге") for sum_ in (100, 200, 300))
    in_conflict(context, Kind.DRAFT, MINE, base=base, mine=mine, hubs=hubs)


def a_refused_note(context: DeskContext, case: Case, code: str = "not_allowed") -> None:
    service = NoteService(context)
    service.save(service.new(case.id, "Моя мысль"))
    refuse(context, code, keeps_row=True)


def button(page: SyncPage, key: str) -> QPushButton:
    QApplication.processEvents()
    (found,) = (each for each in page.decision.findChildren(QPushButton) if each.text() == t(key) and each.isVisible())
    return found


def buttons(page: SyncPage) -> set[str]:
    QApplication.processEvents()
    return {each.text() for each in page.decision.findChildren(QPushButton) if each.isVisible()}


def open_first(qtbot: QtBot, page: SyncPage) -> None:
    page.overview.attention.setFocus()
    press(page.overview.attention, Qt.Key.Key_Return)
    settle(qtbot, page)


def note_texts(context: DeskContext, case: Case) -> list[str]:
    return sorted(row.note.text for row in NoteService(context).of_case(case.id))


def test_the_standing_is_said_in_words(show: Callable[..., SyncPage], loop: HandLoop) -> None:
    page = show()
    assert page.overview._link.text() == t("sync.link.untried")
    loop.stand(linked=True, since=NOW - timedelta(hours=1), level_at=NOW)
    page.refresh(STANDING)
    assert "08:00" in page.overview._link.text()
    assert "09:00" in page.overview._link.text()
    loop.stand(linked=False, since=NOW, problem=HubUnreachable())
    page.refresh(STANDING)
    assert page.overview._problem.isVisible()
    assert page.overview._problem.text() == t("errors.hub_unreachable")
    loop.stand(progress=Progress(Step.RECEIVING, 1200))
    page.refresh(STANDING)
    assert page.overview.progress._label.text() == t("sync.step.receiving", done="1,200")


def test_sync_now_and_pause_have_keys(show: Callable[..., SyncPage], loop: HandLoop) -> None:
    page = show()
    page.context.actions.trigger("sync.now")
    page.context.actions.trigger("sync.pause")
    assert loop.asked == ["now", "pause"]
    assert (page._pause.text(), page._now.isEnabled()) == (t("sync.resume"), False)
    assert page.overview._link.text() == t("sync.link.paused")
    page._pause.click()
    assert (loop.asked[-1], page._pause.text()) == ("resume", t("sync.pause"))


def test_exchanges_are_listed_with_what_they_moved(qtbot: QtBot, show: Callable[..., SyncPage], loop: HandLoop) -> None:
    page = show()
    report = SyncReport(pushed=3, pulled=120, refused=1, bytes_in=20_000, seconds=2.4)
    loop.stand(linked=True, since=NOW, level_at=NOW, last=report)
    settle(qtbot, page)
    qtbot.waitUntil(lambda: page.overview.history.lines.rowCount() == 1)
    line: Line = page.overview.history.lines.index(0).data(LINE_ROLE)
    assert line.title == "3 changes sent · 120 records received"
    assert (line.leading, line.trailing) == ("09:00", "1 refused")
    assert page.overview.figures._values["sync.figure.received"].text() == "120"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_has_a_reason_in_words(context: DeskContext, case: Case, code: Code, language: str) -> None:
    a_refused_note(context, case, code)
    Wording.current().switch(language)
    (row,) = SyncService(context).attention()
    assert reason(row) == t(f"refused.{code}")


def test_a_refusal_shows_the_whole_text_and_can_be_sent_again(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_refused_note(context, case)
    page = show()
    open_first(qtbot, page)
    texts = page.decision.findChildren(MarkedText)
    assert "Моя мысль" in [each.toPlainText() for each in texts]
    heads = {each.text() for each in page.decision.findChildren(PlainLabel)}
    assert {"Your text", "no text here"} <= heads
    page.context.actions.trigger("sync.copy")
    assert QGuiApplication.clipboard().text() == "Моя мысль"
    button(page, "sync.send_once_more").click()
    settle(qtbot, page)
    assert SyncService(context).attention() == []
    assert SyncService(context).outlook().waiting == 1
    assert page._faces.currentWidget() is page.overview
    assert page.overview._calm.isVisible()


def test_what_cannot_succeed_is_not_offered(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_refused_note(context, case, "sealed")
    page = show()
    open_first(qtbot, page)
    assert not {t("sync.send_again"), t("sync.send_once_more")} & buttons(page)


def test_a_hearing_at_a_taken_time_is_planned_anew_from_here(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    hearings = HearingService(context)
    hearing = replace(hearings.new(case.id, NOW + timedelta(days=2)), room="5")
    hearings.plan(hearing)
    other = a_case(number="7140-26-00-2/77")
    agreed(context, Kind.CASE, case_scope(other.id), [other])
    apart = replace(hearing, judge_id="another", room="6")  # at the same time, and in nobody's way
    met = replace(apart, id="met", case_id=other.id, room="5", starts_at=hearing.starts_at + timedelta(minutes=5))
    agreed(context, Kind.HEARING, case_scope(other.id), [replace(apart, id="apart", case_id=other.id), met])
    refuse(context, Code.DOUBLE_BOOKING, keeps_row=False)
    page = show()
    open_first(qtbot, page)
    when = formats.date_and_time(met.starts_at, Wording.current().language)
    taken = t("sync.advice.taken", when=when, room="5", number=other.number)
    assert page.decision._hint.text().split("\n")[:-1] == [taken]
    heads = {each.text() for each in page.decision.findChildren(PlainLabel)}
    assert "Yours" in heads
    assert not {"The hub's", "nothing there", "Your text", "The hub's text", "no text here"} & heads
    assert buttons(page) == {t(f"sync.{key}") for key in ("open_case", "dismiss", "send_once_more", "replan")}
    assert not page.context.actions.is_enabled("sync.copy")
    assert "text" not in page.decision._hint.text()
    (table,) = page.decision.findChildren(ValueTable)
    begins = t("sync.field.starts_at").capitalize()
    said = {each.accessibleName(): each.text() for each in table.findChildren(PlainLabel)}
    day = formats.date_and_time(hearing.starts_at, Wording.current().language)
    assert said[f"{begins}, {t('sync.value.mine')}: {day}"] == day
    assert page.decision.findChildren(TwoTexts) == []
    button(page, "sync.replan").click()
    settle(qtbot, page)
    (dialog,) = window_of(page).findChildren(PlanDialog)
    assert (dialog.room.text(), dialog.day.value()) == ("5", court_time(hearing.starts_at).date())
    dialog.room.setText("7")
    dialog.save.click()
    settle(qtbot, page)
    assert hearings.get(hearing.id).hearing == replace(hearing, room="7")
    assert SyncService(context).attention() == []
    assert SyncService(context).outlook().waiting == 1


def test_another_time_is_offered_to_hearings_at_a_taken_time_only(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    hearings = HearingService(context)
    hearings.plan(hearings.new(case.id, NOW + timedelta(days=2)))
    refuse(context, Code.NOT_ALLOWED, keeps_row=False)
    page = show()
    open_first(qtbot, page)
    assert t("sync.send_once_more") in buttons(page)
    assert t("sync.replan") not in buttons(page)


def test_giving_up_a_text_is_asked_once(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_refused_note(context, case)
    page = show()
    open_first(qtbot, page)
    button(page, "sync.dismiss").click()
    assert note_texts(context, case) == ["Моя мысль"]
    (dialog,) = window_of(page).findChildren(ConfirmDialog)
    dialog.accept()
    settle(qtbot, page)
    assert note_texts(context, case) == []


def test_esc_goes_back_to_the_list_and_a_settled_row_closes(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    window_of(page).go_back()
    assert page._faces.currentWidget() is page.overview
    open_first(qtbot, page)
    service = SyncService(context)
    page.context.events.announce(service.keep_mine(service.attention()[0].mid))
    settle(qtbot, page)
    assert page._faces.currentWidget() is page.overview


def test_an_exchange_leaves_the_decision_on_screen_alone(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case, loop: HandLoop
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    pair = page.decision.findChildren(TwoTexts)
    loop.stand(Changes.of(Kind.CASE), linked=True, since=NOW, level_at=NOW, last=SyncReport(pulled=2))
    settle(qtbot, page)
    window_of(page).refresh()
    settle(qtbot, page)
    assert page.decision.isVisible()
    assert page.decision.findChildren(TwoTexts)[:1] == pair


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case, language: str
) -> None:
    a_conflicting_note(context, case)
    an_act_in_conflict(context, case)
    a_refused_note(context, case)
    Wording.current().switch(language)
    page = show()
    assert (nameless(page), unreachable(page)) == ([], [])
    for row in SyncService(context).attention():
        page._open(str(row.mid))
        assert (nameless(page), unreachable(page)) == ([], [])


def test_a_refusal_is_read_whole_in_the_list(show: Callable[..., SyncPage], context: DeskContext, case: Case) -> None:
    a_refused_note(context, case, "double_booking")
    view = show().overview.attention
    view.setFixedWidth(Size.SIDE)
    QApplication.processEvents()
    assert view.visualRect(view.lines.index(0)).height() > row_height(two_lines=True)


def test_both_sides_begin_at_the_same_place(qtbot: QtBot) -> None:
    texts = TwoTexts(Passage(label="Room", mine="5", hubs=""))
    qtbot.addWidget(texts)
    texts.resize(2 * Size.SIDE, Size.SIDE)
    texts.show()
    QApplication.processEvents()
    (nothing,) = (each for each in texts.findChildren(PlainLabel) if each.text() == t("sync.side.nothing"))
    head = next(each for each in texts.findChildren(PlainLabel) if each.text() == t("sync.side.mine"))
    letter = texts.mine.viewport().mapTo(texts, texts.mine.cursorRect(QTextCursor(texts.mine.document())).topLeft())
    other = nothing.mapTo(texts, nothing.contentsRect().topLeft())
    assert abs(letter.y() - other.y()) <= 1
    sides = [_side_of(texts, texts.mine), _side_of(texts, nothing)]
    assert abs((letter.x() - sides[0]) - (other.x() - sides[1])) <= 1
    assert abs(head.mapTo(texts, head.contentsRect().topLeft()).x() - letter.x()) <= 1


def _side_of(texts: TwoTexts, inside: QWidget) -> int:
    side = inside.parentWidget()
    assert side is not None
    return side.mapTo(texts, QPoint(0, 0)).x()
