"""Enrolment of a device, and its sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from judge_desk.hub import leaving
from judge_desk.hub.refusals import Refused
from judge_desk.hub.routes.asked import Hub, address_of, answered, body_of, decoded, hub_of
from judge_desk.protocol.api import EnrolRequest, SessionRequest
from judge_desk.protocol.codes import Code

_SMALL = 16 << 10


async def enrol(request: Request) -> Response:
    hub = hub_of(request)
    asked = decoded(await body_of(request, _SMALL), EnrolRequest)
    with _failures(hub, address_of(request)):
        return answered(await hub.sign_in(hub.gate.enrol, asked))


async def session(request: Request) -> Response:
    hub = hub_of(request)
    asked = decoded(await body_of(request, _SMALL), SessionRequest)
    with _failures(hub, address_of(request)):
        answer = await hub.run(hub.gate.session, asked)
    court_id = hub.gate.caller(answer.token).court_id
    key_id, key = await hub.run(leaving.recovery_key, hub.engine, court_id, hub.clock.now())
    return answered(msgspec.structs.replace(answer, recovery_key_id=key_id, recovery_key=key))


@contextmanager
def _failures(hub: Hub, address: str) -> Iterator[None]:
    """An address with too many wrong passwords or signatures has to wait, whatever names it tries."""
    hub.load.check_address(address)
    try:
        yield
    except Refused as refused:
        if refused.code is Code.BAD_CREDENTIALS:
            hub.load.note_failure(address)
        raise
