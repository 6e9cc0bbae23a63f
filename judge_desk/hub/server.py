"""Runs the app under uvicorn: from the command line, and in a thread for the demo and the tests."""

from __future__ import annotations

import gc
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import anyio.to_thread
import uvicorn
from starlette.types import ASGIApp

from judge_desk.domain.errors import BadInput, HubProblem
from judge_desk.hub.connections import DeskConnection
from judge_desk.hub.routes.asked import Hub

START_SECONDS = 20
STOP_SECONDS = 20
MOST_CONNECTIONS = 4_000
"""Beyond it uvicorn closes the door; what runs at once is bounded far below, by load.py."""
KEEP_ALIVE_SECONDS = 75


def bound(listen: str) -> socket.socket:
    """A listening socket for ``HOST:PORT``; port 0 takes a free one. Raises BadInput; HubProblem if it is taken."""
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise BadInput("hub.bad_listen")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY; without it each small answer waits 40 ms for the other side.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, int(port)))
        taken.listen(512)  # of two that begin together both may bind, and this one hears that it came second
    except OSError:
        taken.close()
        raise HubProblem("hub.address_taken") from None
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """How a server ends when it is told to: ``drain_seconds`` it goes on as ever but says that it is not ready, so
    that the balancer finds another; then it takes nobody new, and what runs has ``finish_seconds`` to end."""

    drain_seconds: float = 0.0
    finish_seconds: int = STOP_SECONDS


def make_server(
    app: ASGIApp,
    certificate: Path | None = None,
    key: Path | None = None,
    *,
    stopping: Stopping | None = None,
    proxies: str = "127.0.0.1",
) -> uvicorn.Server:
    """A server that lets running requests end when it is told to stop, and sends away what it cannot hold.

    With ``certificate`` and ``key`` (PEM) it speaks TLS; without, something before it must, for desks refuse clear
    text. ``proxies``: addresses, with commas, whose word about where a request comes from is taken.
    """
    stopping = stopping or Stopping()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=stopping.finish_seconds,
        http=DeskConnection,
        limit_concurrency=MOST_CONNECTIONS,
        forwarded_allow_ips=proxies,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return _Server(config, stopping.drain_seconds)


class _Server(uvicorn.Server):
    """Says that it is not ready before it stops, and ends the streams of events before it waits for answers under
    way: they would never end by themselves. Whoever ran it may then close the database: no thread of ours is at it."""

    def __init__(self, config: uvicorn.Config, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._leaves_at = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins to drain; a second one cuts that short."""
        hub = _hub(self.config.app)
        if hub is None or hub.load.draining or not self._drain_seconds:
            self.should_exit = True
            return
        hub.load.draining = True
        self._leaves_at = time.monotonic() + self._drain_seconds

    async def on_tick(self, counter: int) -> bool:
        if self._leaves_at and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub = _hub(self.config.app)
        if hub is not None:
            hub.load.draining = True
            hub.bell.close()
        await super().shutdown(sockets)
        if hub is not None:
            await anyio.to_thread.run_sync(hub.bell.join)


def _hub(app: object) -> Hub | None:
    """What the app works with, where it is our app and not one that a test puts around it."""
    return getattr(getattr(app, "state", None), "hub", None)


def heed_signals(server: uvicorn.Server) -> None:
    """Stop in order also when the signal comes before the server has got as far as to heed it itself."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, server.handle_exit)


def serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until the server is told to stop; for a process that does nothing else."""
    # All that is loaded by now stays: without this a collection walks it for 70 ms, between two lines of an answer.
    gc.freeze()
    server.run(sockets=[listener])


@contextmanager
def running(app: ASGIApp, listen: str = "127.0.0.1:0") -> Iterator[str]:
    """Serve from a thread of this process while the block runs; gives ``http://HOST:PORT``."""
    taken = bound(listen)
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, name="hub", daemon=True)
    host, port = taken.getsockname()[:2]
    thread.start()
    try:
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(START_SECONDS + STOP_SECONDS)
        taken.close()
