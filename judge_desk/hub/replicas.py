"""Rows of the feed from read replicas, where a replica has exactly what the primary says there is.

Context: rows are most of what a pull costs; a replica is a little late, now and then very late.
Decision: who the caller is, the grants and the heads of the scopes are always read on the primary: a late replica would
still honour a right that was withdrawn. The rows come from a replica only when its counters of all the scopes in
question say the same head and checksum as the primary's, so a desk never sees less than it has pushed or pulled
before, and its cursors never go back. Otherwise, and whenever a replica fails, the rows come from the primary.
Alternatives: a number that the desk must see again, named by the desk: trusts the desk, and knows nothing about the
rows of others. Consequences: a pull over a replica takes one more small query; a lagging replica only costs speed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

import msgspec
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, TimeoutError

from judge_desk.hub import metrics
from judge_desk.runtime import logs

REST_SECONDS = 10.0
"""How long a replica that failed is left alone."""
PRIMARY, REPLICA, LATE, FAILED = "primary", "replica", "primary_replica_late", "primary_replica_failed"
ScopeHead = tuple[str, int, int]
"""Scope, head and checksum."""
log = logs.topic("hub")

_LEVEL = text(
    "SELECT count(*) FROM json_array_elements(CAST(:heads AS json)) AS m(value)"
    " LEFT JOIN scope AS s ON s.court_id = :court AND s.scope = m.value ->> 0"
    " WHERE coalesce(s.head, 0) = (m.value ->> 1)::bigint AND coalesce(s.checksum, 0) = (m.value ->> 2)::bigint"
)


class ReplicaFailed(Exception):
    """A replica broke off in the middle: the page is made anew from the primary."""


class Replicas:
    """The replicas of one hub process, asked in turn."""

    def __init__(self, engines: Sequence[Engine], seconds: Callable[[], float] = time.monotonic) -> None:
        """``seconds`` is the clock by which a replica rests; it never goes back."""
        self._engines, self._seconds = engines, seconds
        self._turn = count()
        self._guard = threading.Lock()
        self._resting_until: dict[int, float] = {}

    @contextmanager
    def reading(self, primary: Connection, court_id: str, heads: Sequence[ScopeHead]) -> Iterator[Connection]:
        """A connection whose picture holds the scopes at just these heads: a replica's, else ``primary``.

        Raises ReplicaFailed when the replica breaks off while the block reads.
        """
        chosen = self._choose()
        if chosen is None:
            metrics.ROWS_FROM.add(PRIMARY if not self._engines else FAILED)
            yield primary
            return
        number, engine = chosen
        try:
            with engine.connect() as plain:
                replica = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with replica.begin():
                    is_level = _is_level(replica, court_id, heads)
                    metrics.ROWS_FROM.add(REPLICA if is_level else LATE)
                    yield replica if is_level else primary
        except (DBAPIError, TimeoutError) as fault:
            self._rest(number)
            log.warning("replica_failed: %s, %s", number, type(fault))
            raise ReplicaFailed from None

    def dispose(self) -> None:
        for each in self._engines:
            each.dispose()

    def _choose(self) -> tuple[int, Engine] | None:
        now = self._seconds()
        for _ in self._engines:
            number = next(self._turn) % len(self._engines)
            with self._guard:
                if self._resting_until.get(number, 0.0) <= now:
                    return number, self._engines[number]
        return None

    def _rest(self, number: int) -> None:
        with self._guard:
            self._resting_until[number] = self._seconds() + REST_SECONDS


def _is_level(replica: Connection, court_id: str, heads: Sequence[ScopeHead]) -> bool:
    values = {"court": court_id, "heads": msgspec.json.encode(heads).decode()}
    found: int = replica.execute(_LEVEL, values).scalar_one()
    return found == len(heads)
