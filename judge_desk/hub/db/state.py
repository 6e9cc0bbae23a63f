"""Values that travel between the hub's parts inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.domain.kinds import Kind

Key = tuple[str, Kind, str]
"""Scope, kind and id: names a record within its court."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest state of a record as it lies in the database; a deleted one has an empty body."""

    rev: int
    seq: int
    deleted: bool
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A record's next state: ``before`` is what it replaces (None: nothing was there)."""

    key: Key
    rev: int
    body: str
    deleted: bool
    before: Stored | None
    entry: Entry
