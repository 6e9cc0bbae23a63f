"""Anki's own sync server and its own library, in an environment of their own; its licence (AGPL) ends there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.sync.peers import install

HERE = Path(__file__).parent
USER = "judge:password"


@contextmanager
def server(folder: Path, documents: Path) -> Iterator[str]:
    """A sync server to which a first desk has given the documents (JSON lines) as notes of one field each."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    surroundings = os.environ | {
        "SYNC_USER1": USER,
        "SYNC_BASE": str(folder / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
        "MAX_SYNC_PAYLOAD_MEGS": "1000",
        "RUST_LOG": "error",
    }
    command = [str(install.anki() / "python"), "-m", "anki.syncserver"]
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait(port, process)
            _client("fill", url, folder / "first", str(documents))
            yield url
        finally:
            process.terminate()


def desk(url: str, folder: Path, documents: int, pushed: int) -> dict[str, float]:
    """Seconds of the first ``pull`` and of the ``push`` of so many changed notes."""
    told = _client("desk", url, folder, str(pushed))
    assert told["found"] == documents, told
    return {"pull": told["pull"], "push": told["push"]}


def _client(what: str, url: str, folder: Path, argument: str) -> dict[str, float]:
    folder.mkdir()
    command = [str(install.anki() / "python"), "-P", str(HERE / "anki_client.py"), what, url, str(folder), argument]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(json.loads(answer))


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
