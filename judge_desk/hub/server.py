"""Runs the app under uvicorn: from the command line, and in a thread for the demo and the tests."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from judge_desk.domain.errors import BadInput, HubProblem
from judge_desk.hub.events import Bell

START_SECONDS = 20
STOP_SECONDS = 20
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
    except OSError:
        taken.close()
        raise HubProblem("hub.address_taken") from None
    taken.listen(512)
    return taken


def make_server(app: ASGIApp, certificate: Path | None = None, key: Path | None = None) -> uvicorn.Server:
    """A server that lets running requests end when it is told to stop, and sends away what it cannot hold.

    With ``certificate`` and ``key`` (PEM) it speaks TLS; without, something before it must, for desks refuse clear
    text.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        limit_concurrency=1000,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """Ends the streams of events before it waits for answers under way: they would never end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        bell: Bell | None = getattr(getattr(getattr(self.config.app, "state", None), "hub", None), "bell", None)
        if bell is not None:
            bell.close()
        await super().shutdown(sockets)


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
