"""One sheet of paper: places finished lines, rules and page marks, and notes what each marked stretch belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judge_desk.drafting.lines import Line
from judge_desk.drafting.tags import Tag

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 85.04, 42.52, 56.69, 62.36  # 30, 15, 20 and 22 mm: the court's binding edge is on the left
BODY_WIDTH = PAGE_WIDTH - LEFT - RIGHT
BODY_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a signature: its element, its name, what a screen reader says, and its box in points."""

    tag: Tag
    name: str
    tip: str
    box: tuple[float, float, float, float]


class Sheet:
    """Collects the operators of one page; y grows upwards, in points from the lower left corner."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.owners: list[Tag] = []
        self.fields: list[Field] = []
        self._ops: list[str] = []
        self._font: tuple[int, float] = (-1, 0.0)

    @property
    def content(self) -> bytes:
        return "\n".join(self._ops).encode("latin-1")

    def begin(self, tag: Tag | None) -> None:
        """Open a marked stretch of an element; without one, an artifact that no reader speaks."""
        if tag is None:
            self._ops.append("/Artifact BMC")
            return
        number = len(self.owners)
        self.owners.append(tag)
        tag.pieces.append((self.index, number))
        self._ops.append(f"/{tag.role} <</MCID {number}>> BDC")

    def end(self) -> None:
        self._ops.append("EMC")

    def lines(self, lines: Sequence[Line], x: float, top: float, size: float, leading: float) -> None:
        """Draw lines downwards, the first one's box beginning at `top`."""
        out = ["BT"]
        y = top - leading + (leading - size) / 2 + size * 0.22
        rules: list[tuple[float, float, float]] = []
        for line in lines:
            if self._font != (line.first, size):
                out.append(f"/F{line.first} {size:g} Tf")
            self._font = (line.last, size)
            out.append(f"1 0 0 1 {x + line.shift:.2f} {y:.2f} Tm {line.ops}")
            rules.extend((x + line.shift + start, y - size * 0.11, width) for start, width in line.underlines)
            y -= leading
        out.append("ET")
        out.extend(f"{left:.2f} {y:.2f} {width:.2f} {size * 0.05:.2f} re f" for left, y, width in rules)
        self._ops.extend(out)

    def box(self, x: float, top: float, width: float, height: float, *, shaded: bool) -> None:
        """A table cell's frame, with a light ground for a heading; never spoken."""
        frame = f"{x:.2f} {top - height:.2f} {width:.2f} {height:.2f} re"
        ground = f"0.93 g {frame} f 0 g " if shaded else ""
        self._ops.append(f"/Artifact BMC {ground}0.5 w 0.45 G {frame} S EMC")

    def bar(self, x: float, top: float, height: float) -> None:
        """The thin bar beside a quotation; never spoken."""
        self._ops.append(f"/Artifact BMC 0.6 g {x:.2f} {top - height:.2f} 1.2 {height:.2f} re f 0 g EMC")

    def squares(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        """Black rectangles as (left, bottom, width, height); the caller says what they belong to."""
        self._ops.append("0 g " + " ".join(f"{x:.3f} {y:.3f} {w:.3f} {h:.3f} re" for x, y, w, h in boxes) + " f")

    def field(self, tag: Tag, name: str, tip: str, box: tuple[float, float, float, float]) -> None:
        """Keep a place for a signature; nothing is drawn in it before somebody signs."""
        self.fields.append(Field(tag, name, tip, box))

    def page_mark(self, place: str, lines: Sequence[Line], x: float, top: float, size: float) -> None:
        """A running line in the margin; `place` is Header or Footer."""
        self._ops.append(f"/Artifact <</Type/Pagination/Subtype/{place}>> BDC 0.35 g")
        self.lines(lines, x, top, size, size * 1.3)
        self._ops.append("0 g EMC")
