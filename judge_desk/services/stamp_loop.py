"""The thread that stamps signed acts once a time stamp server answers, so that nobody has to think of it."""

from __future__ import annotations

import threading

from judge_desk.domain.errors import KnownError
from judge_desk.runtime import logs
from judge_desk.services.signing import SigningService

LOOK_SECONDS = 300.0

log = logs.topic("store")


class StampLoop:
    """Looks at the queue now and then, and at once when ``wake`` says that there is a link."""

    def __init__(self, signing: SigningService, *, every_seconds: float = LOOK_SECONDS) -> None:
        self._signing = signing
        self._every = every_seconds
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stamps")

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be a link now; cheap, from any thread."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread after the stamp it is at."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                report = self._signing.stamp_waiting()
            except KnownError as problem:
                # What waits stays on the queue: the next look tries it again.
                log.warning("stamp_waiting failed: %s", problem)
                continue
            if report.stamped:
                log.info("stamped %d acts, %d wait", report.stamped, report.waiting)
