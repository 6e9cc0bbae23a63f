"""The programs as a court runs them: each command a process, the hub a process that can be killed and started again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PASSPHRASE = "a long passphrase of e2e"
SECONDS = 120


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out.count("\n") == 1, f"more or less than one line on stdout: {self.out[:200]}"
        return json.loads(self.out)

    def with_code(self, code: int) -> Done:
        assert self.code == code, f"{self.words} gave {self.code}: {self.out[:500]} {self.err[:2000]}"
        return self


def run(module: str, *words: str, stdin: str = "", **variables: str) -> Done:
    """One command to its end; ``variables`` go into its environment."""
    environment = {**environment_of_tests(), **variables}
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        timeout=SECONDS,
        check=False,
    )
    return Done(words, done.returncode, done.stdout, done.stderr)


def desk(*words: str, passphrase: str = PASSPHRASE, **variables: str) -> Done:
    """A command of the desk; the passphrase goes in by the environment."""
    return run("judge_desk", *words, **{"JUDGE_DESK_PASSPHRASE": passphrase, "JUDGE_DESK_LANGUAGE": "en", **variables})


def hub(*words: str, **variables: str) -> Done:
    """A command of the hub."""
    return run("judge_desk.bootstrap.hub", "--lang", "en", *words, **variables)


def environment_of_tests() -> dict[str, str]:
    """As outside of pytest: a command chooses its own platform, and no keyring of this session is touched."""
    left_out = ("QT_QPA_PLATFORM", "JUDGE_DESK_PASSPHRASE", "JUDGE_DESK_PASSWORD", "DBUS_SESSION_BUS_ADDRESS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "DBUS_SESSION_BUS_ADDRESS": "disabled:", "PYTHONUTF8": "1"}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Hub:
    """``judge-desk-hub serve`` over a seeded court; ``log`` collects what every run of it wrote to stderr."""

    folder: Path
    accounts: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'hub.db'}"

    @property
    def places(self) -> tuple[str, ...]:
        return ("--database", self.database, "--blobs", str(self.folder / "blobs"))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "hub.log"

    def start(self, module: str = "judge_desk.bootstrap.hub", *words: str) -> None:
        """Serve, on the same port each time; returns when it answers. ``module`` with ``words``: another build."""
        command = [sys.executable, "-m", module, *words, "serve", *self.places, "--json"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--listen", f"127.0.0.1:{self.port}"],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment_of_tests(),
                cwd=ROOT,
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert json.loads(said)["port"] == self.port

    def kill(self) -> None:
        """SIGKILL: the hub has no chance to say goodbye."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
        self.process = None

    def enrol(self, profile: Path, role: str = "judge", **variables: str) -> Done:
        words = ("enrol", "--hub", self.url, "--user", role, "--profile", str(profile))
        return desk(*words, **{"JUDGE_DESK_PASSWORD": self.accounts[role], **variables}).with_code(0)


@contextmanager
def seeded_hub(folder: Path, *, cases: int, documents: int, anchor: str = "") -> Iterator[Hub]:
    """A court made by ``judge-desk-hub seed``, served until the block ends; ``anchor`` is its today."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Hub(folder, {})
    size = ("--cases", str(cases), "--documents", str(documents), "--seed", "1")
    day = ("--anchor", anchor) if anchor else ()
    answer = hub("seed", *size, *day, *made.places, "--json").with_code(0).json
    made.accounts = answer["accounts"]
    try:
        made.start()
        yield made
    finally:
        made.kill()
