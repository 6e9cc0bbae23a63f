"""The thread that keeps desk and hub in agreement while the window is open: cycles, waits, pauses, and says how it
stands."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import KnownError
from judge_desk.protocol.http import Poke
from judge_desk.runtime import logs
from judge_desk.runtime.clock import Clock
from judge_desk.sync.backoff import delay_seconds, look_seconds
from judge_desk.sync.engine import Progress, Step, SyncEngine
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import HttpHub, ShutOut

FETCH_SECONDS = 10.0
"""After so long among files, send and receive again; the files go on behind that. A file on its way is left for it
only when something waits to be sent."""
NUDGE_SECONDS = 2.0
"""What was saved is sent so long after the first of it, while the link is there: saves of one hand go together."""
MOST_SPREAD_SECONDS = 30.0

log = logs.topic("sync")


@dataclass(frozen=True, slots=True)
class Standing:
    """How desk and hub stand: what the status line and the page of the sync say in words.

    ``linked`` is None until the first cycle has ended; ``since`` is when it last changed. ``problem`` is why not;
    ``warning`` is what the hub's time told about this PC's clock. ``is_told``: the hub tells of changes at once, else
    the desk asks every few minutes. ``wiped``: this device was shut out, and nothing is left on it.
    """

    linked: bool | None = None
    since: datetime | None = None
    paused: bool = False
    progress: Progress = field(default_factory=lambda: Progress(Step.IDLE, 0))
    level_at: datetime | None = None
    problem: KnownError | None = None
    warning: KnownError | None = None
    last: SyncReport | None = None
    is_told: bool = False
    wiped: bool = False


class SyncLoop:
    """Runs cycles on its own thread; ``listener`` hears each new Standing and what changed, on that thread.

    ``hub`` is listened to on a second one for pokes (None: the desk only asks). ``on_shut_out`` destroys what is here
    and gives the sentence to show, or gives back what it was given.
    """

    def __init__(
        self,
        engine_for: Callable[[Callable[[Progress], None]], SyncEngine],
        clock: Clock,
        hub_heard: Callable[[datetime], KnownError | None],
        *,
        every_seconds: float,
        first_after_seconds: float = 0.0,
        hub: HttpHub | None = None,
        on_shut_out: Callable[[ShutOut], KnownError] | None = None,
    ) -> None:
        self._engine = engine_for(self._on_progress)
        self._clock = clock
        self._hub_heard = hub_heard
        self._every, self._first_after = every_seconds, first_after_seconds
        self._wake, self._asked = threading.Event(), threading.Event()
        self._stop = threading.Event()
        self._halt_cycle = threading.Event()
        self._saved = threading.Event()
        self._changing = threading.Lock()
        self._listeners: list[Callable[[Standing, Changes], None]] = []
        self._hub, self._on_shut_out = hub, on_shut_out
        self._threads = [threading.Thread(target=self._run, name="sync")]
        if hub is not None:
            self._threads.append(threading.Thread(target=self._hear, args=(hub,), name="sync-hear"))
        self.standing = Standing()

    def listen(self, listener: Callable[[Standing, Changes], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def now(self) -> None:
        """Begin a cycle at once; also ends a pause of the retries, not one of the user's. A file on its way waits."""
        self._engine.break_off()
        self._ask()

    def pause(self, *, paused: bool) -> None:
        """Hold (the running cycle ends at its next line) or go on."""
        self._change(Changes(), paused=paused)
        if paused:
            self._halt_cycle.set()
        else:
            self._halt_cycle.clear()
            self._ask()

    def stop(self) -> None:
        """End the threads; waits for the line that they are on."""
        self._stop.set()
        self._halt_cycle.set()
        self._ask()
        for thread in self._threads:
            while thread.is_alive() and thread is not threading.current_thread():
                if self._hub is not None:
                    self._hub.hang_up()
                thread.join(0.1)

    def nudge(self) -> None:
        """Something was saved: send it before long. Saves of one hand go together; while the link is away it waits."""
        self._saved.set()
        self._engine.note_saved()
        self._wake.set()

    def _ask(self) -> None:
        self._asked.set()
        self._wake.set()

    def _run(self) -> None:
        failures = 0
        # A window that is opening comes first: whatever this thread does, it takes from that one.
        self._asked.wait(self._first_after)
        while not self._stop.is_set():
            self._saved.clear()
            failures, wait = self._one(failures) if not self.standing.paused else (failures, self._every)
            self._rest(wait, is_linked=not failures)

    def _rest(self, seconds: float, *, is_linked: bool) -> None:
        """Until it is time, or somebody asks; what was saved waits a moment for more of its kind, or for a link."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0 and not self._stop.is_set():
            if not self._wake.wait(left):
                break
            self._wake.clear()
            if self._asked.is_set():
                break
            if self._saved.is_set() and is_linked and not self.standing.paused:
                self._asked.wait(NUDGE_SECONDS)
                break
        self._asked.clear()

    def _hear(self, hub: HttpHub) -> None:
        """Pokes, for as long as the window is open; whatever ends the stream, the desk goes on asking by itself."""
        failures = 0
        self._stop.wait(self._first_after)
        while not self._stop.is_set():
            told = 0.0
            try:
                for poke in hub.pokes():
                    if failures or not self.standing.is_told:
                        # What happened while nobody listened is not known; and a link that is back is worth a cycle.
                        self._change(Changes(), is_told=True)
                        poke = poke or Poke()
                    failures = 0
                    self._heed(poke)
            except KnownError as problem:
                told = float(problem.params.get("retry_after", 0))
            if self.standing.is_told:
                self._change(Changes(), is_told=False)
            failures += 1
            self._stop.wait(delay_seconds(failures, random.random(), told=told))  # noqa: S311 - jitter

    def _heed(self, poke: Poke | None) -> None:
        if poke is None or self.standing.paused:
            return
        self._stop.wait(random.random() * min(poke.spread_seconds, MOST_SPREAD_SECONDS))  # noqa: S311 - jitter
        self.now()

    def _one(self, failures: int) -> tuple[int, float]:
        """One cycle; returns the failures in a row and the seconds to wait. The sync border: nothing ends this
        thread."""
        report = SyncReport()
        try:
            self._succeeded(self._engine.cycle(self._halt_cycle, report, fetch_seconds=FETCH_SECONDS))
        except ShutOut as shut_out:
            self._end(shut_out, report.changes)
            return failures + 1, delay_seconds(failures + 1, random.random())  # noqa: S311 - jitter
        except KnownError as problem:
            self._failed(problem, report.changes)
            told = float(problem.params.get("retry_after", 0))
            return failures + 1, delay_seconds(failures + 1, random.random(), told=told)  # noqa: S311 - jitter
        except Exception:
            log.exception("cycle_failed")
            self._failed(KnownError("errors.sync_bug"), report.changes)
            return failures + 1, delay_seconds(failures + 1, random.random())  # noqa: S311 - jitter
        goes_on = (report.more_files or report.more_sums) and not self._halt_cycle.is_set()
        return 0, 0.0 if goes_on else look_seconds(self._every, random.random(), is_told=self._is_told)  # noqa: S311 - jitter

    @property
    def _is_told(self) -> bool:
        """Whether nothing changes at the hub without this desk hearing of it; one that only asks has its own times."""
        return self._hub is None or self.standing.is_told

    def _end(self, shut_out: ShutOut, changes: Changes) -> None:
        """The hub shuts this device out: what is here goes, and with it the reason for this thread."""
        problem: KnownError = shut_out if self._on_shut_out is None else self._on_shut_out(shut_out)
        if problem is shut_out:
            self._failed(problem, changes)
            return
        self._stop.set()
        self._failed(problem, changes, wiped=True)

    def _failed(self, problem: KnownError, changes: Changes, *, wiped: bool = False) -> None:
        since = self._clock.now() if self.standing.linked is not False else self.standing.since
        self._change(changes, linked=False, since=since, problem=problem, wiped=wiped)

    def _succeeded(self, report: SyncReport) -> None:
        now = self._clock.now()
        since = now if self.standing.linked is not True else self.standing.since
        warning = None if report.hub_time is None else self._hub_heard(report.hub_time)
        self._change(report.changes, linked=True, since=since, level_at=now, problem=None, warning=warning, last=report)

    def _on_progress(self, progress: Progress) -> None:
        """Once files are being fetched, sending and receiving are done: the desk is level, whatever is still to
        come."""
        level: dict[str, object] = {}
        if progress.step is Step.FETCHING:
            now = self._clock.now()
            since = now if self.standing.linked is not True else self.standing.since
            level = {"linked": True, "since": since, "level_at": now, "problem": None}
        self._change(Changes(), progress=progress, **level)

    def _change(self, changes: Changes, **values: object) -> None:
        with self._changing:
            standing = replace(self.standing, **values)  # type: ignore[arg-type]  # field names are checked by replace
            self.standing = standing
        for listener in self._listeners:
            listener(standing, changes)
