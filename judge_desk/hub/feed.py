"""What a desk is sent: two queries a page, one for the heads of its scopes (heads.py) and one for the rows behind its
cursors; a desk that this process remembers is asked about in one (news.py).

Bodies go from the database to the wire as they lie there. A page is made over one unchanging picture of the database,
so that its rows and its closing sums belong together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, text

from judge_desk.hub import generations, grants, heads, looks, news
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import engine as database
from judge_desk.hub.db.engine import is_sqlite
from judge_desk.hub.levels import Levels
from judge_desk.hub.pages import Head, Moved, Page, add_rows, in_order, taken
from judge_desk.hub.refusals import Refused
from judge_desk.hub.replicas import ReplicaFailed, Replicas
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, Grant, PullRequest, Revoke, ScopeEnd, level_of, roles_sum, write
from judge_desk.runtime.clock import Clock

T = TypeVar("T")


class _Opening(msgspec.Struct):
    """What of a PullRequest is needed to know whether anything is new."""

    limit: int
    generation: int = 0
    check: bool = False
    close: tuple[str, ...] = ()
    level: str = ""
    brief: bool = False


class LevelUnknown(Exception):
    """A brief request, behind which something is new: all cursors are needed."""


_openings = msgspec.json.Decoder(_Opening)
_requests = msgspec.json.Decoder(PullRequest)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Source:
    """What a page is made from beside the database."""

    clock: Clock
    replicas: Replicas | None = None
    levels: Levels = field(default_factory=Levels)


def pull(engine: Engine, source: Source, caller: Caller, body: bytes) -> list[bytes]:
    """The lines that answer a PullRequest, End last. Raises Refused: BAD_REQUEST, DEVICE_REVOKED, HUB_RESTORED; and
    LevelUnknown.
    """
    opening = _decoded(_openings, body)
    if opening.limit < 1:
        raise Refused(Code.BAD_REQUEST)
    said = source.levels.find(opening.level) if opening.brief else None
    page = None
    is_one_server = engine.dialect.name == "postgresql" and source.replicas is None
    if said is not None and is_one_server and not (opening.check or opening.close):
        asked = news.Asked(said, opening.limit, opening.generation, source.levels.mark(caller.owner, opening.level))
        page = database.glance(engine, lambda connection: news.of(connection, caller, asked, source.clock.now()))
    if page is None:
        page = _whole_page(engine, source, partial(_page, caller=caller, opening=opening, body=body, said=said), caller)
    level = opening.level
    if page.leaves is not None:
        level = level_of(page.leaves.encode())
        source.levels.note(level, page.leaves)
    if page.mark is not None:
        source.levels.set_mark(caller.owner, level, page.mark)
    return write(page.lines)


def _whole_page(engine: Engine, source: Source, work: Callable[..., Page], caller: Caller) -> Page:
    """Rows of somebody else's dossier leave the hub only together with the entry that they were looked at."""
    try:
        page = database.read(engine, partial(work, source=source))
    except ReplicaFailed:
        page = database.read(engine, partial(work, source=replace(source, replicas=None)))
    if not page.looked_at:
        return page
    looked_at = page.looked_at

    def noted(connection: Connection) -> Page:
        looks.note(connection, caller, looked_at, source.clock.now())
        return work(connection, source=replace(source, replicas=None))

    return database.write_snapshot(engine, noted)


def _page(
    connection: Connection, *, caller: Caller, opening: _Opening, body: bytes, said: str | None, source: Source
) -> Page:
    asked = None if opening.brief else _decoded(_requests, body)
    if asked is not None and (asked.after or not asked.cursors):
        return _first_page(connection, caller, asked, source)
    at = source.clock.now()
    is_plain = opening.brief and not (opening.check or opening.close)
    found = heads.everything(connection, caller, opening.level if is_plain else "", is_known=said is not None)
    generations.check(opening.generation, found.generation)
    if found.is_level:
        return Page([(End(more=False, hub_time=at), b"")], leaves=found.words)
    request = asked or _told(_decoded(_requests, body), said)
    granted, cursors, page = found.held, request.cursors, Page()
    lost = cursors.keys() - granted.keys()
    if lost and generations.is_settling(connection, found.generation, at):
        lost &= found.ended.keys()
    for scope in sorted(lost):
        page.add(Revoke(scope, found.ended.get(scope, grants.WITHDRAWN)))
    for scope in granted if request.check else granted.keys() & set(request.close):
        if cursors.get(scope) == granted[scope].head:
            page.add(ScopeEnd(scope, granted[scope].head, granted[scope].checksum))
    for grant in _roles(granted, request):
        page.add(grant)
    more = _add_behind(connection, caller, granted.values(), request, replicas=source.replicas, page=page)
    page.add(End(more, at))
    if not more:
        page.leaves = _held_by(granted.values())
    return page


def _first_page(connection: Connection, caller: Caller, request: PullRequest, source: Source) -> Page:
    """For a desk that began with nothing: there is nothing to end, to compare or to tell again, so only the scopes are
    looked at that this page has room for."""
    at, room = source.clock.now(), min(request.limit, limits.PULL_ROWS) + 1
    found = heads.following(connection, caller, request.after, room)
    generations.check(request.generation, found.generation)
    page, held = Page(), in_order(found.held.values())[:room]
    is_cut = _add_behind(connection, caller, held, request, replicas=source.replicas, page=page)
    more = is_cut or len(held) == room
    page.add(End(more, at, _stands_at(page, held, is_cut=is_cut) if more else ""))
    if not (more or request.after):
        page.leaves = _held_by(held)
    return page


def _stands_at(page: Page, held: list[Head], *, is_cut: bool) -> str:
    """The scope from which the next page goes on: its last row may be here, or not yet."""
    last = page.lines[-1][0] if is_cut else held[-1]
    return "" if isinstance(last, End) else last.scope


def _held_by(granted: Iterable[Head]) -> str:
    return "\n".join(f"{each.scope} {each.head} {each.role}" for each in sorted(granted, key=attrgetter("scope")))


def _add_behind(
    connection: Connection,
    caller: Caller,
    granted: Iterable[Head],
    request: PullRequest,
    *,
    replicas: Replicas | None,
    page: Page,
) -> bool:
    """Add the scopes that have something for this desk, as far as there is room; True when something is left."""
    cursors = request.cursors
    behind = in_order([each for each in granted if cursors.get(each.scope) != each.head])
    if not behind:
        return False
    scopes, tail_room = taken(behind, cursors, min(request.limit, limits.PULL_ROWS))
    ends = [(each.scope, each.head, each.checksum) for each in scopes]
    with _rows_from(connection, caller, ends, replicas) as rows_from:
        rows = _rows(rows_from, caller.court_id, scopes, tail_room)
        return add_rows(rows, caller, scopes, page, tail_room) or len(scopes) < len(behind)


def _told(request: PullRequest, said: str | None) -> PullRequest:
    """A brief request with the cursors that its level stands for."""
    if said is None:
        raise LevelUnknown
    lines = (line.split(" ") for line in said.split("\n"))
    return msgspec.structs.replace(request, cursors={scope: int(number) for scope, number, _ in lines})


def _rows_from(
    connection: Connection, caller: Caller, heads: list[tuple[str, int, int]], replicas: Replicas | None
) -> AbstractContextManager[Connection]:
    return nullcontext(connection) if replicas is None else replicas.reading(connection, caller.court_id, heads)


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError:
        raise Refused(Code.BAD_REQUEST) from None


def _roles(granted: dict[str, Head], request: PullRequest) -> list[Grant]:
    """The grants of what the desk holds already, unless it means the same roles by them."""
    if not request.roles:
        return []
    held = [(scope, granted[scope].role) for scope in request.cursors if scope in granted]
    if request.roles == roles_sum(f"{scope} {role}" for scope, role in held):
        return []
    return [Grant(scope, role) for scope, role in sorted(held)]


def _rows(connection: Connection, court_id: str, taken: list[Moved], tail_room: int) -> Iterator[Any]:
    """Rows as (place, kind, id, seq, rev, deleted, body), by scope and number; of the last scope ``tail_room`` at most
    (0: no bound is needed)."""
    whole = taken[:-1] if tail_room else taken
    places = [[place, each.scope, each.since] for place, each in enumerate(whole)]
    values: dict[str, Any] = {"court": court_id, "moved": _encoder.encode(places).decode()}
    if tail_room:
        values |= {"place": len(whole), "scope": taken[-1].scope, "since": taken[-1].since, "room": tail_room}
    statement = _STATEMENTS[is_sqlite(connection), tail_room > 0]
    # The answer may be far larger than a page's bytes: it is fetched as it is used.
    streaming = connection.execution_options(stream_results=True, max_row_buffer=_FETCHED)
    with streaming.execute(statement, values) as found:
        for some in found.partitions(_FETCHED):
            yield from some


_FETCHED = 500
_SQLITE = """
SELECT m.key AS place, e.kind, e.id, e.seq, e.rev, e.deleted, CAST(e.body AS BLOB)
FROM json_each(:moved) AS m CROSS JOIN entity AS e
WHERE e.court_id = :court AND e.scope = json_extract(m.value, '$[1]') AND e.seq > json_extract(m.value, '$[2]')
"""
_POSTGRESQL = """
SELECT (m.value ->> 0)::int AS place, e.kind, e.id, e.seq, e.rev, e.deleted, e.body
FROM json_array_elements(CAST(:moved AS json)) AS m(value) CROSS JOIN LATERAL (
SELECT * FROM entity AS e WHERE e.court_id = :court AND e.scope = m.value ->> 1 AND e.seq > (m.value ->> 2)::bigint
ORDER BY e.seq OFFSET 0) AS e
"""
_TAIL = """
UNION ALL SELECT * FROM (
SELECT {place} AS place, e.kind, e.id, e.seq, e.rev, e.deleted, {body} FROM entity AS e
WHERE e.court_id = :court AND e.scope = :scope AND e.seq > :since ORDER BY e.seq LIMIT :room
) AS tail
"""
_SQLITE_TAIL = _TAIL.format(place=":place", body="CAST(e.body AS BLOB)")
_POSTGRESQL_TAIL = _TAIL.format(place="CAST(:place AS int)", body="e.body")
_STATEMENTS = {
    (True, False): text(_SQLITE + "ORDER BY 1, 4"),
    (True, True): text(_SQLITE + _SQLITE_TAIL + "ORDER BY 1, 4"),
    (False, False): text(_POSTGRESQL + "ORDER BY 1, 4"),
    (False, True): text(_POSTGRESQL + _POSTGRESQL_TAIL + "ORDER BY 1, 4"),
}
"""Scope by scope in PostgreSQL too: left to itself it may read the whole court to find ten rows, and does as long as it
knows nothing of the tables. The driver of SQLite hands over bytes as they lie there; a text it would decode, only for
us to encode it again."""
