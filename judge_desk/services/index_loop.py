"""The thread that makes what arrived findable, behind the window and in small bites, so that a save never waits for
it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import KnownError
from judge_desk.runtime import logs
from judge_desk.services.search import SearchService

BITE_SECONDS = 0.15
REST_SECONDS = 0.05
LOOK_SECONDS = 5.0

log = logs.topic("store")


class IndexLoop:
    """Takes waiting records into the search index until none is left; ``wake`` says that there may be more."""

    def __init__(
        self, search: SearchService, close_reader: Callable[[], None], *, first_after_seconds: float = 0.0
    ) -> None:
        self._search = search
        self._close_reader = close_reader
        self._first_after_seconds = first_after_seconds
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="index")

    def start(self) -> None:
        self._thread.start()

    def wake(self, changes: Changes) -> None:
        """Hear of changes (of the sync, say); cheap, from any thread."""
        if changes:
            self._wake.set()

    def stop(self) -> None:
        """End the thread after the bite it is at, and the process that reads PDFs."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._close_reader()

    def _run(self) -> None:
        self._wake.wait(self._first_after_seconds)
        while True:
            # Before the look at what waits: a word that comes during it is not lost, nor is that of the end.
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                left = self._search.index_step(BITE_SECONDS)
            except KnownError as problem:
                # The records stay on the queue: the next look tries them again.
                log.warning("index_step failed: %s", problem)
                left = 0
            # The rest lets a save in between two bites: there is one writer.
            self._wake.wait(LOOK_SECONDS) if not left else self._stop.wait(REST_SECONDS)
