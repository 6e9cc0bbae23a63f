"""A real browser for tests: Debian's Chromium without a window, led by its own driver over WebDriver's HTTP."""

from __future__ import annotations

import base64
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
START_SECONDS = 30
ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Browser:
    """One window. Elements are found by CSS."""

    http: httpx2.Client
    session: str

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.http.request(method, f"/session/{self.session}/{path}", json=body)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value

    def post(self, path: str, **body: Any) -> Any:
        return self.call("POST", path, body)

    def open(self, url: str) -> None:
        self.post("url", url=url)

    def find(self, css: str) -> str:
        found: dict[str, str] = self.post("element", using="css selector", value=css)
        return found[ELEMENT]

    def type(self, css: str, text: str) -> None:
        self.post(f"element/{self.find(css)}/value", text=text)

    def click(self, css: str) -> None:
        self.post(f"element/{self.find(css)}/click")

    def text(self, css: str) -> str:
        return str(self.call("GET", f"element/{self.find(css)}/text"))

    def shows(self, css: str, text: str) -> bool:
        """Whether the text stands there within a few seconds; a form that was sent takes a moment to be answered."""
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            found = self.post("elements", using="css selector", value=css)
            texts = [self.http.get(f"/session/{self.session}/element/{each[ELEMENT]}/text") for each in found]
            if any(each.json()["value"] == text for each in texts):
                return True
            time.sleep(0.05)
        return False

    def ask(self, script: str, *arguments: Any) -> Any:
        """Run a script of the test's own in the page; the page itself has none."""
        return self.post("execute/sync", script=script, args=list(arguments))

    def press(self, key: str) -> None:
        """One key on the keyboard."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.post("actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def tool(self, command: str, **parameters: Any) -> Any:
        """A command of the browser's developer tools."""
        return self.post("goog/cdp/execute", cmd=command, params=parameters)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("GET", "screenshot")))


@contextmanager
def browser(folder: Path, *, scripts: bool = True) -> Iterator[Browser]:
    """A fresh browser whose profile lies in ``folder``; ``scripts`` False: with scripts switched off."""
    driver = shutil.which("chromedriver")
    assert driver, "set-up installs chromium-driver"
    log = (folder / "driver.log").open("w+")
    process = subprocess.Popen([driver, "--port=0"], stdout=log, stderr=subprocess.STDOUT)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{_port(folder / 'driver.log')}", timeout=60) as http:
            made = http.post("/session", json={"capabilities": {"alwaysMatch": _wishes(folder, scripts)}}).json()
            window = Browser(http, made["value"]["sessionId"])
            try:
                yield window
            finally:
                http.delete(f"/session/{window.session}")
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wishes(folder: Path, scripts: bool) -> dict[str, Any]:
    arguments = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        f"--user-data-dir={folder}/profile", "--window-size=1000,1100", "--hide-scrollbars",
    ]  # fmt: skip
    preferences = {} if scripts else {"profile.managed_default_content_settings.javascript": 2}
    return {"goog:chromeOptions": {"args": arguments, "prefs": preferences}}


def _port(log: Path) -> int:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        for line in log.read_text().splitlines():
            if "successfully on port" in line:
                return int(line.rstrip(".").rsplit(" ", 1)[1])
        time.sleep(0.05)
    raise TimeoutError("the driver did not start")
