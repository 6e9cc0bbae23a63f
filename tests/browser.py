"""A real browser for tests: Chromium's engine in a process of its own, led by the commands of its developer tools.

The engine is the one in Qt's wheel (extra ``test``), so that Debian, Ubuntu and Windows have the same: Ubuntu has
Chromium only as a snap, which no container starts, and WebKit's driver can neither change the medium nor the screen.
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from websockets.sync.client import ClientConnection, connect

WINDOW = Path(__file__).with_name("browser_window.py")
START_SECONDS = 30
ANSWER_SECONDS = 10
KEYS = {"Tab": 9, "Enter": 13}
"""What the tests press, with the codes that a keyboard of Windows gives them."""


class BrowserError(Exception):
    """The browser refused a command, or a script failed in the page."""


@dataclass(frozen=True)
class Browser:
    """One window. Elements are found by CSS."""

    line: ClientConnection
    numbers: Iterator[int] = field(default_factory=count)

    def tool(self, command: str, **parameters: Any) -> Any:
        """A command of the browser's developer tools; what it reports meanwhile is not of interest.

        Raises:
            BrowserError: it refused.
        """
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": command, "params": parameters}))
        while (answer := json.loads(self.line.recv(timeout=60))).get("id") != number:
            pass
        if "error" in answer:
            raise BrowserError(f"{command}: {answer['error']}")
        return answer["result"]

    def open(self, url: str) -> None:
        found = self.tool("Page.navigate", url=url)
        assert "errorText" not in found, found
        self._until("return document.readyState === 'complete'")

    def ask(self, script: str, *arguments: Any) -> Any:
        """Run a script of the test's own in the page; the page itself has none."""
        words = ", ".join(json.dumps(each) for each in arguments)
        answer = self.tool("Runtime.evaluate", expression=f"(function() {{{script}}})({words})", returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def type(self, css: str, text: str) -> None:
        """Type into a field, or choose the file of that name in a field for files."""
        document = self.tool("DOM.getDocument")["root"]["nodeId"]
        node = self.tool("DOM.querySelector", nodeId=document, selector=css)["nodeId"]
        if self.ask("return document.querySelector(arguments[0]).type", css) == "file":
            self.tool("DOM.setFileInputFiles", nodeId=node, files=[text])
            return
        self.tool("DOM.focus", nodeId=node)
        self.tool("Input.insertText", text=text)

    def click(self, css: str) -> None:
        """Press the mouse's button on the middle of an element."""
        x, y = self.ask(MIDDLE, css)
        for kind in ("mousePressed", "mouseReleased"):
            self.tool("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """One key on the keyboard, by its name in ``KEYS``."""
        words = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        letter = {"text": "\r"} if key == "Enter" else {}
        self.tool("Input.dispatchKeyEvent", type="keyDown" if letter else "rawKeyDown", **words, **letter)
        self.tool("Input.dispatchKeyEvent", type="keyUp", **words)

    def text(self, css: str) -> str:
        return str(self.ask("return document.querySelector(arguments[0]).innerText", css))

    def shows(self, css: str, text: str) -> bool:
        """Whether the text stands there within a few seconds; a form that was sent takes a moment to be answered."""
        return self._until(STANDS, css, text)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.tool("Page.captureScreenshot", format="png")["data"]))

    def _until(self, script: str, *arguments: Any) -> bool:
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            try:
                if self.ask(script, *arguments):
                    return True
            except BrowserError:
                # Between two pages there is none to ask.
                pass
            time.sleep(0.05)
        return False


MIDDLE = """
const e = document.querySelector(arguments[0]);
e.scrollIntoView({block: "center", behavior: "instant"});
const r = e.getClientRects()[0];
return [r.x + r.width / 2, r.y + r.height / 2];
"""
STANDS = "return [...document.querySelectorAll(arguments[0])].some(e => e.innerText.trim() === arguments[1])"


@contextmanager
def browser(folder: Path, *, scripts: bool = True) -> Iterator[Browser]:
    """A fresh browser that keeps nothing but its log, in ``folder``; ``scripts`` False: pages run none."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "browser.log").open("wb") as log:
        command = [sys.executable, str(WINDOW), str(port)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            with connect(_address(port, process, folder / "browser.log"), max_size=None, proxy=None) as line:
                window = Browser(line)
                window.tool("Page.enable")
                window.tool("Emulation.setScriptExecutionDisabled", value=not scripts)
                yield window
        finally:
            process.communicate(timeout=20)


def _address(port: int, process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            pages = httpx2.get(f"http://127.0.0.1:{port}/json", trust_env=False).json()
        except httpx2.TransportError:
            pages = []
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise TimeoutError(f"the browser did not start: {log.read_text(errors='replace')[-2000:]}")
