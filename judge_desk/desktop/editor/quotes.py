"""Finds the words that a remark quotes, and marks them; marks are laid over the text and are no part of it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from judge_desk.desktop.editor import commands, formats
from judge_desk.desktop.editor.formats import NOTE_SIGN, Key
from judge_desk.desktop.theme import Theme
from judge_desk.domain.remarks import Remark


def quoted(cursor: QTextCursor) -> tuple[str, str]:
    """(block id, words) of a selection that lies in one line; of the whole line where nothing is selected.

    Both are empty where there is no block, such as on the name of a part.
    """
    line = cursor.document().findBlock(cursor.selectionStart())
    if commands.is_part_line(line):
        return "", ""
    start = cursor.selectionStart() - line.position()
    end = min(cursor.selectionEnd() - line.position(), line.length() - 1)
    words = line.text()[start:end] if cursor.hasSelection() else line.text()
    return block_id_of(line), formats.as_typed(words).replace(NOTE_SIGN, "").strip()


def place_of(document: QTextDocument, remark: Remark) -> QTextCursor | None:
    """The quoted words, selected; None when they are gone from their block."""
    line = document.begin()
    while line.isValid():
        if remark.quote and block_id_of(line) == remark.block_id:
            # A quotation says nothing about the marks of notes among its words.
            places = [place for place, letter in enumerate(line.text()) if letter != NOTE_SIGN]
            text = formats.as_typed(line.text()).replace(NOTE_SIGN, "")
            at = text.find(formats.as_typed(remark.quote))
            if at >= 0:
                cursor = QTextCursor(document)
                cursor.setPosition(line.position() + places[at])
                end = places[at + len(remark.quote) - 1] + 1
                cursor.setPosition(line.position() + end, QTextCursor.MoveMode.KeepAnchor)
                return cursor
        line = line.next()
    return None


def mark(edit: QTextEdit, remarks: Iterable[Remark]) -> None:
    """Show where open remarks belong."""
    look = QTextCharFormat()
    look.setBackground(Theme.current().colour("gold_soft"))
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    look.setUnderlineColor(Theme.current().colour("gold"))
    marks: list[QTextEdit.ExtraSelection] = []
    for remark in remarks:
        place = place_of(edit.document(), remark) if remark.is_open else None
        if place is not None:
            made = QTextEdit.ExtraSelection()
            made.cursor, made.format = place, look
            marks.append(made)
    edit.setExtraSelections(marks)


def block_id_of(line: QTextBlock) -> str:
    """The id of the block that a line is, or of the table that it stands in."""
    table = commands.table_at(QTextCursor(line))
    return (table.format() if table is not None else line.blockFormat()).stringProperty(Key.ID)
