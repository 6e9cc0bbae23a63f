"""All that a cycle starts from, in one reading: a desk asks every few minutes, and mostly there is nothing to do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from judge_desk.protocol import feed
from judge_desk.store import courier, farewell, file_order, outbox, sent
from judge_desk.store.file_order import FileWork
from judge_desk.store.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Held:
    """What this desk holds of the feed, and how it names that to the hub."""

    cursors: dict[str, int]
    roles: int
    """The sum by which the hub knows that both mean the same roles; 0: none yet."""
    level: str
    """The name of all cursors and roles, by which the hub knows that nothing is new; empty: no scope yet."""
    unchecked: tuple[str, ...]
    """Scopes whose sum is to be told by the hub."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is to be done behind the pull."""

    owes_words: bool
    """farewell.is_owed."""
    files: FileWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Outset:
    """How the desk stands before it speaks to its hub."""

    generation: int
    """The hub's, as this desk last agreed with it."""
    is_overtaken: bool
    """courier.CourierBooks.is_overtaken."""
    sends: bool
    """Whether operations or files wait to be sent."""
    held: Held
    left: Left


class Outsets:
    """Reads outsets of one store, and only when something was written since; of what is held, only lines that are new
    are worked out. For one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._text = ""
        self._held = Held({}, 0, "", ())
        self._last: Outset | None = None

    def now(self) -> Outset:
        """How the desk stands at this moment."""
        with self._store.reading() as connection:
            moment = (self, *_moment(connection))
            if self._last is None or connection.info.get(_SEEN) != moment:
                connection.info.pop(_SEEN, None)
                self._last = self._read(connection)
                connection.info[_SEEN] = moment
        return self._last

    def _read(self, connection: Connection) -> Outset:
        row = connection.exec_driver_sql(_OUTSET).one()
        generation, books, operations, files_out, _, *left, held = row
        return Outset(
            generation=int(generation or 0),
            is_overtaken=courier.of(books).is_overtaken,
            sends=bool(operations or files_out),
            held=self._told(held or ""),
            left=_left(*left),
        )

    def left(self) -> Left:
        """What is to be done now."""
        with self._store.reading() as connection:
            return _left(*connection.exec_driver_sql(_LEFT).one())

    def _told(self, text: str) -> Held:
        if text != self._text:
            self._text, self._held = text, _moved(self._held, self._text, text)
        return self._held


_SEEN = "judge_desk_outset"
"""Kept with a connection: the moment at which the outset was last read, or found as it was, through it."""


def _moment(connection: Connection) -> tuple[int, int]:
    """Another whenever anything was written: by other connections, or through this one."""
    by_others = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return int(by_others), int(connection.connection.driver_connection.total_changes)  # type: ignore[union-attr]  # a connection in use has one


def _left(owes_words: int, to_come: int, here: int) -> Left:
    return Left(bool(owes_words), FileWork(bool(to_come), here))


def _moved(held: Held, before: str, text: str) -> Held:
    """What is held by the words of ``text`` where it was ``held`` by those of ``before``: of hundreds of scopes a few
    move at a time."""
    lines, known = _lines(text), _lines(before)
    gone, came = ([line.split(" ") for line in some] for some in (known - lines, lines - known))
    cursors = dict(held.cursors)
    for scope, *_ in gone:
        del cursors[scope]
    cursors.update((scope, int(cursor)) for scope, cursor, *_ in came)
    roles = held.roles
    if {(scope, role) for scope, _, role, *_ in gone} != {(scope, role) for scope, _, role, *_ in came}:
        named = (line.split(" ") for line in lines)
        roles = feed.roles_sum(f"{scope} {role}" for scope, _, role, *_ in named)
    unchecked = {*held.unchecked}.difference(scope for scope, *_ in gone)
    unchecked.update(scope for scope, _, _, *marks in came if marks)
    return Held(cursors, roles if lines else 0, feed.level_of(text.encode()) if lines else "", tuple(sorted(unchecked)))


def _lines(text: str) -> frozenset[str]:
    return frozenset(text.split("\n")) if text else frozenset()


_LEFT = f"SELECT {farewell.OWED}, {file_order.WORK}"
_OUTSET = f"""
SELECT (SELECT value FROM meta WHERE key = '{sent.GENERATION}'), (SELECT value FROM meta WHERE key = '{courier.KEY}'),
    {outbox.OWED}, {farewell.OWED}, {file_order.WORK}, group_concat(line, char(10))
FROM (
    SELECT scope || ' ' || cursor || ' ' || role || CASE WHEN checked_at IS NULL THEN ' ?' ELSE '' END AS line
    FROM scope ORDER BY scope
)
"""  # noqa: S608 - our own names
