"""Pictures for the case file: a photographed sheet or a payment slip, as people send them in."""

from __future__ import annotations

import io
import random

from judge_desk.hub.demo_court.filings import Paper
from judge_desk.hub.demo_court.pages import wrap
from judge_desk.runtime import paths

_SIZE = (720, 1000)


def make_scan(paper: Paper, chance: random.Random, form: str) -> bytes:
    """A grey sheet, a little turned, as JPEG or PNG (``form``): about 60 to 110 KB."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("L", _SIZE, 246)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(paths.resource("fonts", "tinos", "Tinos-Regular.ttf")), 19)
    y = 60
    for line in paper.lines:
        for text, _ in wrap(line.text.replace("|", "    "), 590, 590, size=19) if line.text else ():
            if y < _SIZE[1] - 60:
                pen.text((66, y), text, fill=46, font=font)
                y += 26
        y += 6
    pen.ellipse((470, 820, 610, 960), outline=110, width=3)
    turned = sheet.rotate(chance.uniform(-1.6, 1.6), resample=Image.Resampling.BILINEAR, fillcolor=196)
    buffer = io.BytesIO()
    if form == "jpeg":
        turned.save(buffer, "JPEG", quality=62)
    else:
        turned.quantize(16).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
