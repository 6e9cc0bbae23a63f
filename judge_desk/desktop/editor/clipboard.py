"""Copying and pasting: blocks whole between our own drafts, clean text from and to everybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextTable

from judge_desk.desktop.editor import commands, formats, notes, showing
from judge_desk.desktop.editor.formats import Line
from judge_desk.desktop.editor.reading import pieces, read_line, read_table
from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Block,
    BlockKind,
    Part,
    PartKind,
    new_block_id,
    normalised,
    notes_in,
    with_runs,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.foreign_text import clean_lines
from judge_desk.drafting.html_in import blocks_of
from judge_desk.protocol import codec

ACT_FORMAT: Final = "application/x-judge-desk-act+json"


def to_clipboard(cursor: QTextCursor) -> QMimeData:
    """The selection as our own blocks and as plain text."""
    blocks = _with_their_notes(cursor.document(), _selected_blocks(cursor))
    sheet = ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=(Part(kind=PartKind.WHOLE, blocks=blocks),))
    made = QMimeData()
    made.setText("\n".join(block.text for block in blocks))
    made.setData(ACT_FORMAT, codec.encode(normalised(sheet)))
    return made


def _selected_blocks(cursor: QTextCursor) -> list[Block]:
    scratch = QTextDocument()
    QTextCursor(scratch).insertFragment(cursor.selection())
    found: list[Block] = []
    for each in pieces(scratch):
        if not isinstance(each, QTextTable) and formats.kind_of(each.blockFormat()) == Line.PART:
            continue
        block = read_table(each) if isinstance(each, QTextTable) else read_line(each)
        if block is not None:
            found.append(block)
    return found


def _with_their_notes(document: QTextDocument, blocks: list[Block]) -> tuple[Block, ...]:
    """A mark is copied with its note, and words of a note alone are plain words."""
    marks = {note for block in blocks for note in notes_in(block)}
    here = {block.id for block in blocks}
    lines = (line for note in marks - here if (line := notes.note_line(document, note)) is not None)
    more = [block for line in lines if (block := read_line(line)) is not None]
    shown = (
        block if block.kind is not BlockKind.FOOTNOTE or block.id in marks else replace(block, kind=BlockKind.PARAGRAPH)
        for block in blocks
    )
    return (*shown, *more)


def paste(cursor: QTextCursor, source: QMimeData) -> None:
    """Write what was copied at the cursor, in place of its selection, as one step."""
    blocks = _own_blocks(source) or _foreign_blocks(source)
    in_cell = commands.table_at(cursor) is not None or notes.is_note(cursor.block())
    new = [block for block in blocks if block.kind is BlockKind.FOOTNOTE]
    with notes.kept(cursor, new):
        if not blocks or in_cell:
            text = "\n".join(block.text for block in blocks) if blocks else source.text()
            _paste_text(cursor, text, in_cell=in_cell)
            return
        cursor.removeSelectedText()
        if words := tuple(block for block in blocks if block.kind is not BlockKind.FOOTNOTE):
            _paste_blocks(cursor, words)


def _own_blocks(source: QMimeData) -> tuple[Block, ...]:
    if not source.hasFormat(ACT_FORMAT):
        return ()
    try:
        sheet = codec.decode_as(ActText, bytes(source.data(ACT_FORMAT).data()))
    except BadInput:
        return ()
    ids = {block.id: new_block_id() for block in sheet.blocks()}
    return tuple(
        with_runs(
            replace(block, id=ids[block.id]),
            lambda runs: tuple(replace(run, note=ids.get(run.note, "")) if run.note else run for run in runs),
        )
        for block in normalised(sheet).blocks()
    )


def _foreign_blocks(source: QMimeData) -> tuple[Block, ...]:
    """What a word processor or browser says about the structure of its text; nothing for a stretch of one line."""
    blocks = blocks_of(source.html()) if source.hasHtml() else ()
    is_plain = (
        len(blocks) == 1 and blocks[0].kind is BlockKind.PARAGRAPH and not any(run.marks for run in blocks[0].runs)
    )
    return () if is_plain else blocks


def _paste_text(cursor: QTextCursor, text: str, *, in_cell: bool) -> None:
    letters = commands.typing_format(cursor)
    lines = [line for line in clean_lines(text) if line] or [""]
    if "\n" not in text.strip("\r\n"):
        # One line inside a sentence keeps the spaces at its ends.
        lines = [text[: len(text) - len(text.lstrip(" "))][:1] + lines[0] + (" " if text.endswith(" ") else "")]
    if in_cell:
        cursor.insertText(" ".join(lines), letters)
        return
    cursor.insertText(lines[0], letters)
    for line in lines[1:]:
        cursor.insertBlock(_following(cursor), QTextCharFormat())
        cursor.insertText(line, QTextCharFormat())


def _following(cursor: QTextCursor) -> QTextBlockFormat:
    """The next pasted line goes on as an item of the same list, else as a paragraph."""
    block = formats.attributes(cursor.block().blockFormat())
    if block.kind is BlockKind.LIST_ITEM:
        return formats.block_format(replace(block, id=new_block_id(), restart=False))
    return formats.block_format(Block(id=new_block_id()))


def _paste_blocks(cursor: QTextCursor, blocks: tuple[Block, ...]) -> None:
    first, *rest = blocks
    if first.rows:
        rest = [first, *rest]
    elif not rest or cursor.block().length() > 1:
        showing.write_runs(cursor, first.runs)
    else:
        kept = formats.attributes(cursor.block().blockFormat()).id or first.id
        cursor.setBlockFormat(formats.block_format(replace(first, id=kept)))
        showing.write_runs(cursor, first.runs)
    showing.write_blocks(showing.pen_at(cursor, is_free=False), tuple(rest))
