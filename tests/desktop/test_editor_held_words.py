"""Words that belong together stay on one line while they are written, and the act still holds what was typed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.find_bar import EditorFindBar
from judge_desk.desktop.editor.formats import Key
from judge_desk.domain.acts import ActText, Block, BlockKind, Cell, Row, Run
from judge_desk.drafting.no_break import holds
from tests.desktop.conftest import type_text
from tests.desktop.test_editor_edits import an_act, at, open_act

__all__ = ["open_act"]
WORDS = "2024 жылғы 12 наурызда жасалған № 45 шарт бойынша 226-баптың негізінде 5 000 000 теңге өндіріп алу. "


def shown(edit: ActEdit, block: str) -> str:
    line = edit.document().begin()
    while line.isValid() and line.blockFormat().stringProperty(Key.ID) != block:
        line = line.next()
    return line.text()


def test_what_is_typed_is_held_and_kept_plain(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 12)
    type_text(edit, " № 5 бойынша 300 теңге")
    assert shown(edit, "why") == "Сот анықтады №\u00a05 бойынша 300\u00a0теңге"
    assert edit.act().block("why").text == "Сот анықтады № 5 бойынша 300 теңге"  # type: ignore[union-attr]
    assert len(edit.act().block("why").runs) == 1  # type: ignore[union-attr]


def test_a_word_that_goes_on_parts_again(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 12)
    type_text(edit, " 300 теңге")
    assert "300\u00a0теңге" in shown(edit, "why")
    type_text(edit, "лік")
    assert "300 теңгелік" in shown(edit, "why")


def test_undo_takes_the_words_and_what_held_them(open_act: Callable[[ActText], ActEdit]) -> None:
    edit = at(open_act(an_act()), "why", 12)
    type_text(edit, " № 5")
    while edit.document().isUndoAvailable():
        edit.undo()
    assert edit.act() == an_act()


@pytest.mark.parametrize("width", range(300, 700, 40))
def test_no_line_on_the_screen_ends_inside_them(open_act: Callable[[ActText], ActEdit], width: int) -> None:
    edit = open_act(an_act(Block(id="long", runs=(Run(text=WORDS * 4),))))
    edit.resize(width, 500)
    QApplication.processEvents()
    line = at(edit, "long").textCursor().block()
    lines = [line.layout().lineAt(number) for number in range(line.layout().lineCount())]
    texts = [line.text()[each.textStart() : each.textStart() + each.textLength()] for each in lines]
    assert len(texts) > 2
    for one, other in pairwise(texts):
        end, start = one.split()[-1], other.split()[0]
        assert not holds(end, start, "kk"), (one, other)
        assert not end.endswith("226-")


@pytest.mark.parametrize("width", [380, 420, 480])
def test_the_number_of_an_act_stays_on_one_line(open_act: Callable[[ActText], ActEdit], width: int) -> None:
    words = ("22 ноября 2026 года", "№ 7199-26-00-2/1687", "город Жаркын")
    cells = tuple(Cell(runs=(Run(text=each),)) for each in words)
    edit = open_act(an_act(Block(id="place", kind=BlockKind.PLACE_LINE, rows=(Row(cells=cells),))))
    edit.resize(width, 500)
    QApplication.processEvents()
    line = edit.document().begin()
    while "1687" not in line.text():
        line = line.next()
    assert line.layout().lineCount() == 1
    assert edit.horizontalScrollBar().maximum() == 0


def test_both_kinds_of_space_and_hyphen_are_found(open_act: Callable[[ActText], ActEdit], qtbot: QtBot) -> None:
    own = Run(text=" қолмен\u00a0қойылған")
    edit = open_act(an_act(Block(id="long", runs=(Run(text="№ 45 және 226-бап"), own))))
    bar = EditorFindBar(edit)
    qtbot.addWidget(bar)
    for needle in ("№ 45", "226-бап", "қолмен қойылған", "№\u00a045"):
        edit.moveCursor(QTextCursor.MoveOperation.Start)
        bar.needle.setText(needle)
        assert bar.find_next(), needle
    bar.needle.setText("№ 45")
    bar.replacement.setText("№ 46")
    bar.replace_all()
    assert edit.act().block("long").text == "№ 46 және 226-бап қолмен\u00a0қойылған"  # type: ignore[union-attr]


def test_a_blank_stays_one_place_to_fill(open_act: Callable[[ActText], ActEdit]) -> None:
    blank = Run(text="[фамилия и инициалы судьи]", field="judge", blank=True)
    edit = open_act(an_act(Block(id="long", runs=(Run(text="Судья "), blank))))
    at(edit, "long", 0)
    assert edit.next_blank()
    assert edit.textCursor().selectedText() == blank.text
