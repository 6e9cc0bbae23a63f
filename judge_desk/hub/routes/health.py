"""Which hub this is, and whether it can serve: the two questions that need no token."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from judge_desk import __version__
from judge_desk.hub.routes.asked import answered, hub_of
from judge_desk.protocol.api import VersionAnswer
from judge_desk.protocol.version import OLDEST_SPOKEN, PROTOCOL
from judge_desk.runtime.paths import PRODUCT


async def version(request: Request) -> Response:
    now = hub_of(request).clock.now()
    return answered(VersionAnswer(PRODUCT, __version__, PROTOCOL, OLDEST_SPOKEN, now))


async def health(request: Request) -> Response:
    """200 when the database answers, 503 when it does not."""
    hub = hub_of(request)
    ok = await hub.run(_answers, hub.engine)
    return JSONResponse({"ok": ok}, 200 if ok else 503)


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM scope LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True
