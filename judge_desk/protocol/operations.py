"""What a desk asks the hub to do, and what the hub answers, one result for each operation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from judge_desk.domain.kinds import Kind


class Action(StrEnum):
    PUT = "put"
    DELETE = "delete"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One command. ``mid`` counts up by one on each device; (device, mid) names the operation for ever.

    ``base_rev`` is the revision the change was made on (0: there was none). ``after`` names earlier operations of the
    same device that must have been applied first. ``made_at`` is the desk's clock: shown, never used for order.
    """

    mid: int
    scope: str
    kind: Kind
    id: str
    action: Action
    base_rev: int
    body: msgspec.Raw = msgspec.Raw(b"null")
    after: tuple[int, ...] = ()
    made_at: datetime | None = None


class Outcome(StrEnum):
    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    RETRY = "retry"


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hub's answer to one operation; a replay gets it word for word.

    APPLIED carries the new ``rev`` and ``seq``; CONFLICT the hub's ``rev`` and ``body`` (null: deleted there);
    REFUSED a
    ``code`` and, where there is one, the hub's copy; RETRY means: nothing happened, send it again later.
    """

    mid: int
    outcome: Outcome
    rev: int = 0
    seq: int = 0
    code: str = ""
    body: msgspec.Raw = msgspec.Raw(b"null")


class PushRequest(msgspec.Struct, frozen=True):
    """``generation`` as in feed.PullRequest."""

    operations: tuple[Operation, ...]
    generation: int = 0


class PushAnswer(msgspec.Struct, frozen=True):
    results: tuple[Result, ...]
    hub_time: datetime
