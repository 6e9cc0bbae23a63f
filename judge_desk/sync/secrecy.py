"""The last gate a deliberation draft would meet on its way out of the desk, be it over the network or by stick."""

from __future__ import annotations

import msgspec

from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import Secret
from judge_desk.domain.kinds import Kind
from judge_desk.protocol.operations import Operation


class _SecrecyOf(msgspec.Struct):
    secrecy: str = ""


def refuse_secret(operation: Operation) -> None:
    """A deliberation draft leaves the desk in no form, whatever put it here; raises Secret."""
    if operation.kind is not Kind.DRAFT or bytes(operation.body) == b"null":
        return
    if msgspec.json.decode(operation.body, type=_SecrecyOf).secrecy == Secrecy.DELIBERATION:
        raise Secret
