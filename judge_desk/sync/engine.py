"""One cycle: files that are owed, operations, what is new, files that are missing. No Qt, no sleeping, safe to cut
anywhere."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial

from judge_desk.domain.errors import HubRefused, HubUnreachable
from judge_desk.runtime.clock import COURT_ZONE, Clock
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.file_order import FilePlan, FileWork
from judge_desk.store.outset import Left, Outsets
from judge_desk.store.unit_of_work import Store
from judge_desk.sync import farewell, files, push, recovery
from judge_desk.sync.farewell import Sign
from judge_desk.sync.files import Fetching, FileStep
from judge_desk.sync.pull import Pull
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HUB_FAULT, HttpHub

LONGEST_FILE_SECONDS = 300.0
"""How long a file on its way may hold up the next exchange when nothing is known to wait for one: as long as a desk
without pokes would wait anyway."""


class Step(StrEnum):
    """What a cycle is doing, for the status line."""

    SENDING = "sending"
    RECEIVING = "receiving"
    FETCHING = "fetching"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` rows or files of this step so far; ``file`` is the one on its way."""

    step: Step
    done: int
    file: FileStep | None = None


def any_plan(clock: Clock) -> FilePlan:
    """The plan of a desk without settings: everything may come, tomorrow's first."""
    today = clock.today()
    start = datetime.combine(today, time(), COURT_ZONE)
    return FilePlan(today_from=start, hearings_until=start + timedelta(days=4), terms_until=today + timedelta(days=7))


class SyncEngine:
    """Brings one desk level with its hub; run it from one thread at a time.

    ``plan`` says what may come over the link now; ``sign`` is the device's signature, for what a desk says when it
    forgets (None: nothing is said, and all of it stays owed).
    """

    def __init__(
        self,
        store: Store,
        attachments: AttachmentFiles,
        hub: HttpHub,
        on_progress: Callable[[Progress], None],
        *,
        plan: Callable[[], FilePlan] | None = None,
        sign: Sign | None = None,
    ) -> None:
        self._store = store
        self._attachments = attachments
        self._hub = hub
        self._on_progress = on_progress
        self._plan = plan or partial(any_plan, store.clock)
        self._sign = sign
        self._broken_off, self._saved = threading.Event(), threading.Event()
        self._noted_key = ("", "")
        self._outsets = Outsets(store)

    def break_off(self) -> None:
        """Leave the files for now, because something came up: a poke, or a file that somebody asks for. The file on its
        way goes on later where it stopped."""
        self._broken_off.set()

    def note_saved(self) -> None:
        """Something waits to be sent: a file on its way is left when its time is up, not only when it is whole."""
        self._saved.set()

    def cycle(
        self,
        stop: threading.Event,
        report: SyncReport | None = None,
        *,
        with_files: bool = True,
        fetch_seconds: float = math.inf,
    ) -> SyncReport:
        """Push, pull, then fetch for so many seconds, so that what is written meanwhile need not wait. A file that is
        on its way then is fetched to its end unless something is to be sent: to take it up again costs a slow link the
        way there and back several times.

        Raises HubProblem or StoreProblem with everything up to there kept, and told in ``report`` if one was given.
        """
        report = report or SyncReport()
        began = self._store.clock.monotonic()
        self._broken_off.clear()
        self._saved.clear()
        try:
            try:
                left = self._exchange(report, stop, begins=True)
            except HubRefused as refusal:
                recovery.recover(self._store, self._hub, refusal)
                left = self._exchange(report, stop, begins=False)
            recovery.settle(self._store, self._hub)
            self._note_key()
            if left.owes_words:
                self._take_leave(stop)
            if with_files:
                self._fetch(report, stop, self._store.clock.monotonic() + fetch_seconds, left.files)
        finally:
            report.bytes_in, report.bytes_out, report.round_trips = self._hub.traffic.take()
            report.seconds = self._store.clock.monotonic() - began
            self._tell(Step.IDLE, 0)
        return report

    def _exchange(self, report: SyncReport, stop: threading.Event, *, begins: bool) -> Left:
        """Send and receive; what is to be done then."""
        with self._store.exchanging:
            start = self._outsets.now()
            if begins:
                recovery.begin(self._hub, start.generation)
            away: HubUnreachable | None = None
            if start.sends:
                away = self._send(report, stop)
                start = self._outsets.now()
            self._tell(Step.RECEIVING, 0)
            pull = Pull(self._store, self._hub, report, self._attachments.delete)
            came = pull.run(stop, lambda done: self._tell(Step.RECEIVING, done), start)
            # A hub that tells no sums, and scopes that never add up, would be asked without a pause for ever.
            report.more_sums &= self._hub.closes and not report.mismatches
            if away is not None:
                raise away
            return self._outsets.left() if came else start.left

    def _send(self, report: SyncReport, stop: threading.Event) -> HubUnreachable | None:
        """Why files cannot be sent now though the hub is there: its store of files is not. All else goes meanwhile."""
        self._tell(Step.SENDING, 0)
        away: HubUnreachable | None = None
        try:
            files.send(self._store, self._attachments, self._hub, report, stop)
        except HubUnreachable as problem:
            if problem.key != HUB_FAULT:
                raise
            away = problem
        push.push(self._store, self._hub, report, stop, follows=self._hub.closes, without_files=away is not None)
        return away

    def _note_key(self) -> None:
        if self._noted_key != self._hub.recovery_key:
            self._noted_key = self._hub.recovery_key
            farewell.note_recovery_key(self._store, self._noted_key)

    def _take_leave(self, stop: threading.Event) -> None:
        """Say what was forgotten, and take its words out of the file."""
        if self._sign is not None:
            farewell.say(self._store, self._hub, self._sign)
        farewell.scrub_words(self._store, stop.is_set)

    def _fetch(self, report: SyncReport, stop: threading.Event, until: float, work: FileWork) -> None:
        if report.pulled or report.pushed >= push.OPERATIONS:
            self._store.fold_log()
        plan = self._plan()
        if not work.is_any(plan):
            return

        def ends(*, in_file: bool) -> bool:
            if stop.is_set() or self._broken_off.is_set():
                return True
            longer = LONGEST_FILE_SECONDS if in_file and not self._saved.is_set() else 0.0
            return self._store.clock.monotonic() >= until + longer

        done = 0

        def on_step(count: int, file: FileStep) -> None:
            nonlocal done
            done = max(done, count)
            self._on_progress(Progress(Step.FETCHING, done, file))

        way = Fetching(plan, partial(ends, in_file=False), partial(ends, in_file=True), on_step)
        files.fetch(self._store, self._attachments, self._hub, report, way)
        files.make_room(self._store, self._attachments, self._hub, report, plan)

    def _tell(self, step: Step, done: int) -> None:
        self._on_progress(Progress(step, done))
