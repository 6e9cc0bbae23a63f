"""PouchDB against express-pouchdb, LevelDB on both sides, in batches of 1,000: the fastest of its settings tried."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.sync.peers import install

HERE = Path(__file__).parent


@contextmanager
def server(folder: Path, documents: Path, files: int) -> Iterator[str]:
    """An express-pouchdb that holds the documents (JSON lines with an ``id``) and so many files of 1 MB."""
    folder.mkdir()
    command = ["node", str(HERE / "pouchdb_server.js"), str(folder), str(documents), str(files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_surroundings()) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def desk(url: str, folder: Path, documents: int, pushed: int, files: int) -> dict[str, float]:
    """Seconds of the first ``pull``, of the ``push`` of so many changed documents, and of ``files``."""
    command = ["node", str(HERE / "pouchdb_client.js"), url, str(folder), str(pushed), folder.name]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=_surroundings(), check=True).stdout
    told = json.loads(answer)
    assert (told["found"], told["written"], told["files"]) == (documents, pushed, files), told
    return {"pull": told["pull"], "push": told["push"], "files": told["fetch"]}


def _surroundings() -> dict[str, str]:
    return os.environ | {"NODE_PATH": str(install.pouchdb())}
