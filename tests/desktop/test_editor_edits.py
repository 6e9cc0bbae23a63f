"""Hands on the text: ids stay with their words, facts with their letters, and the parts where they are."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from statistics import median

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor import commands
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.theme import Theme
from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
    blanks,
    check_act,
    new_block_id,
)
from judge_desk.domain.cases import Language
from tests.desktop.conftest import type_text
from tests.desktop.pace import seconds
from tests.desktop.test_editor_view import random_act

BLANK = Run(text="[дата акта]", field="act.date", blank=True)
FIELD = Run(text="7140-26", field="case.number")


def an_act(*reasons: Block) -> ActText:
    parts = (
        Part(
            kind=PartKind.INTRODUCTORY,
            blocks=(Block(id="intro", runs=(Run(text="Дело "), FIELD, Run(text=" от "), BLANK)),),
        ),
        Part(kind=PartKind.REASONING, blocks=reasons or (Block(id="why", runs=(Run(text="Сот анықтады"),)),)),
        Part(kind=PartKind.OPERATIVE, blocks=(Block(id="end", runs=(Run(text="Қанағаттандырылсын"),)),)),
    )
    return ActText(language=Language.KAZAKH, kind=ActKind.DECISION, parts=parts)


@pytest.fixture
def open_act(qtbot: QtBot) -> Callable[[ActText], ActEdit]:
    def make(act: ActText) -> ActEdit:
        edit = ActEdit()
        qtbot.addWidget(edit)
        edit.resize(700, 500)
        edit.show()
        edit.show_act(act)
        return edit

    return make


def at(edit: ActEdit, block_id: str, offset: int = 0) -> ActEdit:
    assert edit.go_to(block_id, offset)
    return edit


def reasons(edit: ActEdit) -> list[tuple[str, str]]:
    part = edit.act().part(PartKind.REASONING)
    assert part is not None
    return [(block.id, block.text) for block in part.blocks]


def press(qtbot: QtBot, edit: ActEdit, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(edit, key, how)


def test_typing_goes_into_the_block(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 3)
    type_text(edit, "тың ұйғарымы №7 «ә»")
    assert reasons(edit) == [("why", "Соттың ұйғарымы №7 «ә» анықтады")]
    edit.undo()
    assert edit.act() == an_act()


@pytest.mark.parametrize(("offset", "kept"), [(12, 0), (0, 1), (4, 0)])
def test_enter_leaves_the_id_with_the_words(
    open_act: Callable[[ActText], ActEdit], qtbot: QtBot, offset: int, kept: int
) -> None:
    edit = at(open_act(an_act()), "why", offset)
    press(qtbot, edit, Qt.Key.Key_Return)
    found = reasons(edit)
    assert len(found) == 2
    assert found[kept][0] == "why"
    assert found[1 - kept][0] not in {"why", ""}
    check_act(edit.act())
    edit.undo()
    assert edit.act() == an_act()


def test_backspace_joins_lines_and_never_parts(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    act = an_act(Block(id="one", runs=(Run(text="Бір"),)), Block(id="two", runs=(Run(text="екі"),)))
    edit = at(open_act(act), "two")
    press(qtbot, edit, Qt.Key.Key_Backspace)
    assert reasons(edit) == [("one", "Бірекі")]
    at(edit, "one")
    press(qtbot, edit, Qt.Key.Key_Backspace)
    at(edit, "one", 6)
    press(qtbot, edit, Qt.Key.Key_Delete)
    assert [part.kind for part in edit.act().parts] == [part.kind for part in act.parts]
    assert reasons(edit) == [("one", "Бірекі")]


def test_a_selection_over_two_parts_is_refused(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = open_act(an_act())
    edit.selectAll()
    with qtbot.waitSignal(edit.refused):
        press(qtbot, edit, Qt.Key.Key_Delete)
    with qtbot.waitSignal(edit.refused):
        type_text(edit, "х")
    press(qtbot, edit, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert edit.act() == an_act()


def test_words_beside_a_fact_are_not_part_of_it(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "intro", 5 + len(FIELD.text))
    type_text(edit, "!")
    runs = edit.act().parts[0].blocks[0].runs
    assert runs[1] == FIELD
    assert runs[2].text == "! от "
    at(edit, "intro", 5 + 3)
    type_text(edit, "9")
    assert edit.act().parts[0].blocks[0].runs[1] == Run(text="71490-26", field="case.number")


def test_tab_goes_to_the_blank_and_typing_fills_it(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why")
    press(qtbot, edit, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == BLANK.text
    type_text(edit, "23 қараша")
    assert blanks(edit.act()) == ()
    assert edit.act().parts[0].blocks[0].runs[-1] == Run(text="23 қараша", field="act.date")
    assert not edit.next_blank()


def test_a_blank_goes_as_a_whole(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "intro", 16 + len(BLANK.text))
    press(qtbot, edit, Qt.Key.Key_Backspace)
    assert edit.act().parts[0].blocks[0].text == "Дело 7140-26 от "


def test_marks_and_kinds_are_put_on_and_taken_off(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why")
    cursor = edit.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.NextWord, QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    edit.toggle_mark(Mark.BOLD)
    part = edit.act().parts[1]
    assert part.blocks[0].runs == (Run(text="Сот ", marks=(Mark.BOLD,)), Run(text="анықтады"))
    edit.toggle_mark(Mark.BOLD)
    assert edit.act() == an_act()
    commands.set_kind(edit.textCursor(), BlockKind.LIST_ITEM, 1, Numbering.DECIMAL)
    block = edit.act().parts[1].blocks[0]
    assert (block.id, block.kind, block.numbering) == ("why", BlockKind.LIST_ITEM, Numbering.DECIMAL)
    commands.set_kind(edit.textCursor(), BlockKind.LIST_ITEM, 1, Numbering.DECIMAL)
    assert edit.act() == an_act()


def test_bold_typed_without_a_selection(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 12)
    edit.toggle_mark(Mark.BOLD)
    type_text(edit, "!!")
    edit.toggle_mark(Mark.BOLD)
    type_text(edit, "?")
    assert edit.act().parts[1].blocks[0].runs[1:] == (Run(text="!!", marks=(Mark.BOLD,)), Run(text="?"))


def test_every_edit_is_told_and_no_colour_is(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why", 3)
    QApplication.processEvents()
    with qtbot.assertNotEmitted(edit.edited):
        edit.looks.set_needle("сот")
        Theme.current().apply("dark", 1.5)
        edit.next_blank()
        QApplication.processEvents()
    assert not edit.document().isUndoAvailable()
    at(edit, "why", 3)
    deeds: list[Callable[[], object]] = [
        lambda: type_text(edit, "ә"),
        lambda: commands.set_kind(edit.textCursor(), BlockKind.QUOTATION),
        lambda: commands.insert_table(edit.textCursor(), 2, 2),
        lambda: edit.undo(),
        lambda: edit.redo(),
    ]
    for deed in deeds:
        with qtbot.waitSignal(edit.edited):
            deed()


def test_an_empty_item_ends_its_list(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act(Block(id="one", kind=BlockKind.LIST_ITEM, runs=(Run(text="бір"),)))), "one", 3)
    press(qtbot, edit, Qt.Key.Key_Return)
    press(qtbot, edit, Qt.Key.Key_Return)
    part = edit.act().part(PartKind.REASONING)
    assert part is not None
    assert [block.kind for block in part.blocks] == [BlockKind.LIST_ITEM, BlockKind.PARAGRAPH]


def test_a_table_is_made_grown_cut_and_removed(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why", 12)
    table = commands.insert_table(edit.textCursor(), 2, 2)
    assert table is not None
    edit.setTextCursor(table.cellAt(0, 0).firstCursorPosition())
    type_text(edit, "Сома")
    press(qtbot, edit, Qt.Key.Key_Return)
    type_text(edit, "100")
    for change in ("row_below", "column_right"):
        assert commands.change_table(edit.textCursor(), change)
    block = edit.act().parts[1].blocks[1]
    assert [row.header for row in block.rows] == [True, False, False]
    assert [len(row.cells) for row in block.rows] == [3, 3, 3]
    assert block.text.split("\n")[:2] == ["Сома\t\t", "100\t\t"]
    check_act(edit.act())
    for change in ("drop_row", "drop_column"):
        commands.change_table(edit.textCursor(), change)
    assert [len(row.cells) for row in edit.act().parts[1].blocks[1].rows] == [2, 2]
    edit.setTextCursor(table.cellAt(0, 0).firstCursorPosition())
    commands.change_table(edit.textCursor(), "drop")
    assert edit.act() == an_act()
    while edit.document().isUndoAvailable():
        edit.undo()
    assert edit.act() == an_act()


def test_what_is_typed_behind_a_table_becomes_a_paragraph(open_act: Callable[[ActText], ActEdit]) -> None:
    table = Block(id="t1", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(), Cell())),))
    edit = open_act(an_act(table))
    found = commands.table_at(at(edit, "t1").textCursor())
    assert found is not None
    cursor = edit.textCursor()
    cursor.setPosition(found.lastPosition() + 1)
    edit.setTextCursor(cursor)
    type_text(edit, "Содан кейін")
    part = edit.act().parts[1]
    assert [block.kind for block in part.blocks] == [BlockKind.TABLE, BlockKind.PARAGRAPH]
    assert part.blocks[1].text == "Содан кейін"
    assert part.blocks[1].id == edit.act().parts[1].blocks[1].id != ""
    check_act(edit.act())
    while edit.document().isUndoAvailable():
        edit.undo()
    assert edit.act() == an_act(table)


def test_a_reference_leads_to_its_page(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    edit = at(open_act(an_act()), "why", 3)
    cursor = edit.textCursor()
    commands.insert_reference(cursor, "(іс, 143-бет)", "document-1", 143)
    edit.setTextCursor(cursor)
    type_text(edit, ",")
    runs = edit.act().parts[1].blocks[0].runs
    assert runs[1] == Run(text="(іс, 143-бет)", reference=CaseReference(document_id="document-1", page=143))
    assert runs[2].text == ", анықтады"
    at(edit, "why", 8)
    with qtbot.waitSignal(edit.reference_opened) as opened:
        assert edit.open_reference()
    assert opened.args == ["document-1", 143]


def test_a_click_on_a_reference_opens_it_and_a_fact_says_its_name(
    open_act: Callable[[ActText], ActEdit], qtbot: QtBot
) -> None:
    reference = Run(text="(іс, 143-бет)", reference=CaseReference(document_id="document-1", page=143))
    edit = at(open_act(an_act(Block(id="why", runs=(reference,)))), "why", 5)
    with qtbot.waitSignal(edit.reference_opened) as opened:
        QTest.mouseClick(
            edit.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            edit.cursorRect().center(),
        )
    assert opened.args == ["document-1", 143]
    edit.pointer.field_names = {"act.date": "актінің күні"}
    at(edit, "intro", 20)
    assert edit.pointer.name_at(edit.cursorRect().center()) == "актінің күні"


def test_a_merged_text_comes_in_without_moving_the_caret(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 6)
    other = an_act(Block(id="new", runs=(Run(text="Жаңа"),)), Block(id="why", runs=(Run(text="Сот анықтады"),)))
    edit.take_act(other)
    assert edit.act() == other
    assert (edit.block_id(), edit.textCursor().positionInBlock()) == ("why", 6)
    edit.undo()
    assert edit.act() == an_act()


@pytest.mark.parametrize("seed", range(12))
def test_any_hand_leaves_a_sound_act(open_act: Callable[[ActText], ActEdit], qtbot: QtBot, seed: int) -> None:
    """Random keys, pastes, splits, undo: ids stay single, parts stay, the first text comes back by undo."""
    dice = random.Random(seed)
    act = random_act(seed)
    edit = open_act(act)
    deeds: list[Callable[[], object]] = [
        lambda: type_text(edit, dice.choice(["ә", "сот ", "№ 1", "."])),
        lambda: press(qtbot, edit, Qt.Key.Key_Return),
        lambda: press(qtbot, edit, Qt.Key.Key_Backspace),
        lambda: press(qtbot, edit, Qt.Key.Key_Delete),
        lambda: edit.undo(),
        lambda: edit.redo(),
        lambda: commands.set_kind(edit.textCursor(), BlockKind.LIST_ITEM),
        lambda: commands.insert_table(edit.textCursor(), 2, 3),
        lambda: commands.change_table(edit.textCursor(), dice.choice(["row_above", "drop_column", "drop"])),
        lambda: edit.toggle_mark(Mark.ITALIC),
        lambda: edit.insertFromMimeData(edit.createMimeDataFromSelection()),
    ]
    for _ in range(60):
        cursor = edit.textCursor()
        cursor.setPosition(dice.randrange(edit.document().characterCount()))
        if dice.random() < 0.3:
            cursor.setPosition(dice.randrange(edit.document().characterCount()), QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(cursor)
        dice.choice(deeds)()
        if dice.random() < 0.2:
            check_act(edit.act())
    now = edit.act()
    check_act(now)
    assert [part.kind for part in now.parts] == [part.kind for part in act.parts]
    while edit.document().isUndoAvailable():
        edit.undo()
    assert edit.act() == act


def test_sixty_pages_stay_quick_under_the_hand(open_act: Callable[[ActText], ActEdit]) -> None:
    words = "Сот талап қоюшының дәлелдерін зерттеп, тараптардың түсініктемелерін тыңдап, мынаны анықтады. " * 6
    many = tuple(Block(id=new_block_id(), runs=(Run(text=words),)) for _ in range(330))
    opening = seconds(lambda: open_act(an_act(*many)))
    edit = at(open_act(an_act(*many)), many[160].id, 10)
    letters = [seconds(partial(type_text, edit, letter)) for letter in "соттың шешімі заңды"]
    assert median(letters) < opening / 10, "to type a letter is a small part of opening all of it"
    # The quickest of three: a collection of what other tests left may fall into one of them.
    assert min(seconds(edit.act) for _ in range(3)) < opening / 2, "and so is to read what is written"
