"""A desk that listens to the hub's pokes, for tests."""

from __future__ import annotations

import queue
import threading

import httpx2

from judge_desk.protocol import http
from tests.live_hub import TestDesk

SOON, QUIET = 10.0, 0.7


class Stream:
    """The events of one desk as they come; None at the end."""

    def __init__(self, desk: TestDesk) -> None:
        self.lines: queue.Queue[str | None] = queue.Queue()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(desk,))
        self._thread.start()
        assert self._open.wait(SOON)

    def _read(self, desk: TestDesk) -> None:
        try:
            with desk.http.stream("GET", http.EVENTS) as answer:
                assert answer.status_code == 200, answer.read()
                for line in answer.iter_lines():
                    self._open.set()
                    if line.startswith("data:"):
                        self.lines.put(line)
        except httpx2.HTTPError:
            pass
        self.lines.put(None)

    def poke(self) -> str | None:
        return self.lines.get(timeout=SOON)

    def is_quiet(self) -> bool:
        try:
            self.lines.get(timeout=QUIET)
        except queue.Empty:
            return True
        return False

    def join(self) -> None:
        self._thread.join(SOON)
