"""The stream of pokes: that something changed, never what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from judge_desk.hub.auth import TOKEN_LIFE, Caller, require_device
from judge_desk.hub.events import Bell, Ear
from judge_desk.hub.refusals import Refused
from judge_desk.hub.routes.asked import Hub, caller_of, hub_of
from judge_desk.protocol.codes import Code
from judge_desk.protocol.http import BEAT_SECONDS, POKE, Poke

CROWDED_SECONDS = 300
_BEAT = b":\n\n"


async def events(request: Request) -> Response:
    """Raises Refused: DEVICE_REVOKED, and TOO_MANY_REQUESTS when this process holds all the streams it can."""
    hub, caller = hub_of(request), caller_of(request)
    await hub.run(_check, hub, caller)
    ear = hub.bell.add(caller)
    if ear is None:
        raise Refused(Code.TOO_MANY_REQUESTS, retry_after=CROWDED_SECONDS, status=503)
    # A proxy that collects answers would hold the pokes back.
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_pokes(hub, hub.bell, ear), media_type="text/event-stream", headers=headers)


def _check(hub: Hub, caller: Caller) -> None:
    with hub.engine.connect() as connection:
        require_device(connection, caller)


async def _pokes(hub: Hub, bell: Bell, ear: Ear) -> AsyncIterator[bytes]:
    """Until the token runs out, the server stops, or the device is shut out."""
    ends = asyncio.get_running_loop().time() + TOKEN_LIFE.total_seconds()
    try:
        await bell.until_it_hears(hub.load.threads.limiter)
        yield _BEAT
        while asyncio.get_running_loop().time() < ends:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await ear.rung.wait()
            except TimeoutError:
                if not await bell.is_welcome(ear, hub.load.threads.limiter, BEAT_SECONDS / 2):
                    # The answer has begun: the next session tells the device why.
                    return
                yield _BEAT
                continue
            ear.rung.clear()
            if ear.closed:
                return
            poke, ear.spread_seconds = Poke(round(ear.spread_seconds, 3)), 0.0
            yield b"event: %s\ndata: %s\n\n" % (POKE.encode(), msgspec.json.encode(poke))
    finally:
        bell.remove(ear)
