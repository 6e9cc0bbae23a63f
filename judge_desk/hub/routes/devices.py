"""Enrolment of a device, and its sessions."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import leaving
from judge_desk.hub.routes.asked import answered, body_of, decoded, hub_of
from judge_desk.protocol.api import EnrolRequest, SessionRequest

_SMALL = 16 << 10


async def enrol(request: Request) -> Response:
    hub = hub_of(request)
    asked = decoded(await body_of(request, _SMALL), EnrolRequest)
    return answered(await hub.run(hub.gate.enrol, asked))


async def session(request: Request) -> Response:
    hub = hub_of(request)
    asked = decoded(await body_of(request, _SMALL), SessionRequest)
    answer = await hub.run(hub.gate.session, asked)
    court_id = hub.gate.caller(answer.token).court_id
    key_id, key = await hub.run(leaving.recovery_key, hub.engine, court_id, hub.clock.now())
    return answered(msgspec.structs.replace(answer, recovery_key_id=key_id, recovery_key=key))
