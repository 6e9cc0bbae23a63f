"""HTML that a word processor or a browser puts on the clipboard, as blocks of an act: structure and marks, no mess.

Word, LibreOffice and browsers each say the same things in their own way; what an act can hold is taken over (headings,
lists with their depth, tables, quotations, bold, italic, underline), everything else (fonts, colours, comments, hidden
and deleted text, scripts, pictures) is left behind. Nothing is fetched, and no style sheet is read but for the words
that Word writes into ``style`` itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

from judge_desk.domain.acts import (
    MOST_COLUMNS,
    MOST_ROWS,
    ActKind,
    ActText,
    Block,
    BlockKind,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
    new_block_id,
    normalised,
    text_of,
)
from judge_desk.domain.cases import Language
from judge_desk.drafting.foreign_text import MOST_LETTERS, cleaned, cut_words

MOST_HTML: Final = 20_000_000
MOST_BLOCKS: Final = 5_000

_MARKS: Final = {"b": Mark.BOLD, "strong": Mark.BOLD, "i": Mark.ITALIC, "em": Mark.ITALIC, "u": Mark.UNDERLINE}
_LEFT_OUT: Final = frozenset({"head", "style", "script", "title", "xml", "del", "template", "svg", "object", "select"})
_VOID: Final = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "source"})
_LINES: Final = frozenset({"p", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"})
_WORD_LIST: Final = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_HIDDEN: Final = re.compile(r"display:\s*none|mso-hide:\s*all|mso-list:\s*ignore", re.IGNORECASE)
_STYLED: Final = {
    Mark.BOLD: re.compile(r"font-weight:\s*(bold|[6-9]00)", re.IGNORECASE),
    Mark.ITALIC: re.compile(r"font-style:\s*italic", re.IGNORECASE),
    Mark.UNDERLINE: re.compile(r"text-decoration[^;]*underline", re.IGNORECASE),
}
_NOTE_MARK: Final = re.compile(r"#(?:_(ftn\d+|edn\d+)|(sdfootnote\d+|sdendnote\d+)sym)$")
_NOTE_BACK: Final = re.compile(r"#(?:_(?:ftn|edn)ref\d+|sd(?:foot|end)note\d+anc)$")
_NOTE_WORDS: Final = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+$")
_NOT_BOLD: Final = re.compile(r"font-weight:\s*(normal|[1-4]00)", re.IGNORECASE)


def blocks_of(html: str) -> tuple[Block, ...]:
    """The blocks, each under a new id; empty when there is no text in it, or more than anybody pastes by hand."""
    if len(html) > MOST_HTML:
        return ()
    start, end = html.find("<!--StartFragment-->"), html.find("<!--EndFragment-->")
    # A fragment may begin inside a list or a table whose tags stand before it: only what follows it is cut away, and
    # of that the words of its notes are still wanted.
    reader = _Reader(fragment_at=start)
    reader.feed(html[:end] if end > start >= 0 else html)
    if end > start >= 0:
        reader.end_fragment()
        reader.feed(html[end:])
    reader.close()
    return reader.finished()


@dataclass(slots=True)
class _Open:
    """One open element: what it changes for the text inside it."""

    tag: str
    marks: frozenset[Mark]
    is_hidden: bool
    ordered: bool = False


@dataclass(slots=True)
class _Table:
    around: list[Run]
    """What stood in the cell that this table is in, before it."""
    rows: list[list[Cell]] = field(default_factory=list)
    headers: list[bool] = field(default_factory=list)
    is_head: bool = False


class _Reader(HTMLParser):
    def __init__(self, *, fragment_at: int) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Open] = []
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._shape = Block(id="")
        self._tables: list[_Table] = []
        self._letters = 0
        self._is_before = fragment_at >= 0
        self._word_item = 0
        self._marker = ""
        self._is_behind = False
        self._note = ""
        self._notes: dict[str, list[Run]] = {}
        self._note_ids: dict[str, str] = {}

    def finished(self) -> tuple[Block, ...]:
        """Everything read, the last line too; notes stand behind the blocks that bear their marks."""
        self._end_fragment_line()
        notes = [
            Block(id=self._note_ids[name], kind=BlockKind.FOOTNOTE, runs=_trimmed(runs))
            for name, runs in self._notes.items()
            if name in self._note_ids
        ]
        part = Part(kind=PartKind.WHOLE, blocks=(*self._blocks[:MOST_BLOCKS], *notes))
        act = normalised(ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=(part,)))
        return tuple(act.blocks())

    def end_fragment(self) -> None:
        """What follows was not copied, but for the notes of what was."""
        self._end_fragment_line()
        self._is_behind = True

    def _end_fragment_line(self) -> None:
        self._end_line()
        while self._tables:
            self._end_table()

    def handle_comment(self, data: str) -> None:
        if data.strip() == "StartFragment":
            self._is_before = False
            self._runs.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._void(tag)
            return
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        above = self._open[-1] if self._open else _Open("", frozenset(), is_hidden=False)
        is_hidden = above.is_hidden or tag in _LEFT_OUT or bool(_HIDDEN.search(style))
        is_hidden = self._meet_note(tag, given) or is_hidden
        marks = _marks(tag, style, above.marks)
        self._open.append(_Open(tag, marks, is_hidden, ordered=tag == "ol"))
        if tag in _LINES:
            self._begin_line(tag, style)
        elif tag == "table":
            if not self._in_cell():
                self._end_line()
            self._tables.append(_Table(around=self._runs))
            self._runs = []
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
            self._tables[-1].headers.append(self._tables[-1].is_head)
        elif tag in ("td", "th") and self._tables:
            self._begin_cell(tag)
        elif tag == "thead" and self._tables:
            self._tables[-1].is_head = True

    def _meet_note(self, tag: str, given: dict[str, str]) -> bool:
        """A mark, its way back, or the beginning of a note's words; whether what the tag holds is only a number."""
        if tag == "div" and _NOTE_WORDS.match(given.get("id", "")):
            self._end_fragment_line()
            self._note = given["id"]
            return False
        link = given.get("href", "") if tag == "a" else ""
        if (found := _NOTE_MARK.search(link)) and not self._is_before and not self._is_behind and not self._note:
            name = found[1] or found[2]
            # A mark that was copied without its words would be a note that says nothing.
            self._runs.append(Run(text="", note=self._note_ids.setdefault(name, new_block_id())))
        return bool(found or _NOTE_BACK.search(link))

    def handle_endtag(self, tag: str) -> None:
        if not any(each.tag == tag for each in self._open):
            return
        if tag in _LINES and not self._in_cell():
            self._end_line()
            self._note = "" if tag == "div" else self._note
        elif tag in ("td", "th") and self._tables:
            self._end_cell()
        elif tag == "table" and self._tables:
            self._end_table()
        elif tag == "thead" and self._tables:
            self._tables[-1].is_head = False
        while self._open and self._open.pop().tag != tag:
            continue

    def handle_data(self, data: str) -> None:
        top = self._open[-1] if self._open else None
        if self._is_before or self._letters > MOST_LETTERS or (self._is_behind and not self._note):
            return
        if top is not None and top.is_hidden:
            # The number that Word writes before a list item tells what kind of list it is.
            self._marker += data.strip() if self._word_item else ""
            return
        self._letters += len(data)
        marks = tuple(mark for mark in Mark if top is not None and mark in top.marks)
        self._runs.append(Run(text=re.sub(r"[ \t\r\n\f]+", " ", data), marks=marks))

    def _void(self, tag: str) -> None:
        if tag == "br" and not self._is_before:
            if self._in_cell() or self._shape.kind is not BlockKind.PARAGRAPH:
                self._runs.append(Run(text=" "))
            else:
                self._end_line()

    def _begin_line(self, tag: str, style: str) -> None:
        if self._in_cell():
            self._runs.append(Run(text=" "))
            return
        self._end_line()
        self._shape = self._shape_of(tag, style)

    def _shape_of(self, tag: str, style: str) -> Block:
        if tag[0] == "h" and tag[1:].isdigit():
            return Block(id="", kind=BlockKind.HEADING, level=min(int(tag[1:]), 3))
        if found := _WORD_LIST.search(style):
            self._word_item, self._marker = min(int(found[1]), 3), ""
            return Block(id="", kind=BlockKind.LIST_ITEM, level=self._word_item)
        lists = [each for each in self._open if each.tag in ("ol", "ul")]
        if any(each.tag == "li" for each in self._open) and lists:
            numbering = Numbering.DECIMAL if lists[-1].ordered else Numbering.DASH
            return Block(id="", kind=BlockKind.LIST_ITEM, level=min(len(lists), 3), numbering=numbering)
        if any(each.tag == "blockquote" for each in self._open):
            return Block(id="", kind=BlockKind.QUOTATION)
        return Block(id="")

    def _end_line(self) -> None:
        runs = _trimmed(self._runs)
        self._runs = []
        shape = self._shape
        if self._word_item:
            shape = replace(shape, numbering=_numbering(self._marker))
            self._word_item, self._marker = 0, ""
        if runs and self._note:
            words = self._notes.setdefault(self._note, [])
            words += [Run(text=" "), *runs] if words else runs
        elif runs and not self._is_before and not self._is_behind:
            if shape.kind is BlockKind.HEADING:
                runs = tuple(_without_bold(run) for run in runs)
            self._blocks.append(replace(shape, id=new_block_id(), runs=runs))
        if not any(each.tag in ("li", "blockquote") for each in self._open):
            self._shape = Block(id="")

    def _in_cell(self) -> bool:
        return bool(self._tables) and any(each.tag in ("td", "th") for each in self._open)

    def _begin_cell(self, tag: str) -> None:
        self._runs = []
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
            table.headers.append(False)
        if tag == "th" and not table.rows[-1]:
            table.headers[-1] = True

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if table.rows:
            table.rows[-1].append(Cell(runs=_trimmed(self._runs)))
        self._runs = []

    def _end_table(self) -> None:
        table = self._tables.pop()
        if self._is_before:
            return
        if self._tables:
            # A table in a cell: its words stay, its shape cannot.
            words = " ".join(text_of(cell.runs) for row in table.rows for cell in row)
            self._runs = [*table.around, Run(text=f" {words} ")]
            return
        self._blocks.extend(_table_blocks(table))


def _marks(tag: str, style: str, above: frozenset[Mark]) -> frozenset[Mark]:
    marks = set(above)
    if tag in _MARKS:
        marks.add(_MARKS[tag])
    marks |= {mark for mark, pattern in _STYLED.items() if pattern.search(style)}
    if _NOT_BOLD.search(style):
        marks.discard(Mark.BOLD)
    return frozenset(marks)


def _without_bold(run: Run) -> Run:
    """A heading is bold by itself."""
    return replace(run, marks=tuple(mark for mark in run.marks if mark is not Mark.BOLD))


def _numbering(marker: str) -> Numbering:
    if not any(letter.isalnum() for letter in marker):
        return Numbering.DASH
    return Numbering.BRACKET if marker.endswith(")") else Numbering.DECIMAL


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Cleaned words, single spaces between them and none at the ends."""
    kept: list[Run] = []
    ends_in_space = True
    for run in runs:
        if run.note:
            kept.append(run)
            continue
        text = re.sub(r" {2,}", " ", cut_words(cleaned(run.text)))
        text = text.lstrip(" ") if ends_in_space else text
        if text:
            kept.append(replace(run, text=text))
            ends_in_space = text.endswith(" ")
    while kept and not kept[-1].note and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
    return tuple(kept)


def _table_blocks(table: _Table) -> list[Block]:
    """One table with as many cells in each row; lines of text where it is no table an act could hold."""
    both = zip(table.rows, table.headers, strict=True)
    filled = [(row, header) for row, header in both if any(cell.runs for cell in row)]
    columns = max((len(row) for row, _ in filled), default=0)
    if not filled:
        return []
    if columns == 1 or columns > MOST_COLUMNS or len(filled) > MOST_ROWS:
        lines = (tuple(run for cell in row for run in (*cell.runs, Run(text=" "))) for row, _ in filled)
        return [Block(id=new_block_id(), runs=_trimmed(line)) for line in lines]
    rows = tuple(Row(cells=(*row, *[Cell()] * (columns - len(row))), header=header) for row, header in filled)
    return [Block(id=new_block_id(), kind=BlockKind.TABLE, rows=rows)]
