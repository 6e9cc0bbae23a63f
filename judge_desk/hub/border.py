"""The border of the service: every answer that is no good one leaves through here, without a word of a case."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

import msgspec
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from judge_desk.domain.errors import KnownError, StoreProblem
from judge_desk.hub import metrics
from judge_desk.hub.db.engine import HubBusy
from judge_desk.hub.refusals import Refused
from judge_desk.protocol import http
from judge_desk.protocol.api import Refusal, WipeOrder
from judge_desk.protocol.codes import Code
from judge_desk.protocol.version import HEADER, OLDEST_SPOKEN, PROTOCOL
from judge_desk.runtime import logs

log = logs.topic("hub")
BUSY_SECONDS = 2
OUTAGE_SECONDS = 10
"""How long a desk should wait when the database or the place of the files is away, or a disk is full."""
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EHOSTDOWN})
"""What a place for files says that will take them again; EHOSTDOWN as in BlobStore."""
_OPEN_PATHS = frozenset({http.VERSION, http.HEALTH, http.READY, http.VERIFY})


class Border:
    """Checks the protocol number, turns faults into Refusals, and logs what is our bug by an id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            _check_protocol(scope)
            await self._app(scope, receive, watched)
        except Exception as fault:  # noqa: BLE001 - the one border of the service
            answer = _answer(fault)
            if started:
                # Half an answer is out: breaking off is the only way to tell the desk.
                raise ConnectionAbortedError from None
            await answer(scope, receive, send)


def _check_protocol(scope: Scope) -> None:
    if scope["path"] in _OPEN_PATHS:
        return
    number = Headers(scope=scope).get(HEADER, "")
    if not number.isdecimal() or len(number) > 6:
        raise Refused(Code.BAD_REQUEST)
    if int(number) < OLDEST_SPOKEN:
        raise Refused(Code.OLD_PROTOCOL)
    if int(number) > PROTOCOL:
        raise Refused(Code.NEW_PROTOCOL)


def _answer(fault: Exception) -> Response:
    if isinstance(fault, Refused):
        return refusal(fault.code, fault.status, fault.retry_after, wipe=fault.wipe, generation=fault.generation)
    if isinstance(fault, HubBusy | PoolTimeout):
        metrics.SENT_AWAY.add("database")
        return refusal(Code.TOO_MANY_REQUESTS, 503, BUSY_SECONDS)
    # DataError: a letter that no text of the database may hold, such as NUL in a name.
    if isinstance(fault, DataError) or (isinstance(fault, KnownError) and not isinstance(fault, StoreProblem)):
        return refusal(Code.BAD_REQUEST, 400)
    number, kind = logs.new_log_id(), _kind(fault)
    metrics.FAULTS.add(kind)
    # The message of a fault may quote a row: only its type and its place are written down.
    log.error("fault %s: %s in %s, line %s", number, type(fault), *_place(fault))
    return refusal(Code.INTERNAL, 500) if kind == "own" else refusal(Code.INTERNAL, 503, OUTAGE_SECONDS)


def _kind(fault: Exception) -> str:
    """Whose fault it is: of the database or the files, which will pass, or our own."""
    if isinstance(fault, OperationalError):
        return "database"
    return "files" if isinstance(fault, OSError) and fault.errno in _PASSING else "own"


def _place(fault: Exception) -> tuple[str, int]:
    """The last module of ours, and its line, that the fault passed through."""
    ours = [frame for frame in traceback.extract_tb(fault.__traceback__) if "judge_desk" in frame.filename]
    return (Path(ours[-1].filename).stem, ours[-1].lineno or 0) if ours else ("unknown", 0)


def refusal(
    code: Code, status: int, retry_after: int = 0, *, wipe: WipeOrder | None = None, generation: int = 0
) -> Response:
    """A Refusal as an HTTP answer."""
    headers = {"retry-after": str(retry_after)} if retry_after else {}
    body = msgspec.json.encode(Refusal(code, retry_after, wipe, generation))
    return Response(body, status, headers, media_type="application/json")
