"""A cap on what files take of the link: a token bucket for each direction. Rows are counted too, but never wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from judge_desk.runtime.clock import Clock

PIECE_BYTES = 16 << 10
"""What goes at once under a cap: a quarter of a second at 512 kbit/s."""
BURST_SECONDS = 0.5
"""Room that an idle link saves up."""


class Bucket:
    """Bytes of one direction. ``rate`` gives bytes a second (0: no cap), asked each time: a setting holds at once."""

    def __init__(self, clock: Clock, rate: Callable[[], int], rest: Callable[[float], object] | None = None) -> None:
        self._clock, self._rate = clock, rate
        self._stopped = threading.Event()
        self._rest = rest or self._stopped.wait
        self._level = 0.0
        self._at = clock.monotonic()
        self._guard = threading.Lock()

    @property
    def is_capped(self) -> bool:
        return self._rate() > 0

    def count(self, size: int) -> float:
        """Take bytes without waiting; gives the seconds that a file should now wait."""
        rate = self._rate()
        with self._guard:
            now = self._clock.monotonic()
            filled = self._level + (now - self._at) * rate
            self._level, self._at = min(filled, BURST_SECONDS * rate) - size, now
            return max(0.0, -self._level / rate) if rate else 0.0

    def take(self, size: int) -> None:
        """Take bytes of a file, and wait until the link has earned them."""
        wait = self.count(size)
        if wait and not self._stopped.is_set():
            self._rest(wait)

    def pieces(self, content: bytes) -> Iterator[bytes]:
        """The bytes in pieces, no faster than the cap allows."""
        step = PIECE_BYTES if self.is_capped else max(len(content), 1)
        for start in range(0, len(content), step):
            piece = content[start : start + step]
            self.take(len(piece))
            yield piece

    def stop(self) -> None:
        """Nobody waits any more: the program ends."""
        self._stopped.set()


class Bandwidth:
    """Both directions. ``down`` and ``up`` give the cap in bytes a second; 0: none."""

    def __init__(self, clock: Clock, down: Callable[[], int], up: Callable[[], int]) -> None:
        self.down, self.up = Bucket(clock, down), Bucket(clock, up)

    def stop(self) -> None:
        self.down.stop()
        self.up.stop()
