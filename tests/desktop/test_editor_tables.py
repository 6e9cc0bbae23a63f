"""Tables and numbering by the keyboard, as word processors have taught: each step can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextTable
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor import commands
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.toolbar import TABLE_KEYS, EditorToolbar
from judge_desk.domain.acts import ActText, Block, BlockKind, Cell, Numbering, Row, Run, markers
from tests.desktop.conftest import type_text
from tests.desktop.test_editor_edits import an_act, at, open_act, press

__all__ = ["open_act"]


@pytest.fixture
def desk(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> tuple[ActEdit, EditorToolbar]:
    edit = at(open_act(an_act()), "why", 12)
    toolbar = EditorToolbar(edit)
    qtbot.addWidget(toolbar)
    toolbar.ask_table()
    type_text(edit, "Құжат")
    return edit, toolbar


def cells(edit: ActEdit) -> list[list[str]]:
    table = next(block for block in edit.act().blocks() if block.kind is BlockKind.TABLE)
    return [["".join(run.text for run in cell.runs) for cell in row.cells] for row in table.rows]


def test_tab_leads_through_the_cells_though_blanks_are_left(desk: tuple[ActEdit, EditorToolbar], qtbot: QtBot) -> None:
    edit, _ = desk
    for words in ("Сомасы", "Күні", "төлем"):
        press(qtbot, edit, Qt.Key.Key_Tab)
        type_text(edit, words)
    assert cells(edit)[:2] == [["Құжат", "Сомасы", "Күні"], ["төлем", "", ""]]


def test_tab_in_the_last_cell_adds_a_row(desk: tuple[ActEdit, EditorToolbar], qtbot: QtBot) -> None:
    edit, _ = desk
    for _ in range(9):
        press(qtbot, edit, Qt.Key.Key_Tab)
    type_text(edit, "жаңа")
    assert cells(edit) == [["Құжат", "", ""], ["", "", ""], ["", "", ""], ["жаңа", "", ""]]
    for _ in range(3):
        edit.undo()
    assert len(cells(edit)) == 3


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        ("row_above", (4, 3)),
        ("row_below", (4, 3)),
        ("column_left", (3, 4)),
        ("column_right", (3, 4)),
        ("drop_row", (2, 3)),
        ("drop_column", (3, 2)),
    ],
)
def test_rows_and_columns_come_and_go(desk: tuple[ActEdit, EditorToolbar], change: str, shape: tuple[int, int]) -> None:
    edit, toolbar = desk
    before = cells(edit)
    toolbar.change_table(change)
    assert (len(cells(edit)), len(cells(edit)[0])) == shape
    edit.undo()
    assert cells(edit) == before
    assert change in TABLE_KEYS


def test_outside_of_a_table_a_sentence_says_so(desk: tuple[ActEdit, EditorToolbar]) -> None:
    edit, toolbar = desk
    said: list[str] = []
    edit.refused.connect(said.append)
    at(edit, "why")
    toolbar.change_table("row_below")
    toolbar.restart_numbering()
    assert said == ["editor.refused.table", "editor.refused.restart"]


def test_a_list_counts_anew_where_it_is_told_to(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    items = [
        Block(id=f"i{at}", kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL, runs=(Run(text="т"),))
        for at in range(4)
    ]
    edit = open_act(an_act(*items))
    toolbar = EditorToolbar(edit)
    qtbot.addWidget(toolbar)
    at(edit, "i2")
    toolbar.restart_numbering()
    assert list(markers(edit.act()).values()) == ["1.", "2.", "1.", "2."]
    toolbar.restart_numbering()
    edit.undo()
    edit.undo()
    assert list(markers(edit.act()).values()) == ["1.", "2.", "3.", "4."]


def test_the_chooser_says_where_the_caret_is(desk: tuple[ActEdit, EditorToolbar]) -> None:
    edit, toolbar = desk
    commands.table_at(edit.textCursor())
    in_table = toolbar.kinds.placeholderText()
    edit.notes.put()
    assert toolbar.kinds.currentIndex() == -1
    assert "" != toolbar.kinds.placeholderText() != in_table


@pytest.mark.parametrize("width", [620, 420])
def test_the_number_of_an_act_stands_on_one_line(open_act: Callable[[ActText], ActEdit], width: int) -> None:
    words = ("[дата акта]", "№ 7199-26-00-2/1001", "город Жаркын")
    line = Block(
        id="place",
        kind=BlockKind.PLACE_LINE,
        rows=(Row(cells=tuple(Cell(runs=(Run(text=each),)) for each in words)),),
    )
    act = an_act()
    first = replace(act.parts[0], blocks=(line, *act.parts[0].blocks))
    edit = open_act(replace(act, parts=(first, *act.parts[1:])))
    edit.resize(width, 600)
    edit.show()
    edit.document().size()
    table = next(each for each in edit.document().rootFrame().childFrames() if isinstance(each, QTextTable))
    assert [table.cellAt(0, each).firstCursorPosition().block().layout().lineCount() for each in range(3)] == [1] * 3
