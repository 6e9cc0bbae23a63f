"""How much one hub process takes on at a time, and how it says "later" before anything breaks.

Everything here is counted in this process: several processes let in several times as much, and a flood that one of
them turns away costs the others nothing.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread

from judge_desk.hub import metrics
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code

T = TypeVar("T")

THREADS = 8
"""As many as the database pool holds: a thread without a connection could only wait."""
FILE_THREADS = 4
"""For what asks the store of files, which may not answer for a while: the threads above are not for it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on; ``rate`` is a second's worth, ``burst`` what may come at once."""

    requests: int = 300
    """Requests at once, streams of events apart."""
    body_bytes: int = 256 << 20
    """Bytes of request bodies in memory at once."""
    device_rate: float = 200.0
    device_burst: int = 2_000
    sign_in_failures_rate: float = 0.5
    sign_in_failures_burst: int = 30
    """Wrong passwords and signatures from one address."""
    sign_ins: int = 2
    """Passwords checked at once: each takes a core and 19 MiB for a moment."""
    sign_ins_waiting: int = 20
    waiting: int = 200
    """Requests that may wait for a thread; the next one is sent away with Retry-After."""
    files_waiting: int = 100
    """The same, for a thread that reads or writes files."""
    public_rate: float = 0.5
    public_burst: int = 30
    """Questions about acts from one address: a person asks a few, whoever tries codes asks millions."""


class Rate:
    """Tokens by key: each call takes one, they come back at a rate, and a key without any has to wait."""

    MOST_KEYS = 20_000

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._guard = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, key: str, *, takes: int = 1) -> int:
        """0: go on, and the tokens are taken; else after how many seconds there will be one. ``takes`` 0 only asks."""
        now = time.monotonic()
        with self._guard:
            left, at = self._left.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._rate)
            wait = 0 if left >= 1 else math.ceil((1 - left) / self._rate)
            self._left[key] = (left if wait else left - takes, now)
            # Whoever has not come for longest has the most tokens back: forgetting it gives nothing away.
            if len(self._left) > self.MOST_KEYS:
                self._left.popitem(last=False)
        return wait


class Turns:
    """A few threads for one kind of work, and a queue before them that ends somewhere."""

    def __init__(self, name: str, threads: int, most_waiting: int, seconds: int) -> None:
        self.limiter = anyio.CapacityLimiter(threads)
        self._name, self._most, self._seconds = name, threads + most_waiting, seconds
        self._inside = 0

    @property
    def running(self) -> int:
        return self.limiter.borrowed_tokens

    @property
    def waiting(self) -> int:
        return self.limiter.statistics().tasks_waiting

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Run blocking work in a thread. Raises Refused when too many wait for one."""
        # Counted here and at once: the limiter sees a task only when the loop has come round to it, and a flood that
        # arrives in one turn of the loop would all pass.
        if self._inside >= self._most:
            send_away(self._name, self._seconds)
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, *arguments, limiter=self.limiter)
        finally:
            self._inside -= 1


@dataclass(slots=True)
class Load:
    """What is going on in this process; one for each app."""

    limits: Limits = field(default_factory=Limits)
    draining: bool = False
    """The process is about to stop: no new desks, please."""
    requests: int = 0
    body_bytes: int = 0
    threads: Turns = field(init=False)
    files: Turns = field(init=False)
    sign_ins: Turns = field(init=False)
    devices: Rate = field(init=False)
    failures: Rate = field(init=False)
    public: Rate = field(init=False)

    def __post_init__(self) -> None:
        limits = self.limits
        self.threads = Turns("threads", THREADS, limits.waiting, 2)
        self.files = Turns("files", FILE_THREADS, limits.files_waiting, 5)
        self.sign_ins = Turns("sign_ins", limits.sign_ins, limits.sign_ins_waiting, 5)
        self.devices = Rate(limits.device_rate, limits.device_burst)
        self.failures = Rate(limits.sign_in_failures_rate, limits.sign_in_failures_burst)
        self.public = Rate(limits.public_rate, limits.public_burst)

    def check_device(self, device_id: str) -> None:
        """Raises Refused for a device that asks faster than any program of ours would."""
        self._later("device", self.devices.seconds_to_wait(device_id))

    def check_address(self, address: str) -> None:
        """Raises Refused for an address with too many failed sign-ins; before a password costs anything."""
        self._later("address", self.failures.seconds_to_wait(address, takes=0))

    def note_failure(self, address: str) -> None:
        self.failures.seconds_to_wait(address)

    def check_body(self, size: int) -> None:
        """Raises Refused when the bodies in memory would be too many bytes."""
        if self.body_bytes + size > self.limits.body_bytes:
            send_away("bodies", 5)

    def _later(self, reason: str, wait: int) -> None:
        if wait:
            send_away(reason, wait, status=429)


def send_away(reason: str, seconds: int, *, status: int = 503) -> None:
    """Raises Refused, TOO_MANY_REQUESTS, with the seconds after which to come again."""
    metrics.SENT_AWAY.add(reason)
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=seconds, status=status)
