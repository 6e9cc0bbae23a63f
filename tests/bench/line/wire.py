"""The wire: takes IP packets from one network to the other as a bad line would, and counts what it did to them."""

from __future__ import annotations

import heapq
import os
import random
import select
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.poor_link import Line

QUEUE_SECONDS = 1.0
"""What waits for its turn longer than this is dropped, as in the queue of a modem."""
MOST_BYTES = 2_048
TCP, SYN, ACK = 6, 0x02, 0x10


@dataclass(frozen=True, slots=True)
class Segment:
    """What the wire looks at in a packet of TCP over IPv4."""

    flow: frozenset[bytes]
    opens: bool
    payload: int


def segment(packet: bytes) -> Segment | None:
    """None for what is no TCP over IPv4."""
    if packet[0] >> 4 != 4 or packet[9] != TCP:
        return None
    start = (packet[0] & 15) * 4
    flags, data = packet[start + 13], start + (packet[start + 12] >> 4) * 4
    near, far = packet[12:16] + packet[start : start + 2], packet[16:20] + packet[start + 2 : start + 4]
    opens = bool(flags & SYN) and not flags & ACK
    return Segment(frozenset((near, far)), opens, int.from_bytes(packet[2:4], "big") - data)


@dataclass
class Wire:
    """``desk`` and ``hub`` are descriptors of TUN devices. ``counts``: what happened, for a report."""

    desk: int
    hub: int
    line: Line
    seed: int = 1
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._known: set[frozenset[bytes]] = set()
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._free_at = {self.desk: 0.0, self.hub: 0.0}
        self._began = time.monotonic()
        self._was_cut = False

    def run(self, stop: threading.Event) -> None:
        """Carry packets until told to stop."""
        while not stop.is_set():
            now = time.monotonic()
            self._cut(now)
            self._deliver(now)
            due = self._under_way[0][0] - now if self._under_way else 0.1
            ready, _, _ = select.select([self.desk, self.hub], [], [], max(0.0, min(due, 0.1)))
            for source in ready:
                self._take(source, os.read(source, MOST_BYTES), time.monotonic())

    def _cut(self, now: float) -> None:
        """Begin or end a cut when it is time. What is on its way when it begins is gone, and so is what the line knew
        of its connections."""
        every, lasts = self.line.every_seconds, self.line.cut_seconds
        is_cut = bool(every) and now - self._began >= every and (now - self._began) % every < lasts
        if is_cut and not self._was_cut:
            self.counts["cuts"] += 1
            self.counts["dropped in cuts"] += len(self._under_way)
            self._under_way.clear()
            self._known.clear()
        self._was_cut = is_cut

    def _take(self, source: int, packet: bytes, now: float) -> None:
        found = segment(packet)
        if found is None:
            return
        way = "up" if source == self.desk else "down"
        self.counts[f"packets {way}"] += 1
        self.counts[f"bytes {way}"] += len(packet)
        self.counts[f"payload {way}"] += found.payload
        if self._was_cut:
            self.counts["dropped in cuts"] += 1
            return
        if found.opens and source == self.desk:
            self._known.add(found.flow)
            self.counts["connections"] += 1
        if found.flow not in self._known:
            self.counts["dropped as forgotten"] += 1
            return
        starts = max(now, self._free_at[source])
        if starts - now > QUEUE_SECONDS:
            self.counts["dropped by the queue"] += 1
            return
        self._free_at[source] = starts + len(packet) * 8 / (self.line.kbit * 1000)
        if self._chance.random() < self.line.loss:
            self.counts["lost"] += 1
            return
        target = self.hub if source == self.desk else self.desk
        arrives = self._free_at[source] + self.line.delay_seconds
        heapq.heappush(self._under_way, (arrives, self.counts.total(), target, packet))

    def _deliver(self, now: float) -> None:
        while self._under_way and self._under_way[0][0] <= now:
            _, _, target, packet = heapq.heappop(self._under_way)
            os.write(target, packet)
