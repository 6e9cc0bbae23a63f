"""How long an 8-page ruling takes to become PDF/A-2a + PDF/UA-1, against reportlab with the same paragraphs, untagged.

    python -m tests.bench.pdf            both in this process, warm: each time another ruling, medians of 5 rounds
    python -m tests.bench.pdf --cold     a fresh process each time, imports included

reportlab's side draws less: no tags, no metadata, no archive profile. It has the same fonts, sizes, justified
paragraphs, table with a repeated heading row, and page x of y.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from judge_desk.domain.acts import ActText, Align, Block, BlockKind, Mark, Run, markers
from tests.unit.drafting.acts import META, long_act

ROUNDS = 5
RULINGS = 10
PARAGRAPHS = 56  # eight pages


def ours(act: ActText) -> bytes:
    from judge_desk.drafting.pdf import render_pdf

    return render_pdf(act, META)


def reportlab_alone(act: ActText) -> bytes:
    """The same act by reportlab's own means."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    from judge_desk.drafting import sheets

    _register()
    out = io.BytesIO()
    size = (sheets.PAGE_WIDTH, sheets.PAGE_HEIGHT)
    edges = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    frame = Frame(sheets.LEFT, sheets.BOTTOM, sheets.BODY_WIDTH, sheets.BODY_HEIGHT, **edges)
    document = BaseDocTemplate(out, pagesize=size, title=META.title, pageTemplates=[PageTemplate(frames=[frame])])
    document.build(_flowables(act), canvasmaker=_numbered())
    return out.getvalue()


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    from judge_desk.drafting.fonts import FILES
    from judge_desk.runtime import paths

    if "Tinos" in pdfmetrics.getRegisteredFontNames():
        return
    names = ("Tinos", "Tinos-B", "Tinos-I", "Tinos-BI")
    for name, file in zip(names, FILES, strict=True):
        pdfmetrics.registerFont(TTFont(name, str(paths.resource("fonts", "tinos", f"{file}.ttf"))))
    pdfmetrics.registerFontFamily("Tinos", normal="Tinos", bold="Tinos-B", italic="Tinos-I", boldItalic="Tinos-BI")


def _flowables(act: ActText) -> list[Any]:
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    from judge_desk.drafting.items import PADDING, column_widths, look_of

    numbers = markers(act)
    flowables: list[Any] = []
    for block in act.blocks():
        style = _style(block)
        if block.kind is BlockKind.TABLE:
            cells = [[Paragraph(_markup(cell.runs), style) for cell in row.cells] for row in block.rows]
            everywhere = ((0, 0), (-1, -1))
            paddings = [(f"{side}PADDING", *everywhere, PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
            grid = TableStyle([("GRID", *everywhere, 0.5, "grey"), ("FONTNAME", *everywhere, "Tinos"), *paddings])
            widths = column_widths(block, style.fontSize)
            flowables.append(LongTable(cells, colWidths=widths, repeatRows=1, style=grid))
        elif block.rows:
            flowables.append(Paragraph(block.text.replace("\t", " "), style))
        else:
            bullet = numbers.get(block.id)
            flowables.append(Paragraph(_markup(block.runs), style, bulletText=bullet))
        assert look_of(block).size == style.fontSize
    return flowables


def _style(block: Block) -> Any:
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle

    from judge_desk.drafting.items import look_of

    look = look_of(block)
    alignments = {Align.JUSTIFY: TA_JUSTIFY, Align.CENTRE: TA_CENTER}
    return ParagraphStyle(
        block.kind.value,
        fontName="Tinos-B" if look.bold else "Tinos",
        fontSize=look.size,
        leading=look.leading,
        spaceBefore=look.before,
        spaceAfter=look.after,
        firstLineIndent=look.indent,
        leftIndent=look.left,
        alignment=alignments.get(look.align, TA_LEFT),
        bulletFontName="Tinos",
        allowWidows=0,
        allowOrphans=0,
        keepWithNext=1 if block.kind is BlockKind.HEADING else 0,
    )


def _markup(runs: tuple[Run, ...]) -> str:
    out = ""
    for run in runs:
        text = run.text.replace("&", "&amp;").replace("<", "&lt;")
        for mark, tag in ((Mark.BOLD, "b"), (Mark.ITALIC, "i"), (Mark.UNDERLINE, "u")):
            text = f"<{tag}>{text}</{tag}>" if mark in run.marks else text
        out += text
    return out


def _numbered() -> type[Any]:
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        """Keeps the pages until their number is known."""

        def __init__(self, *positional: Any, **named: Any) -> None:
            super().__init__(*positional, **(named | {"initialFontName": "Tinos"}))
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._kept, 1):
                self.__dict__.update(state)
                self.setFont("Tinos", 9.5)
                self.drawCentredString(300, 30, f"{len(self._kept)} беттің {number}-беті")
                super().showPage()
            super().save()

    return Numbered


def _seconds(render: Callable[[ActText], bytes], acts: list[ActText]) -> float:
    start = time.perf_counter()
    for act in acts:
        render(act)
    return (time.perf_counter() - start) / len(acts)


def warm() -> tuple[float, float]:
    """Median seconds a ruling: ours, reportlab's; each round draws other rulings than the one before."""
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS + 1):
        acts = [long_act(paragraphs=PARAGRAPHS, seed=number * RULINGS + one) for one in range(RULINGS)]
        mine.append(_seconds(ours, acts))
        theirs.append(_seconds(reportlab_alone, acts))
    return median(mine[1:]), median(theirs[1:])


def cold() -> tuple[float, float]:
    """Median seconds of a fresh process that draws one ruling."""
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        for name, times in (("ours", mine), ("reportlab_alone", theirs)):
            code = f"from tests.bench import pdf; pdf.{name}(pdf.long_act(paragraphs={PARAGRAPHS}))"
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - start)
    return median(mine), median(theirs)


def main(arguments: list[str]) -> None:
    kind, measure = ("cold", cold) if "--cold" in arguments else ("warm", warm)
    mine, theirs = measure()
    row = f"8-page ruling to PDF/A-2a + UA-1, {kind}: {mine * 1000:.0f} ms, reportlab alone {theirs * 1000:.0f} ms"
    print(f"{row}, ratio {mine / theirs:.2f} (at most 1.4)")


if __name__ == "__main__":
    main(sys.argv[1:])
