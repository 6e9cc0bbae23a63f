"""What comes from the clipboard: clean text from anywhere, whole blocks from our own drafts, ids of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.domain.acts import (
    ActText,
    Block,
    BlockKind,
    Cell,
    Mark,
    Numbering,
    PartKind,
    Row,
    Run,
    check_act,
)
from judge_desk.drafting.foreign_text import clean_lines
from tests.desktop.test_editor_edits import BLANK, FIELD, an_act, at, reasons


@pytest.fixture
def open_act(qtbot: QtBot) -> Callable[[ActText], ActEdit]:
    def make(act: ActText) -> ActEdit:
        edit = ActEdit()
        qtbot.addWidget(edit)
        edit.show_act(act)
        return edit

    return make


def test_text_from_elsewhere_comes_in_clean(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 3)
    source = QMimeData()
    source.setText("  \u0438\u0306од\x07\tекі  \r\n\r\nүш\u200b")
    edit.insertFromMimeData(source)
    found = reasons(edit)
    assert [text for _, text in found] == ["Сотйод екі", "үш\u200b анықтады"]
    assert len({block_id for block_id, _ in found}) == 2
    check_act(edit.act())
    edit.undo()
    assert edit.act() == an_act()


def test_a_word_beyond_all_measure_is_cut() -> None:
    line = clean_lines("х" * 10_000)[0]
    assert max(map(len, line.split())) <= 1000
    assert line.replace(" ", "") == "х" * 10_000


def test_own_blocks_are_pasted_whole_under_new_ids(open_act: Callable[[ActText], ActEdit]) -> None:
    table = Block(id="t1", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(runs=(FIELD,)), Cell())),))
    item = Block(
        id="i1", kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL, runs=(Run(text="бір", marks=(Mark.BOLD,)),)
    )
    edit = open_act(an_act(Block(id="p1", runs=(Run(text="Алдымен"),)), item, table, Block(id="p2", runs=(BLANK,))))
    cursor = at(edit, "p1").textCursor()
    end = at(edit, "p2", 5).textCursor()
    end.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    cursor.setPosition(end.position(), QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    copied = edit.createMimeDataFromSelection()
    at(edit, "end", 18)
    edit.insertFromMimeData(copied)
    act = edit.act()
    check_act(act)
    operative = act.part(PartKind.OPERATIVE)
    assert operative is not None
    pasted = operative.blocks
    assert [block.kind for block in pasted] == ["paragraph", "list_item", "table", "paragraph"]
    assert pasted[0].text == "ҚанағаттандырылсынАлдымен"
    assert pasted[1].runs == item.runs
    assert pasted[2].rows[0].cells[0].runs == (FIELD,)
    assert pasted[3].runs == (BLANK,)


def test_what_is_pasted_above_its_own_copy_takes_no_id_from_it(open_act: Callable[[ActText], ActEdit]) -> None:
    blocks = tuple(Block(id=name, runs=(Run(text=name),)) for name in ("p1", "p2", "p3"))
    edit = open_act(an_act(*blocks))
    cursor = at(edit, "p2").textCursor()
    cursor.setPosition(at(edit, "p3", 2).textCursor().position(), QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    copied = edit.createMimeDataFromSelection()
    for _ in range(2):
        at(edit, "p1", 2)
        edit.insertFromMimeData(copied)
    found = reasons(edit)
    assert {block_id: text for block_id, text in found if block_id in {"p2", "p3"}} == {"p2": "p2", "p3": "p3"}
    assert found[-1][0] == "p3"
    check_act(edit.act())


def test_structure_comes_from_a_word_processor_and_its_looks_do_not(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 3)
    source = QMimeData()
    source.setHtml("<p style='font:72pt Comic'>Суд <b>считает</b>:</p><ol><li>взыскать</li></ol>")
    source.setText("Суд считает:\r\n1. взыскать")
    edit.insertFromMimeData(source)
    blocks = [block for block in edit.act().blocks() if "взыскать" in block.text]
    assert [(each.kind, each.numbering) for each in blocks] == [(BlockKind.LIST_ITEM, Numbering.DECIMAL)]
    (line,) = [block for block in edit.act().blocks() if "считает" in block.text]
    assert [run.text for run in line.runs if Mark.BOLD in run.marks] == ["считает"]
    check_act(edit.act())
    edit.undo()
    assert edit.act() == an_act()
