"""Marks misspelt words under the hand that writes them, offers better ones, and learns new ones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QTextBlock, QTextCursor
from PySide6.QtWidgets import QMenu

from judge_desk.desktop.editor import commands, formats
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.formats import Key
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.wording import t
from judge_desk.i18n.spelling import words_in

MOST_AT_ONCE: Final = 20_000


class Speller(Protocol):
    """What the desk's service for spelling offers here; all of it off the main thread."""

    def misspelt(self, draft_id: str, words: Collection[str], language: str) -> set[str]: ...

    def suggestions(self, word: str, language: str) -> list[str]: ...

    def learn(self, word: str) -> None: ...


@dataclass(slots=True)
class _Verdicts:
    """By language: the words that were judged, and those of them that are wrong."""

    judged: dict[str, set[str]] = field(default_factory=dict)
    wrong: dict[str, set[str]] = field(default_factory=dict)


class SpellCheck(QObject):
    """``begin(draft id)`` for another text, ``look()`` after edits; each word is judged once."""

    def __init__(self, edit: ActEdit, speller: Speller, tasks: TaskRunner) -> None:
        super().__init__(edit)
        self._edit, self._speller, self._tasks = edit, speller, tasks
        self._draft_id, self._language = "", ""
        self._verdicts = _Verdicts()
        self.is_on = True
        self.menu: QMenu | None = None
        self.add_more: Callable[[QMenu], None] = lambda _menu: None
        """Puts what else can be done at the caret into the menu of a word."""
        edit.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        edit.customContextMenuRequested.connect(self._ask_menu)
        edit.looks.use_spelling(self.wrong_in)

    def begin(self, draft_id: str, language: str) -> None:
        """Another draft, in this language; names of its case count as known, so nothing learnt of another holds."""
        self._draft_id, self._language = draft_id, language
        self._verdicts = _Verdicts()
        self.look()

    def set_on(self, on: bool) -> None:
        self.is_on = on
        self._edit.looks.rehighlight()
        self.look()

    def look(self) -> None:
        """Have the words judged that were not yet."""
        if not self.is_on or not self._draft_id:
            return
        for language, words in self._unjudged().items():
            self._judge(language, sorted(words)[:MOST_AT_ONCE])

    def wrong_in(self, line: QTextBlock) -> list[tuple[int, int]]:
        """(start, length) of every misspelt word of a line."""
        wrong = self._verdicts.wrong.get(self._language_of(line), set())
        if not self.is_on or not wrong or commands.is_part_line(line):
            return []
        return [(start, len(word)) for start, word in words_in(formats.as_typed(line.text())) if word in wrong]

    def next_wrong(self) -> bool:
        """Select the next misspelt word, round the end; False when none is left."""
        document = self._edit.document()
        places: list[tuple[int, int]] = []
        line = document.begin()
        while line.isValid():
            places += [(line.position() + start, length) for start, length in self.wrong_in(line)]
            line = line.next()
        if not places:
            return False
        at = self._edit.textCursor().selectionEnd()
        start, length = next((each for each in places if each[0] >= at), places[0])
        cursor = self._edit.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()
        return True

    def _unjudged(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        line = self._edit.document().begin()
        while line.isValid():
            if not commands.is_part_line(line):
                language = self._language_of(line)
                judged = self._verdicts.judged.get(language, set())
                words = {word for _, word in words_in(formats.as_typed(line.text()))}
                found.setdefault(language, set()).update(words - judged)
            line = line.next()
        return {language: words for language, words in found.items() if words}

    def _judge(self, language: str, words: Collection[str]) -> None:
        speller, draft_id, verdicts = self._speller, self._draft_id, self._verdicts
        verdicts.judged.setdefault(language, set()).update(words)
        heard = partial(self._heard, verdicts, language)
        self._tasks.run(lambda: speller.misspelt(draft_id, words, language), heard, lane=Lane.POOL)

    def _heard(self, verdicts: _Verdicts, language: str, wrong: set[str]) -> None:
        if verdicts is self._verdicts and wrong:
            verdicts.wrong.setdefault(language, set()).update(wrong)
            self._mark_again(wrong)

    def _mark_again(self, words: Collection[str]) -> None:
        line = self._edit.document().begin()
        while line.isValid():
            if any(word in words for _, word in words_in(formats.as_typed(line.text()))):
                self._edit.looks.rehighlightBlock(line)
            line = line.next()

    def _language_of(self, line: QTextBlock) -> str:
        return line.blockFormat().stringProperty(Key.LANGUAGE) or self._language

    # the menu of a word

    def _ask_menu(self, point: QPoint) -> None:
        place = self._edit.viewport().mapToGlobal(point)
        cursor = self._edit.cursorForPosition(point)
        if self._edit.textCursor().hasSelection():
            cursor = self._edit.textCursor()
            cursor.setPosition(cursor.selectionStart())
        word = self._wrong_at(cursor)
        if word is None or self._edit.isReadOnly():
            self._show_menu(place, None, "", [])
            return
        text, language = word.selectedText(), self._language_of(word.block())
        self._tasks.run(
            lambda: self._speller.suggestions(text, language),
            partial(self._show_menu, place, word, text),
            lane=Lane.POOL,
            key="suggestions",
        )

    def _wrong_at(self, cursor: QTextCursor) -> QTextCursor | None:
        line, at = cursor.block(), cursor.positionInBlock()
        for start, length in self.wrong_in(line):
            if start <= at <= start + length:
                word = QTextCursor(line)
                word.setPosition(line.position() + start)
                word.setPosition(line.position() + start + length, QTextCursor.MoveMode.KeepAnchor)
                return word
        return None

    def _show_menu(self, place: QPoint, word: QTextCursor | None, text: str, suggestions: list[str]) -> None:
        menu = self._edit.createStandardContextMenu()
        if word is not None:
            # Qt's own menu of a text that can be edited is never empty: undo stands first.
            undo = menu.actions()[0]
            for suggestion in suggestions:
                action = QAction(suggestion, menu)
                action.triggered.connect(partial(self._put, word, text, suggestion))
                menu.insertAction(undo, action)
            if not suggestions:
                nothing = QAction(t("editor.spelling.nothing"), menu)
                nothing.setEnabled(False)
                menu.insertAction(undo, nothing)
            learn = QAction(t("editor.spelling.learn", word=text), menu)
            learn.triggered.connect(partial(self._learn, text))
            menu.insertAction(undo, learn)
            menu.insertSeparator(undo)
        self.add_more(menu)
        self.menu = menu
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _put(self, word: QTextCursor, before: str, after: str) -> None:
        if word.selectedText() == before and commands.may_change(
            self._edit.document(), word.selectionStart(), word.selectionEnd()
        ):
            with commands.one_step(word):
                word.insertText(after, word.charFormat())

    def _learn(self, text: str) -> None:
        for wrong in self._verdicts.wrong.values():
            wrong.difference_update({each for each in wrong if each.lower() == text.lower()})
        self._edit.looks.rehighlight()
        self._tasks.run(lambda: self._speller.learn(text), keep=True)
