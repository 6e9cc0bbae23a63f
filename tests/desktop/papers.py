"""Documents for tests of the reader, made when asked for."""

from __future__ import annotations

import io
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from judge_desk.runtime.paths import resource


def a_pdf(pages: int = 3, line: Callable[[int], str] = lambda page: f"Page {page} text of the contract") -> bytes:
    """A PDF whose pages (from 1) each say one line, in letters that can write Kazakh."""
    if "Tinos" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Tinos", str(resource("fonts", "tinos", "Tinos-Regular.ttf"))))
    stream = io.BytesIO()
    paper = canvas.Canvas(stream, pagesize=(595, 842))
    for page in range(1, pages + 1):
        paper.setFont("Tinos", 14)
        for number, text in enumerate(line(page).split("\n")):
            paper.drawString(72, 770 - 20 * number, text)
        paper.showPage()
    paper.save()
    return stream.getvalue()


def a_picture(width: int = 200, height: int = 100, kind: str = "PNG") -> bytes:
    """A grey picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, kind.encode()).write(image)
    return bytes(buffer.data().data())
