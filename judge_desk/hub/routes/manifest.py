"""What the caller's scopes hold, signed: for the receipt in a case file and for a desk's check-up."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import manifest
from judge_desk.hub.routes.asked import answered, body_of, caller_of, hub_of

_MOST_BYTES = 256 << 10


async def asked(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request, _MOST_BYTES)
    found = await hub.run(manifest.asked, hub.engine, hub.gate.identity, caller, body, hub.clock.now())
    return answered(found)
