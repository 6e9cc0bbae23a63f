"""One answer of the feed as it is put together: scope by scope a greeting, the rows behind the cursor, the sum."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from judge_desk.domain.people import Role
from judge_desk.hub import looks
from judge_desk.hub.auth import Caller
from judge_desk.hub.db.movements import Mark
from judge_desk.protocol import limits
from judge_desk.protocol.feed import Grant, Line, Reset, Row, ScopeEnd

ORDER = ("user", "court", "dossier", "review", "campaign", "application", "sheet", "contest", "case", "panel")
"""What a judge needs first comes first."""


class Head(msgspec.Struct, array_like=True, gc=False):
    """A grant of the caller and the newest number of its scope."""

    scope: str
    held: int
    role: str
    reason: str
    head: int
    floor: int
    checksum: int


_scope_of = attrgetter("scope")


class Moved(msgspec.Struct, frozen=True, gc=False):
    """A scope that has something for this desk: rows with a number above ``since``."""

    scope: str
    role: str
    since: int
    head: int
    floor: int
    checksum: int
    greeting: Grant | Reset | None
    """The line that comes before its first row: a grant, a reset, or nothing."""

    @property
    def fresh(self) -> bool:
        return self.since == 0


@dataclass(slots=True)
class Page:
    """One answer as lines with their bodies, whose dossiers were in it, and what the desk will hold when it has taken
    all of it in."""

    lines: list[tuple[Line, bytes]] = field(default_factory=list)
    looked_at: list[looks.Look] = field(default_factory=list)
    leaves: str | None = None
    """The words that protocol.feed.level_of names; None: more is to come, or they are known already."""
    mark: Mark | None = None
    """When the desk's scopes were compared for this answer, where that can be told."""

    def add(self, line: Line) -> None:
        """A line without a body."""
        self.lines.append((line, b""))


def in_order(heads: Iterable[Head]) -> list[Head]:
    """As they stand in an answer: by kind, and by name. The names are sorted once and cut where a kind begins: to name
    each one's place takes four times as long, and there may be ten thousand."""
    by_name = sorted(heads, key=_scope_of)
    starts = [bisect_left(by_name, f"{kind}:", key=_scope_of) for kind in ORDER]
    ends = [bisect_left(by_name, f"{kind};", key=_scope_of) for kind in ORDER]  # the character behind the colon
    return [head for start, end in zip(starts, ends, strict=True) for head in by_name[start:end]]


def taken(behind: list[Head], cursors: dict[str, int], room: int) -> tuple[list[Moved], int]:
    """The scopes that one page has room for, and how many rows of the last one at most (0: all of it fits)."""
    found: list[Moved] = []
    for head in behind:
        each = moved(head, cursors.get(head.scope))
        found.append(each)
        gap = each.head - each.since
        if gap >= room:
            # A desk that starts anew must get past the floor in one page, or its cursor would be refused again.
            return found, max(room, each.floor if each.fresh else 0)
        room -= gap
    return found, 0


def moved(head: Head, cursor: int | None) -> Moved:
    """What a scope has for a desk with this cursor (None: it has never heard of the scope)."""
    greeting: Grant | Reset | None = None
    if cursor is None:
        greeting, cursor = Grant(head.scope, head.role), 0
    elif cursor < 0 or cursor > head.head or 0 < cursor < head.floor:
        # Ahead of us: this hub was restored from a backup. Below the floor: the desk has missed deletions.
        greeting, cursor = Reset(head.scope), 0
    return Moved(head.scope, head.role, cursor, head.head, head.floor, head.checksum, greeting)


def add_rows(rows: Iterable[Any], caller: Caller, scopes: list[Moved], page: Page, tail_room: int = 0) -> bool:
    """Add the scopes with their rows: (place of the scope, kind, id, seq, rev, deleted, body) by scope and number; of
    the last scope there may be ``tail_room`` at most (0: all). True when something is left for the next page."""
    by_scope, cut = _lines(caller, scopes, rows, page)
    for at, each in enumerate(scopes):
        lines = by_scope.get(at, [])
        if cut is not None and at >= cut and not lines:
            return True
        if each.greeting is not None:
            page.add(each.greeting)
        page.lines += lines
        is_tail = tail_room > 0 and at == len(scopes) - 1
        if at == cut or (is_tail and len(lines) >= tail_room and each.head > each.since + len(lines)):
            return True
        page.add(ScopeEnd(each.scope, each.head, each.checksum))
    return False


def _lines(
    caller: Caller, scopes: list[Moved], rows: Iterable[Any], page: Page
) -> tuple[dict[int, list[tuple[Line, bytes]]], int | None]:
    """Lines by the scope's place, and the place at which the page's bytes ran out (None: they sufficed)."""
    found: dict[int, list[tuple[Line, bytes]]] = {}
    size = 0
    for at, kind, record_id, seq, rev, deleted, body in rows:
        scope = scopes[at]
        raw = body if isinstance(body, bytes) else body.encode()
        size += len(raw)
        if size > limits.PULL_BYTES and found and not (scope.fresh and seq <= scope.floor):
            return found, at
        found.setdefault(at, []).append((Row(scope.scope, kind, record_id, seq, rev, bool(deleted)), raw))
        if scope.scope.startswith(looks.WATCHED):
            looks.mark(page.looked_at, caller, scope.scope, Role(scope.role), kind)
    return found, None
