"""Pictures of pages, one at a time and those in sight first: scrolling past 1,000 pages renders none of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.reader.sources import PageSource
from judge_desk.desktop.tasks import Lane, TaskRunner

MOST_BYTES: Final = 160 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page at a scale (device pixels a point) and a turn in degrees."""

    page: int
    scale: float
    turn: int


class RenderQueue(QObject):
    """``want(urgent, later)`` replaces what is waited for. Thread: main; the work runs in the pool.

    Signals:
        ready: (Wanted) its picture can be had from ``picture``.
        failed: (page, Failure) it cannot be shown; it is not tried again until the source changes.
    """

    ready = Signal(object)
    failed = Signal(int, object)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._source: PageSource | None = None
        self._kept: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._newest: dict[int, Wanted] = {}
        self._waiting: list[Wanted] = []
        self._broken: set[int] = set()
        self._busy: Wanted | None = None
        self._generation = 0

    def set_source(self, source: PageSource | None) -> None:
        """Another document; what was kept of the old one is forgotten."""
        self._generation += 1
        self._source = source
        self._kept.clear()
        self._bytes = 0
        self._newest.clear()
        self._broken.clear()
        self._waiting = []
        self._busy = None

    def want(self, urgent: Sequence[Wanted], later: Sequence[Wanted] = ()) -> None:
        """What is needed now, in this order, and what may be useful afterwards."""
        self._waiting = [each for each in (*urgent, *later) if each not in self._kept and each.page not in self._broken]
        self._next()

    def picture(self, wanted: Wanted) -> QImage | None:
        """The picture, else the last one of this page at another scale (same turn), else None."""
        found = self._kept.get(wanted)
        if found is not None:
            self._kept.move_to_end(wanted)
            return found
        other = self._newest.get(wanted.page)
        return self._kept.get(other) if other is not None and other.turn == wanted.turn else None

    def has(self, wanted: Wanted) -> bool:
        """Whether this very picture is there."""
        return wanted in self._kept

    def is_broken(self, page: int) -> bool:
        return page in self._broken

    def _next(self) -> None:
        if self._busy is not None or not self._waiting or self._source is None:
            return
        wanted = self._busy = self._waiting.pop(0)
        source = self._source
        self._tasks.run(
            lambda: source.render(wanted.page, wanted.scale, wanted.turn),
            partial(self._receive, self._generation, wanted),
            partial(self._fail, self._generation, wanted),
            lane=Lane.POOL,
        )

    def _receive(self, generation: int, wanted: Wanted, image: QImage) -> None:
        if generation != self._generation:
            return
        self._busy = None
        self._kept[wanted] = image
        self._newest[wanted.page] = wanted
        self._bytes += image.sizeInBytes()
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()
        self.ready.emit(wanted)
        self._next()

    def _fail(self, generation: int, wanted: Wanted, failure: Failure) -> None:
        if generation != self._generation:
            return
        self._busy = None
        self._broken.add(wanted.page)
        self.failed.emit(wanted.page, failure)
        self._next()
