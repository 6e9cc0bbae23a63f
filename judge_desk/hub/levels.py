"""What desks said that they hold, by its name: a desk that comes again need not say all of it over a poor link.

A name is a hash of what it stands for, so whatever is found under it is right, whoever put it there and whatever has
happened since. What is not found (another process, a restart, no room) is asked for: one round trip more.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from judge_desk.hub.db.movements import Mark

MOST_BYTES = 48 << 20
"""A desk with 600 scopes takes 30 KB."""
MOST_MARKS = 20_000
Owner = tuple[str, str]
"""Court and person: the same words mean other rows for somebody else."""


class Levels:
    """The words that a level names (protocol.feed.level_of), those asked for longest ago dropped first; one for each
    process. Beside them, when each person's scopes were last found to be as a level says."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._guard = threading.Lock()
        self._bytes = 0
        self._said: OrderedDict[str, str] = OrderedDict()
        self._marks: OrderedDict[tuple[Owner, str], Mark] = OrderedDict()

    def note(self, level: str, held: str) -> None:
        """Keep what a desk holds; ids and roles are ASCII."""
        with self._guard:
            self._bytes += len(held) - len(self._said.pop(level, ""))
            self._said[level] = held
            while self._bytes > self._most:
                self._bytes -= len(self._said.popitem(last=False)[1])

    def find(self, level: str) -> str | None:
        with self._guard:
            found = self._said.get(level)
            if found is not None:
                self._said.move_to_end(level)
            return found

    def set_mark(self, owner: Owner, level: str, mark: Mark) -> None:
        with self._guard:
            self._marks[owner, level] = mark
            self._marks.move_to_end((owner, level))
            while len(self._marks) > MOST_MARKS:
                self._marks.popitem(last=False)

    def mark(self, owner: Owner, level: str) -> Mark | None:
        with self._guard:
            return self._marks.get((owner, level))
