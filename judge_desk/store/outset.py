"""All that a cycle starts from, in one reading: a desk asks every few minutes, and mostly there is nothing to do."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from judge_desk.protocol import feed
from judge_desk.store import courier, farewell, file_order, outbox, sent
from judge_desk.store.file_order import FileWork
from judge_desk.store.unit_of_work import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Outset:
    """How the desk stands before it speaks to its hub."""

    generation: int
    """The hub's, as this desk last agreed with it."""
    is_overtaken: bool
    """courier.is_overtaken."""
    owes_words: bool
    """farewell.is_owed."""
    sends: bool
    """Whether operations or files wait to be sent."""
    files: FileWork
    cursors: dict[str, int]
    roles: int
    """The sum by which the hub knows that both mean the same roles; 0: none yet."""
    level: str
    """The name of all cursors and roles, by which the hub knows that nothing is new; empty: no scope yet."""


def now(store: Store) -> Outset:
    """How the desk stands at this moment."""
    with store.reading() as connection:
        row = connection.exec_driver_sql(_OUTSET).one()
    generation, books, operations, files_out, _, owes_words, to_come, here, cursors, level, roles = row
    return Outset(
        generation=int(generation or 0),
        is_overtaken=courier.of(books).is_overtaken,
        owes_words=bool(owes_words),
        sends=bool(operations or files_out),
        files=FileWork(bool(to_come), int(here)),
        cursors=_cursors.decode(cursors),
        roles=feed.roles_sum(roles.split("\n")) if roles else 0,
        level=feed.level_of(level.encode()) if level else "",
    )


_cursors = msgspec.json.Decoder(dict[str, int])
_OUTSET = f"""
SELECT (SELECT value FROM meta WHERE key = '{sent.GENERATION}'), (SELECT value FROM meta WHERE key = '{courier.KEY}'),
    {outbox.OWED}, {farewell.OWED}, {file_order.WORK},
    json_group_object(scope, cursor), group_concat(scope || ' ' || cursor || ' ' || role, char(10)),
    group_concat(scope || ' ' || role, char(10))
FROM (SELECT scope, cursor, role FROM scope ORDER BY scope)
"""  # noqa: S608 - our own names
