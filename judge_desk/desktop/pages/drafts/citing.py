"""Citing a provision of the law: what was begun in the text is completed, and known from then on by its id."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor

from judge_desk.desktop.editor import commands
from judge_desk.desktop.editor.formats import as_typed
from judge_desk.desktop.pages.drafts.norm_dialog import NormDialog
from judge_desk.domain.cases import Language
from judge_desk.services.norms import NormService

if TYPE_CHECKING:
    from judge_desk.desktop.page import PageContext
    from judge_desk.desktop.pages.drafts.writing_desk import WritingDesk

MOST_WORDS: Final = 3
"""So many words before the caret may be the beginning of a citation: "22 статья ГПК"."""


class Citing(QObject):
    """Works on one ``WritingDesk``."""

    def __init__(self, desk: WritingDesk, context: PageContext) -> None:
        super().__init__(desk)
        self._desk, self._context = desk, context
        self.dialog: NormDialog | None = None

    def ask(self) -> None:
        """Complete the selection, or the words before the caret if they name a code; else begin with nothing."""
        work, cursor = self._desk.work, self._desk.edit.textCursor()
        if work is None or not work.may_edit or commands.is_part_line(cursor.block()):
            return
        norms, language, on = self._context.desk.norms, work.draft.act.language, self._context.desk.drafts.today()
        if cursor.hasSelection():
            self._open(language, on, as_typed(cursor.selectedText()))
            return
        before = [as_typed(commands.words_before(cursor, most).selectedText()) for most in range(MOST_WORDS, 0, -1)]
        self._context.tasks.run(
            lambda: _longest_known(norms, before, language, on), partial(self._open, language, on), key="editor.norm"
        )

    def _open(self, language: Language, on: date, typed: str) -> None:
        norms = self._context.desk.norms
        self.dialog = NormDialog(
            lambda text: norms.complete(text, language, on), self._context.tasks, typed, self._desk.window()
        )
        self.dialog.chosen.connect(partial(self._insert, self._place_of(typed)))
        self.dialog.open()

    def _place_of(self, typed: str) -> QTextCursor:
        """What the citation is to stand for: the words that began it, or only the caret."""
        cursor = self._desk.edit.textCursor()
        if typed and not cursor.hasSelection():
            cursor.setPosition(cursor.position() - len(typed), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _insert(self, place: QTextCursor, text: str, norm: str) -> None:
        if commands.may_change(self._desk.edit.document(), place.selectionStart(), place.selectionEnd()):
            commands.insert_norm(place, text, norm)
            self._desk.edit.setTextCursor(place)
        self._desk.edit.setFocus()


def _longest_known(norms: NormService, begun: list[str], language: Language, on: date) -> str:
    return next((words for words in begun if words.strip() and norms.complete(words, language, on, 1)), "")
