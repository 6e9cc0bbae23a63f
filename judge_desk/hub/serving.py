"""The command ``judge-desk-hub serve``: one process or several, with replicas, figures, and an orderly end."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from judge_desk.domain.errors import BadInput
from judge_desk.hub import command_line, server
from judge_desk.hub.app import make_app, make_figures
from judge_desk.hub.blobs import open_blobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.replicas import Replicas
from judge_desk.hub.upkeep import Caretaker
from judge_desk.hub.workers import Workers
from judge_desk.runtime import logs

DONE = 0
Add = Callable[[Any, str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_parser(commands: Any, add: Add) -> None:
    """The command and its options, among those of the hub."""
    parser = add(commands, "serve", run, "serve desks")
    parser.add_argument("--listen", default="127.0.0.1:8443", metavar="HOST:PORT")
    parser.add_argument("--certificate", type=Path, metavar="PEM", help="speak TLS with this certificate chain")
    parser.add_argument("--key", type=Path, metavar="PEM", help="the certificate's private key")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes behind this address (POSIX)")
    parser.add_argument(
        "--replica", action="append", default=[], metavar="URL", help="a read replica that pulls may read from"
    )
    parser.add_argument(
        "--metrics", default="", metavar="HOST:PORT", help="figures for Prometheus; worker N takes the port + N"
    )
    parser.add_argument(
        "--proxies", default="127.0.0.1", metavar="ADDRESSES", help="whose X-Forwarded-For is believed, with commas"
    )
    parser.add_argument(
        "--drain", type=float, default=0.0, metavar="SECONDS", help="not ready for so long before the end"
    )
    parser.add_argument(
        "--finish", type=int, default=server.STOP_SECONDS, metavar="SECONDS", help="time to end answers"
    )
    parser.add_argument("--log", choices=("text", "json"), default="text", help="form of the log on stderr")
    parser.add_argument(
        "--log-requests", action="store_true", help="a line for each request: route, status, time, bytes"
    )
    parser.add_argument("--no-upkeep", action="store_true", help="leave clearing away to `judge-desk-hub upkeep`")
    parser.add_argument("--socket", type=int, default=-1, help=argparse.SUPPRESS)
    parser.add_argument("--worker", type=int, default=0, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal says stop; 0 when everything under way was ended in time."""
    logs.set_up(None, to_stderr=True, as_json=arguments.log == "json")
    if arguments.workers < 1:
        raise BadInput("hub.bad_workers")
    if arguments.socket >= 0:
        return _work(arguments, lambda: socket.socket(fileno=arguments.socket))
    if arguments.workers == 1:
        return _work(arguments, lambda: _bound(arguments))
    with command_line.opened(arguments, with_blobs=True):
        pass  # a wrong database must end here, not in every worker for ever
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", *arguments.given]
    Workers(command, _bound(arguments), arguments.workers).run(arguments.drain + arguments.finish + 5)
    return DONE


def _bound(arguments: argparse.Namespace) -> socket.socket:
    """The listening socket, and word of it on stdout."""
    taken = server.bound(arguments.listen)
    host, port = taken.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if arguments.certificate else 'http'}://{shown}:{port}"
    command_line.answer(arguments, url, url=url, port=port)
    return taken


def _work(arguments: argparse.Namespace, take: Callable[[], socket.socket]) -> int:
    with ExitStack() as stack:
        engine, _ = stack.enter_context(command_line.opened(arguments, with_blobs=True))
        blobs = open_blobs(arguments.blobs)
        replicas = stack.enter_context(_replicas(arguments.replica)) if arguments.replica else None
        app = make_app(engine, blobs, replicas=replicas, logs_requests=arguments.log_requests)
        if arguments.metrics:
            stack.enter_context(server.running(make_figures(app), _plus(arguments.metrics, arguments.worker)))
        if not arguments.no_upkeep:
            stack.enter_context(Caretaker(engine, blobs))
        stopping = server.Stopping(drain_seconds=arguments.drain, finish_seconds=arguments.finish)
        made = server.make_server(
            app, arguments.certificate, arguments.key, stopping=stopping, proxies=arguments.proxies
        )
        server.heed_signals(made)
        server.serve(made, take())
    return DONE


@contextmanager
def _replicas(urls: list[str]) -> Iterator[Replicas]:
    engines: list[Engine] = [open_engine(url) for url in urls]
    if any(each.dialect.name != "postgresql" for each in engines):
        raise BadInput("hub.bad_replica")
    replicas = Replicas(engines)
    try:
        yield replicas
    finally:
        replicas.dispose()


def _plus(listen: str, worker: int) -> str:
    """The address of this worker's figures: as many ports further as its number."""
    host, _, port = listen.rpartition(":")
    return f"{host}:{int(port) + worker}" if port.isdecimal() and port != "0" else listen
