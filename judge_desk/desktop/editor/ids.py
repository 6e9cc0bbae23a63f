"""Keeps the ids of blocks true: one a block, none twice, none lost, whatever Qt did with the lines."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextTable

from judge_desk.desktop.editor import formats, notes
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.desktop.editor.reading import pieces
from judge_desk.domain.acts import Block, BlockKind, new_block_id


def mend(document: QTextDocument) -> bool:
    """Give an id to every line that has none or another's; says whether anything was changed.

    The change joins the edit before it, so that one undo takes back both.
    """
    seen: set[str] = set()
    has_notes = False
    wrong: list[QTextBlock | QTextTable] = []
    for each in pieces(document):
        look = each.format() if isinstance(each, QTextTable) else each.blockFormat()
        kind = formats.kind_of(look)
        if kind == Line.PART or (kind == Line.FILLER and isinstance(each, QTextBlock) and not each.text().strip()):
            continue
        block_id = look.stringProperty(Key.ID)
        has_notes = (
            has_notes or kind == BlockKind.FOOTNOTE or (isinstance(each, QTextBlock) and notes.SIGN in each.text())
        )
        if not block_id or block_id in seen or kind == Line.FILLER:
            wrong.append(each)
        seen.add(block_id)
    are_torn = has_notes and not notes.is_settled(document)
    if not wrong and not are_torn:
        return False
    cursor = QTextCursor(document)
    cursor.joinPreviousEditBlock()
    for each in wrong:
        _name(each)
    if are_torn:
        notes.settle(document)
    cursor.endEditBlock()
    return True


def _name(each: QTextBlock | QTextTable) -> None:
    if isinstance(each, QTextTable):
        look = each.format()
        look.setProperty(Key.ID, new_block_id())
        each.setFormat(look)
        return
    cursor = QTextCursor(each)
    line = each.blockFormat()
    if formats.kind_of(line) not in set(BlockKind):
        line = formats.block_format(Block(id=new_block_id()))
    line.setProperty(Key.ID, new_block_id())
    cursor.setBlockFormat(line)
