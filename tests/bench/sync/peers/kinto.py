"""Kinto over PostgreSQL, behind its own server, in batches of 250: the fastest of its settings tried."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.bench.sync.peers import install

BATCH, PAGE = 250, 1_000
USER = ("admin", "s3cret")
RECORDS = "/v1/buckets/court/collections/documents/records"
_SETTINGS = """
[app:main]
use = egg:kinto
kinto.includes = kinto.plugins.accounts
kinto.userid_hmac_secret = 8d1f2c
multiauth.policies = account
multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.account_create_principals = system.Everyone
kinto.bucket_create_principals = system.Authenticated
kinto.batch_max_requests = {batch}
kinto.paginate_by = {page}
kinto.storage_max_fetch_size = 20000
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {database}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {database}
kinto.cache_backend = kinto.core.cache.memory

[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
"""


@contextmanager
def server(folder: Path, database: str) -> Iterator[httpx2.Client]:
    """A client of a running Kinto with one collection; ``database`` is the URL of an empty PostgreSQL database."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    settings, log = folder / "kinto.ini", folder / "log.txt"
    database = database.replace("postgresql://", "postgresql+psycopg2://", 1)
    settings.write_text(_SETTINGS.format(batch=BATCH, page=PAGE, database=database, port=port))
    program = [str(install.kinto() / "kinto")]
    with log.open("w") as output:
        subprocess.run([*program, "migrate", "--ini", str(settings)], check=True, stdout=output, stderr=output)
        with subprocess.Popen([*program, "start", "--ini", str(settings)], stdout=output, stderr=output) as process:
            try:
                with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120) as client:
                    _prepare(client, process)
                    yield client
            finally:
                process.terminate()


def _prepare(client: httpx2.Client, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(httpx2.TransportError):
            client.get("/v1/__heartbeat__").raise_for_status()
            break
        time.sleep(0.2)
    user, password = USER
    client.put(f"/v1/accounts/{user}", json={"data": {"password": password}}).raise_for_status()
    client.auth = httpx2.BasicAuth(user, password)
    client.put("/v1/buckets/court").raise_for_status()
    client.put("/v1/buckets/court/collections/documents").raise_for_status()


def push(client: httpx2.Client, documents: Sequence[dict[str, Any]]) -> float:
    """Seconds to put the documents, which are there already or not."""
    began = time.perf_counter()
    for start in range(0, len(documents), BATCH):
        wanted = [
            {"method": "PUT", "path": f"{RECORDS}/{each['id']}", "body": {"data": each}}
            for each in documents[start : start + BATCH]
        ]
        answer = client.post("/v1/batch", json={"requests": wanted})
        assert {each["status"] for each in answer.raise_for_status().json()["responses"]} <= {200, 201}
    return time.perf_counter() - began


def pull(client: httpx2.Client, file: Path, documents: int) -> float:
    """Seconds to fetch everything in pages into a plain SQLite file."""
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE row (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
    began = time.perf_counter()
    url: str | None = f"{RECORDS}?_limit={PAGE}"
    while url:
        answer = client.get(url).raise_for_status()
        rows = [(each["id"], json.dumps(each, ensure_ascii=False)) for each in answer.json()["data"]]
        connection.executemany("INSERT INTO row VALUES (?, ?)", rows)
        url = answer.headers.get("next-page")
    connection.commit()
    seconds = time.perf_counter() - began
    [(count,)] = connection.execute("SELECT count(*) FROM row")
    connection.close()
    assert count == documents, count
    return seconds
