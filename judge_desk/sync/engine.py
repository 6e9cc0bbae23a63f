"""One cycle: files that are owed, operations, what is new, files that are missing. No Qt, no sleeping, safe to cut
anywhere."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from judge_desk.store import outbox
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.unit_of_work import Store
from judge_desk.sync import files, push
from judge_desk.sync.pull import Pull
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HttpHub


class Step(StrEnum):
    """What a cycle is doing, for the status line."""

    SENDING = "sending"
    RECEIVING = "receiving"
    FETCHING = "fetching"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` rows or files of this step so far."""

    step: Step
    done: int


class SyncEngine:
    """Brings one desk level with its hub; run it from one thread at a time."""

    def __init__(
        self, store: Store, attachments: AttachmentFiles, hub: HttpHub, on_progress: Callable[[Progress], None]
    ) -> None:
        self._store = store
        self._attachments = attachments
        self._hub = hub
        self._on_progress = on_progress

    def cycle(
        self,
        stop: threading.Event,
        report: SyncReport | None = None,
        *,
        with_files: bool = True,
        fetch_seconds: float = math.inf,
    ) -> SyncReport:
        """Push, pull, then fetch for so many seconds at most, so that what is written meanwhile need not wait.

        Raises HubProblem or StoreProblem with everything up to there kept, and told in ``report`` if one was given.
        """
        report = report or SyncReport()
        began = self._store.clock.monotonic()
        try:
            self._send(report, stop)
            self._tell(Step.RECEIVING, 0)
            pull = Pull(self._store, self._hub, report, self._attachments.delete)
            pull.run(stop, lambda done: self._tell(Step.RECEIVING, done))
            if with_files:
                self._fetch(report, stop, self._store.clock.monotonic() + fetch_seconds)
        finally:
            report.bytes_in, report.bytes_out, report.round_trips = self._hub.traffic.take()
            report.seconds = self._store.clock.monotonic() - began
            self._tell(Step.IDLE, 0)
        return report

    def _send(self, report: SyncReport, stop: threading.Event) -> None:
        owed = self._owed()
        if owed.files_out or owed.operations:
            self._tell(Step.SENDING, 0)
            files.send(self._store, self._attachments, self._hub, report, stop)
            push.push(self._store, self._hub, report, stop)

    def _fetch(self, report: SyncReport, stop: threading.Event, until: float) -> None:
        if report.pulled:
            self._store.fold_log()
        elif not self._owed().files_in:
            return

        def enough() -> bool:
            return stop.is_set() or self._store.clock.monotonic() >= until

        def progress(done: int) -> None:
            self._tell(Step.FETCHING, done)

        files.fetch(self._store, self._attachments, self._hub, report, enough, progress=progress)

    def _owed(self) -> outbox.Owed:
        with self._store.reading() as connection:
            return outbox.owed(connection)

    def _tell(self, step: Step, done: int) -> None:
        self._on_progress(Progress(step, done))
