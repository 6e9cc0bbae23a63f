"""Reads requests: who asks, and a body neither too large nor too slow. Work goes to threads, a bounded number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
import anyio.to_thread
import msgspec
from sqlalchemy import Engine
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from judge_desk.hub.auth import Caller, Gate
from judge_desk.hub.blobs import BlobStore
from judge_desk.hub.events import Bell
from judge_desk.hub.refusals import Refused
from judge_desk.hub.uploads import Uploads
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import Clock

BODY_SECONDS = 120
WAITING = 200
"""Requests that may wait for a thread; the next one is sent away with Retry-After."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hub:
    """What the endpoints work with; one for each app."""

    engine: Engine
    blobs: BlobStore
    clock: Clock
    gate: Gate
    uploads: Uploads
    threads: anyio.CapacityLimiter
    bell: Bell

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Run blocking work in a thread. Raises Refused when too many wait for one."""
        if self.threads.statistics().tasks_waiting >= WAITING:
            raise Refused(Code.TOO_MANY_REQUESTS, retry_after=2, status=503)
        return await anyio.to_thread.run_sync(work, *arguments, limiter=self.threads)


def hub_of(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def caller_of(request: Request) -> Caller:
    """Raises Refused: BAD_CREDENTIALS, TOKEN_EXPIRED."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(Code.BAD_CREDENTIALS)
    return hub_of(request).gate.caller(token.strip())


async def body_of(request: Request, most: int = limits.BODY_BYTES + limits.PUSH_BYTES) -> bytes:
    """The body; raises Refused: TOO_LARGE, BAD_REQUEST when it stops coming."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise Refused(Code.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise Refused(Code.TOO_LARGE)
    except (TimeoutError, ClientDisconnect):
        raise Refused(Code.BAD_REQUEST, status=408) from None
    return bytes(body)


def decoded(body: bytes, shape: type[T]) -> T:
    """Raises Refused: BAD_REQUEST."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None


def answered(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
