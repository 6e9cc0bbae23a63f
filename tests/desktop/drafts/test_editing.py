"""What helps to write: facts of the case, remarks, citations, each over a real desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.remark_dialogs import NewRemarkDialog, RemarkDialog
from judge_desk.domain.acts import PartKind, plain_text
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import DiskFull
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.services.context import DeskContext
from tests.desktop.conftest import type_text
from tests.desktop.draft_desk import Window, on_disk, opened, settled
from tests.factories import a_party, agreed


def test_a_fact_that_changed_in_the_case_is_offered_and_taken_over(
    qtbot: QtBot, page: DraftsPage, draft_id: str, context: DeskContext, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    assert page.desk.facts.isHidden()
    work = page.work
    assert work is not None
    assert work.case is not None
    changed = replace(work.case, parties=(a_party("Сапарова Г. Б."),))
    agreed(context, Kind.CASE, case_scope(changed.id), [changed], rev=2)
    page.refresh(Changes.of(Kind.CASE, changed.id))
    page.read_again()
    qtbot.waitUntil(lambda: page.desk.facts.isVisible())
    page.desk.facts.ask()
    dialog = page.desk.facts.dialog
    assert dialog is not None
    assert dialog.chosen() == ["claimants"]
    assert nameless(dialog) == []
    dialog._agree()
    qtbot.waitUntil(lambda: "Сапарова Г. Б." in plain_text(page.desk.edit.act()))
    assert "Ибраев" not in plain_text(page.desk.edit.act())
    qtbot.waitUntil(lambda: page.desk.facts.isHidden())
    settled(qtbot, page)
    assert "Сапарова Г. Б." in on_disk(page)
    assert window.undo is not None
    window.undo()
    assert "Ибраев" in plain_text(page.desk.edit.act())


def test_a_remark_is_made_found_again_and_its_words_go_into_the_text(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    desk = page.desk
    desk.edit.go_to_part(PartKind.REASONING)
    type_text(desk.edit, "Доводы ответчика не подтверждены.")
    cursor = desk.edit.textCursor()
    cursor.movePosition(cursor.MoveOperation.StartOfBlock)
    cursor.movePosition(cursor.MoveOperation.NextWord, cursor.MoveMode.KeepAnchor)
    desk.edit.setTextCursor(cursor)
    desk.remarks.ask()
    asked = desk.remarks.dialog
    assert isinstance(asked, NewRemarkDialog)
    assert nameless(asked) == []
    assert not asked._do.isEnabled()
    asked.proposes.setChecked(True)
    asked.proposal.setPlainText("Возражения")
    asked._make()
    qtbot.waitUntil(lambda: len(desk.remarks.remarks) == 1)
    settled(qtbot, page)
    assert len(desk.edit.extraSelections()) == 1
    desk.remarks.next_open()
    shown = desk.remarks.dialog
    assert isinstance(shown, RemarkDialog)
    assert nameless(shown) == []
    assert desk.edit.textCursor().selectedText() == "Доводы"
    shown.accepted_it.emit()
    qtbot.waitUntil(lambda: not any(each.is_open for each in desk.remarks.remarks))
    assert "Возражения ответчика не подтверждены." in plain_text(desk.edit.act())
    settled(qtbot, page)
    assert "Возражения ответчика не подтверждены." in on_disk(page)
    assert desk.edit.extraSelections() == []


def test_a_proposal_whose_words_are_gone_stays_open(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window
) -> None:
    opened(qtbot, page, draft_id)
    page.context.desk.remarks.add(draft_id, "no.such.block", "слов нет", "", "другие")
    page.read_again()
    qtbot.waitUntil(lambda: len(page.desk.remarks.remarks) == 1)
    (remark,) = page.desk.remarks.remarks
    page.desk.remarks._accept(remark)
    assert window.toasts[-1] == "remarks.gone"
    settled(qtbot, page)
    assert page.desk.remarks.remarks == (remark,)


def test_a_citation_is_completed_from_what_was_typed_and_keeps_its_id(
    qtbot: QtBot, page: DraftsPage, draft_id: str
) -> None:
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Суд применяет ГПК 226")
    page.desk.citing.ask()
    qtbot.waitUntil(lambda: page.desk.citing.dialog is not None)
    dialog = page.desk.citing.dialog
    assert dialog is not None
    assert nameless(dialog) == []
    assert "226" in dialog.search.text()
    qtbot.waitUntil(lambda: bool(dialog.list.current_id()))
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    cited = [run for block in page.desk.edit.act().blocks() for run in block.runs if run.norm == "cpc.226"]
    assert len(cited) == 1
    assert "226" in cited[0].text
    assert "ГПК 226" not in plain_text(page.desk.edit.act())
    page.desk.edit.undo()
    assert "Суд применяет ГПК 226" in plain_text(page.desk.edit.act())


def test_a_proposal_is_not_called_accepted_while_its_words_cannot_be_saved(
    qtbot: QtBot, page: DraftsPage, draft_id: str, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, page, draft_id)
    page.desk.edit.go_to_part(PartKind.REASONING)
    type_text(page.desk.edit, "Доводы ответчика.")
    settled(qtbot, page)
    block_id = page.desk.edit.block_id()
    page.context.desk.remarks.add(draft_id, block_id, "Доводы", "", "Возражения")
    page.read_again()
    qtbot.waitUntil(lambda: len(page.desk.remarks.remarks) == 1)
    (remark,) = page.desk.remarks.remarks

    def full(*_args: object, **_named: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(type(page.context.desk.drafts), "save", full)
        page.desk.remarks._accept(remark)
        qtbot.waitUntil(lambda: bool(window.failures))
    assert page.context.desk.drafts.open(draft_id).draft.remarks == (remark,)
    qtbot.waitUntil(lambda: "Возражения ответчика." in on_disk(page), timeout=8_000)
