"""Where a block or a part stands in the document."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument

from judge_desk.desktop.editor import commands
from judge_desk.desktop.editor.formats import Key


def place_of_block(document: QTextDocument, block_id: str, offset: int = 0) -> int | None:
    """The position so many letters into a block, or into the first cell of a table; None when it is not here."""
    line = document.begin()
    while block_id and line.isValid():
        table = commands.table_at(QTextCursor(line))
        look = table.format() if table is not None else line.blockFormat()
        if look.stringProperty(Key.ID) == block_id:
            return line.position() + min(offset, line.length() - 1)
        line = line.next()
    return None


def place_of_part(document: QTextDocument, part: str) -> int | None:
    """The position behind the line that names a part; None when it is not here."""
    line = document.begin()
    while line.isValid():
        if line.blockFormat().stringProperty(Key.PART) == part:
            return line.next().position()
        line = line.next()
    return None
