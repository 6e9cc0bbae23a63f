"""What a link can do to the requests of one sync and to their answers: lose, double, hold back, overtake, cut."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from hypothesis import strategies as st

from judge_desk.protocol import http, limits
from judge_desk.sync import pull, push
from tests.sync.conftest import SyncedDesk

FILES = http.blob_path("")
STRIKES_AT = {
    "lost_answer": http.PUSH,
    "doubled": http.PUSH,
    "abreast": http.PUSH,
    "late": http.PUSH,
    "overtaken": http.PUSH,
    "answer_overtaken": http.PUSH,
    "cut_answer": http.PUSH,
    "held_push": http.PUSH,
    "held_pull": http.PULL,
    "cut_pull": http.PULL,
    "short_pull": http.PULL,
    "cut_file": FILES,
}
"""What each fault happens to."""
FAULTS = st.sampled_from(["", "", "", "", *STRIKES_AT])
PARTS, SECOND_OF = 1_000, 5
AT = st.integers(0, SECOND_OF * PARTS - 1)
"""Where a fault strikes: the first request of its kind or, one time in five, the second; and in thousandths where its
answer is cut."""
COPIES = 3
MOMENT = 0.05
"""Seconds that a request waits to be overtaken: there may be none behind it."""


@contextmanager
def faulty(desk: SyncedDesk, fault: str, at: int, on_way: list[httpx2.Request]) -> Iterator[Link]:
    """The link of one desk, for one sync. ``on_way``: what the desk has sent and no longer waits for; a request that is
    held back joins it."""
    client: Any = desk.opened.hub._client
    link = Link(client._transport, fault, at, on_way)
    client._transport = link
    try:
        yield link
    finally:
        client._transport = link.way


class Link(httpx2.BaseTransport):
    """Stands where the desk's HTTP client ends. ``struck``: the fault has happened, not only been asked for."""

    def __init__(self, way: httpx2.BaseTransport, fault: str, at: int, on_way: list[httpx2.Request]) -> None:
        self.way = way
        self.struck = False
        self._fault = fault
        self._to_pass, self._place = at // PARTS // (SECOND_OF - 1), at % PARTS
        self._on_way = on_way
        self._one_counts = threading.Lock()
        self._younger_done = threading.Event()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        if self._is_struck(request):
            strike: Callable[[httpx2.Request], httpx2.Response] = getattr(self, f"_{self._fault}")
            return strike(request)
        answer = self.way.handle_request(request)
        if request.url.path == http.PUSH:
            if self.struck:
                self._younger_done.set()
            elif not self._fault and len(self._on_way) < COPIES:
                self._on_way.append(request)
        return answer

    def _is_struck(self, request: httpx2.Request) -> bool:
        if not self._fault or not request.url.path.startswith(STRIKES_AT[self._fault]):
            return False
        with self._one_counts:
            self._to_pass -= 1
            if self.struck or self._to_pass >= 0:
                return False
            self.struck = True
            return True

    def _deliver(self, request: httpx2.Request) -> None:
        """The hub does what it is asked, and its answer goes nowhere."""
        answer = self.way.handle_request(request)
        _whole(answer)

    def _lost_answer(self, request: httpx2.Request) -> httpx2.Response:
        self._deliver(request)
        raise httpx2.ReadTimeout("the answer was lost")

    def _doubled(self, request: httpx2.Request) -> httpx2.Response:
        self._deliver(request)
        return self.way.handle_request(request)

    def _abreast(self, request: httpx2.Request) -> httpx2.Response:
        """Twice at the same time."""
        with ThreadPoolExecutor(1) as beside:
            twin = beside.submit(self._deliver, request)
            answer = self.way.handle_request(request)
            twin.result()
        return answer

    def _late(self, request: httpx2.Request) -> httpx2.Response:
        """Everything that is still on its way comes in just before."""
        while self._on_way:
            self._deliver(self._on_way.pop(0))
        return self.way.handle_request(request)

    def _overtaken(self, request: httpx2.Request) -> httpx2.Response:
        """The hub hears of the request behind it first."""
        self._younger_done.wait(MOMENT)
        return self.way.handle_request(request)

    def _answer_overtaken(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.way.handle_request(request)
        self._younger_done.wait(MOMENT)
        return answer

    def _held(self, request: httpx2.Request) -> httpx2.Response:
        """It has not come in when the desk gives up; see `arrive`."""
        self._on_way.append(request)
        raise httpx2.ReadTimeout("the request is held back")

    _held_push = _held_pull = _held

    def _cut(self, request: httpx2.Request) -> httpx2.Response:
        return self._begun(request, _Broken)

    _cut_answer = _cut_pull = _cut_file = _cut

    def _short_pull(self, request: httpx2.Request) -> httpx2.Response:
        """A proxy takes the part for the whole."""
        return self._begun(request, httpx2.ByteStream)

    def _begun(self, request: httpx2.Request, stream: Callable[[bytes], httpx2.SyncByteStream]) -> httpx2.Response:
        """The beginning of an answer; of the next one if this one is empty. Not packed, where a cut would take the
        whole of a short one."""
        request.headers["accept-encoding"] = "identity"
        answer = self.way.handle_request(request)
        whole = _whole(answer)
        self.struck = bool(whole)
        if not whole:
            return answer
        begin = whole[: len(whole) * self._place // PARTS]
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=stream(begin))


class _Broken(httpx2.SyncByteStream):
    """Some bytes in two pieces, then nothing more."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        half = len(self._content) // 2
        yield self._content[:half]
        yield self._content[half:]
        raise httpx2.ReadError("cut")


def _whole(answer: httpx2.Response) -> bytes:
    try:
        return answer.read()
    finally:
        answer.close()


def arrive(request: httpx2.Request) -> int:
    """A request that was held back comes in, when nobody waits for its answer any more; the answer's status."""
    with httpx2.HTTPTransport(verify=False) as way:
        answer = way.handle_request(request)
        _whole(answer)
        return answer.status_code


@contextmanager
def small_requests() -> Iterator[None]:
    """So few operations and rows go into one request that those of a model's day need several at once."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (push, "OPERATIONS", 2),
            (push, "FEW", 1),
            (pull, "FIRST_ROWS", 2),
            (pull, "PAGE_ROWS", 2),
            (limits, "PULL_ROWS", 4),
        ):
            patch.setattr(module, name, value)
        yield
