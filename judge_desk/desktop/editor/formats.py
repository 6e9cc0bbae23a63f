"""What the document's formats carry beside looks: the act's own words for each block and each stretch of text."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextFormat

from judge_desk.desktop.theme import Space, Theme
from judge_desk.domain.acts import Align, Block, BlockKind, CaseReference, Mark, Numbering, Run
from judge_desk.domain.cases import Language

_FIRST: Final = int(QTextFormat.Property.UserProperty.value)


class Key(IntEnum):
    """Properties of formats. Those from FIELD on belong to text, the others to blocks, tables and cells."""

    ID = _FIRST + 1
    KIND = _FIRST + 2
    PART = _FIRST + 3
    LEVEL = _FIRST + 4
    NUMBERING = _FIRST + 5
    RESTART = _FIRST + 6
    ALIGN = _FIRST + 7
    LANGUAGE = _FIRST + 8
    WIDTHS = _FIRST + 9
    HEADER_ROW = _FIRST + 10
    NO_CELL = _FIRST + 11
    FIELD = _FIRST + 20
    BLANK = _FIRST + 21
    NORM = _FIRST + 22
    DOCUMENT = _FIRST + 23
    PAGE = _FIRST + 24
    NOTE = _FIRST + 25
    HELD = _FIRST + 26
    """The letter only holds words together on a line; a plain space or hyphen was typed."""


class Line(StrEnum):
    """Kinds of lines in the document that are no block of the act."""

    PART = "part"
    FILLER = "filler"


NOTE_SIGN: Final = "\ufffc"
NOTE_OBJECT: Final = int(QTextFormat.ObjectTypes.UserObject.value) + 1
"""What Qt calls the letter that stands for a note's mark; ``note_marks`` draws it."""
AS_TYPED: Final = {0x00A0: " ", 0x2011: "-"}
LINE_HEIGHT: Final = 130
"""Per cent of the letters' own height."""
MEANING: Final = (Key.FIELD, Key.BLANK, Key.NORM, Key.DOCUMENT, Key.PAGE)
SPREAD: Final = frozenset({BlockKind.PLACE_LINE, BlockKind.SIGNATURE})
_ALIGNMENTS: Final = {
    Align.START: Qt.AlignmentFlag.AlignLeft,
    Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Align.END: Qt.AlignmentFlag.AlignRight,
    Align.JUSTIFY: Qt.AlignmentFlag.AlignJustify,
}


def block_format(block: Block) -> QTextBlockFormat:
    """The format of a text block; ``attributes`` reads it back."""
    made = line_format(block.kind)
    made.setProperty(Key.ID, block.id)
    made.setProperty(Key.LEVEL, block.level)
    made.setProperty(Key.NUMBERING, block.numbering.value)
    made.setProperty(Key.RESTART, block.restart)
    made.setProperty(Key.LANGUAGE, block.language.value if block.language else "")
    set_align(made, block.align)
    made.setIndent(_indent(block.kind, block.level))
    return made


def line_format(kind: str) -> QTextBlockFormat:
    """Distances above and below a line, which depend on its kind alone."""
    theme = Theme.current()
    made = QTextBlockFormat()
    made.setProperty(Key.KIND, str(kind))
    distances: dict[str, tuple[int, int]] = {
        Line.PART: (Space.SECTION, Space.TIGHT),
        Line.FILLER: (0, 0),
        BlockKind.HEADING: (Space.ROW, Space.TIGHT),
        BlockKind.QUOTATION: (Space.TIGHT, Space.TIGHT),
        BlockKind.LIST_ITEM: (0, Space.TIGHT),
        BlockKind.FOOTNOTE: (0, Space.ROW),
    }
    above, below = distances.get(kind, (0, Space.ROW))
    made.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    made.setTopMargin(theme.px(above) if above else 0)
    made.setBottomMargin(theme.px(below) if below else 0)
    return made


def part_format(part: str) -> QTextBlockFormat:
    """The line that names a part."""
    made = line_format(Line.PART)
    made.setProperty(Key.PART, part)
    return made


def set_align(made: QTextBlockFormat, align: Align) -> None:
    """Keep the chosen alignment, and show it; AUTO shows what the printed page will do, but for ragged right."""
    made.setProperty(Key.ALIGN, align.value)
    is_title = kind_of(made) == BlockKind.HEADING and level_of(made) < 3
    shown = _ALIGNMENTS.get(align)
    made.setAlignment(shown or (Qt.AlignmentFlag.AlignHCenter if is_title else Qt.AlignmentFlag.AlignLeft))


def attributes(made: QTextBlockFormat) -> Block:
    """The block without its text, as the format says it; a line that is no block reads as a paragraph."""
    kind = kind_of(made)
    language = made.stringProperty(Key.LANGUAGE)
    return Block(
        id=made.stringProperty(Key.ID),
        kind=BlockKind(kind) if kind in set(BlockKind) else BlockKind.PARAGRAPH,
        level=level_of(made),
        align=Align(made.stringProperty(Key.ALIGN) or Align.AUTO),
        numbering=Numbering(made.stringProperty(Key.NUMBERING) or Numbering.DASH),
        restart=made.boolProperty(Key.RESTART),
        language=Language(language) if language else None,
    )


def kind_of(made: QTextFormat) -> str:
    return made.stringProperty(Key.KIND)


def level_of(made: QTextFormat) -> int:
    return made.intProperty(Key.LEVEL) or 1


def char_format(run: Run) -> QTextCharFormat:
    """Marks as weight, slope and line; meaning as properties. ``run_of`` reads it back."""
    made = QTextCharFormat()
    set_marks(made, run.marks)
    if run.field:
        made.setProperty(Key.FIELD, run.field)
    if run.blank:
        made.setProperty(Key.BLANK, True)
    if run.norm:
        made.setProperty(Key.NORM, run.norm)
    if run.reference is not None:
        made.setProperty(Key.DOCUMENT, run.reference.document_id)
        made.setProperty(Key.PAGE, run.reference.page)
    return made


def held_format(look: QTextCharFormat, *, on: bool) -> QTextCharFormat:
    """The same letter, holding its neighbours together or not."""
    made = QTextCharFormat(look)
    if on:
        made.setProperty(Key.HELD, True)
    else:
        made.clearProperty(Key.HELD)
    return made


def as_typed(text: str) -> str:
    """A line's text for a search: letters that hold words together are as good as plain ones."""
    return text.translate(AS_TYPED)


def note_format(note: str) -> QTextCharFormat:
    """The one letter that is the mark of a note."""
    made = QTextCharFormat()
    made.setObjectType(NOTE_OBJECT)
    made.setProperty(Key.NOTE, note)
    return made


def set_marks(made: QTextCharFormat, marks: tuple[Mark, ...]) -> None:
    """Weight, slope and line; headings are bold by the highlighter, so that weight always means a mark."""
    made.setFontWeight(QFont.Weight.Bold if Mark.BOLD in marks else QFont.Weight.Normal)
    made.setFontItalic(Mark.ITALIC in marks)
    made.setFontUnderline(Mark.UNDERLINE in marks)


def marks_of(made: QTextCharFormat) -> tuple[Mark, ...]:
    shown = {
        Mark.BOLD: made.fontWeight() >= QFont.Weight.DemiBold,
        Mark.ITALIC: made.fontItalic(),
        Mark.UNDERLINE: made.fontUnderline(),
    }
    return tuple(mark for mark in Mark if shown[mark])


def run_of(made: QTextCharFormat, text: str) -> Run:
    """The stretch of text that a format stands on."""
    if note := made.stringProperty(Key.NOTE):
        return Run(text="", note=note)
    text = text.translate(AS_TYPED) if made.boolProperty(Key.HELD) else text
    document_id = made.stringProperty(Key.DOCUMENT)
    return Run(
        text=text,
        marks=marks_of(made),
        field=made.stringProperty(Key.FIELD),
        blank=made.boolProperty(Key.BLANK),
        norm=made.stringProperty(Key.NORM),
        reference=CaseReference(document_id=document_id, page=made.intProperty(Key.PAGE)) if document_id else None,
    )


def plain(made: QTextCharFormat) -> QTextCharFormat:
    """The same look without any meaning: what is typed beside a fact or a reference is not part of it."""
    kept = QTextCharFormat()
    set_marks(kept, marks_of(made))
    return kept


def meaning(made: QTextCharFormat) -> tuple[object, ...]:
    """What a stretch stands for; alike for all letters of one fact or reference, empty for plain text."""
    return tuple(made.property(key) for key in MEANING) if any(made.hasProperty(key) for key in MEANING) else ()


def _indent(kind: str, level: int) -> int:
    if kind == BlockKind.LIST_ITEM:
        return level
    return 1 if kind in {BlockKind.QUOTATION, BlockKind.FOOTNOTE} else 0
