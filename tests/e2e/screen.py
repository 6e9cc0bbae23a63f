"""A screen of one's own: X server, window manager and session bus as processes; a missing program is an error."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

START_SECONDS = 30.0
CURE = "apt-get install xvfb openbox xdotool x11-utils dbus"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: {CURE}")
    return found


@contextmanager
def process(*words: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A process with its stdout to read, ended with the block."""
    environment = {**os.environ, **variables}
    command = [program(words[0]), *words[1:]]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as started:
        try:
            yield started
        finally:
            started.terminate()


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The variables of a session with a screen of 1366 by 768, as many courts have."""
    program("xdotool")
    with ExitStack() as stack:
        # Left to itself the server starts anew when its last client goes. That may be our own question whether the
        # window manager is there yet, and the manager, just about to connect, is cut off.
        words = ("-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset")
        server = stack.enter_context(process("Xvfb", *words))
        display = f":{_line(server)}"
        bus = stack.enter_context(process("dbus-daemon", "--session", "--nofork", "--print-address"))
        session = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": _line(bus), "QT_QPA_PLATFORM": "xcb"}
        stack.enter_context(process("openbox", "--sm-disable", **session))
        _wait_for_manager(session)
        yield session


def _line(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    line = started.stdout.readline().strip()
    assert line, f"{started.args!r} said nothing"
    return line


def _wait_for_manager(session: dict[str, str]) -> None:
    """A window manager announces itself on the root window."""
    command = [program("xprop"), "-root", "_NET_SUPPORTING_WM_CHECK"]
    pause, until = threading.Event(), time.monotonic() + START_SECONDS
    while (
        "window id"
        not in subprocess.run(
            command, env={**os.environ, **session}, capture_output=True, text=True, check=False, timeout=START_SECONDS
        ).stdout
    ):
        if time.monotonic() > until:
            raise RuntimeError("openbox never took charge of the screen")
        pause.wait(0.05)
