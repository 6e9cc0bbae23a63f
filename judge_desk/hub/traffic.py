"""Around every request: counts and times it, sends it away when there are too many, writes its line in the log."""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from judge_desk.hub import metrics
from judge_desk.hub.border import refusal
from judge_desk.hub.load import Load
from judge_desk.protocol import http, manifest
from judge_desk.protocol.codes import Code
from judge_desk.runtime import logs

log = logs.topic("hub")
FULL_SECONDS = 3
_ROUTES = {
    http.VERSION: "version",
    http.HEALTH: "health",
    http.READY: "ready",
    http.DEVICES: "enrol",
    http.SESSION: "session",
    http.PULL: "pull",
    http.PUSH: "push",
    http.LOST: "lost",
    http.EVENTS: "events",
    http.RESCUE: "rescue",
    http.WIPED: "wiped",
    http.VERIFY: "verify",
    manifest.PATH: "manifest",
    http.VERIFY: "verify",
}
_UNCOUNTED = frozenset({"health", "ready", "events"})
"""Asked by machines that must always get an answer, or open for a quarter of an hour."""


@dataclass(slots=True)
class _Seen:
    status: int = 0
    received: int = 0
    sent: int = 0


class Traffic:
    """Outermost of all: what the border refuses is counted too."""

    def __init__(self, app: ASGIApp, load: Load, *, logs_requests: bool = False) -> None:
        self._app = app
        self._load = load
        self._logs_requests = logs_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route, seen, began = route_of(scope["path"]), _Seen(), time.perf_counter()
        watched_receive, watched_send = self._watch(receive, send, seen)
        counted = route not in _UNCOUNTED
        self._load.requests += counted
        try:
            if counted and self._load.requests > self._load.limits.requests:
                metrics.SENT_AWAY.add("requests")
                answer = refusal(Code.TOO_MANY_REQUESTS, 503, FULL_SECONDS)
                await answer(scope, watched_receive, watched_send)
            else:
                await self._app(scope, watched_receive, watched_send)
        finally:
            self._load.requests -= counted
            self._note(route, seen, time.perf_counter() - began)

    def _watch(self, receive: Receive, send: Send, seen: _Seen) -> tuple[Receive, Send]:
        async def watched_receive() -> Message:
            message = await receive()
            seen.received += len(message.get("body", b""))
            return message

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                if self._load.draining:
                    # The desk's next request goes to another process.
                    message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            else:
                seen.sent += len(message.get("body", b""))
            await send(message)

        return watched_receive, watched_send

    def _note(self, route: str, seen: _Seen, seconds: float) -> None:
        # Nothing was answered: the desk hung up, or half an answer broke off.
        status = str(seen.status or 499)
        metrics.REQUEST_SECONDS.observe(seconds, route, status)
        metrics.BYTES_OUT.add(route, amount=seen.sent)
        metrics.BYTES_IN.add(route, amount=seen.received)
        if self._logs_requests:
            fields = {
                "route": route,
                "status": int(status),
                "ms": round(seconds * 1000, 1),
                "bytes_in": seen.received,
                "bytes_out": seen.sent,
            }
            log.info("request %(route)s %(status)s %(ms)s ms, %(bytes_in)s in, %(bytes_out)s out", fields)


def route_of(path: str) -> str:
    """The endpoint's name: one of a dozen, whatever is asked."""
    if path.startswith(f"{http.BLOBS}/") or path == http.BLOBS:
        return "blobs"
    return _ROUTES.get(path, "other")
