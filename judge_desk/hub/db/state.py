"""Values that travel between the hub's parts inside one transaction; made a thousand at a time, so structs."""

from __future__ import annotations

import msgspec

from judge_desk.domain.kinds import Kind

Key = tuple[str, Kind, str]
"""Scope, kind and id: names a record within its court."""


class Stored(msgspec.Struct, frozen=True, gc=False):
    """The newest state of a record as it lies in the database; a deleted one has an empty body."""

    rev: int
    seq: int
    deleted: bool
    body: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the audit before it is numbered. ``chain`` is the scope in whose chain it stands."""

    chain: str
    actor_id: str
    device_id: str = ""
    action: str
    scope: str = ""
    kind: str = ""
    record_id: str = ""
    rev: int = 0
    outcome: str = "applied"
    code: str = ""
    body_sha256: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record's next state: ``before`` is what it replaces (None: nothing was there)."""

    key: Key
    rev: int
    body: str
    deleted: bool
    before: Stored | None
    entry: Entry
