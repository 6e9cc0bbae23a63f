"""Where a query stands in a text that is being read: as written, or its words in any of their forms."""

from __future__ import annotations

import itertools
import re
from typing import Final

from judge_desk.i18n import stemming

_BETWEEN_WORDS: Final = re.compile(r"[\W_]*")


def find_spans(text: str, query: str) -> list[tuple[int, int]]:
    """Where a query stands in a text: as written, or its words in this order in any of their forms."""
    parts = [part for part in query.split() if stemming.query_terms(part)]
    words = stemming.highlight(text, query)
    spans = words if len(parts) < 2 else _runs(text, words, parts)
    return _merged(sorted([*spans, *_literal(text, query)]))


def _runs(text: str, words: list[tuple[int, int]], parts: list[str]) -> list[tuple[int, int]]:
    found = []
    for first in range(len(words) - len(parts) + 1):
        run = words[first : first + len(parts)]
        if _is_unbroken(text, run) and _is_in_order(text, run, parts):
            found.append((run[0][0], run[-1][1]))
    return found


def _is_unbroken(text: str, run: list[tuple[int, int]]) -> bool:
    return all(_BETWEEN_WORDS.fullmatch(text, one[1], two[0]) for one, two in itertools.pairwise(run))


def _is_in_order(text: str, run: list[tuple[int, int]], parts: list[str]) -> bool:
    """The last word may be unfinished, as while typing."""
    last = len(parts) - 1
    return all(
        stemming.highlight(text[start:end], part, typing=number == last)
        for number, ((start, end), part) in enumerate(zip(run, parts, strict=True))
    )


def _literal(text: str, query: str) -> list[tuple[int, int]]:
    parts = [re.escape(part) for part in query.split()]
    if not parts:
        return []
    return [found.span() for found in re.finditer(r"\s+".join(parts), text, re.IGNORECASE)]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
