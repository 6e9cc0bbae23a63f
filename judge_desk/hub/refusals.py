"""How the hub says no to a whole request: a code of the protocol and the HTTP status that goes with it."""

from __future__ import annotations

from judge_desk.protocol.api import WipeOrder
from judge_desk.protocol.codes import Code

STATUS: dict[Code, int] = {
    Code.BAD_REQUEST: 400,
    Code.BAD_CREDENTIALS: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.DEVICE_REVOKED: 403,
    Code.NOT_ALLOWED: 403,
    Code.NO_SUCH_SCOPE: 404,
    Code.NOT_FOUND: 404,
    Code.CLONED_DEVICE: 409,
    Code.HUB_RESTORED: 409,
    Code.TOO_LARGE: 413,
    Code.BAD_BODY: 422,
    Code.HASH_MISMATCH: 422,
    Code.OLD_PROTOCOL: 426,
    Code.NEW_PROTOCOL: 426,
    Code.TOO_MANY_REQUESTS: 429,
    Code.INTERNAL: 500,
}


class Refused(Exception):
    """The request is refused as a whole; ``status`` only where it is not the code's usual one.

    ``wipe`` and ``generation`` as in api.Refusal.
    """

    def __init__(
        self,
        code: Code,
        *,
        retry_after: int = 0,
        status: int = 0,
        wipe: WipeOrder | None = None,
        generation: int = 0,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after = retry_after
        self.wipe = wipe
        self.generation = generation
        self.status = status or STATUS.get(code, 400)
