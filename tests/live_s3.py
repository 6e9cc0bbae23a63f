"""A real S3-speaking server for tests: OpenStack Swift with its s3api, run from Debian's packages in a folder of ours.

The set-up of the tests installs it (bootstrap/system_packages.py); on Linux a missing one is an error. Debian ships a
swift.conf and Ubuntu does not, so the servers read one of ours, by the system's own Python that the packages belong to.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.platforms import apart_on_windows

SERVERS = ("account", "container", "object")
NEEDED = ("swift-proxy-server", *(f"swift-{each}-server" for each in SERVERS), "memcached")
PYTHON = "/usr/bin/python3"
BUCKET = "hub"
START_SECONDS = 60

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
_RINGS = """
import sys
from swift.common.ring import RingBuilder
folder, *servers = sys.argv[1:]
for server in servers:
    name, port = server.split(":")
    builder = RingBuilder(4, 1, 1)
    place = {"ip": "127.0.0.1", "port": int(port), "replication_ip": "127.0.0.1", "replication_port": int(port)}
    builder.add_dev({"region": 1, "zone": 1, "device": "d1", "weight": 1.0, "meta": "", **place})
    builder.rebalance()
    builder.get_ring().save(f"{folder}/{name}.ring.gz")
"""
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
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
min_segment_size = 1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:container_quotas]
use = egg:swift#container_quotas
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_PIPELINE = "catch_errors healthcheck cache listing_formats s3api tempauth container_quotas slo dlo proxy-server"


@dataclass
class S3Server:
    """Where it listens, and the variables that ``open_blobs("s3://hub/…")`` reads. It can be stopped for real, and is
    back behind the block."""

    url: str
    start: Callable[[], subprocess.Popen[bytes]]
    front: subprocess.Popen[bytes] = field(init=False)
    """The process that speaks S3."""

    def __post_init__(self) -> None:
        self.front = self.start()

    @property
    def variables(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test:tester",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
        }

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Takes connections and what comes over them, and answers nothing."""
        self.front.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.front.send_signal(signal.SIGCONT)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Killed with what it was doing; nobody listens there."""
        self.front.kill()
        self.front.wait(20)
        try:
            yield
        finally:
            self.front = self.start()
            until(lambda: self._swift("GET", "healthcheck").is_success)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Over its quota: what lies there can be read, and not a byte more is taken."""
        self._set_quota("1")
        try:
            yield
        finally:
            self._set_quota("")

    def _set_quota(self, most: str) -> None:
        """In Swift's own tongue; S3 has no such word."""
        user = {"x-auth-user": "test:tester", "x-auth-key": "testing"}
        token = self._swift("GET", "auth/v1.0", user).headers["x-auth-token"]
        said = {"x-auth-token": token, "x-container-meta-quota-bytes": most}
        self._swift("POST", f"v1/AUTH_test/{BUCKET}", said).raise_for_status()

    def _swift(self, method: str, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        return httpx2.request(method, f"{self.url}/{path}", headers=headers, trust_env=False)


def until(is_so: Callable[[], bool], told: Callable[[], str] = str) -> None:
    """Wait for a server that starts; one that does not within START_SECONDS is an error."""
    end = time.monotonic() + START_SECONDS
    while True:
        with suppress(httpx2.HTTPError):
            if is_so():
                return
        if time.monotonic() > end:
            pytest.fail(told())
        time.sleep(0.05)  # it tells nobody when it is ready; to ask without a pause would take the core that it needs


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
        _make_rings(folder, ports)
        _configure(folder, ports)
        cache = ["memcached", "-u", _user(), "-l", "127.0.0.1", "-p", str(ports["cache"])]
        stack.enter_context(_run(folder, "cache", cache))
        for name in SERVERS:
            stack.enter_context(_run(folder, name, _command(folder, name)))
        server = S3Server(
            f"http://127.0.0.1:{ports['proxy']}", lambda: _start(folder, "proxy", _command(folder, "proxy"))
        )
        stack.callback(lambda: _stop(server.front))
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


def _make_rings(folder: Path, ports: dict[str, int]) -> None:
    (folder / "devices" / "d1").mkdir(parents=True)
    servers = [f"{name}:{ports[name]}" for name in SERVERS]
    subprocess.run([PYTHON, "-c", _RINGS, str(folder), *servers], check=True, capture_output=True, timeout=60)


def _configure(folder: Path, ports: dict[str, int]) -> None:
    (folder / "swift.conf").write_text(_CLUSTER)
    for name in SERVERS:
        text = _COMMON.format(port=ports[name], user=_user(), folder=folder, pipeline=f"{name}-server")
        (folder / f"{name}.conf").write_text(f"{text}[app:{name}-server]\nuse = egg:swift#{name}\n")
    text = _COMMON.format(port=ports["proxy"], user=_user(), folder=folder, pipeline=_PIPELINE)
    (folder / "proxy.conf").write_text(text + _PROXY.format(cache=ports["cache"]))


def _command(folder: Path, name: str) -> list[str]:
    return [PYTHON, "-c", _LAUNCH, str(folder), _MODULES.get(name, name), name]


def _start(folder: Path, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


@contextmanager
def _run(folder: Path, name: str, command: list[str]) -> Iterator[None]:
    process = _start(folder, name, command)
    try:
        yield
    finally:
        _stop(process)


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
    until(
        lambda: httpx2.put(address, trust_env=False).is_success,
        lambda: (folder / "proxy.log").read_text()[-2000:],
    )
