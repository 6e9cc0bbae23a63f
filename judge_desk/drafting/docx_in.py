"""Reads a Word file back into blocks, and lists for the judge every word that was not taken over.

An own walker over the XML: python-docx alone loses what stands in tracked insertions, content controls and smart tags.
Insertions are kept and deletions dropped, as if all changes had been accepted; both are named with their authors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Align,
    Block,
    BlockKind,
    Cell,
    Part,
    PartKind,
    Row,
    Run,
    check_act,
    new_block_id,
    normalised,
    text_of,
)
from judge_desk.domain.cases import Language
from judge_desk.drafting.docx_changes import LeftOut, LeftOutKind, adopted
from judge_desk.drafting.docx_marks import (
    ACT,
    BLOCK,
    GAP_STYLE,
    HELD_STYLE,
    PART,
    PLACE_STYLE,
    SIGNATURE_STYLE,
    TEMPLATE,
    bookmark,
    name_of,
)
from judge_desk.drafting.docx_note_reader import NoteReader, Notes, trimmed
from judge_desk.drafting.docx_original import LINE, comments_of, take_back
from judge_desk.drafting.docx_package import Package, open_package
from judge_desk.drafting.docx_runs import RunReader, W, attribute
from judge_desk.drafting.docx_styles import Style, Styles
from judge_desk.drafting.docx_tracked import Suggestion, TrackedLine, suggested
from judge_desk.drafting.templates import all_templates

_ALIGNS = {
    "left": Align.START, "start": Align.START, "center": Align.CENTRE, "right": Align.END, "end": Align.END,
    "both": Align.JUSTIFY, "distribute": Align.JUSTIFY,
}  # fmt: skip
_TABLES = {PLACE_STYLE: BlockKind.PLACE_LINE, SIGNATURE_STYLE: BlockKind.SIGNATURE}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordArrival:
    """What came in. ``inserted`` counts tracked insertions that were taken; ``authors`` wrote the tracked changes."""

    act: ActText
    left_out: tuple[LeftOut, ...]
    inserted: int
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordProposals:
    """The same file with its tracked changes beside the text. ``act`` is as it was before them; ``left_out`` has also
    the changes and comments that no words of it can bear."""

    act: ActText
    suggestions: tuple[Suggestion, ...]
    left_out: tuple[LeftOut, ...]
    authors: tuple[str, ...]


def read_proposals(data: bytes, base: ActText | None = None) -> WordProposals:
    """A Word file whose tracked changes and comments are proposals and remarks. Raises BadInput as ``read_docx``."""
    package = open_package(data)
    parts = dict(package.notes)
    held = Styles(package.styles, package.numbering).named(HELD_STYLE)
    tracked = take_back(held, package.document, *(root for name, root in package.notes if name != "comments"))
    walker, act = _walked(package, base)
    # A line that is in no block has no words to change: what was changed in it will be named.
    lines = [TrackedLine(walker.lines.get(number, ""), pieces) for number, pieces in tracked.lines.items()]
    comments = comments_of(parts.get("comments"))
    made, lost = suggested(lines, comments, act)
    left_out = (each for each in _left_out(package, walker) if each.kind is not LeftOutKind.COMMENT)
    authors = sorted({*tracked.authors, *(each.author for each in comments if each.author)})
    return WordProposals(
        act=act, suggestions=made, left_out=(*tracked.left_out, *lost, *left_out), authors=tuple(authors)
    )


def read_docx(data: bytes, base: ActText | None = None) -> WordArrival:
    """The act in a Word file. With ``base``, the act that was sent out, facts of the case and citations are known again
    where their words still stand.

    Raises BadInput: no Word file, macros, a bomb, or a text that no act may hold.
    """
    package = open_package(data)
    walker, act = _walked(package, base)
    authors = tuple(sorted(walker.runs.authors))
    left_out = _left_out(package, walker)
    return WordArrival(act=act, left_out=left_out, inserted=walker.runs.inserted, authors=authors)


def _walked(package: Package, base: ActText | None) -> tuple[_Walker, ActText]:
    walker = _Walker(Styles(package.styles, package.numbering), base, package.notes)
    walker.read(package.document.find(f"{W}body"))
    act = normalised(walker.act())
    if base is not None:
        act = normalised(adopted(act, base))
    check_act(act)
    return walker, act


def _left_out(package: Package, walker: _Walker) -> tuple[LeftOut, ...]:
    found = [*walker.left_out, *walker.notes.left_out(package.notes)]
    if package.embedded:
        found.append(LeftOut(kind=LeftOutKind.PICTURE, text=str(package.embedded)))
    return tuple(found)


@dataclass(slots=True)
class _Draft:
    """A block with what its bookmarks said."""

    block: Block
    part: PartKind | None = None


class _Walker:
    """Goes through the body once."""

    def __init__(self, styles: Styles, base: ActText | None, notes: Notes) -> None:
        self._styles, self._base = styles, base
        self.left_out: list[LeftOut] = []
        self.notes = NoteReader(notes)
        self.runs = RunReader(self.left_out, self.notes.name, styles.named(HELD_STYLE))
        self._known = {bookmark(BLOCK, block.id): block.id for block in base.blocks()} if base else {}
        # Names that are too long for a bookmark are known again among the program's own forms.
        self._known |= {bookmark(TEMPLATE, form.id): form.id for form in all_templates()}
        self._blocks: list[_Draft] = []
        self._taken: set[str] = set()
        self._facts: dict[str, str] = {}
        self._list = ("", 0)
        self.lines: dict[str, str] = {}
        """By the number of each line that tracked changes were taken back in: the block that it went to."""
        self._met: list[str] = []

    def read(self, body: Any) -> None:
        """All blocks, in order."""
        for element in _children(body):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)

    def act(self) -> ActText:
        """Blocks in their parts; a block that says nothing about it belongs to the part of the one before."""
        kind, _, language = self._facts.get(ACT, "").partition(".")
        base = self._base
        spoken = Language(language) if language in set(Language) else (base.language if base else Language.RUSSIAN)
        parts: dict[PartKind, list[Block]] = {}
        at = self._first_part()
        for draft in self._blocks:
            at = draft.part or at
            block = self.notes.renamed(draft.block)
            parts.setdefault(at, []).append(replace(block, language=None) if block.language is spoken else block)
        order = sorted(parts, key=list(PartKind).index)
        return ActText(
            language=spoken,
            kind=ActKind(kind) if kind in set(ActKind) else (base.kind if base else ActKind.DECISION),
            template=self._facts.get(TEMPLATE, "") or (base.template if base else ""),
            parts=tuple(Part(kind=each, blocks=tuple(parts[each])) for each in order),
        )

    def _first_part(self) -> PartKind:
        if self._base and self._base.parts:
            return self._base.parts[0].kind
        return PartKind.WHOLE

    def _paragraph(self, element: Any) -> None:
        runs, style = self._line(element)
        names = _bookmarks(element)
        is_gap = style.name == GAP_STYLE and not text_of(runs)
        if is_gap or (not text_of(runs).strip() and not any(name.startswith((BLOCK, PART)) for name in names)):
            self._met.clear()
            return
        block = Block(id="?", kind=style.kind, runs=runs, level=style.level, align=_align(element))
        if style.kind is BlockKind.LIST_ITEM:
            list_id, level = style.list_id, style.level
            restart = self._list[0] not in ("", list_id) and self._list[1] >= level
            block = replace(block, numbering=style.numbering, restart=restart)
            self._list = (list_id, level)
        else:
            self._list = ("", 0)
        self._keep(block, names, self.runs.language)

    def _table(self, element: Any) -> None:
        self._list = ("", 0)
        rows = [self._row(row) for row in _rows(element)]
        width = max((len(row.cells) for row in rows), default=0)
        kind = _TABLES.get(self._styles.table_name(element), BlockKind.TABLE)
        if kind is BlockKind.TABLE:
            rows = [replace(row, cells=(*row.cells, *(Cell(),) * (width - len(row.cells)))) for row in rows]
        block = Block(id="?", kind=kind, rows=tuple(rows), widths=_widths(element, width))
        if rows:
            self._keep(block, _bookmarks(element), self.runs.language)

    def _row(self, element: Any) -> Row:
        cells: list[Cell] = []
        for cell in element.iterchildren(f"{W}tc"):
            runs: list[Run] = []
            align = Align.AUTO
            for paragraph in cell.iter(f"{W}p"):
                if runs and text_of(tuple(runs)).strip():
                    runs.append(Run(text=" "))
                runs += self._line(paragraph)[0]
                align = align if align is not Align.AUTO else _align(paragraph)
            cells.append(Cell(runs=tuple(runs), align=align))
            cells += [Cell()] * (_span(cell) - 1)
        return Row(cells=tuple(cells), header=element.find(f"{W}trPr/{W}tblHeader") is not None)

    def _line(self, paragraph: Any) -> tuple[tuple[Run, ...], Style]:
        style = self._styles.of(paragraph)
        self._met.append(str(paragraph.get(LINE) or ""))
        return self.runs.read(paragraph, style), style

    def _bear_lines(self, block_id: str) -> None:
        self.lines |= dict.fromkeys(self._met, block_id)
        self._met.clear()

    def _keep(self, block: Block, names: list[str], language: Language | None) -> None:
        part: PartKind | None = None
        block_id = ""
        for name in names:
            if name.startswith((ACT, TEMPLATE)):
                prefix = ACT if name.startswith(ACT) else TEMPLATE
                self._facts.setdefault(prefix, self._known.get(name, "") or name_of(name, prefix))
                continue
            if (found := name_of(name, PART)) in set(PartKind):
                part = PartKind(found)
            block_id = block_id or self._known.get(name, "") or name_of(name, BLOCK)
        if not block_id or block_id in self._taken:
            block_id = new_block_id()
        self._taken.add(block_id)
        self._bear_lines(block_id)
        self._blocks.append(_Draft(replace(block, id=block_id, language=language), part))
        for note, element in self.notes.met():
            self._note(note, element)

    def _note(self, note: str, element: Any) -> None:
        """A note's words, as one block behind the block of its mark."""
        runs: list[Run] = []
        for paragraph in element.iter(f"{W}p"):
            runs += [Run(text=" ")] if runs else []
            runs += self._line(paragraph)[0]
        found = (self._known.get(name, "") or name_of(name, BLOCK) for name in _bookmarks(element))
        block_id = next((each for each in found if each and each not in self._taken), "") or new_block_id()
        self._taken.add(block_id)
        self._bear_lines(block_id)
        self.notes.call(note, block_id)
        block = Block(id=block_id, kind=BlockKind.FOOTNOTE, runs=trimmed(tuple(runs)))
        self._blocks.append(_Draft(replace(block, language=self.runs.language)))


def _children(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, looked for in content controls, insertions and the like as well."""
    if body is None:
        return
    for element in body:
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag == f"{W}sdt":
            yield from _children(element.find(f"{W}sdtContent"))
        elif element.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _children(element)


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == f"{W}tr":
            yield element
        elif element.tag == f"{W}sdt":
            yield from _rows(element.find(f"{W}sdtContent"))


def _bookmarks(element: Any) -> list[str]:
    return [attribute(mark, "name") for mark in element.iter(f"{W}bookmarkStart")]


def _align(paragraph: Any) -> Align:
    found = paragraph.find(f"{W}pPr/{W}jc")
    return Align.AUTO if found is None else _ALIGNS.get(attribute(found, "val"), Align.AUTO)


def _span(cell: Any) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    text = "1" if found is None else attribute(found, "val")
    return min(int(text), 12) if text.isdecimal() and int(text) else 1


def _widths(table: Any, count: int) -> tuple[int, ...]:
    """The shares of the columns where somebody fixed them; empty where Word decides."""
    layout = table.find(f"{W}tblPr/{W}tblLayout")
    if layout is None or attribute(layout, "type") != "fixed":
        return ()
    texts = [attribute(column, "w") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    sizes = [int(text) if text.isdecimal() else 0 for text in texts]
    if len(sizes) != count or not all(sizes):
        return ()
    total = max(sum(sizes), 9355)
    return tuple(max(round(size * 100 / total), 1) for size in sizes)
