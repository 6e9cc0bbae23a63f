"""A private session bus and a real Secret Service with its own home, so that nobody's keyring is touched.

A missing program is an error with its cure: a keyring that was never tried is no keyring that works.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>"""
VAULT_PROGRAM = """
import json, sys
from pathlib import Path
from judge_desk.domain.errors import KnownError
from judge_desk.security.vault import Vault

vault, answers = Vault(Path(sys.argv[1])), []
for name, *arguments in json.loads(sys.stdin.read()):
    try:
        answer = getattr(vault, name)
        answer = answer(*arguments) if callable(answer) else answer
    except KnownError as fault:
        answer = "! " + fault.key
    answers.append(answer.hex() if isinstance(answer, bytes) else answer)
print(json.dumps(answers))
"""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: apt-get install gnome-keyring dbus-daemon")
    return found


@dataclass
class Desktop:
    """A desktop session of one user: a bus, a home, and a keyring daemon that may be started, stopped and unlocked."""

    home: Path
    environment: dict[str, str]
    daemon: subprocess.Popen[bytes] | None = None

    def start_keyring(self, password: str | None) -> None:
        """Start the Secret Service, unlocked with a password or, with None, as a login without one leaves it."""
        command = [program("gnome-keyring-daemon"), "--foreground", "--components=secrets"]
        if password is not None:
            command.append("--unlock")
        self.daemon = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.daemon.stdin is not None
        self.daemon.stdin.write((password or "").encode())
        self.daemon.stdin.close()
        self._wait_for_service()

    def stop_keyring(self) -> None:
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait(timeout=30)
            assert self.daemon.stdout is not None
            self.daemon.stdout.close()
        self.daemon = None

    def run(self, code: str, *arguments: str, stdin: str = "") -> str:
        """Run Python inside this session; gives its stdout."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=Path(__file__).parents[2],
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _wait_for_service(self) -> None:
        """Return when the service owns its name: the bus itself tells, so no clock is asked."""
        self.run(
            "import jeepney.io.blocking as io, jeepney as j\n"
            "bus = io.open_dbus_connection()\n"
            "rule = j.MatchRule(type='signal', interface='org.freedesktop.DBus', member='NameOwnerChanged')\n"
            "io.Proxy(j.message_bus, bus).AddMatch(rule)\n"
            "with bus.filter(rule) as changes:\n"
            "    while not io.Proxy(j.message_bus, bus).NameHasOwner('org.freedesktop.secrets')[0]:\n"
            "        bus.recv_until_filtered(changes, timeout=60)\n"
        )


@pytest.fixture
def new_desktop() -> Iterator[Callable[[], Desktop]]:
    """Makes desktops, each with its own bus and home, and ends their processes."""
    with ExitStack() as ending:

        def make() -> Desktop:
            # Short, for a socket's path holds 107 characters; pytest's own folders can be deeper.
            home = Path(ending.enter_context(TemporaryDirectory(prefix="jd", ignore_cleanup_errors=True)))
            (home / "bus.conf").write_text(BUS_CONFIG.format(folder=home))
            environment = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "GNOME"))}
            environment.pop("PYTHON_KEYRING_BACKEND", None)
            environment.pop("DISPLAY", None)
            environment |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_DATA_HOME": str(home / "data")}
            bus = subprocess.Popen(
                [program("dbus-daemon"), f"--config-file={home / 'bus.conf'}", "--nofork", "--print-address"],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert bus.stdout is not None
            ending.callback(bus.stdout.close)
            ending.callback(bus.wait, timeout=30)
            ending.callback(bus.terminate)
            environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
            desktop = Desktop(home, environment)
            ending.callback(desktop.stop_keyring)
            return desktop

        yield make


@pytest.fixture
def desktop(new_desktop: Callable[[], Desktop]) -> Desktop:
    """One session with its bus; no keyring daemon runs yet."""
    return new_desktop()
