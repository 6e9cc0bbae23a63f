"""A real S3-speaking server for tests: OpenStack Swift with its s3api, run from Debian's packages in a folder of ours.

The set-up of the tests installs it (bootstrap/system_packages.py); on Linux a missing one is an error. Debian ships a
swift.conf and Ubuntu does not, so the servers read one of ours, by the system's own Python that the packages belong to.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

import httpx2
import pytest

from tests.platforms import apart_on_windows

SERVERS = ("account", "container", "object")
NEEDED = ("swift-proxy-server", *(f"swift-{each}-server" for each in SERVERS), "swift-ring-builder", "memcached")
PYTHON = "/usr/bin/python3"
BUCKET = "hub"
START_SECONDS = 30

_LAUNCH = """
import sys
from importlib import import_module
from swift.common import utils
folder, kind, name = sys.argv[1:]
utils.set_swift_dir(folder)
from swift.common.wsgi import run_wsgi
server = import_module(f"swift.{kind}.server")
callback = getattr(server, "global_conf_callback", lambda *_: None)
sys.exit(run_wsgi(f"{folder}/{name}.conf", f"{name}-server", global_conf_callback=callback))
"""
_MODULES = {"object": "obj"}
_CLUSTER = """[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = Policy-0
default = yes
"""
_COMMON = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
workers = 0
[pipeline:main]
pipeline = {pipeline}
"""
_PROXY = """[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_PIPELINE = "catch_errors cache listing_formats s3api tempauth slo dlo proxy-server"


@dataclass(frozen=True)
class S3Server:
    """Where it listens, and the variables that ``open_blobs("s3://hub/…")`` reads."""

    url: str

    @property
    def variables(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test:tester",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
        }


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Swift with an empty bucket ``hub``; stopped after the tests."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        group = apart_on_windows("", ["s3_server"])
        if sys.platform == "win32" and group is not None:
            # Asked for by name in the middle of a test, where no rule of the collection sees it.
            pytest.skip(group.why)
        pytest.fail(f"no S3 server on this machine: {', '.join(missing)} not installed; run the set-up of the tests")
    folder = tmp_path_factory.mktemp("swift")
    with ExitStack() as stack:
        ports = {name: _free_port() for name in (*SERVERS, "proxy", "cache")}
        for name in SERVERS:
            _make_ring(folder, name, ports[name])
        _configure(folder, ports)
        stack.enter_context(
            _run(folder, "cache", ["memcached", "-u", _user(), "-l", "127.0.0.1", "-p", str(ports["cache"])])
        )
        for name in (*SERVERS, "proxy"):
            command = [PYTHON, "-c", _LAUNCH, str(folder), _MODULES.get(name, name), name]
            stack.enter_context(_run(folder, name, command))
        server = S3Server(f"http://127.0.0.1:{ports['proxy']}")
        _make_bucket(server, folder)
        yield server


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _user() -> str:
    import getpass

    return getpass.getuser()


def _make_ring(folder: Path, name: str, port: int) -> None:
    (folder / "devices" / "d1").mkdir(parents=True, exist_ok=True)
    builder = str(folder / f"{name}.builder")
    for step in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
        subprocess.run(["swift-ring-builder", builder, *step], check=True, capture_output=True, timeout=60)


def _configure(folder: Path, ports: dict[str, int]) -> None:
    (folder / "swift.conf").write_text(_CLUSTER)
    for name in SERVERS:
        text = _COMMON.format(port=ports[name], user=_user(), folder=folder, pipeline=f"{name}-server")
        (folder / f"{name}.conf").write_text(f"{text}[app:{name}-server]\nuse = egg:swift#{name}\n")
    text = _COMMON.format(port=ports["proxy"], user=_user(), folder=folder, pipeline=_PIPELINE)
    (folder / "proxy.conf").write_text(text + _PROXY.format(cache=ports["cache"]))


@contextmanager
def _run(folder: Path, name: str, command: list[str]) -> Iterator[None]:
    log: IO[bytes]
    with (folder / f"{name}.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _make_bucket(server: S3Server, folder: Path) -> None:
    import obstore
    from obstore.store import S3Store

    store = S3Store(
        BUCKET,
        endpoint=server.url,
        access_key_id=server.variables["AWS_ACCESS_KEY_ID"],
        secret_access_key=server.variables["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
        client_options={"allow_http": True},
    )
    address = obstore.sign(store, "PUT", "", timedelta(minutes=5))
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx2.put(address, trust_env=False).is_success:
                return
        except httpx2.HTTPError:
            pass
        if time.monotonic() > end:
            pytest.fail((folder / "proxy.log").read_text()[-2000:])
        time.sleep(0.2)
