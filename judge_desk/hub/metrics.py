"""Figures of one hub process in Prometheus' text format: counts, times and levels, never a name, an id or a case.

prometheus_client was weighed: it does the same in 40 times the code, keeps one registry for the whole process and needs
a folder of mapped files for several workers; here each worker answers for itself and Prometheus adds up.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
Labels = tuple[str, ...]


class Counter:
    """A number that only grows, for each combination of label values."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self.name, self.text, self.labels = name, text, labels
        self._guard = threading.Lock()
        self._values: dict[Labels, float] = {}

    def add(self, *values: str, amount: float = 1) -> None:
        with self._guard:
            self._values[values] = self._values.get(values, 0) + amount

    def value(self, *values: str) -> float:
        return self._values.get(values, 0)

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.text, "counter")
        with self._guard:
            found = sorted(self._values.items())
        for values, number in found or ([((), 0.0)] if not self.labels else []):
            yield f"{self.name}{_labels(self.labels, values)} {number:g}"


class Histogram:
    """How long things took, in seconds."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self.name, self.text, self.labels = name, text, labels
        self._guard = threading.Lock()
        self._buckets: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def observe(self, seconds: float, *values: str) -> None:
        with self._guard:
            buckets = self._buckets.setdefault(values, [0] * (len(SECONDS) + 1))
            buckets[bisect_left(SECONDS, seconds)] += 1
            self._sums[values] = self._sums.get(values, 0.0) + seconds

    def count(self, *values: str) -> int:
        return sum(self._buckets.get(values, ()))

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.text, "histogram")
        with self._guard:
            found = sorted((values, list(buckets), self._sums[values]) for values, buckets in self._buckets.items())
        for values, buckets, total in found:
            seen = 0
            for bound, number in zip((*map(str, SECONDS), "+Inf"), buckets, strict=True):
                seen += number
                yield f"{self.name}_bucket{_labels((*self.labels, 'le'), (*values, bound))} {seen}"
            yield f"{self.name}_sum{_labels(self.labels, values)} {total:.6f}"
            yield f"{self.name}_count{_labels(self.labels, values)} {seen}"


REQUEST_SECONDS = Histogram("hub_request_seconds", "Time from the head of a request to its answer.", "route", "status")
BYTES_OUT = Counter("hub_answer_bytes_total", "Bytes of answers by route; of blobs, what was downloaded.", "route")
BYTES_IN = Counter("hub_request_bytes_total", "Bytes of requests by route; of blobs, what was uploaded.", "route")
PUSHED = Counter("hub_operations_total", "Operations of desks by what became of them.", "outcome")
PULLED = Counter("hub_feed_rows_total", "Lines of the feed that were sent.")
ROWS_FROM = Counter("hub_feed_reads_total", "Pulls that read rows, by the database that they came from.", "source")
SENT_AWAY = Counter("hub_sent_away_total", "Requests sent away with Retry-After, by what was full.", "reason")
FAULTS = Counter("hub_faults_total", "Answers that a fault took the place of: own, database, files.", "kind")
WIPES = Counter("hub_wipe_orders_total", "Orders to destroy their store that were given to shut-out devices.")
PURGED = Counter("hub_purged_total", "What maintenance cleared away.", "what")
_ALL = (REQUEST_SECONDS, BYTES_OUT, BYTES_IN, PUSHED, PULLED, ROWS_FROM, SENT_AWAY, FAULTS, WIPES, PURGED)

Level = tuple[str, str, Callable[[], float]]
"""Name, explanation, and the level at this moment."""


def exposition(levels: Iterable[Level] = ()) -> str:
    """Everything as Prometheus reads it."""
    lines = [line for each in _ALL for line in each.lines()]
    for name, text, level in levels:
        lines += [*_head(name, text, "gauge"), f"{name} {level():g}"]
    return "\n".join(lines) + "\n"


def _head(name: str, text: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def _labels(names: Labels, values: Labels) -> str:
    """Label values are words of ours: routes, codes, outcomes. Nothing needs escaping."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in zip(names, values, strict=True)) + "}" if names else ""
