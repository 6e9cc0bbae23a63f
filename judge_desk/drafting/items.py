"""Turns blocks of an act into things that can be laid on pages: text, spread lines, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judge_desk.domain.acts import Align, Block, BlockKind, Cell, Row, Run
from judge_desk.drafting.feet import Foot, feet_of
from judge_desk.drafting.lines import Line, break_lines, natural_width
from judge_desk.drafting.sheets import BODY_HEIGHT, BODY_WIDTH, LEFT, Sheet
from judge_desk.drafting.tags import Tag

INDENT = 35.43  # 12.5 mm, the first line of a paragraph
PADDING = 4.0
SMALLER = (11.5, 10.5, 9.5, 8.5, 7.5)
"""Type sizes of a table: the usual one, and what many columns are set in rather than that their words be cut."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of block stands on the page; lengths in points."""

    size: float = 13.0
    leading: float = 17.6
    before: float = 0.0
    after: float = 3.0
    indent: float = 0.0
    left: float = 0.0
    right: float = 0.0
    align: Align = Align.JUSTIFY
    bold: bool = False


LOOKS = {
    BlockKind.PARAGRAPH: Look(indent=INDENT),
    BlockKind.QUOTATION: Look(size=12.5, leading=16.5, before=3.0, after=6.0, left=INDENT + 10, right=14.0),
    BlockKind.PLACE_LINE: Look(before=4.0, after=12.0, align=Align.START),
    BlockKind.SIGNATURE: Look(before=26.0, after=4.0, align=Align.START),
    BlockKind.FOOTNOTE: Look(size=10.5, leading=13.2),
    BlockKind.TABLE: Look(size=11.5, leading=14.6, before=5.0, after=9.0, align=Align.START),
}
HEADINGS = (
    Look(size=16.0, leading=21.0, before=2.0, after=8.0, align=Align.CENTRE, bold=True),
    Look(before=9.0, after=5.0, align=Align.CENTRE, bold=True),
    Look(before=7.0, after=3.0, align=Align.START, bold=True),
)


def look_of(block: Block) -> Look:
    """The block's look: by kind and level, then by the alignment that the judge chose."""
    if block.kind is BlockKind.HEADING:
        look = HEADINGS[block.level - 1]
    elif block.kind is BlockKind.LIST_ITEM:
        look = Look(left=INDENT + 20.0 * block.level)
    else:
        look = LOOKS[block.kind]
    if block.align in (Align.AUTO, Align.JUSTIFY):
        return look
    return replace(look, align=block.align, indent=0.0)


class TextItem:
    """A paragraph, heading, quotation or list item."""

    repeat_height = 0.0

    def __init__(
        self,
        block: Block,
        tag: Tag,
        *,
        marker: str = "",
        label: Tag | None = None,
        keeps_next: bool,
        notes: dict[str, Foot],
    ) -> None:
        self.look = look = look_of(block)
        self.before, self.after = look.before, look.after
        self.whole = block.kind is BlockKind.HEADING
        self.keeps_next = keeps_next or self.whole
        self._tag, self._label = tag, label
        self._has_bar = block.kind is BlockKind.QUOTATION
        width = BODY_WIDTH - look.left - look.right
        self.lines = break_lines(
            block.runs, size=look.size, width=width, indent=look.indent, align=look.align, bold=look.bold
        )
        self.heights = [look.leading] * max(len(self.lines), 1)
        self._notes, self.feet = notes, feet_of(([line] for line in self.lines), notes)
        self._marker = _one_line(marker, look.size) if marker else ()
        self._marker_left = look.left - 6.0 - (natural_width((Run(text=marker),), look.size) if marker else 0.0)

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None:
        look = self.look
        if self._marker and start == 0:
            sheet.begin(self._label)
            sheet.lines(self._marker, LEFT + self._marker_left, top, look.size, look.leading)
            sheet.end()
        if self._has_bar:
            sheet.bar(LEFT + look.left - 10, top - 2, (stop - start) * look.leading - 2)
        if self.lines[start:stop]:
            sheet.begin(self._tag)
            sheet.lines(self.lines[start:stop], LEFT + look.left, top, look.size, look.leading, notes=self._notes)
            sheet.end()


class SpreadItem:
    """Rows whose cells are spread from margin to margin: the place line, signatures."""

    whole = True
    repeat_height = 0.0

    def __init__(self, block: Block, tag: Tag, *, keeps_next: bool, notes: dict[str, Foot]) -> None:
        self.look = look = look_of(block)
        self.before, self.after, self.keeps_next = look.before, look.after, keeps_next
        self._tag = tag
        self._rows = [row for source in block.rows for row in _spread(source, look)]
        self.heights = [len(max(row, key=lambda cell: len(cell[1]))[1]) * look.leading for row in self._rows]
        in_rows = ([line for _, lines in row for line in lines] for row in self._rows)
        self._notes, self.feet = notes, feet_of(in_rows, notes)

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None:
        sheet.begin(self._tag)
        for row, height in zip(self._rows[start:stop], self.heights[start:stop], strict=True):
            for x, lines in row:
                # Names stand level with the last line of a long office, as they would be signed.
                drop = height - len(lines) * self.look.leading if x else 0.0
                sheet.lines(lines, LEFT + x, top - drop, self.look.size, self.look.leading, notes=self._notes)
            top -= height
        sheet.end()


def _spread(row: Row, look: Look) -> list[list[tuple[float, Sequence[Line]]]]:
    """The row as one row of placed cells where all fit side by side, else broken within their shares."""
    cells = [_spaced(cell, last=cell is row.cells[-1]) for cell in row.cells]
    widths = [natural_width(cell, look.size) + 1.0 for cell in cells]
    count = len(cells)
    if sum(widths) + 12.0 * (count - 1) > BODY_WIDTH:
        share = BODY_WIDTH / count
        widths = [share - 8.0] * count
    places: list[tuple[float, Sequence[Line]]] = []
    for position, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        lines = break_lines(cell, size=look.size, width=width, align=Align.START)
        free = BODY_WIDTH - width
        x = free * position / max(count - 1, 1)
        places.append((x, lines))
    return [places]


def _spaced(cell: Cell, *, last: bool) -> tuple[Run, ...]:
    """Cells of one line are read and copied with a space between them."""
    return cell.runs if last else (*cell.runs, Run(text=" "))


def _one_line(text: str, size: float) -> tuple[Line, ...]:
    return break_lines((Run(text=text + " "),), size=size, width=10_000, align=Align.START)


@dataclass(slots=True)
class _Strip:
    """A row of a table, or a slice of one that is taller than a third of a page."""

    row: int
    cells: list[Sequence[Line]]
    height: float
    first: bool
    last: bool


class TableItem:
    """A table with frames; its heading rows are repeated, unspoken, on each further page."""

    whole = False

    def __init__(self, block: Block, tag: Tag, *, keeps_next: bool, notes: dict[str, Foot]) -> None:
        self.look, self._widths = _fitted(block)
        self.before, self.after, self.keeps_next = self.look.before, self.look.after, keeps_next
        self._block, self._tag = block, tag
        self._rows: dict[int, list[Tag]] = {}
        self._strips = [strip for number, row in enumerate(block.rows) for strip in self._slices(number, row)]
        self.heights = [strip.height for strip in self._strips]
        in_strips = ([line for lines in strip.cells for line in lines] for strip in self._strips)
        self._notes, self.feet = notes, feet_of(in_strips, notes)
        heads = [strip for strip in self._strips if block.rows[strip.row].header]
        height = sum(strip.height for strip in heads)
        self._heads = heads if heads and heads == self._strips[: len(heads)] and height < BODY_HEIGHT / 3 else []
        self.repeat_height = height if self._heads else 0.0

    def _slices(self, number: int, row: Row) -> list[_Strip]:
        look = self.look
        broken = []
        for cell, width in zip(row.cells, self._widths, strict=True):
            align = Align.START if cell.align in (Align.AUTO, Align.JUSTIFY) else cell.align
            align = Align.CENTRE if row.header and cell.align is Align.AUTO else align
            broken.append(
                break_lines(cell.runs, size=look.size, width=width - 2 * PADDING, align=align, bold=row.header)
            )
        tallest = max(max(map(len, broken)), 1)
        step = int(BODY_HEIGHT / 3 / look.leading)
        return [
            _Strip(
                number,
                [lines[at : at + step] for lines in broken],
                min(step, tallest - at) * look.leading + 2 * PADDING,
                at == 0,
                at + step >= tallest,
            )
            for at in range(0, tallest, step)
        ]

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None:
        if start and self._heads:
            for strip in self._heads:
                self._paint_strip(sheet, strip, top, spoken=False)
                top -= strip.height
        for strip in self._strips[start:stop]:
            self._paint_strip(sheet, strip, top, spoken=True)
            top -= strip.height

    def _paint_strip(self, sheet: Sheet, strip: _Strip, top: float, *, spoken: bool) -> None:
        header = self._block.rows[strip.row].header
        tags: Sequence[Tag | None] = self._cell_tags(strip.row) if spoken else [None] * len(strip.cells)
        x = LEFT
        for lines, width, tag in zip(strip.cells, self._widths, tags, strict=True):
            sheet.box(x, top, width, strip.height, shaded=header)
            if lines:
                sheet.begin(tag)
                sheet.lines(lines, x + PADDING, top - PADDING, self.look.size, self.look.leading, notes=self._notes)
                sheet.end()
            x += width

    def _cell_tags(self, number: int) -> list[Tag]:
        if number not in self._rows:
            row = self._block.rows[number]
            line = self._tag.child("TR")
            attributes = "<</O/Table/Scope/Column>>" if row.header else ""
            self._rows[number] = [line.child("TH" if row.header else "TD", "", attributes) for _ in row.cells]
        return self._rows[number]


def _fitted(block: Block) -> tuple[Look, list[float]]:
    """The largest type in which no word is cut by its column, and the columns; the smallest where none is enough."""
    look = look_of(block)
    for size in SMALLER:
        fitting = replace(look, size=size, leading=look.leading * size / look.size)
        least = [width + 2 * PADDING + 1 for width in _longest_words(block, size)]
        widths = column_widths(block, size, least)
        if all(width >= needed for width, needed in zip(widths, least, strict=True)):
            break
    return fitting, widths


def _longest_words(block: Block, size: float) -> list[float]:
    """What the longest word of each column takes."""
    widest = [0.0] * len(block.rows[0].cells)
    for is_head in (True, False):
        rows = [row for row in block.rows if row.header is is_head]
        for position in range(len(widest) if rows else 0):
            texts = (run.text for row in rows for run in row.cells[position].runs)
            word = max((word for text in texts for word in text.split()), key=len, default="")
            widest[position] = max(widest[position], natural_width((Run(text=word),), size, is_head))
    return widest


def column_widths(block: Block, size: float, least: Sequence[float] = ()) -> list[float]:
    """Widths in points that fill the page: as asked for in per cent, else by what the columns hold, with what each
    needs at ``least`` where that leaves room."""
    if block.widths:
        total = sum(block.widths)
        return [BODY_WIDTH * share / total for share in block.widths]
    count = len(block.rows[0].cells)
    longest = [0.0] * count
    for row in block.rows:
        for position, cell in enumerate(row.cells):
            longest[position] = max(longest[position], natural_width(cell.runs, size, row.header))
    # A long column is broken anyway: beyond a third of the page it asks for no more than its root.
    third = BODY_WIDTH / 3
    wants = [min(want, third) + max(want - third, 0.0) ** 0.5 * 8 + 2 * PADDING + 4 for want in longest]
    widths = [BODY_WIDTH * want / sum(wants) for want in wants]
    spare = BODY_WIDTH - sum(least)
    if not least or spare < 0 or all(width >= needed for width, needed in zip(widths, least, strict=True)):
        return widths
    # What is left beside the longest words goes where the columns want it.
    return [needed + spare * want / sum(wants) for needed, want in zip(least, wants, strict=True)]
