"""What is new for a desk whose level this process remembers: heads and rows in one statement, where they are few.

That is what desks ask most of the day: nothing is new, or a handful of rows. To send the hundreds of heads to this
process, and to begin and end a transaction around two statements, takes longer than to find the rows. Once all heads
were compared, only scopes that have moved since are looked at (db/movements.py). For PostgreSQL alone: a trip to
SQLite costs nothing, and two plain statements are quicker there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, TextClause, text

from judge_desk.hub import generations
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import movements
from judge_desk.hub.db.movements import Mark
from judge_desk.hub.pages import Head, Moved, Page, add_rows, in_order, moved
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, Reset

FEW = 500
"""Rows of such an answer at most; more are read as they are needed, by feed.py."""
MOST_MOVEMENTS = 500
"""Transactions of a court that are looked through at most; to compare everything is quicker then."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``held``: the words of the desk's level; ``limit`` and ``generation`` as in a PullRequest; ``mark``: when the
    database was last found to be as the words say."""

    held: str
    limit: int
    generation: int
    mark: Mark | None = None


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
    """``lost``: how many scopes of the desk are none of the caller's any more. ``is_short``: more has moved since the
    mark than is named; then the news are not to be had from there."""

    is_revoked: int
    lost: int
    is_short: int
    news: list[_News]
    mark: Mark


_founds = msgspec.json.Decoder(_Found)


def of(connection: Connection, caller: Caller, asked: Asked, at: datetime) -> Page | None:
    """The answer; None where feed.py must look closer: much is new, a right has changed, or a look is to be entered.

    Raises Refused: DEVICE_REVOKED, HUB_RESTORED. The rights are asked of the database each time, as ever.
    """
    few = min(FEW, asked.limit)
    found, rows = _found(connection, caller, asked, few)
    scopes = _few_scopes(found, few)
    if scopes is None:
        return None
    page, places = Page(), {each.scope: number for number, each in enumerate(scopes)}
    in_order = sorted(((places[scope], *rest) for scope, *rest in rows), key=lambda row: (row[0], row[3]))
    more = add_rows(in_order, caller, scopes, page)
    if more or page.looked_at:
        return None
    page.add(End(more=False, hub_time=at))
    page.leaves = _held_after(asked.held, found.news) if scopes else None
    page.mark = found.mark if movements.is_counted(connection) else None
    return page


def _found(connection: Connection, caller: Caller, asked: Asked, few: int) -> tuple[_Found, Sequence[Any]]:
    """From the mark on, where that is still good; from what the desk holds otherwise."""
    ids = {"court": caller.court_id, "device": caller.device_id, "person": caller.person_id, "few": few}
    if (mark := asked.mark) is not None:
        since = {"held": f"\n{asked.held}", "xid": mark.xid, "most": MOST_MOVEMENTS}
        found, rows = _read(connection, _SINCE, {**ids, **since})
        generations.check(asked.generation, found.mark.generation)
        is_same_line = (found.mark.generation, found.mark.line) == (mark.generation, mark.line)
        if is_same_line and found.mark.rights == mark.rights and not found.is_short:
            return found, rows
    whole = _WHOLE[movements.is_counted(connection)]
    found, rows = _read(connection, whole, {**ids, "held": asked.held})
    generations.check(asked.generation, found.mark.generation)
    return found, rows


def _read(connection: Connection, statement: TextClause, values: dict[str, Any]) -> tuple[_Found, Sequence[Any]]:
    """What stands at the head of the answer, and the rows: (scope, kind, id, seq, rev, deleted, body)."""
    rows = connection.execute(statement, values).all()
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


_RIGHTS = "SELECT concat(count(*), ' ', bit_xor(hashtextextended(concat(scope, ' ', role), 0))) FROM"
_MARK = (
    "left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),"
    " CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
)
_ANSWER = """
SELECT '', '', '', CAST(0 AS bigint), CAST(0 AS bigint), false, CAST(json_build_array(
    CAST(d.revoked_at IS NOT NULL AS int), ({lost}), ({short}),
    (SELECT coalesce(json_agg(json_build_array(scope, role, head, floor, checksum, since, was)), '[]') FROM news),
    json_build_array((SELECT generation FROM hub_state WHERE id = 1), {mark}, ({rights}))
) AS text)
FROM device AS d WHERE d.court_id = :court AND d.id = :device AND d.person_id = :person
UNION ALL SELECT * FROM (
    SELECT n.scope, e.kind, e.id, e.seq, e.rev, e.deleted, e.body FROM news AS n CROSS JOIN LATERAL (
        SELECT * FROM entity WHERE court_id = :court AND scope = n.scope AND seq > coalesce(n.since, 0)
        ORDER BY seq OFFSET 0
    ) AS e WHERE (SELECT sum(head - coalesce(since, 0)) FROM news) <= :few
) AS few
"""
"""The head as JSON in a row without a scope, and the rows, unless they are more than a few. The database compares, so
that hundreds of heads need not leave it."""

_WHOLE_NEWS = """
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
"""
_LOST = (
    "SELECT (SELECT count(*) FROM said) - (SELECT count(*) FROM granted)"
    " + (SELECT count(*) FROM news WHERE since IS NULL)"
)
_WHOLE = {
    True: text(_WHOLE_NEWS + _ANSWER.format(lost=_LOST, short="0", mark=_MARK, rights=f"{_RIGHTS} granted")),
    False: text(_WHOLE_NEWS + _ANSWER.format(lost=_LOST, short="0", mark="'', 0", rights="''")),
}
"""Compares all scopes of the caller; by whether transactions are counted."""

_NEWS_SINCE = """
WITH lists AS MATERIALIZED (
    SELECT scopes FROM movement WHERE court_id = :court AND xid >= :xid LIMIT :most
), short AS MATERIALIZED (
    SELECT (count(*) = :most OR coalesce(bool_or(scopes = ''), false)) AS is_short FROM lists
), moved AS MATERIALIZED (
    SELECT DISTINCT m.scope FROM lists, unnest(string_to_array(lists.scopes, chr(10))) AS m(scope)
    WHERE NOT (SELECT is_short FROM short)
), found AS MATERIALIZED (
    SELECT g.scope, g.role, s.head, s.floor, s.checksum, CAST(nullif(split_part(substring(
        CAST(:held AS text) FROM 1 + position(chr(10) || g.scope || ' ' IN CAST(:held AS text)) FOR 200
    ), ' ', 2), '') AS bigint) AS since
    FROM moved AS m
    JOIN scope_grant AS g ON g.court_id = :court AND g.person_id = :person AND g.scope = m.scope AND g.until_at IS NULL
    JOIN scope AS s ON s.court_id = :court AND s.scope = m.scope
), news AS MATERIALIZED (SELECT *, role AS was FROM found WHERE since <> head)
"""
_SINCE = text(
    _NEWS_SINCE
    + _ANSWER.format(
        lost="0",
        short="SELECT CAST(is_short AS int) FROM short",
        mark=_MARK,
        rights=f"{_RIGHTS} scope_grant WHERE court_id = :court AND person_id = :person AND until_at IS NULL",
    )
)
"""Compares scopes that have moved since the mark. Rights are asked whole each time: where their sum is another one,
the answer is not used."""
