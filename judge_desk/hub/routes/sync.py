"""Pull and push."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import zstandard
from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import apply, feed, metrics
from judge_desk.hub import lost as lost_operations
from judge_desk.hub.routes.asked import answered, body_of, caller_of, decoded, hub_of
from judge_desk.protocol.api import LostRequest
from judge_desk.protocol.http import FEED_TYPE, LEVEL, LEVEL_KNOWN, LEVEL_UNKNOWN

_LOOPBACK = ("127.", "::1")
_LOST_BYTES = 256 << 10
_SMALL_ANSWER = 1 << 10
_ZSTD_LEVEL = 3
_GZIP_LEVEL = 4


async def pull(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request)
    source = feed.Source(hub.clock, hub.replicas, hub.levels)
    try:
        lines = await hub.run(feed.pull, hub.engine, source, caller, body)
    except feed.LevelUnknown:
        return Response(b"", media_type=FEED_TYPE, headers={LEVEL: LEVEL_UNKNOWN})
    metrics.PULLED.add(amount=len(lines))
    content = b"".join(lines)
    packing = _packing(request) if len(content) >= _SMALL_ANSWER else ""
    if not packing:
        return Response(content, media_type=FEED_TYPE, headers={LEVEL: LEVEL_KNOWN})
    packed = await hub.run(_PACKERS[packing], content)
    return Response(packed, media_type=FEED_TYPE, headers={LEVEL: LEVEL_KNOWN, "content-encoding": packing})


async def lost(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    asked = decoded(await body_of(request, _LOST_BYTES), LostRequest)
    return answered(await hub.run(lost_operations.find, hub.engine, caller, asked))


async def push(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request)
    answer = await hub.run(apply.push, hub.engine, hub.clock, caller, body)
    return Response(answer, media_type="application/json")


def _zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, _GZIP_LEVEL)


_PACKERS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}
"""The better first: zstd packs as well as gzip in a tenth of the time."""


def _packing(request: Request) -> str:
    """How to pack what the desk can unpack; not at all where the way does not leave this machine."""
    host = request.client.host if request.client else ""
    if host.startswith(_LOOPBACK):
        return ""
    accepted = {each.partition(";")[0].strip() for each in request.headers.get("accept-encoding", "").split(",")}
    return next((name for name in _PACKERS if name in accepted), "")
