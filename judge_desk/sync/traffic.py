"""Counts what went over the link, for the page that says how much a cycle took."""

from __future__ import annotations

import threading


class Traffic:
    """Bytes and round trips since the engine last asked, whichever threads they went through."""

    def __init__(self) -> None:
        self._bytes_in = self._bytes_out = self._round_trips = 0
        self._guard = threading.Lock()

    def came(self, size: int) -> None:
        with self._guard:
            self._bytes_in += size

    def went(self, size: int) -> None:
        """One round trip with a body of so many bytes."""
        with self._guard:
            self._bytes_out += size
            self._round_trips += 1

    def take(self) -> tuple[int, int, int]:
        with self._guard:
            taken = (self._bytes_in, self._bytes_out, self._round_trips)
            self._bytes_in = self._bytes_out = self._round_trips = 0
        return taken
