"""The page of drafts over a real desk: begun, written, kept, compared, shared, made final."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.pages.drafts.finalise_dialog import FinaliseDialog
from judge_desk.desktop.pages.drafts.new_draft import NewDraftDialog
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.reference_dialog import ReferenceDialog
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording
from judge_desk.domain.acts import PartKind, plain_text
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.errors import DiskFull
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import user_scope
from judge_desk.drafting.papers import Paper
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import outbox
from tests.desktop.conftest import type_text
from tests.desktop.draft_desk import MakePage, Window, on_disk, opened, settled
from tests.factories import a_case, a_document, agreed, desk_context, index_all, of_case, with_case
from tests.unit.services.test_drafts import FORM, with_text, without_blanks


def test_an_empty_desk_invites(qtbot: QtBot, page: DraftsPage) -> None:
    page.activate({})
    settled(qtbot, page)
    assert page.list.states.state == "empty"
    assert nameless(page) == []


def test_three_keys_to_a_new_draft(qtbot: QtBot, page: DraftsPage, context: DeskContext) -> None:
    with_case(context, a_case(number="7140-26-00-2/900", title="Ибраев — Садықов"))
    with_case(context, a_case(number="7140-26-00-2/901", title="Басқа іс"))
    index_all(context)
    page.activate({"new": "1"})
    settled(qtbot, page)
    dialog = cast(NewDraftDialog, page.dialog)
    type_text(dialog.search, "7140-26-00-2/900")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "900" in dialog.title.text())
    qtbot.waitUntil(lambda: dialog.list.lines.rowCount() > 0)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.work is not None)
    settled(qtbot, page)
    assert page.work is not None
    assert page.work.case is not None
    assert page.work.case.number == "7140-26-00-2/900"


def test_typing_is_on_disk_within_seconds_and_the_status_says_so(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Ұйғарым әділ. ")
    qtbot.waitUntil(lambda: "Ұйғарым әділ." in on_disk(page), timeout=2_500)
    settled(qtbot, page)
    status = page.head._subtitle.text()
    assert "saved just now on this PC" in status or "seconds ago" in status
    assert "not sent yet" in status


def test_leaving_the_page_saves_at_once(qtbot: QtBot, page: DraftsPage, draft_id: str, tasks: TaskRunner) -> None:
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Соңғы сөз")
    page.leave()
    tasks.close()
    assert "Соңғы сөз" in on_disk(page)


def test_another_desks_text_comes_in_without_losing_ones_own(
    qtbot: QtBot, page: DraftsPage, draft_id: str, context: DeskContext, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    draft = page.context.desk.drafts.open(draft_id).draft
    theirs = replace(draft, act=with_text(draft.act, "Их абзац", PartKind.DESCRIPTIVE))
    agreed(context, Kind.DRAFT, user_scope(context.person.id), [theirs], rev=2)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Мой абзац ")
    qtbot.waitUntil(lambda: "drafts.merged" in window.toasts, timeout=5_000)
    settled(qtbot, page)
    for text in (on_disk(page), plain_text(page.desk.edit.act())):
        assert "Их абзац" in text
        assert "Мой абзац" in text
    third = replace(theirs, act=with_text(page.desk.edit.act(), "Ещё", PartKind.DESCRIPTIVE))
    agreed(context, Kind.DRAFT, user_scope(context.person.id), [third], rev=3)
    page.refresh(Changes.of(Kind.DRAFT, draft_id))
    qtbot.waitUntil(lambda: "Ещё" in plain_text(page.desk.edit.act()))


def test_history_compares_and_restores(
    qtbot: QtBot, page: DraftsPage, draft_id: str, clock: FixedClock, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    before = page.desk.edit.act()
    page.desk.versions.keep("до правки")
    qtbot.waitUntil(lambda: "drafts.history.kept" in window.toasts)
    clock.advance(seconds=30)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Новое слово ")
    page.deeds.toggle_history()
    qtbot.waitUntil(lambda: page.desk.columns.shows_differences)
    assert "Новое слово" in page.desk.differences.toPlainText()
    assert nameless(page) == []
    # Differences have the room of the text where both would be too narrow to read.
    page.desk.columns.resize(1000, 600)
    assert not page.desk.edit.isVisibleTo(page.desk)
    page.desk.versions.close()
    assert page.desk.edit.isVisibleTo(page.desk)
    page.deeds.toggle_history()
    qtbot.waitUntil(lambda: page.desk.columns.shows_differences)
    page.desk.versions.restore(page.desk.history.list.current_id())
    qtbot.waitUntil(lambda: "drafts.history.restored" in window.toasts)
    assert page.desk.edit.act() == before
    settled(qtbot, page)
    assert "Новое слово" not in on_disk(page)
    page.desk.edit.undo()
    assert "Новое слово" in plain_text(page.desk.edit.act())


def test_the_preview_shows_the_same_text(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    qtbot.waitUntil(lambda: page.desk.preview.states.state == "ready", timeout=20_000)
    assert "page" in page.desk.preview.count.text()


def test_deliberation_is_told_and_nothing_goes_out(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    page.deeds.ask_secrecy(Secrecy.DELIBERATION)
    dialog = page.window().findChild(QDialog) or page.findChild(QDialog)
    assert dialog is not None
    dialog.accept()
    qtbot.waitUntil(lambda: page.draft_id != draft_id and page.work is not None)
    settled(qtbot, page)
    assert page.work is not None
    assert page.work.draft.secrecy is Secrecy.DELIBERATION
    assert page.desk.secret.isVisible()
    assert not page.may_export()
    assert window.toasts[-1] == "drafts.moved.deliberation"
    assert "sent" not in page.head._subtitle.text()


def test_a_final_act_is_closed_and_its_file_can_be_saved(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window, tmp_path: Path
) -> None:
    service = page.context.desk.drafts
    service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
    opened(qtbot, page, draft_id)
    page.deeds.ask_finalise()
    settled(qtbot, page)
    dialog = cast(FinaliseDialog, page.deeds.dialog)
    dialog.number.clear()
    dialog._agree()
    assert dialog.message.isVisible()
    type_text(dialog.number, "2-17")
    dialog._agree()
    qtbot.waitUntil(lambda: "drafts.finalised" in window.toasts, timeout=10_000)
    settled(qtbot, page)
    qtbot.waitUntil(lambda: page.desk.edit.isReadOnly())
    assert page.work is not None
    assert (page.work.draft.state, page.work.draft.dated_on) == (DraftState.FINAL, date(2026, 11, 23))
    assert not page._top.finalise.isVisible()
    target = tmp_path / "act.pdf"
    page.outputs.export(Paper.PDF, str(target))
    qtbot.waitUntil(lambda: "drafts.exported" in window.toasts)
    assert target.read_bytes().startswith(b"%PDF")


def test_blanks_stop_the_dialog(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    page.deeds.ask_finalise()
    settled(qtbot, page)
    dialog = cast(FinaliseDialog, page.deeds.dialog)
    assert not dialog._do.isEnabled()
    assert dialog.message.isVisible()


@pytest.mark.parametrize("remarks", [0, 2])
def test_open_remarks_are_counted_before_the_text_is_closed(
    qtbot: QtBot, page: DraftsPage, draft_id: str, remarks: int
) -> None:
    desk = page.context.desk
    block = next(each for each in desk.drafts.open(draft_id).draft.act.blocks() if each.text)
    for number in range(remarks):
        desk.remarks.add(draft_id, block.id, block.text[:5], f"точнее {number}", None)
    opened(qtbot, page, draft_id)
    page.deeds.ask_finalise()
    settled(qtbot, page)
    told = [each.text() for each in cast(FinaliseDialog, page.deeds.dialog).findChildren(PlainLabel)]
    assert any("still open" in each for each in told) is (remarks > 0)
    assert ("2 remarks on the text are still open." in told) is (remarks == 2)


def test_a_reference_is_chosen_and_leads_to_the_reader(
    qtbot: QtBot, page: DraftsPage, draft_id: str, context: DeskContext, window: Window
) -> None:
    case_id = page.context.desk.drafts.open(draft_id).draft.case_id
    document = a_document(case_id, title="Қолхат", pages=3)
    of_case(context, Kind.DOCUMENT, document)
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    page.deeds.ask_reference()
    qtbot.waitUntil(lambda: isinstance(page.deeds.dialog, ReferenceDialog))
    dialog = cast(ReferenceDialog, page.deeds.dialog)
    type_text(dialog.page, "2")
    QTest.keyClick(dialog.page, Qt.Key.Key_Return)
    assert "(Қолхат, с. 2)" in plain_text(page.desk.edit.act())
    assert page.desk.edit.open_reference()
    assert window.opened[-1] == ("case", {"case_id": case_id, "document_id": document.id, "page": "2"})


def test_a_delete_asks_and_can_be_undone(qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window) -> None:
    page.activate({})
    settled(qtbot, page)
    page._delete(draft_id)
    qtbot.waitUntil(lambda: window.undo is not None)
    assert page.context.desk.drafts.rows() == []
    assert window.undo is not None
    window.undo()
    qtbot.waitUntil(lambda: page.work is not None)
    assert len(page.context.desk.drafts.rows()) == 1


def test_the_list_filters_by_state_and_words(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    service = page.context.desk.drafts
    case_id = service.open(draft_id).draft.case_id
    other, _ = service.create(case_id, "blank.ruling.kk")
    service.set_state(other, DraftState.TO_SIGN)
    page.activate({})
    settled(qtbot, page)
    assert [row.id for row in page.list.shown()] == [other, draft_id]
    page.list.groups.set_value(DraftState.WRITING)
    assert [row.id for row in page.list.shown()] == [draft_id]
    page.list.groups.set_value("all")
    type_text(page.list.search, "ұйғ")
    assert [row.id for row in page.list.shown()] == [other]
    page.list.search.clear()


def test_a_secretary_writes_and_finds_no_finalise(
    qtbot: QtBot, make_page: MakePage, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "secretary"
    folder.mkdir()
    context = desk_context(folder, Role.SECRETARY, clock)
    case = with_case(context, role=Role.SECRETARY)
    draft_id, _ = Desk.over(context).drafts.create(case.id, FORM)
    page = opened(qtbot, make_page(context), draft_id)
    assert not page.desk.edit.isReadOnly()
    assert not page._top.finalise.isVisible()
    assert page._top.lay_out.isVisible()
    assert not page.may_finalise()
    page.desk.put_away()
    context.store.close()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name_in_every_language(
    qtbot: QtBot, page: DraftsPage, draft_id: str, language: str
) -> None:
    opened(qtbot, page, draft_id)
    Wording.current().switch(language)
    assert nameless(page) == []
    assert unreachable(page) == []
    assert page._top.menu().actions()
    assert page.desk.toolbar.table_menu().actions()


def test_a_draft_that_is_gone_says_so(qtbot: QtBot, page: DraftsPage) -> None:
    page.activate({"draft_id": "nothing"})
    qtbot.waitUntil(lambda: page.states.state == "empty")


def test_a_conflict_is_told_and_leads_to_the_decision(
    qtbot: QtBot, page: DraftsPage, draft_id: str, context: DeskContext, window: Window
) -> None:
    with context.store.writing() as connection:
        connection.execute(outbox.update().values(state=OutboxState.CONFLICT))
    opened(qtbot, page, draft_id)
    assert page.desk.conflict.isVisible()
    assert page.head._subtitle.text().endswith("held back until the conflict is decided")
    page.desk.conflict.findChildren(QuietButton)[0].click()
    assert window.opened[-1] == ("sync", {})
    with context.store.writing() as connection:
        connection.execute(outbox.update().values(state=OutboxState.WAITING))
    page.refresh(Changes.of(Kind.DRAFT, draft_id))
    qtbot.waitUntil(lambda: page.desk.conflict.isHidden())
    assert page.head._subtitle.text().endswith("not sent yet")


def test_the_keyboard_walks_through_the_columns(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    page.activateWindow()
    page.desk.edit.setFocus()
    qtbot.waitUntil(page.desk.edit.hasFocus)
    page.desk.next_column()
    assert page.desk.preview.pages.hasFocus()
    page.desk.next_column()
    assert page.desk.side.outline.hasFocus()
    page.desk.next_column()
    assert page.desk.edit.hasFocus()
    page.set_reading(True)
    assert not page.desk.side.isVisible()
    page.set_reading(False)
    assert page.desk.side.isVisible()


def test_nothing_is_made_final_that_could_not_be_saved(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = page.context.desk.drafts
    service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Соңғы сөз")

    def full(*_args: object, **_named: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(type(service), "save", full)
        page.deeds.finalise("2-17", date(2026, 11, 23))
        qtbot.waitUntil(lambda: bool(window.failures))
        assert "not saved" in page.head._subtitle.text()
    assert service.open(draft_id).draft.state is DraftState.WRITING
    assert not page.desk.edit.isReadOnly()
    qtbot.waitUntil(lambda: "Соңғы сөз" in on_disk(page), timeout=8_000)
