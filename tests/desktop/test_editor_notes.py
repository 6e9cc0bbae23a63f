"""Footnotes under the hand: put in, written, cut, pasted and taken out; each in one step of undo, none ever torn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor import commands, notes, quotes
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.find_bar import EditorFindBar
from judge_desk.desktop.editor.toolbar import EditorToolbar
from judge_desk.desktop.wording import t
from judge_desk.domain.acts import ActText, Block, BlockKind, PartKind, Run, notes_in
from judge_desk.domain.remarks import Remark
from tests.desktop.conftest import type_text
from tests.desktop.test_editor_edits import an_act, at, open_act, press
from tests.unit.drafting.test_footnotes import NOW

__all__ = ["open_act"]
CONTROL = Qt.KeyboardModifier.ControlModifier


def noted() -> ActText:
    """Two paragraphs; the first has a note in its middle, the second one at its end."""
    return an_act(
        Block(id="one", runs=(Run(text="Сот анық"), Run(text="", note="n1"), Run(text="тады."))),
        Block(id="n1", kind=BlockKind.FOOTNOTE, runs=(Run(text="АПК 226-бап."),)),
        Block(id="two", runs=(Run(text="Талап дәлелді."), Run(text="", note="n2"))),
        Block(id="n2", kind=BlockKind.FOOTNOTE, runs=(Run(text="АК 9-бап."),)),
    )


def shape(edit: ActEdit) -> list[str]:
    """Blocks of the reasoning part as text, marks as brackets, notes behind an arrow."""
    part = edit.act().part(PartKind.REASONING)
    assert part is not None
    return [
        ("→ " if block.kind is BlockKind.FOOTNOTE else "")
        + "".join("[]" if run.note else run.text for run in block.runs)
        for block in part.blocks
    ]


SHAPE = ["Сот анық[]тады.", "→ АПК 226-бап.", "Талап дәлелді.[]", "→ АК 9-бап."]


def test_a_note_is_put_in_written_and_left_by_the_keyboard(
    open_act: Callable[[ActText], ActEdit], qtbot: QtBot
) -> None:
    edit = at(open_act(an_act()), "why", 3)
    edit.notes.put()
    type_text(edit, "АПК 226-бап")
    press(qtbot, edit, Qt.Key.Key_Return)
    type_text(edit, "!")
    assert shape(edit) == ["Сот[]! анықтады", "→ АПК 226-бап"]
    for _ in range(20):
        edit.undo()
    assert edit.act() == an_act()


def test_the_same_key_goes_to_the_note_and_back(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(noted()), "two", 15)
    edit.notes.put()
    assert edit.block_id() == "n2"
    edit.notes.put()
    assert (edit.block_id(), edit.textCursor().positionInBlock()) == ("two", 15)


def test_numbers_follow_the_text(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(noted()), "one", 0)
    assert edit.notes.marks.numbers == {"n1": "1", "n2": "2"}
    edit.notes.put()
    assert edit.notes.marks.numbers["n1"] == "2"
    edit.undo()
    assert edit.notes.marks.numbers == {"n1": "1", "n2": "2"}


def test_no_note_stands_in_a_note_or_beside_the_text(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(noted()), "n1", 2)
    cursor = edit.textCursor()
    assert notes.insert(cursor) == ""
    assert commands.insert_table(cursor, 2, 2) is None
    commands.set_kind(cursor, BlockKind.HEADING)
    assert edit.act() == noted()


@pytest.mark.parametrize(
    ("place", "key", "left"),
    [
        (("one", 9), Qt.Key.Key_Backspace, ["Сот анықтады.", *SHAPE[2:]]),
        (("one", 8), Qt.Key.Key_Delete, ["Сот анықтады.", *SHAPE[2:]]),
        (("two", 0), Qt.Key.Key_Backspace, ["Сот анық[]тады.Талап дәлелді.[]", SHAPE[1], SHAPE[3]]),
        (("one", 14), Qt.Key.Key_Delete, ["Сот анық[]тады.Талап дәлелді.[]", SHAPE[1], SHAPE[3]]),
        (("n1", 0), Qt.Key.Key_Backspace, SHAPE),
        (("n1", 12), Qt.Key.Key_Delete, SHAPE),
        (("one", 14), Qt.Key.Key_Return, [*SHAPE[:2], "", *SHAPE[2:]]),
        (("one", 4), Qt.Key.Key_Return, ["Сот ", "анық[]тады.", *SHAPE[1:]]),
        (("one", 11), Qt.Key.Key_Return, ["Сот анық[]та", SHAPE[1], "ды.", *SHAPE[2:]]),
    ],
)
def test_a_key_beside_a_note_tears_nothing(
    open_act: Callable[[ActText], ActEdit], qtbot: QtBot, place: tuple[str, int], key: Qt.Key, left: list[str]
) -> None:
    edit = at(open_act(noted()), *place)
    press(qtbot, edit, key)
    assert shape(edit) == left
    if left != SHAPE:
        edit.undo()
    assert edit.act() == noted()


def test_an_emptied_note_goes_with_its_mark(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why", 3)
    edit.notes.put()
    press(qtbot, edit, Qt.Key.Key_Backspace)
    assert shape(edit) == ["Сот анықтады"]
    assert (edit.block_id(), edit.textCursor().positionInBlock()) == ("why", 3)


def test_a_note_is_taken_out_by_name(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(noted()), "n1", 5)
    edit.notes.drop()
    assert shape(edit) == ["Сот анықтады.", *SHAPE[2:]]
    edit.undo()
    assert edit.act() == noted()


def select(edit: ActEdit, first: tuple[str, int], last: tuple[str, int]) -> None:
    start = at(edit, *first).textCursor().position()
    cursor = at(edit, *last).textCursor()
    end = cursor.position()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)


def test_words_over_a_note_can_be_written_over(open_act: Callable[[ActText], ActEdit]) -> None:
    """From behind the first mark into the second paragraph: the first note stays, the mark of the second too."""
    edit = open_act(noted())
    select(edit, ("one", 9), ("two", 5))
    type_text(edit, "—")
    assert shape(edit) == ["Сот анық[]— дәлелді.[]", SHAPE[1], SHAPE[3]]
    while edit.document().isUndoAvailable():
        edit.undo()
    assert edit.act() == noted()


def test_half_a_note_is_never_removed_with_the_text(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = open_act(noted())
    select(edit, ("one", 2), ("n1", 3))
    press(qtbot, edit, Qt.Key.Key_Delete)
    assert edit.act() == noted()


def test_what_is_cut_takes_its_note_along(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = open_act(noted())
    select(edit, ("one", 4), ("one", 14))
    press(qtbot, edit, Qt.Key.Key_X, CONTROL)
    assert shape(edit) == ["Сот ", *SHAPE[2:]]
    at(edit, "end", 0)
    edit.paste()
    operative = edit.act().part(PartKind.OPERATIVE)
    assert operative is not None
    bearer, words = operative.blocks
    assert bearer.text == "анықтады.Қанағаттандырылсын"
    assert list(notes_in(bearer)) == [words.id] != ["n1"]
    assert words.text == "АПК 226-бап."


def test_a_copy_has_a_note_of_its_own(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = open_act(noted())
    select(edit, ("one", 4), ("one", 14))
    edit.copy()
    at(edit, "two", 0)
    edit.paste()
    assert shape(edit) == [*SHAPE[:2], "анық[]тады.Талап дәлелді.[]", "→ АПК 226-бап.", SHAPE[3]]
    assert len({block.id for block in edit.act().blocks()}) == len(list(edit.act().blocks()))


def test_words_of_a_note_alone_are_plain_words(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = open_act(noted())
    select(edit, ("n1", 0), ("n1", 12))
    edit.copy()
    at(edit, "end", 0)
    edit.paste()
    operative = edit.act().part(PartKind.OPERATIVE)
    assert operative is not None
    assert [block.text for block in operative.blocks] == ["АПК 226-бап.Қанағаттандырылсын"]


def test_a_table_keeps_a_line_behind_its_notes(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why", 12)
    table = commands.insert_table(edit.textCursor(), 2, 2)
    assert table is not None
    edit.setTextCursor(table.cellAt(1, 1).firstCursorPosition())
    edit.notes.put()
    type_text(edit, "сілтеме")
    act = edit.act()
    assert [block.kind for block in act.parts[1].blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
        BlockKind.FOOTNOTE,
    ]
    line = notes.note_line(edit.document(), act.parts[1].blocks[2].id)
    assert line is not None
    cursor = QTextCursor(line.next())
    edit.setTextCursor(cursor)
    type_text(edit, "жалғасы")
    assert edit.act().parts[1].blocks[3].text == "жалғасы"


def test_search_and_replace_see_the_words_of_notes(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = open_act(noted())
    bar = EditorFindBar(edit)
    qtbot.addWidget(bar)
    bar.needle.setText("226-бап")
    bar.replacement.setText("227-бап")
    bar.replace_all()
    assert shape(edit)[1] == "→ АПК 227-бап."


def test_a_remark_finds_words_on_both_sides_of_a_mark(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = open_act(noted())
    select(edit, ("one", 4), ("one", 13))
    block_id, quote = quotes.quoted(edit.textCursor())
    assert (block_id, quote) == ("one", "анықтады")
    remark = Remark(id="r", block_id=block_id, quote=quote, author_id="a", author_name="А", made_at=NOW)
    place = quotes.place_of(edit.document(), remark)
    assert place is not None
    assert place.selectedText() == "анық\ufffcтады"


def test_the_menu_offers_what_can_be_done_there(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(noted()), "n1", 3)
    toolbar = EditorToolbar(edit)
    qtbot.addWidget(toolbar)
    counts = []
    for block in ("n1", "end"):
        at(edit, block, 3)
        menu = QMenu(edit)
        toolbar.add_to_menu(menu)
        counts.append(len([action for action in menu.actions() if not action.isSeparator()]))
    assert counts == [2, 1]


def test_the_mark_is_seen_and_the_pointer_reads_its_note(
    open_act: Callable[[ActText], ActEdit], qtbot: QtBot, tmp_path: Path
) -> None:
    edit = open_act(noted())
    QApplication.processEvents()
    cursor = at(edit, "one", 8).textCursor()
    assert edit.notes.name_at(cursor.position()) == "1. АПК 226-бап."
    rect = edit.cursorRect(cursor)
    shown = edit.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = shown.devicePixelRatio()
    origin = edit.viewport().mapTo(edit, QPoint(0, 0))
    ground = shown.pixel(2, 2)
    drawn = [
        (x, y)
        for x in range(rect.left() + 1, rect.left() + 7)
        for y in range(rect.top(), rect.bottom())
        if shown.pixel(round((x + origin.x()) * ratio), round((y + origin.y()) * ratio)) != ground
    ]
    assert drawn


def test_a_screen_reader_hears_which_note_it_is(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(noted()), "two", 15)
    assert edit.notes.here() == f"{t('drafting.footnote', number='2')}: АК 9-бап."
    edit.notes.put()
    assert edit.notes.here() == t("drafting.footnote", number="2")
    at(edit, "end", 2)
    assert edit.notes.here() == ""
