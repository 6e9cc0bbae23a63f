"""Several hub processes behind one address: a parent that holds the socket, starts workers, and replaces one that dies.

Each worker is the whole program over again with the socket handed down; they share nothing but the database and the
store. POSIX only: on Windows, and behind a balancer, several `serve` on ports of their own do the same.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

from judge_desk.domain.errors import BadInput
from judge_desk.runtime import logs

log = logs.topic("hub")
LOOK_SECONDS = 0.2
SHORTEST_LIFE_SECONDS = 5.0
"""A worker that ends sooner is not started again at once: something is wrong that a new start does not mend."""


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    started: float


class Workers:
    """Runs ``count`` workers of ``command``, to which ``--socket NUMBER --worker N`` is added, until it is told to
    stop."""

    def __init__(self, command: Sequence[str], listener: socket.socket, count: int) -> None:
        if os.name != "posix":
            raise BadInput("hub.workers_posix")
        self._command = [*command]
        self._listener = listener
        self._workers: dict[int, _Worker | None] = dict.fromkeys(range(count))
        self._stops: int | None = None

    def run(self, finish_seconds: float) -> None:
        """Returns when a SIGTERM or SIGINT has ended every worker; each has ``finish_seconds`` for it."""
        before = {each: signal.signal(each, self._on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            while self._stops is None:
                self._look_after()
                time.sleep(LOOK_SECONDS)
            self._stop(finish_seconds)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stops = number

    def _look_after(self) -> None:
        for number, worker in self._workers.items():
            now = time.monotonic()
            if worker is None:
                self._workers[number] = self._start(number, now)
            elif worker.process.poll() is not None and now - worker.started > SHORTEST_LIFE_SECONDS:
                log.warning("worker_died: %s, exit %s", number, worker.process.returncode)
                self._workers[number] = self._start(number, now)

    def _start(self, number: int, now: float) -> _Worker:
        handed = self._listener.fileno()
        command = [*self._command, "--socket", str(handed), "--worker", str(number)]
        # Its own session: a Ctrl+C in the terminal reaches the parent alone, which then tells each worker once.
        process = subprocess.Popen(command, pass_fds=[handed], stdout=sys.stderr, start_new_session=True)
        return _Worker(process, now)

    def _stop(self, finish_seconds: float) -> None:
        self._listener.close()
        running = [each.process for each in self._workers.values() if each is not None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + finish_seconds
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
