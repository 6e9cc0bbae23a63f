"""Rows of a long list: all ids at once, the rows themselves by pages of 200 when they come into sight.

100,000 ids load in some 50 ms; reading every row would take seconds and 100 MB.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from judge_desk.desktop.tasks import TaskRunner

PAGE_ROWS: Final = 200
PAGES_KEPT: Final = 50


def id_of(row: Any) -> Any:
    """The key of a row unless the page says otherwise."""
    return row.id


class PageCache(QObject):
    """Keys in order, and the rows read so far. With a TaskRunner pages are read off the main thread.

    Keys are ids or row numbers (a list, or an ``array('q')``). ``read(keys)`` answers their rows in any order; those
    that are gone may be missing. ``key_of(row)`` finds the key of a row again.

    Signals:
        arrived: (first, last) rows of these positions can be shown now.
    """

    arrived = Signal(int, int)

    def __init__(
        self,
        read: Callable[[Sequence[Any]], Sequence[Any]],
        tasks: TaskRunner | None = None,
        key_of: Callable[[Any], Any] = id_of,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read, self._tasks, self._key_of = read, tasks, key_of
        self._ids: Sequence[Any] = ()
        self._pages: OrderedDict[int, dict[Any, Any]] = OrderedDict()
        self._asked: set[int] = set()
        self._generation = 0

    @property
    def ids(self) -> Sequence[Any]:
        return self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def set_ids(self, ids: Sequence[Any]) -> None:
        """Another list; rows read for the old one are forgotten, answers still under way are dropped."""
        self._ids = ids
        self.forget()

    def forget(self) -> None:
        """Read the rows anew when they are next looked at."""
        self._generation += 1
        self._pages.clear()
        self._asked.clear()

    def row(self, position: int) -> Any | None:
        """The row at a position, or None while it is on its way (or gone)."""
        number = position // PAGE_ROWS
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            page = self._pages.get(number)
            if page is None:
                return None
        self._pages.move_to_end(number)
        return page.get(self._ids[position])

    def position_of(self, key: Any) -> int:
        """Where a key stands, or -1."""
        try:
            return self._ids.index(key)
        except (ValueError, TypeError):
            return -1

    def _ask(self, number: int) -> None:
        if number in self._asked:
            return
        wanted = list(self._ids[number * PAGE_ROWS : (number + 1) * PAGE_ROWS])
        if self._tasks is None:
            self._keep(number, self._read(wanted))
            return
        self._asked.add(number)
        generation = self._generation
        self._tasks.run(lambda: self._read(wanted), partial(self._receive, generation, number))

    def _receive(self, generation: int, number: int, rows: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self._asked.discard(number)
        self._keep(number, rows)
        first = number * PAGE_ROWS
        self.arrived.emit(first, min(first + PAGE_ROWS, len(self._ids)) - 1)

    def _keep(self, number: int, rows: Sequence[Any]) -> None:
        self._pages[number] = {self._key_of(row): row for row in rows}
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
