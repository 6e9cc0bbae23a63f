"""The picture of a signature: one small page of PDF with who signed and when, laid into the field when it is signed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from judge_desk.domain.acts import Align, Mark, Run
from judge_desk.drafting.check_mark import FIELD_HEIGHT, FIELD_WIDTH
from judge_desk.drafting.fonts import face
from judge_desk.drafting.lines import break_lines, letters_of
from judge_desk.drafting.pdf_file import PdfFile
from judge_desk.drafting.pdfa import add_fonts
from judge_desk.drafting.sheets import Sheet

SIZE, LEADING, PADDING = 8.0, 10.2, 6.0
MOST_LINES = 4


def render_stamp(lines: Sequence[str]) -> bytes:
    """The first line is bold; what does not fit is left out, and so is a letter that the font lacks."""
    runs = [
        (Run(text=_drawable(text, bold=not number), marks=() if number else (Mark.BOLD,)),)
        for number, text in enumerate(lines)
    ]
    sheet = Sheet(0)
    sheet.box(0.4, FIELD_HEIGHT - 0.4, FIELD_WIDTH - 0.8, FIELD_HEIGHT - 0.8, shaded=False)
    broken = [
        line for run in runs for line in break_lines(run, size=SIZE, width=FIELD_WIDTH - 2 * PADDING, align=Align.START)
    ]
    sheet.lines(broken[:MOST_LINES], PADDING, FIELD_HEIGHT - PADDING + 1, SIZE, LEADING)
    letters: dict[int, set[str]] = {}
    for run in runs:
        for number, used in letters_of(run).items():
            letters.setdefault(number, set()).update(used)
    return _page(sheet, letters)


def _drawable(text: str, *, bold: bool) -> str:
    known = face(1 if bold else 0).widths
    return "".join(letter for letter in text if ord(letter) in known)


def _page(sheet: Sheet, letters: dict[int, set[str]]) -> bytes:
    file = PdfFile()
    # In an appearance nothing is spoken, so no mark of an artifact is needed.
    content = sheet.content.replace(b"/Artifact BMC ", b"").replace(b" EMC", b"")
    stream = file.add_stream(zlib.compress(content))
    tree, page = file.take(), file.take()
    fonts = add_fonts(file, letters)
    file.add(
        f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {FIELD_WIDTH:g} {FIELD_HEIGHT:g}]/Contents {stream} 0 R"
        f"/Resources<</Font<<{fonts}>>>>>>",
        page,
    )
    file.add(f"<</Type/Pages/Count 1/Kids[{page} 0 R]>>", tree)
    return file.to_bytes(file.add(f"<</Type/Catalog/Pages {tree} 0 R>>"), file.add("<<>>"))
