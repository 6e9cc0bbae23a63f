"""What is new for a desk whose level this process remembers: heads and rows in one statement, where they are few.

That is what desks ask most of the day: nothing is new, or a handful of rows. To send the hundreds of heads to this
process, and to begin and end a transaction around two statements, takes longer than to find the rows. For PostgreSQL
alone: a trip to SQLite costs nothing, and two plain statements are quicker there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from judge_desk.hub import generations
from judge_desk.hub.auth import Caller
from judge_desk.hub.pages import Head, Moved, Page, add_rows, in_order, moved
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, Reset, control_line

FEW = 500
"""Rows of such an answer at most; more are read as they are needed, by feed.py."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``held``: the words of the desk's level; ``limit`` and ``generation`` as in a PullRequest."""

    held: str
    limit: int
    generation: int


class _News(msgspec.Struct, array_like=True, gc=False):
    """A scope that is not as the desk holds it: as it is, and the desk's cursor and role (None: it is new)."""

    scope: str
    role: str
    head: int
    floor: int
    checksum: int
    since: int | None
    was: str | None


class _Found(msgspec.Struct, array_like=True, gc=False):
    """``lost``: how many scopes of the desk are none of the caller's any more."""

    is_revoked: int
    generation: int
    lost: int
    news: list[_News]


_founds = msgspec.json.Decoder(_Found)


def of(connection: Connection, caller: Caller, asked: Asked, at: datetime) -> Page | None:
    """The answer; None where feed.py must look closer: much is new, a right has changed, or a look is to be entered.

    Raises Refused: DEVICE_REVOKED, HUB_RESTORED. The rights are asked of the database each time, as ever.
    """
    few = min(FEW, asked.limit)
    found, rows = _read(connection, caller, asked.held, few)
    generations.check(asked.generation, found.generation)
    scopes = _few_scopes(found, few)
    if scopes is None:
        return None
    page, places = Page(), {each.scope: number for number, each in enumerate(scopes)}
    in_order = sorted(((places[scope], *rest) for scope, *rest in rows), key=lambda row: (row[0], row[3]))
    more = add_rows(in_order, caller, scopes, page)
    if more or page.looked_at:
        return None
    page.lines.append(control_line(End(more=False, hub_time=at)))
    page.leaves = _held_after(asked.held, found.news) if scopes else None
    return page


def _read(connection: Connection, caller: Caller, held: str, few: int) -> tuple[_Found, Sequence[Any]]:
    """What stands at the head of the answer, and the rows: (scope, kind, id, seq, rev, deleted, body)."""
    ids = {"court": caller.court_id, "device": caller.device_id, "person": caller.person_id}
    rows = connection.execute(_STATEMENT, {**ids, "held": held, "few": few}).all()
    # Told by its empty scope, not by its place: no order is promised, and a device that is gone has no such row.
    head = next((row for row in rows if not row[0]), None)
    found = None if head is None else _founds.decode(head[-1])
    if found is None or found.is_revoked:
        raise Refused(Code.DEVICE_REVOKED)
    return found, [row for row in rows if row[0]]


def _few_scopes(found: _Found, few: int) -> list[Moved] | None:
    """The scopes in the order of an answer; None where it is no matter of a few rows."""
    if found.lost or sum(each.head - (each.since or 0) for each in found.news) > few:
        return None
    scopes: list[Moved] = []
    since = {each.scope: each.since for each in found.news}
    for head in in_order(map(_head, found.news)):
        each = moved(head, since[head.scope])
        if isinstance(each.greeting, Reset):
            return None
        scopes.append(each)
    is_known = all(each.was in (None, each.role) for each in found.news)
    return scopes if is_known else None


def _head(news: _News) -> Head:
    return Head(news.scope, 1, news.role, "", news.head, news.floor, news.checksum)


def _held_after(held: str, news: list[_News]) -> str:
    lines = {each.scope: f"{each.scope} {each.head} {each.role}" for each in news}
    kept = [line for line in held.split("\n") if line.partition(" ")[0] not in lines]
    return "\n".join(sorted([*kept, *lines.values()], key=lambda line: line.partition(" ")[0]))


_STATEMENT = text("""
WITH granted AS MATERIALIZED (
    SELECT g.scope, g.role, coalesce(s.head, 0) AS head, coalesce(s.floor, 0) AS floor,
        coalesce(s.checksum, 0) AS checksum
    FROM scope_grant AS g LEFT JOIN scope AS s ON s.court_id = g.court_id AND s.scope = g.scope
    WHERE g.court_id = :court AND g.person_id = :person AND g.until_at IS NULL
), said AS MATERIALIZED (
    SELECT split_part(line, ' ', 1) AS scope, CAST(split_part(line, ' ', 2) AS bigint) AS since,
        split_part(line, ' ', 3) AS role
    FROM unnest(string_to_array(CAST(:held AS text), chr(10))) AS line
), news AS MATERIALIZED (
    SELECT g.scope, g.role, g.head, g.floor, g.checksum, s.since, s.role AS was
    FROM granted AS g LEFT JOIN said AS s ON s.scope = g.scope
    WHERE s.scope IS NULL OR s.since <> g.head OR s.role <> g.role
)
SELECT '', '', '', CAST(0 AS bigint), CAST(0 AS bigint), false, CAST(json_build_array(
    CAST(d.revoked_at IS NOT NULL AS int),
    (SELECT generation FROM hub_state WHERE id = 1),
    (SELECT count(*) FROM said) - (SELECT count(*) FROM granted) + (SELECT count(*) FROM news WHERE since IS NULL),
    (SELECT coalesce(json_agg(json_build_array(scope, role, head, floor, checksum, since, was)), '[]') FROM news)
) AS text)
FROM device AS d WHERE d.court_id = :court AND d.id = :device AND d.person_id = :person
UNION ALL SELECT * FROM (
    SELECT n.scope, e.kind, e.id, e.seq, e.rev, e.deleted, e.body FROM news AS n CROSS JOIN LATERAL (
        SELECT * FROM entity WHERE court_id = :court AND scope = n.scope AND seq > coalesce(n.since, 0)
        ORDER BY seq OFFSET 0
    ) AS e WHERE (SELECT sum(head - coalesce(since, 0)) FROM news) <= :few
) AS few
""")
"""The head as JSON in a row without a scope, and the rows, unless they are more than a few. The database compares, so
that hundreds of heads need not leave it."""
