"""What a caller may read now, and how far each scope of it has come: everything, or as much as the next page of a first
pull has room for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, TextClause, text

from judge_desk.hub.auth import Caller
from judge_desk.hub.db.engine import is_sqlite
from judge_desk.hub.pages import ORDER, Head
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code


@dataclass(slots=True)
class Heads:
    """The heads of the scopes that the caller may read now, the reasons of those where that has ended, and the hub's
    generation; this alone where the desk ``is_level``, and what its level stands for (protocol.feed.level_of) if that
    was wanted."""

    generation: int
    is_level: bool = False
    words: str | None = None
    held: dict[str, Head] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)


_lists = msgspec.json.Decoder(list[Head])


def everything(connection: Connection, caller: Caller, level: str, *, is_known: bool) -> Heads:
    """All scopes; ``level``: what the desk holds, if that is to be compared first; ``is_known``: what it stands for
    need not be told. Raises Refused: DEVICE_REVOKED."""
    wanted = {"level": level, "tells": bool(level) and not is_known}
    return _found(connection, caller, _EVERYTHING[is_sqlite(connection)], wanted)


def following(connection: Connection, caller: Caller, after: str, room: int) -> Heads:
    """Scopes from the scope ``after`` on, among them the first ``room`` in the order of an answer; no ended ones.

    Raises Refused: DEVICE_REVOKED. A first pull reads each head once this way, and not all of them for each page.
    """
    starts = {f"from_{place}": start for place, start in enumerate(_starts(after))}
    return _found(connection, caller, _FOLLOWING[is_sqlite(connection)], {"room": room, **starts})


def _starts(after: str) -> list[str]:
    """Where each kind begins; what comes before ``after`` is a range of nothing."""
    kind = after.partition(":")[0]
    passed = ORDER.index(kind) if kind in ORDER else 0
    starts = [_end(each) if place < passed else f"{each}:" for place, each in enumerate(ORDER)]
    if kind in ORDER:
        starts[passed] = after
    return starts


def _end(kind: str) -> str:
    return f"{kind};"  # the character behind the colon


def _found(connection: Connection, caller: Caller, statement: TextClause, more: dict[str, Any]) -> Heads:
    """The rights are asked of the database each time, in the same statement as the device."""
    values = {"court": caller.court_id, "device": caller.device_id, "person": caller.person_id, **more}
    row = connection.execute(statement, values).one_or_none()
    if row is None or row[0] is not None:
        raise Refused(Code.DEVICE_REVOKED)
    found = Heads(int(row[1]), is_level=row[2] is None, words=row[3])
    for each in () if found.is_level else _lists.decode(row[2]):
        if each.held:
            found.held[each.scope] = each
        else:
            found.ended[each.scope] = each.reason
    return found


_ONCE = {True: "NOT MATERIALIZED", False: "MATERIALIZED"}
_JOIN = {
    True: "scope AS s ON s.court_id = :court AND s.scope = g.scope",
    # All of them in one walk along the index: looked for one by one, each costs the way down from the root, which is
    # longer in a court of a million records than in a new one.
    False: "(SELECT scope, head, floor, checksum FROM scope"
    " WHERE court_id = :court AND scope = ANY (ARRAY(SELECT scope FROM own))) AS s ON s.scope = g.scope",
}
_STATEMENT = """
WITH own AS {once} ({grants}), granted AS {once} (
    SELECT g.scope, {held} AS held, g.role, {reason} AS reason, coalesce(s.head, 0) AS head,
        coalesce(s.floor, 0) AS floor, coalesce(s.checksum, 0) AS checksum
    FROM own AS g LEFT JOIN {join}
)
SELECT d.revoked_at, (SELECT generation FROM hub_state WHERE id = 1), {heads}
FROM device AS d WHERE d.court_id = :court AND d.id = :device AND d.person_id = :person
"""
_OWN = "FROM scope_grant WHERE court_id = :court AND person_id = :person"
_ALL_GRANTS = f"SELECT scope, until_at, role, reason {_OWN}"
_OF_KIND = """
SELECT * FROM (
    SELECT scope, role {own} AND scope >= :from_{place} AND scope < '{end}' AND until_at IS NULL
    ORDER BY scope LIMIT :room
) AS kind_{place}
"""
"""A range of the primary key, cut off where the page is full."""
_NEXT_GRANTS = "UNION ALL".join(
    _OF_KIND.format(own=_OWN, place=place, end=_end(kind)) for place, kind in enumerate(ORDER)
)
_HEADS = {
    True: "(SELECT json_group_array(json_array(scope, held, role, reason, head, floor, checksum)) FROM granted)",
    False: "(SELECT coalesce(CAST(json_agg(json_build_array("
    "scope, CAST(held AS int), role, reason, head, floor, checksum)) AS text), '[]') FROM granted)",
}
_WORDS = {
    # The order of a subquery is kept by every version of SQLite; one inside the call only by newer ones.
    True: "SELECT group_concat(line, char(10)) FROM"
    " (SELECT scope || ' ' || head || ' ' || role AS line FROM granted WHERE held ORDER BY scope)",
    False: "SELECT string_agg(scope || ' ' || head || ' ' || role, chr(10)"
    """ ORDER BY scope COLLATE "C") FROM granted WHERE held""",
}
_LEVEL = {True: "level_of(({words}))", False: "encode(sha256(convert_to(({words}), 'UTF8')), 'hex')"}
_NOT_LEVEL = """
CASE WHEN :level = '' OR :level <> coalesce({level}, '') THEN {heads} END, CASE WHEN :tells THEN ({words}) END
"""
"""The database compares, so that hundreds of heads leave it only when something is new, and then as one JSON text:
hundreds of rows cost more to fetch than to find."""


def _everything(*, sqlite: bool) -> TextClause:
    words = _WORDS[sqlite]
    wanted = _NOT_LEVEL.format(level=_LEVEL[sqlite].format(words=words), heads=_HEADS[sqlite], words=words)
    return _statement(sqlite, held="g.until_at IS NULL", reason="g.reason", grants=_ALL_GRANTS, heads=wanted)


def _following(*, sqlite: bool) -> TextClause:
    return _statement(sqlite, held="1", reason="''", grants=_NEXT_GRANTS, heads=f"{_HEADS[sqlite]}, NULL")


def _statement(sqlite: bool, **parts: str) -> TextClause:
    return text(_STATEMENT.format(once=_ONCE[sqlite], join=_JOIN[sqlite], **parts))


_EVERYTHING = {each: _everything(sqlite=each) for each in (True, False)}
_FOLLOWING = {each: _following(sqlite=each) for each in (True, False)}
