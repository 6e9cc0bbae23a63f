"""Reads requests: who asks, and a body neither too large nor too slow. Work goes to threads, a bounded number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import zstandard
from sqlalchemy import Engine
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from judge_desk.hub.auth import Caller, Gate
from judge_desk.hub.blobs import BlobStore
from judge_desk.hub.events import Bell
from judge_desk.hub.levels import Levels
from judge_desk.hub.load import Load
from judge_desk.hub.refusals import Refused
from judge_desk.hub.replicas import Replicas
from judge_desk.hub.uploads import Uploads
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import Clock

STALL_SECONDS = 30
"""How long a body may bring nothing at all."""
SLOWEST = 2 << 10
"""Bytes a second that a body must bring in the long run, behind its first minute."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hub:
    """What the endpoints work with; one for each app."""

    engine: Engine
    blobs: BlobStore
    clock: Clock
    gate: Gate
    uploads: Uploads
    bell: Bell
    load: Load = field(default_factory=Load)
    replicas: Replicas | None = None
    levels: Levels = field(default_factory=Levels)

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Run blocking work in a thread. Raises Refused when too many wait for one."""
        return await self.load.threads.run(work, *arguments)

    async def with_files(self, work: Callable[..., T], *arguments: object) -> T:
        """Run work on the store of files in one of a few threads of its own: while the store is silent, cases and
        drafts go on. Raises Refused when too many wait."""
        return await self.load.files.run(work, *arguments)

    async def sign_in(self, work: Callable[..., T], *arguments: object) -> T:
        """Run a check of a password in one of a few threads of its own: a flood of them takes none from the others.
        Raises Refused when too many wait."""
        return await self.load.sign_ins.run(work, *arguments)


def hub_of(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def caller_of(request: Request) -> Caller:
    """Raises Refused: BAD_CREDENTIALS, TOKEN_EXPIRED; TOO_MANY_REQUESTS for a device that asks too often."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(Code.BAD_CREDENTIALS)
    hub = hub_of(request)
    caller = hub.gate.caller(token.strip())
    hub.load.check_device(caller.device_id)
    return caller


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy that `serve --proxies` names, what the proxy says."""
    return request.client.host if request.client else ""


async def body_of(request: Request, most: int = limits.BODY_BYTES + limits.PUSH_BYTES) -> bytes:
    """The body; raises Refused: TOO_LARGE, BAD_REQUEST when it stops coming or comes too slowly, TOO_MANY_REQUESTS."""
    announced = request.headers.get("content-length", "")
    expected = int(announced) if announced.isdecimal() else most
    if expected > most:
        raise Refused(Code.TOO_LARGE)
    load = hub_of(request).load
    load.check_body(expected)
    load.body_bytes += expected
    try:
        async with asyncio.timeout(60 + expected / SLOWEST):
            body = await _read(request, most)
    except (TimeoutError, ClientDisconnect):
        raise Refused(Code.BAD_REQUEST, status=408) from None
    finally:
        load.body_bytes -= expected
    return _unpacked(body, most) if request.headers.get("content-encoding", "") == "zstd" else body


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                body += await anext(chunks)
        except StopAsyncIteration:
            return bytes(body)
        if len(body) > most:
            raise Refused(Code.TOO_LARGE)


def _unpacked(body: bytes, most: int) -> bytes:
    """A packed body, never more of it than an unpacked one might bring; raises Refused: TOO_LARGE, BAD_REQUEST."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as reader:
            plain = reader.read(most + 1)
    except zstandard.ZstdError:
        raise Refused(Code.BAD_REQUEST) from None
    if len(plain) > most:
        raise Refused(Code.TOO_LARGE)
    return plain


def decoded(body: bytes, shape: type[T]) -> T:
    """Raises Refused: BAD_REQUEST."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None


def answered(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
