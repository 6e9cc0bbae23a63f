"""The plots of a campaign's report as vectors: reviewers' severities with intervals, agreement on each criterion.

Everything drawn stands in the report's tables as well, so the page is decoration to a screen reader and marked so.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from judge_desk.domain.ratings import Analysis
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator
from judge_desk.runtime import paths

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP = 85.04, 42.52, 56.69
SIZE, ROW, HEAD = 9.0, 11.0, 14.0
FOOT = 34.7
MOST_ROWS = 40
"""So many reviewers can be told apart on one page; of more, evenly spaced ones are drawn."""
INK, SOFT, LINE = (0.12, 0.12, 0.14), (0.4, 0.42, 0.45), (0.12, 0.37, 0.55)
FONT = "JudgeDeskPlot"
REACH = 1.96


def with_plots(report: bytes, analysis: Analysis, names: dict[str, str], t: Translator) -> bytes:
    """The report with a page of plots at its end; the same facts give the same bytes."""
    with pikepdf.open(io.BytesIO(report)) as whole:
        page = _page(analysis, names, t, len(whole.pages) + 1)
        plots = pikepdf.open(io.BytesIO(page))
        whole.pages.append(plots.pages[0])
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _page(analysis: Analysis, names: dict[str, str], t: Translator, number: int) -> bytes:
    pdfmetrics.registerFont(TTFont(FONT, str(paths.resource("fonts", "tinos", "Tinos-Regular.ttf"))))
    out = io.BytesIO()
    canvas: Any = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, initialFontName=FONT)
    canvas._code.append("/Artifact BMC")
    top = _severities(canvas, analysis, t, HEIGHT - TOP)
    _agreement(canvas, analysis, names, t, top - 2 * HEAD)
    canvas.setFillColorRGB(*SOFT)
    canvas.setFont(FONT, SIZE)
    canvas.drawCentredString((LEFT + WIDTH - RIGHT) / 2, FOOT, t("drafting.page_of", page=number, total=number))
    canvas._code.append("EMC")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _severities(canvas: Any, analysis: Analysis, t: Translator, top: float) -> float:
    """A line for each reviewer without a name: the dot is the severity, the line its 95 %; returns where it ends."""
    known = sorted(
        (each.points, REACH * each.points_se)
        for each in analysis.raters
        if each.points is not None and each.points_se is not None
    )
    rows = _thinned(known)
    reach = max((abs(points) + half for points, half in rows), default=0.0) or 1.0
    _title(canvas, t("campaigns.report.severity"), top)
    middle, unit = (LEFT + WIDTH - RIGHT) / 2, (WIDTH - LEFT - RIGHT) / 2 / reach
    y = top - HEAD
    _axis(canvas, reach, (y, y - ROW * (len(rows) + 1)), t)
    canvas.setLineWidth(1.4)
    for points, half in rows:
        y -= ROW
        canvas.setStrokeColorRGB(*LINE)
        canvas.setFillColorRGB(*LINE)
        canvas.line(middle + (points - half) * unit, y, middle + (points + half) * unit, y)
        canvas.circle(middle + points * unit, y, 2.2, stroke=0, fill=1)
    below = y - 2.9 * ROW
    canvas.setFillColorRGB(*SOFT)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(LEFT, below, t("campaigns.report.severity.kind"))
    canvas.drawRightString(WIDTH - RIGHT, below, t("campaigns.report.severity.strict"))
    return below - ROW


def _agreement(canvas: Any, analysis: Analysis, names: dict[str, str], t: Translator, top: float) -> None:
    """A bar for each criterion from 0 to 1, its alpha beside it."""
    _title(canvas, t("campaigns.report.agreement.plot"), top)
    start, unit, y = LEFT + 170, WIDTH - RIGHT - LEFT - 210, top - HEAD
    for each in analysis.criteria:
        y -= 1.6 * ROW
        canvas.setFillColorRGB(*INK)
        canvas.setFont(FONT, SIZE)
        canvas.drawString(LEFT, y, names.get(each.criterion, each.criterion)[:40])
        value = max(each.alpha or 0.0, 0.0)
        canvas.setFillColorRGB(0.9, 0.91, 0.93)
        canvas.rect(start, y - 1, unit, SIZE, stroke=0, fill=1)
        canvas.setFillColorRGB(*LINE)
        canvas.rect(start, y - 1, unit * value, SIZE, stroke=0, fill=1)
        canvas.setFillColorRGB(*INK)
        canvas.drawRightString(WIDTH - RIGHT, y, _figure(each.alpha, t))
    canvas.setFillColorRGB(*SOFT)
    for tick in (0.0, 0.5, 1.0):
        canvas.drawCentredString(start + unit * tick, y - 1.6 * ROW, formats.number(tick, t.language, 1))


def _figure(value: float | None, t: Translator) -> str:
    return "—" if value is None else formats.number(value, t.language, 2)


def _title(canvas: Any, text: str, y: float) -> None:
    canvas.setFillColorRGB(*INK)
    canvas.setFont(FONT, 12)
    canvas.drawString(LEFT, y, text)


def _axis(canvas: Any, reach: float, ends: tuple[float, float], t: Translator) -> None:
    canvas.setStrokeColorRGB(*SOFT)
    canvas.setLineWidth(0.5)
    canvas.setFont(FONT, SIZE)
    canvas.setFillColorRGB(*SOFT)
    for value, x in ((-reach, LEFT), (0.0, (LEFT + WIDTH - RIGHT) / 2), (reach, WIDTH - RIGHT)):
        canvas.line(x, ends[0], x, ends[1])
        told = formats.number(value, t.language, 1)
        canvas.drawCentredString(x, ends[1] - SIZE, f"+{told}" if value > 0 else told)


def _thinned(rows: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(rows) <= MOST_ROWS:
        return rows
    return [rows[round(at * (len(rows) - 1) / (MOST_ROWS - 1))] for at in range(MOST_ROWS)]
