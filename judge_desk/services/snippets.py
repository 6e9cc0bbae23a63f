"""Cuts the piece of a text that shows why it was found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from judge_desk.i18n import stemming

BEFORE, LENGTH = 60, 220
_TRIES = 4
_SPACES = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the text; ``spans`` are (start, end) of the found words in ``text``."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Marker:
    """Finds the words of one query in many texts. A pattern of the stems' beginnings finds the place; only the piece
    around it is looked at word by word, for that costs a thousand times as much."""

    def __init__(self, query: str) -> None:
        self._query = query
        terms = stemming.query_terms(query)
        beginnings = sorted({_beginning(stem) for term in terms for stem in term.stems}, key=len, reverse=True)
        self._places = re.compile(rf"(?<!\w)(?:{'|'.join(beginnings)})", re.IGNORECASE) if beginnings else None

    def snippet(self, text: str) -> Snippet:
        """The first piece with a word of the query in it, marked; the beginning of the text where none is found."""
        start = 0
        for _ in range(_TRIES):
            found = self._places.search(text, start) if self._places else None
            if found is None:
                break
            piece = _piece(text, found.start())
            spans = tuple(stemming.highlight(piece, self._query))
            if spans:
                return Snippet(piece, spans)
            start = found.end()
        piece = _piece(text, 0)
        return Snippet(piece, tuple(stemming.highlight(piece, self._query)))


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
