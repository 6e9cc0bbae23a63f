"""Files on their way, kept cases, a thousand conflicts, a third text, and the end of a device, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.case.page import CasePage
from judge_desk.desktop.pages.cases.page import CasesPage
from judge_desk.desktop.pages.sync.page import SyncPage
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.acts import Block, Part, PartKind, Run
from judge_desk.domain.cases import Case
from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.drafts import Draft
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import user_scope
from judge_desk.services.context import DeskContext
from judge_desk.store import records
from judge_desk.store.attachments_table import Urgency
from judge_desk.store.tables import attachment
from judge_desk.sync.engine import Progress, Step
from judge_desk.sync.files import FileStep
from tests.desktop.conftest import press
from tests.desktop.pace import seconds
from tests.desktop.real_page import HandLoop, settle, window_of
from tests.factories import JUDGE_ID, a_document, a_draft, a_note, in_conflict, of_case

MINE = user_scope(JUDGE_ID)
Show = Callable[..., Page]


def waiting_file(context: DeskContext, case: Case, **values: Any) -> str:
    document = a_document(case.id, values.pop("content", b"a"), title=values.pop("title", "Иск"))
    of_case(context, Kind.DOCUMENT, document)
    mine = attachment.c.sha256 == document.sha256
    with context.store.writing() as connection:
        connection.execute(attachment.update().where(mine).values(**{"failure": "", **values}))
    return document.id


def test_what_comes_and_what_waits_is_said(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show, loop: HandLoop
) -> None:
    waiting_file(context, case, content=b"a", title="Позже")
    waiting_file(context, case, content=b"b", title="Завтра", urgency=Urgency.HEARING, due="2026-11-24T05:00:00Z")
    page = cast(SyncPage, show("sync"))
    card = page.overview.files
    rows = [card.rows.lines.index(number).data(LINE_ROLE) for number in range(2)]
    assert [row.title for row in rows] == ["Завтра", "Позже"]
    assert "24 Nov 2026" in rows[0].detail.replace("\u00a0", " ")
    first = page.context.desk.sync.files().waiting[0]
    loop.stand(progress=Progress(Step.FETCHING, 0, FileStep(first.sha256, 1 << 20, 4 << 20, 65536.0)))
    page.refresh(Changes.of("sync"))
    assert card.now.isVisible()
    assert "Завтра" in card.now._label.text()
    assert card.now._bar.value() * 4 == card.now._bar.maximum()
    card.rows.setFocus()
    press(card.rows, Qt.Key.Key_Down)
    press(card.rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(loop.asked))
    settle(qtbot, page)
    assert loop.asked == ["now"], "Enter on a waiting file asks for it before all others"
    assert page.context.desk.sync.files().waiting[0].why == "opened"
    for language in ("kk", "ru", "en"):
        Wording.current().switch(language)
        settle(qtbot, page)
        assert (nameless(page), unreachable(page)) == ([], [])


def test_a_thousand_conflicts_open_at_once_and_one_by_one(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show
) -> None:
    for number in range(1000):
        if number == 1:
            one = seconds(lambda: show("sync"))
        base = a_note(case.id, id=f"n{number}", text=f"Сумма {number}")
        mine, hubs = replace(base, text=f"Сумма {number} моя"), replace(base, text=f"Сумма {number} их")
        in_conflict(context, Kind.NOTE, MINE, base=base, mine=mine, hubs=hubs)
    thousand = seconds(lambda: show("sync"))
    assert thousand < 20 * one
    page = cast(SyncPage, show("sync"))
    assert page.overview.attention.lines.rowCount() == 1000
    for _ in range(2):
        page.overview.attention.setFocus()
        press(page.overview.attention, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page._is_deciding())
        settle(qtbot, page)
        page.decision.choose("mine")
        page.decision.decide()
        qtbot.waitUntil(lambda: not page._is_deciding())
        settle(qtbot, page)
    assert page.overview.attention.lines.rowCount() == 998


def a_conflicting_draft(context: DeskContext, case: Case) -> None:
    def with_parts(reasoning: str, operative: str) -> Draft:
        parts = (
            Part(kind=PartKind.REASONING, blocks=(Block(id="r1", runs=(Run(text=reasoning),)),)),
            Part(kind=PartKind.OPERATIVE, blocks=(Block(id="o1", runs=(Run(text=operative),)),)),
        )
        draft = a_draft(case.id, id="draft")
        return replace(draft, act=replace(draft.act, parts=parts))

    mine, hubs = with_parts("Мой довод", "Взыскать 200"), with_parts("Их довод", "Взыскать 300")
    in_conflict(context, Kind.DRAFT, MINE, base=with_parts("Довод", "Взыскать 100"), mine=mine, hubs=hubs)


def test_a_third_text_is_written_for_a_passage_of_an_act(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show
) -> None:
    a_conflicting_draft(context, case)
    page = cast(SyncPage, show("sync"))
    page.overview.attention.setFocus()
    press(page.overview.attention, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._is_deciding())
    choices = page.decision._choices
    choices[0]._buttons["own"].click()
    written = page.decision._written[0]
    assert written.isVisible()
    assert written.text() == "Мой довод"
    written._field.setPlainText("Довод обоих")
    choices[1]._buttons["own"].click()
    page.decision._written[1]._field.setPlainText("Взыскать 250\nРасходы поделить")
    QApplication.processEvents()
    assert page.decision._save.isEnabled()
    page.decision._save.click()
    qtbot.waitUntil(lambda: not page._is_deciding())
    settle(qtbot, page)
    with context.store.reading() as connection:
        draft: Draft = records.get(connection, Kind.DRAFT, "draft")
    assert [[block.text for block in part.blocks] for part in draft.act.parts] == [
        ["Довод обоих"],
        ["Взыскать 250", "Расходы поделить"],
    ]
    assert draft.act.parts[0].blocks[0].id == "r1", "what others hang on a passage stays on it"


def test_a_case_is_kept_here_by_a_key_and_let_go(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show, loop: HandLoop
) -> None:
    waiting_file(context, case)
    page = cast(CasePage, show("case", case_id=case.id))
    page.context.actions.trigger("documents.keep.toggle")
    settle(qtbot, page)
    qtbot.waitUntil(lambda: page.know.receipt.keep.text() == t("documents.let_go"))
    assert page.context.desk.documents.kept_cases() == {case.id}
    assert loop.asked == ["now"], "its files are fetched at once"
    page.know.receipt.keep.click()
    settle(qtbot, page)
    qtbot.waitUntil(lambda: page.know.receipt.keep.text() == t("documents.keep"))
    assert page.context.desk.documents.kept_cases() == frozenset()


def test_the_list_keeps_a_case_by_its_menu(qtbot: QtBot, case: Case, show: Show) -> None:
    page = cast(CasesPage, show("cases"))
    settle(qtbot, page)
    page.table.setFocus()
    page.table.selectRow(0)
    menu = page.menu.menu_for(case.id, frozenset())
    keep = next(each for each in menu.actions() if each.text() == t("documents.keep"))
    assert (keep.isCheckable(), keep.isChecked()) == (True, False)
    keep.trigger()
    qtbot.waitUntil(lambda: page.context.desk.documents.kept_cases() == {case.id})
    settle(qtbot, page)
    page.context.actions.trigger("documents.keep.toggle")
    qtbot.waitUntil(lambda: page.context.desk.documents.kept_cases() == frozenset())


def test_a_menu_keeps_the_case_that_it_was_opened_for(qtbot: QtBot, case: Case, show: Show) -> None:
    """A sync may move the rows, or take the choice away, while the menu is open."""
    page = cast(CasesPage, show("cases"))
    settle(qtbot, page)
    menu = page.menu.menu_for(case.id, frozenset())
    page.table.setCurrentIndex(QModelIndex())
    assert not page.table.current_id()
    next(each for each in menu.actions() if each.text() == t("documents.keep")).trigger()
    qtbot.waitUntil(lambda: page.context.desk.documents.kept_cases() == {case.id})


def test_a_file_that_made_room_is_fetched_when_it_is_asked_for(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show, loop: HandLoop
) -> None:
    document_id = waiting_file(context, case, state=AttachmentState.ON_HUB)
    page = cast(CasePage, show("case", case_id=case.id, document_id=document_id))
    qtbot.waitUntil(lambda: page.reader.states.isVisible())
    texts = [each.text() for each in page.reader.findChildren(QLabel) if each.isVisible()]
    assert any(t("reader.on_hub.hint") == each for each in texts), texts
    assert loop.asked == [], "looking at it does not fetch it"
    fetch = next(each for each in page.reader.findChildren(QPushButton) if each.text() == t("reader.missing.fetch"))
    fetch.click()
    settle(qtbot, page)
    assert loop.asked == ["now"]


def test_a_device_that_was_shut_out_locks_the_window(qtbot: QtBot, show: Show, loop: HandLoop) -> None:
    page = show("sync")
    window = window_of(page)
    closed: list[bool] = []

    class Gate:
        @staticmethod
        def lock() -> None:
            closed.append(True)

        @staticmethod
        def seconds_to_wait() -> int:
            return 0

    window._gate = window.lock_screen.form._gate = cast(Any, Gate)
    with qtbot.waitSignal(window.wiped, timeout=5000):
        loop.stand(wiped=True)
        window._tick()
    assert not window.is_open
    qtbot.waitUntil(lambda: bool(closed))


def test_the_field_for_a_third_text_comes_into_sight(
    qtbot: QtBot, context: DeskContext, case: Case, show: Show
) -> None:
    a_conflicting_draft(context, case)
    page = cast(SyncPage, show("sync"))
    window = page.window()
    window.resize(window.minimumSize())
    page.overview.attention.setFocus()
    press(page.overview.attention, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._is_deciding())
    settle(qtbot, page)
    view = page.decision
    view._choices[1]._buttons["own"].click()
    field = view._written[1]
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().bottom() == field.rect().bottom())
    assert field._field.hasFocus()


def test_places_are_decided_one_after_the_other_by_keys_or_not_at_all(
    context: DeskContext, case: Case, qtbot: QtBot, show: Show
) -> None:
    a_conflicting_draft(context, case)
    page = cast(SyncPage, show("sync"))
    page.overview.attention.setFocus()
    press(page.overview.attention, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._is_deciding())
    view = page.decision
    assert view._outcome.text() == t("sync.choice.left", n=2)
    page.context.actions.trigger("sync.keep_both")
    assert (view._outcome.text(), view._choices[0].isEnabled()) == (t("sync.choice.both"), False)
    page.context.actions.trigger("sync.keep_mine")
    assert (view._outcome.text(), view._choices[0].isEnabled()) == (t("sync.choice.left", n=1), True)
    page.context.actions.trigger("sync.keep_hubs")
    assert view._outcome.text() == t("sync.choice.each")
    page.context.actions.trigger("sync.decide")
    qtbot.waitUntil(lambda: not page._is_deciding())
    settle(qtbot, page)
    with context.store.reading() as connection:
        draft: Draft = records.get(connection, Kind.DRAFT, "draft")
    assert [block.text for block in draft.act.blocks()] == ["Мой довод", "Взыскать 300"]
