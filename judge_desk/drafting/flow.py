"""Fills pages: headings stay with their text, no line stands alone, a signature never has a page to itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from judge_desk.drafting.feet import Foot, FootRoom
from judge_desk.drafting.sheets import BODY_HEIGHT, BOTTOM, PAGE_HEIGHT, TOP, Sheet

TOGETHER = 2  # so many lines of a paragraph stay together at either side of a page's end
MOST = BODY_HEIGHT * 0.6  # what must not be parted leaves no larger gap than this at a page's end


class Item(Protocol):
    """Something that is laid down strip by strip: a paragraph's lines, a table's rows."""

    heights: list[float]
    before: float
    after: float
    keeps_next: bool
    """The next item must begin on the page where this one ends."""
    whole: bool
    """Never split, unless it is taller than a page."""
    repeat_height: float
    """What a continuation repeats on top of the next page."""
    feet: dict[int, list[Foot]]
    """The notes whose marks stand in a strip, by its number."""

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None: ...


class Flow:
    """Lays items onto sheets, from top to bottom."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._y = 0.0
        self._fresh = True
        self._foot = FootRoom()
        self._turn()

    def run(self, items: Sequence[Item], together: Iterable[tuple[int, int]] = ()) -> list[Sheet]:
        """Lay all items; returns the sheets. ``together``: the first and the last number of items that share a page,
        where they take no more than ``MOST`` of it."""
        needs, runs = _needs(items), _runs(items, together)
        for number, (item, following) in enumerate(zip(items, [*needs[1:], 0.0], strict=True)):
            if not self._fresh and runs.get(number, 0.0) > self._y - BOTTOM - self._foot.height:
                self._turn()
            self._place(item, following if item.keeps_next else 0.0)
        while self._foot.hands_on:
            self._turn()
        self._foot.close(self.sheets[-1])
        return self.sheets

    def _turn(self) -> None:
        if self.sheets:
            self._foot.close(self.sheets[-1])
        self._foot.open()
        self.sheets.append(Sheet(len(self.sheets)))
        self._y = PAGE_HEIGHT - TOP
        self._fresh = True

    def _place(self, item: Item, following: float) -> None:
        start, count = 0, len(item.heights)
        if not self._fresh:
            self._y -= item.before
        while start < count:
            repeat = item.repeat_height if start else 0.0
            stop = self._stop(item, start, following, repeat)
            if stop <= start:
                self._turn()
                continue
            item.paint(self.sheets[-1], start, stop, self._y)
            self._y -= repeat + sum(item.heights[start:stop])
            self._fresh = False
            if item.feet:
                feet = _feet(item, start, stop)
                self._foot.take(feet, self._y - BOTTOM - self._foot.height)
            start = stop
            if start < count:
                self._turn()
        self._y -= item.after

    def _stop(self, item: Item, start: int, following: float, repeat: float) -> int:
        """How far the item may go on this sheet; `start` itself means: not at all."""
        room, count, stop = self._y - BOTTOM - repeat - self._foot.height, len(item.heights), start
        used = 0.0
        needed = self._needed if item.feet else _nothing
        while stop < count and used + item.heights[stop] + needed(item, start, stop + 1) <= room + 0.01:
            used += item.heights[stop]
            stop += 1
        used += needed(item, start, stop)
        least = start + 1 if self._fresh else start
        if stop < count and item.whole:
            return max(stop, least) if self._fresh else start
        if stop == count and following and used + item.after + following > room:
            stop = start if item.whole else count - TOGETHER
        elif stop < count and count - stop < TOGETHER:
            stop = count - TOGETHER
        if stop - start < TOGETHER and stop < count and start == 0:
            stop = start
        return max(stop, least)

    def _needed(self, item: Item, start: int, stop: int) -> float:
        """What notes of these strips take at the foot of the page."""
        return self._foot.needed(_feet(item, start, stop))


def _nothing(_item: Item, _start: int, _stop: int) -> float:
    return 0.0


def _feet(item: Item, start: int, stop: int) -> list[Foot]:
    return [foot for strip in range(start, stop) for foot in item.feet.get(strip, ())]


def _needs(items: Sequence[Item]) -> list[float]:
    """For each item, the height it needs on the page where it begins, with what it must not be parted from."""
    needs = [0.0] * len(items)
    following = 0.0
    for position in range(len(items) - 1, -1, -1):
        item = items[position]
        # Too few strips to leave enough of them on either side of a page's end are never parted.
        is_one = item.whole or len(item.heights) < 2 * TOGETHER
        begins = len(item.heights) if is_one else TOGETHER
        own = sum(item.heights[:begins])
        if item.feet:
            own += sum(foot.least for foot in _feet(item, 0, begins))
        if item.keeps_next and is_one:
            own += item.after + following
        needs[position] = following = min(item.before + own, MOST)
    return needs


def _runs(items: Sequence[Item], together: Iterable[tuple[int, int]]) -> dict[int, float]:
    """The height of the tallest run that begins with an item, by the item's number."""
    runs: dict[int, float] = {}
    for first, last in together:
        height = sum(each.before + sum(each.heights) + each.after for each in items[first : last + 1])
        if height <= MOST:
            runs[first] = max(height, runs.get(first, 0.0))
    return runs
