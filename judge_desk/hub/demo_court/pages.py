"""Sets a paper on A4 pages as a PDF: fast, the same bytes every time, letters that copy out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from judge_desk.hub.demo_court.filings import Line, Paper
from judge_desk.runtime import paths

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PAGE = (595.28, 841.89)
LEFT, RIGHT, TOP, BOTTOM = 70.0, 545.0, 785.0, 62.0
SIZE, LEADING, INDENT = 12.0, 16.6, 28.0
FACES = {"text": "DemoTinos", "bold": "DemoTinos-Bold"}


@cache
def _widths(face: str) -> dict[int, float]:
    """Width of each letter at 1 point; registers the face, which is parsed once a process."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = {"text": "Tinos-Regular.ttf", "bold": "Tinos-Bold.ttf"}[face]
    font = TTFont(FACES[face], str(paths.resource("fonts", "tinos", name)))
    pdfmetrics.registerFont(font)
    return {letter: width / 1000 for letter, width in font.face.charWidths.items()}


@lru_cache(maxsize=50_000)
def _word_width(text: str, face: str) -> float:
    table = _widths(face)
    return sum(table.get(ord(letter), 0.5) for letter in text)


def width(text: str, face: str = "text", size: float = SIZE) -> float:
    """Points that a text takes."""
    return _word_width(text, face) * size


def wrap(text: str, first: float, rest: float, face: str = "text", size: float = SIZE) -> Iterator[tuple[str, float]]:
    """Lines that fit, with what each leaves over in points; the last line of a paragraph leaves -1."""
    space, room, used = width(" ", face, size), first, 0.0
    line: list[str] = []
    for word in text.split(" "):
        long = width(word, face, size)
        if line and used + space + long > room:
            yield " ".join(line), room - used
            line, used, room = [], 0.0, rest
        used += long + (space if line else 0)
        line.append(word)
    yield " ".join(line), -1.0


class _Sheet:
    """Where the pen stands, page after page."""

    def __init__(self, canvas: Canvas, footer: str) -> None:
        self._canvas = canvas
        self._footer = footer
        self.y = TOP
        self.pages = 1

    def down(self, points: float) -> None:
        """Move down; starts a new page when the next line would not fit."""
        self.y -= points
        if self.y < BOTTOM:
            self.turn()

    def turn(self) -> None:
        """Start a new page."""
        self.finish()
        self._canvas.showPage()
        self.pages += 1
        self.y = TOP

    def finish(self) -> None:
        self._canvas.setFont(FACES["text"], 8.5)
        self._canvas.drawString(LEFT, 36, self._footer)
        self._canvas.drawRightString(RIGHT, 36, str(self.pages))

    def write(self, x: float, text: str, face: str = "text", size: float = SIZE, spread: float = 0.0) -> None:
        pen = self._canvas.beginText(x, self.y)
        pen.setFont(FACES[face], size)
        # Spacing outlives its text object, so each line says its own.
        pen.setWordSpace(spread)
        pen.textOut(text)
        self._canvas.drawText(pen)

    def rule(self, x: float, end: float, y: float) -> None:
        self._canvas.line(x, y, end, y)


def make_pdf(paper: Paper, language: str, footer: str) -> tuple[bytes, int]:
    """The file and its number of pages."""
    from reportlab.pdfgen.canvas import Canvas

    for face in FACES:
        _widths(face)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, pageCompression=1, lang=language, initialFontName=FACES["text"])
    canvas.setTitle(paper.title)
    canvas.setAuthor(paper.filed_by)
    canvas.setLineWidth(0.4)
    sheet = _Sheet(canvas, footer)
    for line in paper.lines:
        _SETTERS[line.look](sheet, line)
    sheet.finish()
    canvas.showPage()
    _save_binary(canvas)
    return buffer.getvalue(), sheet.pages


def _save_binary(canvas: Canvas) -> None:
    """Write streams as bytes: a quarter smaller than reportlab's usual ASCII form, which it takes from a global."""
    from reportlab import rl_config

    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        canvas.save()
    finally:
        rl_config.useA85 = before


def _body(sheet: _Sheet, line: Line) -> None:
    if "|" in line.text:
        _spread(sheet, line)
        return
    x = LEFT + INDENT
    for text, over in wrap(line.text, RIGHT - LEFT - INDENT, RIGHT - LEFT):
        gaps = text.count(" ")
        sheet.write(x, text, spread=over / gaps if over > 0 and gaps else 0.0)
        sheet.down(LEADING)
        x = LEFT
    sheet.down(3)


def _spread(sheet: _Sheet, line: Line) -> None:
    """Two or three cells from margin to margin: place and date."""
    cells = line.text.split("|")
    sheet.write(LEFT, cells[0])
    sheet.write(RIGHT - width(cells[-1]), cells[-1])
    if len(cells) == 3:
        sheet.write((LEFT + RIGHT - width(cells[1])) / 2, cells[1])
    sheet.down(LEADING * 1.5)


def _heading(sheet: _Sheet, line: Line) -> None:
    sheet.down(8)
    if sheet.y < BOTTOM + 3 * LEADING:
        sheet.turn()
    for text, _ in wrap(line.text, RIGHT - LEFT - 60, RIGHT - LEFT - 60, "bold"):
        sheet.write((LEFT + RIGHT - width(text, "bold")) / 2, text, "bold")
        sheet.down(LEADING)
    sheet.down(4)


def _right(sheet: _Sheet, line: Line) -> None:
    for text, _ in wrap(line.text, 225, 225):
        sheet.write(RIGHT - 225, text)
        sheet.down(LEADING)


def _item(sheet: _Sheet, line: Line) -> None:
    numbered = line.text[:1].isdigit()
    if not numbered:
        sheet.write(LEFT + INDENT, "–")
    hang = LEFT + INDENT + 14
    for number, (text, _) in enumerate(wrap(line.text, RIGHT - hang, RIGHT - hang)):
        sheet.write(hang - (14 if numbered and not number else 0), text)
        sheet.down(LEADING)


def _sign(sheet: _Sheet, line: Line) -> None:
    sheet.down(LEADING)
    left, _, right = line.text.partition("|")
    sheet.write(LEFT, left)
    sheet.write(RIGHT - width(right), right)
    sheet.rule(LEFT + width(left) + 12, RIGHT - width(right) - 12, sheet.y - 2)
    sheet.down(LEADING)


def _table(sheet: _Sheet, line: Line) -> None:
    size, height = 10.0, 15.0
    needs = [max(width(row[column], "text", size) for row in line.rows) for column in range(len(line.rows[0]))]
    extra = (RIGHT - LEFT - sum(needs)) / len(needs)
    starts = [LEFT + sum(needs[:column]) + extra * column for column in range(len(needs))]
    sheet.down(4)
    for number, row in enumerate(line.rows):
        for x, cell, room in zip(starts, row, needs, strict=True):
            is_figure = number > 0 and cell[-1:].isdigit() and len(cell) < 16
            shift = room - width(cell, "text", size) if is_figure else 0.0
            sheet.write(x + shift, cell, "text" if number else "bold", size)
        sheet.rule(LEFT, RIGHT, sheet.y - 4)
        sheet.down(height)
    sheet.down(8)


def _break(sheet: _Sheet, _line: Line) -> None:
    if sheet.y < TOP:
        sheet.turn()


_SETTERS = {
    "break": _break,
    "body": _body,
    "heading": _heading,
    "right": _right,
    "item": _item,
    "sign": _sign,
    "table": _table,
}
