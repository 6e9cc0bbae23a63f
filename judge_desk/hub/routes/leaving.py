"""What a desk sends when it forgets. No token: the device's key signs the body itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import leaving
from judge_desk.hub.routes.asked import body_of, hub_of


async def rescue(request: Request) -> Response:
    hub = hub_of(request)
    await hub.run(leaving.take_rescue, hub.engine, hub.clock, await body_of(request, 16 << 20))
    return Response(status_code=204)


async def wiped(request: Request) -> Response:
    hub = hub_of(request)
    await hub.run(leaving.take_wiped, hub.engine, hub.clock, await body_of(request, 16 << 10))
    return Response(status_code=204)
