"""One sheet of paper: places finished lines, rules and page marks, and notes what each marked stretch belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judge_desk.drafting.lines import RAISED_SIZE, Line, Stretch
from judge_desk.drafting.tags import Tag

if TYPE_CHECKING:
    from judge_desk.drafting.feet import Foot

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


@dataclass(frozen=True, slots=True)
class Link:
    """The place of a note's mark: a click there leads to the note. `box` in points."""

    foot: Foot
    box: tuple[float, float, float, float]


class Sheet:
    """Collects the operators of one page; y grows upwards, in points from the lower left corner."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.owners: list[Tag] = []
        self.fields: list[Field] = []
        self.links: list[Link] = []
        self._tag: Tag | None = None
        self._ops: list[str] = []
        self._font: tuple[int, float] = (-1, 0.0)

    @property
    def content(self) -> bytes:
        return "\n".join(self._ops).encode("latin-1")

    def begin(self, tag: Tag | None) -> None:
        """Open a marked stretch of an element; without one, an artifact that no reader speaks."""
        self._tag = tag
        if tag is None:
            self._ops.append("/Artifact BMC")
            return
        number = len(self.owners)
        self.owners.append(tag)
        tag.pieces.append((self.index, number))
        self._ops.append(f"/{tag.role} <</MCID {number}>> BDC")

    def end(self) -> None:
        self._ops.append("EMC")

    def lines(
        self,
        lines: Sequence[Line],
        x: float,
        top: float,
        size: float,
        leading: float,
        *,
        notes: dict[str, Foot] | None = None,
    ) -> None:
        """Draw lines downwards, the first one's box beginning at `top`; `notes` are those that marks may name."""
        self._ops.append("BT")
        y = top - leading + (leading - size) / 2 + size * 0.22
        rules: list[tuple[float, float, float]] = []
        for line in lines:
            left = x + line.shift
            if line.ops:
                self._stretch(line, left, y, size)
            if line.rest:
                self._rest(line, left, y, size, notes or {})
            if line.underlines:
                rules += [(left + start, y - size * 0.11, width) for start, width in line.underlines]
            y -= leading
        self._ops.append("ET")
        if rules:
            self._ops.extend(f"{left:.2f} {y:.2f} {width:.2f} {size * 0.05:.2f} re f" for left, y, width in rules)

    def _rest(self, line: Line, left: float, y: float, size: float, notes: dict[str, Foot]) -> None:
        """What stands on a line from the first mark of a note on."""
        for stretch in line.rest:
            if stretch.mark:
                self._mark(stretch, left, y, size, notes.get(stretch.mark))
            else:
                self._stretch(stretch, left + stretch.at, y, size)

    def _stretch(self, shown: Line | Stretch, left: float, y: float, size: float) -> None:
        if self._font != (shown.first, size):
            self._ops.append(f"/F{shown.first} {size:g} Tf")
        self._font = (shown.last, size)
        self._ops.append(f"1 0 0 1 {left:.2f} {y:.2f} Tm {shown.ops}")

    def _mark(self, mark: Stretch, left: float, y: float, size: float, foot: Foot | None) -> None:
        """A raised number; spoken as a reference to its note, and linked with it, but in a head that is repeated."""
        around = self._tag
        is_spoken = around is not None and foot is not None
        if is_spoken and foot is not None and around is not None:
            self._ops += ["ET", "EMC"]
            foot.refer_from(around)
            self.begin(foot.link)
            self._ops.append("BT")
            at = left + mark.at
            self.links.append(Link(foot, (at, y, at + mark.width, y + size)))
        self._stretch(mark, left + mark.at, y + size * 0.33, round(size * RAISED_SIZE, 2))
        if is_spoken:
            self._ops += ["ET", "EMC"]
            self.begin(around)
            self._ops.append("BT")

    def rule(self, top: float) -> None:
        """The short line between the text and its notes; never spoken."""
        self._ops.append(
            f"/Artifact BMC 0.5 w 0.3 G {LEFT:.2f} {top:.2f} m {LEFT + BODY_WIDTH / 3:.2f} {top:.2f} l S EMC"
        )

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
