"""Marking text on a page with the mouse: from two letters to the text between them and its rectangles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from judge_desk.desktop.reader.roll import Share
from judge_desk.services.pdf_worker import PageLetters

_CUT: Final = re.compile("[\u00ad\ufffe\u0002](?:\r?\n)?")


@dataclass(frozen=True, slots=True)
class Selection:
    """Letters ``first`` to ``last`` (both included) of one page."""

    page: int
    first: int
    last: int


def letter_at(letters: PageLetters, x: float, y: float) -> int:
    """The letter nearest to a point given as shares of the page; -1 for a page without text.

    A letter of the same line wins over a nearer one of another line.
    """
    best, best_distance = -1, float("inf")
    boxes = letters.boxes
    for number in range(len(letters.text)):
        left, top, right, bottom = boxes[4 * number : 4 * number + 4]
        if right <= left or bottom <= top:
            continue
        down = max(top - y, y - bottom, 0.0)
        across = max(left - x, x - right, 0.0)
        distance = across + 20 * down
        if distance < best_distance:
            best, best_distance = number, distance
    return best


def word_around(letters: PageLetters, number: int) -> tuple[int, int]:
    """First and last letter of the word at a letter."""
    first = last = number
    while first > 0 and letters.text[first - 1].isalnum():
        first -= 1
    while last + 1 < len(letters.text) and letters.text[last + 1].isalnum():
        last += 1
    return first, last


def text_of(letters: PageLetters, selection: Selection) -> str:
    """The marked text, words cut at line ends joined."""
    return _CUT.sub("", letters.text[selection.first : selection.last + 1]).replace("\r\n", "\n").strip()


def rects_of(letters: PageLetters, selection: Selection) -> list[Share]:
    """One rectangle a line of the marked text."""
    rects: list[Share] = []
    for number in range(selection.first, selection.last + 1):
        left, top, right, bottom = letters.boxes[4 * number : 4 * number + 4]
        if right <= left or bottom <= top:
            continue
        if rects and _same_line(rects[-1], top, bottom):
            before = rects[-1]
            rects[-1] = (min(before[0], left), min(before[1], top), max(before[2], right), max(before[3], bottom))
        else:
            rects.append((left, top, right, bottom))
    return rects


def _same_line(rect: Share, top: float, bottom: float) -> bool:
    return min(rect[3], bottom) - max(rect[1], top) > 0.3 * min(rect[3] - rect[1], bottom - top)
