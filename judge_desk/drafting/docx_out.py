"""An act as a Word file: real styles, lists, tables and languages, so that it can be worked on and come back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from judge_desk.domain.acts import ActText, Align, Block, BlockKind, Mark, Row, Run, check_act, normalised, text_of
from judge_desk.domain.cases import Language
from judge_desk.domain.footnotes import notes_of, without_notes
from judge_desk.drafting.docx_lists import ListMaker
from judge_desk.drafting.docx_marks import (
    ACT,
    BLOCK,
    GAP_STYLE,
    HELD_STYLE,
    HELD_STYLE_ID,
    PART,
    PLACE_STYLE,
    SIGNATURE_STYLE,
    TEMPLATE,
    bookmark,
    tag_of,
)
from judge_desk.drafting.docx_notes import NoteMaker
from judge_desk.drafting.no_break import NO_BREAK_SPACE, joints
from judge_desk.drafting.pdfa import LANGUAGE_TAGS, PRODUCER
from judge_desk.i18n.translator import Translator

FONT = "Times New Roman"
"""Every office PC has it or a twin of the same widths; the acts' own Tinos is one."""
LAST_CELL, MIDDLE_CELL = "Act Last Cell", "Act Middle Cell"
ALIGNS = {
    Align.START: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.END: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
STYLES = {BlockKind.PARAGRAPH: "Body Text", BlockKind.QUOTATION: "Quote", BlockKind.LIST_ITEM: "List Paragraph"}
BODY_TWIPS = 9355


def render_docx(act: ActText, made_at: datetime, *, is_draft: bool = True) -> bytes:
    """The act as .docx; the same act gives the same text, ids and styles.

    Raises BadInput for an act that breaks a limit.
    """
    check_act(act)
    maker = _Maker(normalised(act), made_at)
    maker.margins(is_draft=is_draft)
    maker.body()
    maker.notes.finish()
    out = io.BytesIO()
    maker.word.save(out)
    return out.getvalue()


class _Maker:
    """Writes one file from top to bottom."""

    def __init__(self, act: ActText, made_at: datetime) -> None:
        self.act = act
        self.word: WordFile = Document()
        self._words = Translator(act.language)
        self._lists = ListMaker(self.word)
        self.notes, self._words_of_notes = NoteMaker(self.word), notes_of(act)
        self._marks = 0
        self._facts(made_at)
        _set_styles(self.word, act.language)

    def margins(self, *, is_draft: bool) -> None:
        """Paper, page numbers, and the word for draft."""
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin, section.bottom_margin = Mm(20), Mm(22)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        text = self._words.text("drafting.page_of", page="\0PAGE\0", total="\0NUMPAGES\0")
        for place, piece in enumerate(text.split("\0")):
            foot._p.append(_field(piece) if place % 2 else _run(Run(text=piece), self.act.language))
        if is_draft:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            head._p.append(_run(Run(text=self._words.text("drafting.draft_mark")), self.act.language))

    def body(self) -> None:
        """Every block; a bookmark before the first one of each part."""
        act_mark = bookmark(ACT, f"{self.act.kind}.{self.act.language}")
        names = [act_mark, bookmark(TEMPLATE, self.act.template)] if self.act.template else [act_mark]
        for part in self.act.parts:
            names.append(bookmark(PART, part.kind))
            self._lists.end()
            for block in without_notes(part.blocks):
                home = self._block(block)._p
                for name in (*names, bookmark(BLOCK, block.id)):
                    self._mark(home, name)
                names = []

    def _facts(self, made_at: datetime) -> None:
        facts = self.word.core_properties
        moment = made_at.astimezone(UTC).replace(tzinfo=None)
        facts.author, facts.last_modified_by, facts.comments = PRODUCER, PRODUCER, ""
        facts.created = facts.modified = moment
        facts.language = LANGUAGE_TAGS[self.act.language]
        title = next((block.text for block in self.act.blocks() if block.kind is BlockKind.HEADING), "")
        facts.title = title.strip().capitalize()

    def _block(self, block: Block) -> Paragraph:
        """Write a block; gives the paragraph that bears its bookmarks."""
        language = block.language or self.act.language
        if block.kind is not BlockKind.LIST_ITEM:
            self._lists.end()
        if block.rows or block.kind in (BlockKind.TABLE, BlockKind.PLACE_LINE, BlockKind.SIGNATURE):
            return self._table(block, language)
        style = f"Heading {block.level}" if block.kind is BlockKind.HEADING else STYLES[block.kind]
        paragraph = self.word.add_paragraph(style=style)
        if block.kind is BlockKind.LIST_ITEM:
            self._lists.add(paragraph, block)
        if block.align is not Align.AUTO:
            paragraph.alignment = ALIGNS[block.align]
            if block.align is not Align.JUSTIFY:
                paragraph.paragraph_format.first_line_indent = Mm(0)
        self._fill(paragraph._p, block.runs, language)
        return paragraph

    def _table(self, block: Block, language: Language) -> Paragraph:
        rows = block.rows or (Row(),)
        columns = max(max(len(row.cells) for row in rows), 1)
        table = self.word.add_table(rows=0, cols=columns)
        styles = {BlockKind.PLACE_LINE: PLACE_STYLE, BlockKind.SIGNATURE: SIGNATURE_STYLE}
        table.style = self.word.styles[styles.get(block.kind, "Table Grid")]
        _set_widths(table, block, columns)
        for row in rows:
            line = table.add_row()
            if row.header:
                line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for number, cell in enumerate(row.cells):
                paragraph = line.cells[number].paragraphs[0]
                if cell.align is not Align.AUTO:
                    paragraph.alignment = ALIGNS[cell.align]
                elif block.kind is not BlockKind.TABLE and number:
                    is_last = number == len(row.cells) - 1
                    paragraph.style = self.word.styles[LAST_CELL if is_last else MIDDLE_CELL]
                if block.kind is BlockKind.SIGNATURE:
                    paragraph.paragraph_format.space_before = Pt(18)
                self._fill(paragraph._p, cell.runs, language)
        # Word joins two tables that touch.
        self.word.add_paragraph(style=GAP_STYLE)
        first: Paragraph = table.rows[0].cells[0].paragraphs[0]
        return first

    def _fill(self, paragraph: Any, runs: tuple[Run, ...], language: Language) -> None:
        text = text_of(runs)
        held, at = joints(text, language), 0
        for run in runs:
            end = at + len(run.text)
            places = [place - at for place in held if at <= place < end]
            at = end
            if run.note:
                paragraph.append(self._note(self._words_of_notes[run.note], language))
                continue
            tag = tag_of(run)
            pieces = list(_pieces(run, places, language))
            paragraph.extend([_control(pieces, tag)] if tag else pieces)

    def _note(self, note: Block, language: Language) -> Any:
        """Write a note; gives its mark."""
        mark, paragraph = self.notes.add()
        self._mark(paragraph, bookmark(BLOCK, note.id))
        self._fill(paragraph, (Run(text=" "), *note.runs), note.language or language)
        return mark

    def _mark(self, paragraph: Any, name: str) -> None:
        self._marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(self._marks))
        start.set(qn("w:name"), name)
        paragraph.insert(0 if paragraph.find(qn("w:pPr")) is None else 1, start)
        start.addnext(end)


def _set_styles(word: WordFile, language: Language) -> None:
    normal = word.styles["Normal"]
    _set_font(normal, 13)
    rpr = normal.element.get_or_add_rPr()
    rpr.append(_language(language))
    normal.paragraph_format.space_after = Pt(3)
    for name in ("Body Text", "Quote", "List Paragraph", "Heading 1", "Heading 2", "Heading 3"):
        _set_font(word.styles[name], {"Heading 1": 16, "Quote": 12.5}.get(name, 13))
    body = word.styles["Body Text"].paragraph_format
    body.alignment, body.first_line_indent, body.space_after = WD_ALIGN_PARAGRAPH.JUSTIFY, Mm(12.5), Pt(3)
    quote = word.styles["Quote"].paragraph_format
    quote.alignment, quote.left_indent, quote.right_indent = WD_ALIGN_PARAGRAPH.JUSTIFY, Mm(16), Mm(5)
    word.styles["List Paragraph"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level in (1, 2, 3):
        heading = word.styles[f"Heading {level}"]
        heading.font.bold, heading.font.italic = True, False
        heading.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT if level == 3 else WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(9), Pt(5)
    for name in (PLACE_STYLE, SIGNATURE_STYLE):
        word.styles.add_style(name, WD_STYLE_TYPE.TABLE)
    for name, align in ((LAST_CELL, WD_ALIGN_PARAGRAPH.RIGHT), (MIDDLE_CELL, WD_ALIGN_PARAGRAPH.CENTER)):
        cell = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = normal
        cell.paragraph_format.alignment = align
    held = word.styles.add_style(HELD_STYLE, WD_STYLE_TYPE.CHARACTER)
    held.element.set(qn("w:styleId"), HELD_STYLE_ID)
    gap = word.styles.add_style(GAP_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    gap.base_style = normal
    gap.font.size, gap.paragraph_format.space_after = Pt(6), Pt(0)


def _set_font(style: Any, size: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for colour in list(style.element.get_or_add_rPr().iterchildren(qn("w:color"))):
        style.element.get_or_add_rPr().remove(colour)


def _set_widths(table: Table, block: Block, columns: int) -> None:
    """Columns as asked for; where nothing was asked Word decides by what they hold."""
    table.autofit = not block.widths
    if block.kind is not BlockKind.TABLE:
        _drop_margins(table)
    even = 100 // columns
    shares = block.widths or (*(even,) * (columns - 1), 100 - even * (columns - 1))
    for column, share in zip(table._tbl.tblGrid.iterchildren(qn("w:gridCol")), shares, strict=True):
        column.set(qn("w:w"), str(BODY_TWIPS * share // 100))


def _drop_margins(table: Table) -> None:
    """Its cells begin and end where the lines of the text do."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        table._tbl.tblPr.append(margins)
    else:
        look.addprevious(margins)


def _pieces(run: Run, held: list[int], language: Language) -> Iterator[Any]:
    """The run, with signs of their own where Word must not end a line; they come back as what was typed."""
    at = 0
    for place in held:
        if place > at:
            yield _run(replace(run, text=run.text[at:place]), language)
        sign = _run(replace(run, text=NO_BREAK_SPACE if run.text[place] == " " else ""), language)
        if run.text[place] != " ":
            sign.replace(sign.find(qn("w:t")), OxmlElement("w:noBreakHyphen"))
        style = OxmlElement("w:rStyle")
        style.set(qn("w:val"), HELD_STYLE_ID)
        sign.find(qn("w:rPr")).insert(0, style)
        yield sign
        at = place + 1
    if at < len(run.text):
        yield _run(replace(run, text=run.text[at:]), language)


def _control(pieces: Sequence[Any], tag: str) -> Any:
    """A content control around the run: Word shows a field of the case as one, and it comes back as one."""
    control, properties, content = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    named = OxmlElement("w:tag")
    named.set(qn("w:val"), tag)
    properties.append(named)
    properties.append(OxmlElement("w:text"))
    content.extend(pieces)
    control.extend((properties, content))
    return control


def _run(run: Run, language: Language) -> Any:
    element, properties, text = (OxmlElement(f"w:{name}") for name in ("r", "rPr", "t"))
    properties.extend(_looks(run))
    properties.append(_language(language))
    text.text = run.text
    text.set(qn("xml:space"), "preserve")
    element.extend((properties, text))
    return element


def _looks(run: Run) -> Iterator[Any]:
    if Mark.BOLD in run.marks:
        yield OxmlElement("w:b")
    if Mark.ITALIC in run.marks:
        yield OxmlElement("w:i")
    if Mark.UNDERLINE in run.marks:
        line = OxmlElement("w:u")
        line.set(qn("w:val"), "single")
        yield line


def _language(language: Language) -> Any:
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), LANGUAGE_TAGS[language])
    return element


def _field(code: str) -> Any:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    return field
