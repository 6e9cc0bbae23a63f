"""The long roll of pages: where each page stands at a zoom and a rotation. Pure geometry, in pixels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Share = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the roll."""

    x: float
    y: float
    width: float
    height: float


class Roll:
    """Pages one under the other, in the middle of ``width``; ``scale`` in pixels a point, ``turn`` in degrees."""

    def __init__(
        self,
        sizes: Sequence[tuple[float, float]],
        scale: float,
        turn: int,
        *,
        width: float = 0,
        gap: float = 0,
        margin: float = 0,
    ) -> None:
        sides = turn % 180 != 0
        self.scale, self.turn = scale, turn
        self._pages = [((h if sides else w) * scale, (w if sides else h) * scale) for w, h in sizes]
        self.width = max([width, *(w + 2 * margin for w, _ in self._pages)])
        self._tops: list[float] = []
        top = margin
        for _, height in self._pages:
            self._tops.append(top)
            top += height + gap
        self.height = top - gap + margin if self._pages else 0.0

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, number: int) -> Box:
        """Where a page stands."""
        width, height = self._pages[number]
        return Box((self.width - width) / 2, self._tops[number], width, height)

    def page_at(self, y: float) -> int:
        """The page at a height of the roll; the gap below a page belongs to it."""
        return max(0, min(bisect_right(self._tops, y) - 1, len(self._pages) - 1))

    def pages_between(self, top: float, bottom: float) -> range:
        """The pages that can be seen between two heights."""
        return range(self.page_at(top), self.page_at(bottom) + 1) if self._pages else range(0)

    def place(self, number: int, share: Share) -> Box:
        """A part of a page, given as shares of the page unturned, as pixels of the roll."""
        page = self.page(number)
        left, top, right, bottom = turned(share, self.turn)
        return Box(
            page.x + left * page.width,
            page.y + top * page.height,
            (right - left) * page.width,
            (bottom - top) * page.height,
        )

    def share_at(self, number: int, x: float, y: float) -> tuple[float, float]:
        """A point of the roll as shares of the page unturned."""
        page = self.page(number)
        across, down = (x - page.x) / page.width, (y - page.y) / page.height
        left, top, _, _ = turned((across, down, across, down), -self.turn)
        return left, top


def turned(share: Share, turn: int) -> Share:
    """Shares of a page after it was turned clockwise by a multiple of 90 degrees."""
    left, top, right, bottom = share
    for _ in range(turn // 90 % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom


def fit_scale(
    sizes: Sequence[tuple[float, float]], turn: int, width: float, height: float | None, margin: float
) -> float:
    """Pixels a point with which the widest page fits the width (and, with ``height``, the highest the height)."""
    sides = turn % 180 != 0
    widest = max((h if sides else w) for w, h in sizes)
    highest = max((w if sides else h) for w, h in sizes)
    scale = (width - 2 * margin) / max(widest, 1)
    return min(scale, (height - 2 * margin) / max(highest, 1)) if height is not None else scale
