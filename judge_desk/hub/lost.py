"""Which acknowledged operations of a desk a restore has lost: those whose answers are not there any more."""

from __future__ import annotations

from sqlalchemy import Engine, select

from judge_desk.hub.auth import Caller, require_device
from judge_desk.hub.db import tables
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.api import LostAnswer, LostRequest
from judge_desk.protocol.codes import Code
from judge_desk.protocol.limits import LOST_MIDS


def find(engine: Engine, caller: Caller, request: LostRequest) -> LostAnswer:
    """Raises Refused: DEVICE_REVOKED, TOO_LARGE."""
    if len(request.mids) > LOST_MIDS:
        raise Refused(Code.TOO_LARGE)
    table = tables.mutation
    with engine.connect() as connection:
        require_device(connection, caller)
        known = select(table.c.mid).where(table.c.court_id == caller.court_id, table.c.device_id == caller.device_id)
        found = set(connection.scalars(known.where(table.c.mid.in_(request.mids))))
    return LostAnswer(tuple(mid for mid in request.mids if mid not in found))
