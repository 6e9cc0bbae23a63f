"""Finds words page by page from where one reads, so that the first hit shows before the last page was looked at."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.reader.sources import PageSource
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.services.pdf_worker import Hit

PAGES_A_STEP: Final = 25
MOST_HITS: Final = 5_000


class Finder(QObject):
    """One query over one document at a time; hits are kept in the order of the pages.

    Signals:
        moved: hits came, another one is current, or the end was reached: ask ``hits``, ``position``, ``is_busy``.
        arrived: (Hit) go there.
    """

    moved = Signal()
    arrived = Signal(object)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._source: PageSource | None = None
        self._steps: list[int] = []
        self._generation = 0
        self.query = ""
        self.hits: list[Hit] = []
        self.current: Hit | None = None

    @property
    def is_busy(self) -> bool:
        return bool(self._steps)

    @property
    def position(self) -> int:
        """Number of the current hit from 1, or 0."""
        if self.current is None:
            return 0
        return next((number for number, hit in enumerate(self.hits, 1) if hit is self.current), 0)

    def start(self, source: PageSource, query: str, page: int) -> None:
        """Look for a query, beginning at ``page`` (from 0)."""
        self.stop()
        self._source, self.query = source, query
        if not query:
            self.moved.emit()
            return
        first = page - page % PAGES_A_STEP
        count = len(source.sizes)
        self._steps = [*range(first, count, PAGES_A_STEP), *range(0, first, PAGES_A_STEP)]
        self._from = page
        self._step()

    def stop(self) -> None:
        """Forget query and hits."""
        self._generation += 1
        self._steps = []
        self.hits = []
        self.current = None
        self.query = ""

    def go(self, by: int) -> None:
        """The next (1) or previous (-1) hit; after the last comes the first."""
        if self.hits:
            place = (self.position - 1 + by) % len(self.hits) if self.current is not None else 0
            self._arrive(self.hits[place])

    def _step(self) -> None:
        source, query, first = self._source, self.query, self._steps[0]
        assert source is not None
        self._tasks.run(
            lambda: source.find(query, first, PAGES_A_STEP),
            partial(self._receive, self._generation),
            partial(self._fail, self._generation),
            lane=Lane.POOL,
        )

    def _receive(self, generation: int, hits: list[Hit]) -> None:
        if generation != self._generation:
            return
        self._steps.pop(0)
        self.hits = sorted([*self.hits, *hits], key=lambda hit: (hit.page, hit.rects[0][1], hit.rects[0][0]))
        if len(self.hits) > MOST_HITS:
            self._steps = []
        if self.current is None and self.hits:
            later = [hit for hit in self.hits if hit.page >= self._from]
            if later or not self._steps:
                self._arrive((later or self.hits)[0])
        self.moved.emit()
        if self._steps:
            self._step()

    def _fail(self, generation: int, _failure: Failure) -> None:
        """A page that cannot be searched is skipped: the reader says at the page itself that it is broken."""
        self._receive(generation, [])

    def _arrive(self, hit: Hit) -> None:
        self.current = hit
        self.arrived.emit(hit)
        self.moved.emit()
