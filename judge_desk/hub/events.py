"""Who is to be told that something changed: one listening thread for each hub process, however many desks it serves."""

from __future__ import annotations

import asyncio
import math
import queue
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio
import anyio.to_thread
import psycopg
from sqlalchemy import Engine, or_, select
from sqlalchemy.exc import SQLAlchemyError

from judge_desk.hub.auth import Caller
from judge_desk.hub.db import tables, waking
from judge_desk.hub.db.waking import CHANNEL, Moved
from judge_desk.runtime import logs
from judge_desk.runtime.clock import Clock

MOST_EARS = 600
"""Streams at once in one process; who comes beyond that polls. Below what the server holds in connections."""
LOOK_SECONDS = 0.25
"""How long a change by another process at a SQLite hub, or the end of the process, may go unseen."""
RETRY_SECONDS = 1.0
END_SECONDS = 2.0
"""How long the end of the server waits for a thread that a database without an answer holds."""
FIRST_SECONDS = 5.0
"""How long the first stream of a process waits for its listening thread at most."""
TOLD_A_SECOND = 200
"""Desks that may ask at once when many are told of one change."""
_JUST_ENDED = timedelta(minutes=10)
log = logs.topic("hub")


@dataclass(eq=False, slots=True)
class Ear:
    """One stream of events; its task waits for ``rung``."""

    caller: Caller
    loop: asyncio.AbstractEventLoop
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    began: float = 0.0
    """By the loop's clock: the device was let in no earlier."""
    spread_seconds: float = 0.0
    closed: bool = False

    def ring(self, spread_seconds: float) -> None:
        """From any thread."""
        self.spread_seconds = max(self.spread_seconds, spread_seconds)
        with suppress(RuntimeError):  # the loop ended meanwhile
            self.loop.call_soon_threadsafe(self.rung.set)


@dataclass(slots=True)
class Look:
    """When it was last asked which of the streams' devices may still come, and which they were."""

    at: float = -math.inf
    welcome: set[tuple[str, str]] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Bell:
    """Hears what any hub process moved and rings for those who hold a grant on it, or held one until just now."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._ears: dict[tuple[str, str], set[Ear]] = defaultdict(set)
        self._guard = threading.Lock()
        self._own: queue.SimpleQueue[Sequence[Moved]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()
        self._hears = threading.Event()
        self._look = Look()
        waking.listen(engine, self._hear_own)
        self._is_sqlite = engine.dialect.name == "sqlite"
        if not self._is_sqlite:
            self._start(self._tell_others, "hub-tell")

    def close(self) -> None:
        """Have every stream and the threads end; called when the server stops."""
        self._closed.set()
        waking.listen(self._engine, None)
        self._own.put(())  # wakes the thread that waits for it
        with self._guard:
            ears = [ear for each in self._ears.values() for ear in each]
        for ear in ears:
            ear.closed = True
            ear.ring(0.0)

    def join(self) -> None:
        """Wait for the threads behind ``close``. One that still asks who holds a scope would open a connection after
        the last, in a database that its owner has closed."""
        for thread in self._threads:
            thread.join(END_SECONDS)

    @property
    def count(self) -> int:
        with self._guard:
            return sum(map(len, self._ears.values()))

    def add(self, caller: Caller) -> Ear | None:
        """A new stream, on its event loop; None when there are too many."""
        if self.count >= MOST_EARS or self._closed.is_set():
            return None
        loop = asyncio.get_running_loop()
        ear = Ear(caller, loop, began=loop.time())
        with self._guard:
            self._ears[caller.court_id, caller.person_id].add(ear)
            wanted = len(self._threads) < (1 if self._is_sqlite else 2)
        if wanted:
            self._start(self._watch_file if self._is_sqlite else self._hear_others, "hub-hear")
        return ear

    async def until_it_hears(self, limiter: anyio.CapacityLimiter) -> None:
        """Until the thread of the first stream listens: what changes before that would be told to nobody."""
        if not self._hears.is_set():
            await anyio.to_thread.run_sync(self._hears.wait, FIRST_SECONDS, limiter=limiter)

    def remove(self, ear: Ear) -> None:
        key = ear.caller.court_id, ear.caller.person_id
        with self._guard:
            self._ears[key].discard(ear)
            if not self._ears[key]:
                del self._ears[key]

    async def is_welcome(self, ear: Ear, limiter: anyio.CapacityLimiter, fresh_seconds: float) -> bool:
        """Whether the stream's device may still come, as of so many seconds ago at most.

        One question for all streams: hundreds of them that began together ask together, and each on its own they would
        take the threads from those who have something to send. A database that is away shuts nobody out.
        """
        look = self._look
        async with look.turn:
            now = ear.loop.time()
            if now - look.at >= fresh_seconds:
                try:
                    look.welcome = await anyio.to_thread.run_sync(self._welcome, limiter=limiter)
                except SQLAlchemyError as fault:
                    log.warning("events: %s", type(fault))
                    return True
                look.at = now
        return ear.began >= look.at or (ear.caller.court_id, ear.caller.device_id) in look.welcome

    def _welcome(self) -> set[tuple[str, str]]:
        with self._guard:
            asked = sorted({ear.caller.device_id for each in self._ears.values() for ear in each})
        device = tables.device
        query = select(device.c.court_id, device.c.id).where(device.c.id.in_(asked), device.c.revoked_at.is_(None))
        with self._engine.connect() as connection:
            return {(court_id, device_id) for court_id, device_id in connection.execute(query)}

    def _hear_own(self, moved: Sequence[Moved]) -> None:
        # With nobody to ring for in this process, only other processes may want to know.
        if self._ears or not self._is_sqlite:
            self._own.put(moved)

    def _start(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _ring(self, moved: Moved) -> None:
        """For those who hold one of the scopes; their desks that did it themselves have it already."""
        with self._guard:
            listening = {person for court, person in self._ears if court == moved.court_id}
        if listening and moved.heads:
            listening &= self._holders(moved)
        with self._guard:
            found = [ear for person in listening for ear in self._ears.get((moved.court_id, person), ())]
        self._wake(ear for ear in found if ear.caller.device_id not in moved.devices)

    def _wake(self, ears: Iterable[Ear]) -> None:
        told = list(ears)
        for ear in told:
            ear.ring((len(told) - 1) / TOLD_A_SECOND)

    def _ring_all(self) -> None:
        """What happened while nobody listened is not known."""
        with self._guard:
            everyone = [ear for each in self._ears.values() for ear in each]
        self._wake(everyone)

    def _holders(self, moved: Moved) -> set[str]:
        grant = tables.scope_grant
        ended = or_(grant.c.until_at.is_(None), grant.c.until_at > self._clock.now() - _JUST_ENDED)
        query = select(grant.c.person_id).where(grant.c.court_id == moved.court_id, ended).distinct()
        with self._engine.connect() as connection:
            return set(connection.scalars(query.where(grant.c.scope.in_(sorted(moved.heads)))))

    def _tell_others(self) -> None:
        """PostgreSQL: one short transaction behind each commit, on a connection that no request waits for."""
        waiting: list[Moved] = []
        connection: psycopg.Connection[Any] | None = None
        while not self._closed.is_set():
            with suppress(queue.Empty):
                waiting += self._own.get(timeout=LOOK_SECONDS)
            try:
                if waiting:
                    connection = connection or self._connect()
                    for each in waiting:
                        connection.execute("SELECT pg_notify(%(channel)s, %(moved)s)", waking.notice(each))
                    waiting = []
            except psycopg.Error:
                _hung_up(connection)
                connection = None
                self._closed.wait(RETRY_SECONDS)
        _hung_up(connection)

    def _hear_others(self) -> None:
        """PostgreSQL: every process hears every process, itself too."""
        is_first = True
        while not self._closed.is_set():
            connection: psycopg.Connection[Any] | None = None
            try:
                connection = self._connect()
                connection.execute(f"LISTEN {CHANNEL}")
                if not is_first:
                    self._ring_all()
                is_first = False
                self._hears.set()
                while not self._closed.is_set():
                    for each in connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                        self._ring(waking.decode(each.payload))
            except (psycopg.Error, SQLAlchemyError) as fault:
                log.warning("events: %s", type(fault))
                self._closed.wait(RETRY_SECONDS)
            finally:
                _hung_up(connection)

    def _connect(self) -> psycopg.Connection[Any]:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
        try:
            # A poke that a crash of the server loses is no loss: nobody waits for the disk.
            connection.execute("SET synchronous_commit = off")
        except BaseException:
            _hung_up(connection)
            raise
        return connection

    def _watch_file(self) -> None:
        """SQLite: own commits come through the queue at once, those of other processes show in ``data_version``."""
        raw = sqlite3.connect(str(self._engine.url.database), timeout=1, check_same_thread=False)
        version, heads = -1, dict[tuple[str, str], int]()
        try:
            while not self._closed.is_set():
                with suppress(queue.Empty):
                    for each in self._own.get(timeout=LOOK_SECONDS):
                        heads.update({(each.court_id, scope): head for scope, head in each.heads.items()})
                        self._ring(each)
                    continue
                with suppress(sqlite3.OperationalError):
                    now = raw.execute("PRAGMA data_version").fetchone()[0]
                    if now != version:
                        found = {(court, scope): head for court, scope, head in raw.execute(_HEADS)}
                        self._ring_for(found, heads if version >= 0 else found)
                        version, heads = now, found
                        self._hears.set()
        finally:
            raw.close()

    def _ring_for(self, found: dict[tuple[str, str], int], known: dict[tuple[str, str], int]) -> None:
        by_court: dict[str, dict[str, int]] = defaultdict(dict)
        for (court_id, scope), head in found.items():
            if known.get((court_id, scope)) != head:
                by_court[court_id][scope] = head
        for court_id, heads in by_court.items():
            self._ring(Moved(court_id, heads if len(heads) <= waking.MOST_SCOPES else {}))


_HEADS = "SELECT court_id, scope, head FROM scope WHERE head > 0"


def _hung_up(connection: psycopg.Connection[Any] | None) -> None:
    if connection is not None:
        with suppress(psycopg.Error):
            connection.close()
