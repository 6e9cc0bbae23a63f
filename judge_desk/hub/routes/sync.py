"""Pull and push."""

from __future__ import annotations

import zstandard
from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import apply, feed
from judge_desk.hub.routes.asked import body_of, caller_of, hub_of
from judge_desk.protocol.http import FEED_TYPE

_LOOPBACK = ("127.", "::1")
_SMALL_ANSWER = 1 << 10
_ZSTD_LEVEL = 3


async def pull(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request)
    lines = await hub.run(feed.pull, hub.engine, hub.clock, caller, body)
    content = b"".join(lines)
    if len(content) < _SMALL_ANSWER or not _wants_zstd(request):
        return Response(content, media_type=FEED_TYPE)
    packed = await hub.run(zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress, content)
    return Response(packed, media_type=FEED_TYPE, headers={"content-encoding": "zstd"})


async def push(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request)
    answer = await hub.run(apply.push, hub.engine, hub.clock, caller, body)
    return Response(answer, media_type="application/json")


def _wants_zstd(request: Request) -> bool:
    """Where the desk can unpack it, and the way is longer than this machine."""
    host = request.client.host if request.client else ""
    return "zstd" in request.headers.get("accept-encoding", "") and not host.startswith(_LOOPBACK)
