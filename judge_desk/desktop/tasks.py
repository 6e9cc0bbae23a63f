"""Runs work off the main thread and brings its answer back; the desktop's only blanket ``except``.

For page-writers::

    tasks.run(lambda: desk.cases.open(case_id), self._show)         store work, one after another
    tasks.run(job, self._show, self._failed, key="cases.search")    a newer run of a key drops the older answer
    tasks.run(job, self._show, lane=Lane.POOL)                      long pure work: PDF pages, exports, statistics
    ticket = tasks.run_long(job, self._done, on_progress=self._bar.show_progress)
                                                                    job(ticket) calls ticket.report(done, total, key)
    ticket.cancel()                                                 the job sees ticket.cancelled; no answer comes
    tasks.run(save, keep=True)                                      runs even if the desk locks or the window closes

``on_done(answer)`` and ``on_failed(Failure)`` run on the main thread. If their object was destroyed meanwhile, the
answer is dropped. Without ``on_failed`` the shell shows the failure in its banner (signal ``failed``).
A job must not touch a widget.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from judge_desk.desktop.failures import Failure
from judge_desk.domain.errors import KnownError
from judge_desk.runtime import logs

log = logs.topic("ui")
T = TypeVar("T")


class Lane(StrEnum):
    """STORE is one thread, so that store work keeps its order; POOL holds two for work that needs no store."""

    STORE = "store"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is: ``total`` 0 means unknown; ``key`` names a sentence of the catalog or is empty."""

    done: int
    total: int
    key: str = ""


class Ticket:
    """One piece of work under way: asked to stop by the page, asked how far it is by nobody, reports by itself."""

    def __init__(
        self, report: Callable[[Ticket, Progress], None], key: str | None, sequence: int, *, keep: bool = False
    ) -> None:
        self.key = key
        self.sequence = sequence
        self.keep = keep
        self.is_silenced = False
        self._report = report
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the job to stop; its answer will not be delivered."""
        self._cancelled.set()

    def report(self, done: int, total: int, key: str = "") -> None:
        """Called by the job, from its own thread."""
        self._report(self, Progress(done, total, key))


@dataclass(frozen=True, slots=True)
class _Order(Generic[T]):
    ticket: Ticket
    job: Callable[[Ticket], T]
    on_done: Callable[[T], object] | None
    on_failed: Callable[[Failure], object] | None
    on_progress: Callable[[Progress], object] | None


class TaskRunner(QObject):
    """Two lanes of threads and one queued signal to the main thread. Ends with ``close()``, which joins them.

    Signals:
        failed: (Failure) of a job whose page did not ask to hear of it.
        became_idle: no job is under way or waiting for its answer to be delivered.
    """

    failed = Signal(object)
    became_idle = Signal()
    _answered = Signal(object, object, object)
    _progressed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {
            Lane.STORE: ThreadPoolExecutor(1, thread_name_prefix="desk-store"),
            Lane.POOL: ThreadPoolExecutor(2, thread_name_prefix="desk-pool"),
        }
        self._newest: dict[str, int] = {}
        self._sequence = 0
        self._open: dict[int, _Order[Any]] = {}
        self._closed = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._deliver_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        return not self._open

    def run(
        self,
        job: Callable[[], T],
        on_done: Callable[[T], object] | None = None,
        on_failed: Callable[[Failure], object] | None = None,
        *,
        key: str | None = None,
        lane: Lane = Lane.STORE,
        keep: bool = False,
    ) -> Ticket:
        """Queue a job; with a ``key`` only the newest answer of that key is delivered, and an older one may not run.

        ``keep``: what was typed is being saved; the job runs whatever happens to the window.
        """
        return self._start(_Order(self._ticket(key, keep=keep), lambda _ticket: job(), on_done, on_failed, None), lane)

    def run_long(
        self,
        job: Callable[[Ticket], T],
        on_done: Callable[[T], object] | None = None,
        on_failed: Callable[[Failure], object] | None = None,
        *,
        on_progress: Callable[[Progress], object] | None = None,
        key: str | None = None,
        lane: Lane = Lane.POOL,
    ) -> Ticket:
        """As ``run``; the job gets its ticket, reports progress by it and looks at ``ticket.cancelled``."""
        return self._start(_Order(self._ticket(key), job, on_done, on_failed, on_progress), lane)

    def drop(self, key: str) -> None:
        """Forget what was asked under a key: no answer of it will be delivered any more."""
        self._silence([order.ticket for order in self._open.values() if order.ticket.key == key])

    def drop_all(self) -> None:
        """Forget every answer still to come (the desk is being locked, say); kept jobs still run."""
        self._silence([order.ticket for order in self._open.values()])

    def close(self) -> None:
        """Skip what waits except kept jobs, let what runs end, join the threads.

        What a timer asks for afterwards is dropped: nobody is there to see it. A kept job then raises RuntimeError,
        for it would be lost.
        """
        self._closed = True
        self.drop_all()
        for lane in self._lanes.values():
            lane.shutdown(wait=True)
        self._open.clear()

    def _ticket(self, key: str | None, *, keep: bool = False) -> Ticket:
        self._sequence += 1
        return Ticket(self._progressed.emit, key, self._sequence, keep=keep)

    @staticmethod
    def _silence(tickets: Sequence[Ticket]) -> None:
        for ticket in tickets:
            ticket.is_silenced = True
            if not ticket.keep:
                ticket.cancel()

    def _start(self, order: _Order[Any], lane: Lane) -> Ticket:
        ticket = order.ticket
        if self._closed and not ticket.keep:
            ticket.cancel()
            return ticket
        if ticket.key is not None:
            self.drop(ticket.key)
            self._newest[ticket.key] = ticket.sequence
        self._open[ticket.sequence] = order
        self._lanes[lane].submit(self._work, order)
        return ticket

    def _work(self, order: _Order[Any]) -> None:
        """In the worker's thread. Every exception ends here: a known one becomes a sentence, a bug a log id."""
        answer: Any = None
        failure: Failure | None = None
        if not order.ticket.cancelled:
            try:
                answer = order.job(order.ticket)
            except KnownError as error:
                failure = Failure(error)
            except Exception as error:  # noqa: BLE001  the one border of the desktop
                failure = Failure(log_id=record_bug(error))
        if not self._closed:
            self._answered.emit(order, answer, failure)

    @Slot(object, object, object)
    def _deliver(self, order: _Order[Any], answer: object, failure: Failure | None) -> None:
        self._open.pop(order.ticket.sequence, None)
        if self._is_wanted(order.ticket):
            if failure is None:
                _call(order.on_done, answer)
            elif order.on_failed is not None:
                _call(order.on_failed, failure)
            else:
                self.failed.emit(failure)
        if self.is_idle:
            self.became_idle.emit()

    @Slot(object, object)
    def _deliver_progress(self, ticket: Ticket, progress: Progress) -> None:
        order = self._open.get(ticket.sequence)
        if order is not None and self._is_wanted(ticket):
            _call(order.on_progress, progress)

    def _is_wanted(self, ticket: Ticket) -> bool:
        is_newest = ticket.key is None or self._newest.get(ticket.key) == ticket.sequence
        return is_newest and not ticket.cancelled and not ticket.is_silenced and not self._closed


class Bug(Exception):
    """Stands in the log for an exception whose own words may hold case data; keeps the places it passed."""


def record_bug(error: BaseException) -> str:
    """Log what kind of bug it was and where, never what it said; returns the id to show."""
    log_id = logs.new_log_id()
    log.error("bug %s of %s", log_id, type(error), exc_info=Bug().with_traceback(error.__traceback__))
    return log_id


def _call(receiver: Callable[[Any], object] | None, value: object) -> None:
    if receiver is None:
        return
    owner = getattr(receiver, "__self__", None)
    if isinstance(owner, QObject) and not isValid(owner):
        return
    receiver(value)
