"""A bad line to a hub: a proxy on loopback that is slow, late, loses packets and is cut every so often.

What netem does to packets is done here to what TCP makes of it: a lost packet stalls its direction for a retransmission
(twice the round trip), and everything behind it waits.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PACKET = 1_400


@dataclass(frozen=True)
class Line:
    """``kbit`` a second in each direction, ``delay_seconds`` one way, ``loss`` of packets; a cut ``every_seconds`` (0:
    never) that lasts ``cut_seconds``."""

    kbit: float = 512
    delay_seconds: float = 0.35
    loss: float = 0.02
    every_seconds: float = 180
    cut_seconds: float = 5

    def faster(self, times: float) -> Line:
        """The same line in a smaller world: so many times the rate, so many times less of every time."""
        return Line(
            self.kbit * times,
            self.delay_seconds / times,
            self.loss,
            self.every_seconds / times,
            self.cut_seconds / times,
        )


@dataclass
class PoorLink:
    """``url`` instead of the hub's; counts what the line did."""

    target: str
    line: Line
    seed: int = 1
    url: str = ""
    cuts: int = 0
    lost_packets: int = 0
    connections: int = 0
    refused: int = 0
    bytes_down: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    up: threading.Event = field(default_factory=threading.Event)
    """Set while the line is not cut."""

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        self._chance = random.Random(self.seed)
        self._free_at = {"up": 0.0, "down": 0.0}
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.up.set()
        ready.set()
        cutter = asyncio.create_task(self._cutter()) if self.line.every_seconds else None
        await stop.wait()
        if cutter is not None:
            cutter.cancel()
        server.close()
        self._hang_up()

    async def _cutter(self) -> None:
        while True:
            await asyncio.sleep(self.line.every_seconds)
            self.up.clear()
            self.cuts += 1
            self._hang_up()
            await asyncio.sleep(self.line.cut_seconds)
            self.up.set()

    def _hang_up(self) -> None:
        for writer in list(self._open):
            with suppress(Exception):
                writer.transport.abort()
        self._open.clear()

    async def _connection(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if not self.up.is_set():
            self.refused += 1
            back.transport.abort()
            return
        self.connections += 1
        parts = urlsplit(self.target)
        far, out = await asyncio.open_connection(parts.hostname, parts.port)
        self._open |= {back, out}
        # The handshake crosses the line once in each direction.
        await asyncio.sleep(2 * self.line.delay_seconds)
        # The end of the program cancels what is under way: for a line that is no fault.
        with suppress(asyncio.CancelledError):
            both = self._carry(near, out, "up"), self._carry(far, back, "down")
            await asyncio.gather(*both, return_exceptions=True)
        for writer in (back, out):
            self._open.discard(writer)
            with suppress(Exception):
                writer.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(256)
        pump = asyncio.create_task(self._deliver(waiting, sink))
        loop = asyncio.get_running_loop()
        try:
            while chunk := await source.read(PACKET):
                starts = max(loop.time(), self._free_at[way])
                passes = len(chunk) * 8 / (self.line.kbit * 1000)
                if self._chance.random() < self.line.loss:
                    self.lost_packets += 1
                    passes += 2 * 2 * self.line.delay_seconds
                self._free_at[way] = starts + passes
                if way == "down":
                    self.bytes_down += len(chunk)
                await waiting.put((starts + passes + self.line.delay_seconds, chunk))
                await asyncio.sleep(max(0.0, self._free_at[way] - loop.time() - 0.02))
            await waiting.put((0.0, b""))
            await pump
        finally:
            pump.cancel()

    @staticmethod
    async def _deliver(waiting: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await waiting.get()
            if not chunk:
                with suppress(Exception):
                    sink.write_eof()
                return
            await asyncio.sleep(max(0.0, due - loop.time()))
            sink.write(chunk)
            await sink.drain()


@contextmanager
def poor_link(target: str, line: Line, seed: int = 1) -> Iterator[PoorLink]:
    """The line, while the block runs."""
    link = PoorLink(target, line, seed)
    ready, done = threading.Event(), threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        await link.serve(ready, stop)

    def work() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(run())
        done.set()

    thread = threading.Thread(target=work, name="poor-link")
    thread.start()
    assert ready.wait(10)
    try:
        yield link
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
