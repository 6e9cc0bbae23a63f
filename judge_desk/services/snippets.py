"""Cuts the piece of a text that shows why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from judge_desk.i18n import stemming

BEFORE, LENGTH = 60, 220
_LOOKED_THROUGH = 4_000
_SPACES = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the text; ``spans`` are (start, end) of the found words in ``text``."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Marker:
    """Finds the words of one query in many texts. A pattern of the stems' beginnings finds the words that may fit, and
    only these are stemmed: to stem every word of fifty pages would take longer than the search itself."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._terms = stemming.query_terms(query)
        beginnings = {_beginning(stem) for term in self._terms for stem in term.stems}
        longest_first = "|".join(sorted(beginnings, key=len, reverse=True))
        self._candidates = re.compile(rf"(?<!\w)(?:{longest_first})\w*", re.IGNORECASE) if beginnings else None

    def snippet(self, text: str) -> Snippet:
        """The first piece with a word of the query in it, marked; the beginning of the text where none is found."""
        place = self._place(text)
        if place is None:
            return Snippet(_piece(text, 0))
        piece = _piece(text, place)
        return Snippet(piece, self._spans(piece) or tuple(stemming.highlight(piece, self._query)))

    def _place(self, text: str) -> int | None:
        """Where the first word stands. Words whose forms begin unlike (судья, судей) are looked for one by one."""
        first = next((found.start() for found in self._fitting(text)), None)
        if first is not None:
            return first
        return next((start for start, _ in stemming.highlight(text[:_LOOKED_THROUGH], self._query)), None)

    def _spans(self, piece: str) -> tuple[tuple[int, int], ...]:
        return tuple(found.span() for found in self._fitting(piece))

    def _fitting(self, text: str) -> Iterator[re.Match[str]]:
        if self._candidates is not None:
            for found in self._candidates.finditer(text):
                stems = tuple(stemming.stems(found.group()))
                if any(term.matches(stems) for term in self._terms):
                    yield found


def _beginning(stem: str) -> str:
    """A pattern for how a word of this stem begins: its last letter may change, и may stand for і and е for ё."""
    kept = stem if stem.isascii() else stem[: max(3, len(stem) - 1)]
    return re.escape(kept).replace("и", "[иі]").replace("е", "[её]")


def _piece(text: str, around: int) -> str:
    """Some 200 characters on one line, cut between words, with dots where something was left out."""
    start = max(0, around - BEFORE)
    if start:
        space = _SPACES.search(text, start, around)
        start = space.end() if space else start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = (
            max(text.rfind(" ", around, end), text.rfind("\n", around, end), around) if " " in text[around:end] else end
        )
    piece = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"
