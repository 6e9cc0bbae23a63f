"""A Word file with somebody's changes: laid beside the text, accepted and rejected by keyboard, undone like typing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.proposing import put_words
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.word_dialog import WordDialog
from judge_desk.domain.acts import ActText, Block, BlockKind, PartKind, Run
from judge_desk.domain.remarks import Remark, RemarkState
from judge_desk.drafting.docx_out import render_docx
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from tests.desktop.draft_desk import Window, opened, settled
from tests.desktop.test_editor_edits import an_act
from tests.desktop.test_editor_notes import noted, select, shape
from tests.unit.drafting.test_docx_tracked import NOW, changed, gone, ins, with_document


def sent_back(act: ActText, *changes: tuple[str, str]) -> bytes:
    """The act's Word file after Сарсенова А. worked on it."""
    data = render_docx(act, NOW)
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    for words, xml in changes:
        document = changed(document, words, xml)
    return with_document(data, document)


@pytest.fixture
def arrived(page: DraftsPage, qtbot: QtBot, context: DeskContext, draft_id: str, tmp_path: Path) -> WordDialog:
    opened(qtbot, page, draft_id)
    Desk.over(context).drafts.save(draft_id, an_act())
    page.read_again()
    qtbot.waitUntil(lambda: page.desk.edit.act() == an_act())
    path = tmp_path / "act.docx"
    path.write_bytes(sent_back(an_act(), ("анықтады", gone("анықтады") + ins("тұжырымдады"))))
    page.outputs.read_word(str(path))
    qtbot.waitUntil(lambda: isinstance(page.outputs.dialog, WordDialog))
    return cast(WordDialog, page.outputs.dialog)


def remarks(page: DraftsPage) -> tuple[Remark, ...]:
    return page.context.desk.drafts.open(page.draft_id).draft.remarks


def test_changes_lie_beside_the_text_until_they_are_answered(
    arrived: WordDialog, page: DraftsPage, qtbot: QtBot, window: Window
) -> None:
    assert arrived.proposals.lines.rowCount() == 1
    arrived.suggest.click()
    qtbot.waitUntil(lambda: len(remarks(page)) == 1)
    settled(qtbot, page)
    (remark,) = remarks(page)
    assert (remark.author_name, remark.quote, remark.proposal) == ("Сарсенова А.", "анықтады", "тұжырымдады")
    assert page.desk.edit.act() == an_act()
    assert window.toasts == ["outputs.word.suggested"]
    page.desk.remarks.answer_here(RemarkState.ACCEPTED)
    qtbot.waitUntil(lambda: remarks(page)[0].state is RemarkState.ACCEPTED)
    assert page.desk.edit.act().block("why").text == "Сот тұжырымдады"  # type: ignore[union-attr]
    page.desk.edit.undo()
    assert page.desk.edit.act() == an_act()


def test_the_same_file_twice_lays_nothing_twice(arrived: WordDialog, page: DraftsPage, qtbot: QtBot) -> None:
    proposals = arrived._arrived.proposals
    assert proposals is not None
    service, draft_id = page.context.desk.remarks, page.draft_id
    assert service.suggest(draft_id, proposals.suggestions)[0] == 1
    assert service.suggest(draft_id, proposals.suggestions)[0] == 0


def test_a_rejected_change_leaves_the_text_alone(arrived: WordDialog, page: DraftsPage, qtbot: QtBot) -> None:
    arrived.suggest.click()
    qtbot.waitUntil(lambda: len(page.desk.remarks.remarks) == 1)
    page.desk.remarks.answer_here(RemarkState.REJECTED)
    qtbot.waitUntil(lambda: remarks(page)[0].state is RemarkState.REJECTED)
    assert page.desk.edit.act() == an_act()


def test_all_changes_can_still_be_taken_at_once(arrived: WordDialog, page: DraftsPage) -> None:
    arrived.take.click()
    assert page.desk.edit.act().block("why").text == "Сот тұжырымдады"  # type: ignore[union-attr]


@pytest.fixture
def edit(qtbot: QtBot) -> ActEdit:
    made = ActEdit()
    qtbot.addWidget(made)
    made.resize(600, 400)
    return made


def put(edit: ActEdit, block: str, quote: str, words: str) -> None:
    assert edit.go_to(block)
    start = edit.textCursor().block().text().replace("\ufffc", "").index(quote)
    select(edit, (block, start), (block, start + len(quote)))
    put_words(edit.textCursor(), words)


def test_only_what_differs_is_written(edit: ActEdit) -> None:
    """A fact of the case beside the changed word stays one."""
    edit.show_act(an_act())
    before = edit.act().block("intro")
    cursor = QTextCursor(edit.document())
    assert edit.go_to("intro")
    cursor = edit.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    words = cursor.selectedText()
    put_words(cursor, words.replace("Дело", "Іс"))
    after = edit.act().block("intro")
    assert before is not None
    assert after is not None
    assert [run.field for run in after.runs] == [run.field for run in before.runs]
    assert after.text == before.text.replace("Дело", "Іс")


def test_a_line_end_begins_a_paragraph_and_words_keep_their_block(edit: ActEdit) -> None:
    edit.show_act(an_act())
    put(edit, "why", "Сот", "Бірінші.\nСот")
    put(edit, "why", "анықтады", "анықтады\nСоңғы.")
    part = edit.act().part(PartKind.REASONING)
    assert part is not None
    assert [block.text for block in part.blocks] == ["Бірінші.", "Сот анықтады", "Соңғы."]
    assert part.blocks[1].id == "why"


def test_a_paragraph_of_which_nothing_is_left_goes(edit: ActEdit) -> None:
    edit.show_act(an_act(Block(id="a", runs=(Run(text="Бір."),)), Block(id="b", runs=(Run(text="Екі."),))))
    put(edit, "b", "Екі.", "")
    assert edit.act().block("b") is None
    put(edit, "a", "Бір.", "")
    assert edit.act().block("a") is not None, "a part keeps a line to write on"
    edit.undo()
    edit.undo()
    assert edit.act().block("b") is not None


def test_the_marks_of_notes_stay_among_proposed_words(edit: ActEdit) -> None:
    edit.show_act(noted())
    assert edit.go_to("one")
    cursor = edit.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    put_words(cursor, "Аудандық сот анықтады.")
    assert shape(edit)[:2] == ["Аудандық сот анық[]тады.", "→ АПК 226-бап."]
    assert edit.act().block("n1").kind is BlockKind.FOOTNOTE  # type: ignore[union-attr]


def test_the_keys_are_those_of_the_help(page: DraftsPage) -> None:
    keys = {action.id: action.shortcut for action in page.page_actions()}
    assert (keys["remarks.accept_next"], keys["remarks.reject_next"]) == ("Ctrl+Alt+A", "Ctrl+Alt+X")
