"""Reads a PDF as a screen reader would: by its structure, and as a second opinion by another program's eyes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from judge_desk.drafting.fonts import face
from judge_desk.drafting.lines import SPACE

Element = tuple[str, str]


def elements(data: bytes) -> list[Element]:
    """(role, text) of every element that holds text itself, in reading order; a table's row gives its cells."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        texts = {page.obj.objgen: _marked_texts(page) for page in pdf.pages}
        return list(_walk(pdf.Root.StructTreeRoot.K, texts))


def _walk(element: Any, texts: dict[tuple[int, int], dict[int, str]]) -> Iterator[Element]:
    own = ""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            own += texts[element.Pg.objgen].get(kid, "")
        elif kid.get("/Type") == "/MCR":
            own += texts[kid.Pg.objgen].get(int(kid.MCID), "")
        elif kid.get("/Type") != "/OBJR":
            yield from _walk(kid, texts)
    if own:
        yield str(element.S).removeprefix("/"), own


def operations(page: pikepdf.Page) -> Iterator[tuple[Any, str]]:
    """Every drawing instruction of a page: operands and the operator's name."""
    for instruction in pikepdf.parse_content_stream(page):
        yield instruction.operands, str(instruction.operator)


def _marked_texts(page: pikepdf.Page) -> dict[int, str]:
    texts: dict[int, str] = {}
    open_marks: list[int] = []
    for operands, name in operations(page):
        if name in ("BDC", "BMC"):
            open_marks.append(int(operands[1]["/MCID"]) if len(operands) > 1 and "/MCID" in operands[1] else -1)
        elif name == "EMC":
            open_marks.pop()
        elif name == "TJ":
            shown = b"".join(bytes(piece) for piece in operands[0] if isinstance(piece, pikepdf.String))
            texts[open_marks[-1]] = texts.get(open_marks[-1], "") + shown.decode("utf-16-be")
    return texts


def drawn_lines(data: bytes) -> list[tuple[float, float, float, str]]:
    """Every line that a page draws: left end, right end without its last space, height above the foot, text."""
    lines: list[tuple[float, float, float, str]] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            number, size = 0, 0.0
            for operands, name in operations(page):
                if name == "Tf":
                    number, size = int(str(operands[0])[2:]), float(operands[1])
                elif name == "Tm":
                    lines.append((float(operands[4]), float(operands[4]), float(operands[5]), ""))
                elif name == "TJ":
                    left, right, foot, text = lines[-1]
                    words, width = _shown(operands[0], number)
                    lines[-1] = (left, right + width * size / 1000, foot, text + words)
    return lines


def _shown(pieces: Any, number: int) -> tuple[str, float]:
    """Text and width, in thousandths of the type size, of what one instruction shows."""
    text, width, after = "", 0.0, 0.0
    for piece in pieces:
        if not isinstance(piece, pikepdf.String):
            after -= float(piece)
            continue
        shown = bytes(piece).decode("utf-16-be")
        if shown:
            width += after + sum(face(number).widths[ord(letter)] for letter in shown)
            text, after = text + shown, 0.0
    return text, width - (SPACE if text.endswith(" ") else 0)


def page_texts(data: bytes) -> list[str]:
    """The text of each page as PDFium copies it, running heads and page numbers with it."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """The text without any white space, for readers that guess where lines and words end."""
    return "".join(text.split())
