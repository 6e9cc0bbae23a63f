"""Differences in the eye: colour and line, headings, unchanged stretches folded, no control without a name."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.act_differences import ActDifferencesView
from judge_desk.desktop.wording import Wording
from judge_desk.domain.acts import ActKind, ActText, Block, Part, PartKind, Run
from judge_desk.domain.cases import Language


def an_act(*texts: str) -> ActText:
    blocks = tuple(Block(id=f"b{number}", runs=(Run(text=text),)) for number, text in enumerate(texts) if text)
    return ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=(Part(kind=PartKind.REASONING, blocks=blocks),))


def lines_under(view: ActDifferencesView, words: str) -> tuple[bool, bool]:
    """Whether words are underlined, and struck out."""
    cursor = view.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 1, QTextCursor.MoveMode.MoveAnchor)
    return cursor.charFormat().fontUnderline(), cursor.charFormat().fontStrikeOut()


def test_added_words_are_underlined_and_removed_ones_struck_out(qtbot: QtBot) -> None:
    view = ActDifferencesView()
    qtbot.addWidget(view)
    view.show()
    same = [f"өзгермеген {number}" for number in range(12)]
    view.show_acts(an_act(*same, "Сот 1250 теңге өндірді", "жойылды"), an_act(*same, "Сот 1350 теңге өндірді", ""))
    assert lines_under(view, "1250") == (False, True)
    assert lines_under(view, "1350") == (True, False)
    assert lines_under(view, "жойылды") == (False, True)
    assert lines_under(view, "теңге") == (False, False)
    assert "12 paragraphs unchanged" in view.toPlainText()
    assert "өзгермеген 3" not in view.toPlainText()
    assert nameless(view) == []


def test_it_follows_theme_and_language(qtbot: QtBot) -> None:
    view = ActDifferencesView()
    qtbot.addWidget(view)
    view.show_acts(an_act("бір"), an_act("бір"))
    assert view.toPlainText() == "The texts are the same"
    Wording.current().switch("kk")
    assert view.toPlainText() == "Мәтіндер бірдей"
    view.show_acts(an_act("бір"), an_act("екі"))
    light = view.document().find("екі").charFormat().foreground().color()
    Theme.current().apply("dark")
    assert view.document().find("екі").charFormat().foreground().color() != light
