"""Finding words in everything this desk holds, in Kazakh and Russian and by any of their forms."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from judge_desk.services.context import DeskContext


class HitKind(StrEnum):
    CASE = "case"
    DOCUMENT = "document"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the text; ``spans`` are (start, end) of the found words in ``text``."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """``page`` counts from 1; 0 where there are no pages. ``title_spans`` mark found words in the title."""

    kind: HitKind
    id: str
    title: str
    case_id: str
    case_number: str
    page: int
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits first; ``total`` counts all of them, ``seconds`` is what it took."""

    hits: tuple[SearchHit, ...]
    total: int
    seconds: float


class SearchService:
    """``extract`` turns a PDF's bytes into its pages' texts (the reader's worker process); without it only titles and
    plain texts are indexed."""

    def __init__(self, context: DeskContext, extract: Callable[[bytes], list[str]] | None = None) -> None:
        self._context = context

    def search(self, query: str, limit: int = 50, kinds: Collection[HitKind] = ()) -> SearchResult:
        """All words of the query must occur, in any form; a quoted part as written; a case number by its beginning.

        An empty query finds nothing.
        """
        raise NotImplementedError

    def index_step(self, budget_seconds: float = 0.2) -> int:
        """Take waiting records into the index for about so long; returns how many still wait. One caller at a time."""
        raise NotImplementedError

    def waiting(self) -> int:
        """How many records are not in the index yet."""
        raise NotImplementedError
