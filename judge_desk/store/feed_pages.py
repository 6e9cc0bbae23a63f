"""One page of the feed on its way into the store: its rows made ready beside the writer, and what came of each scope
added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

import msgspec

from judge_desk.domain.kinds import Kind
from judge_desk.protocol import feed
from judge_desk.protocol.feed import Row, ScopeEnd
from judge_desk.store import bulk, search, strangers
from judge_desk.store.bodies import NONE, pack_many
from judge_desk.store.columns import case_values, column_values
from judge_desk.store.tables import PACKED


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """A row of the feed, made ready for the store: done beside the writer, before its turn."""

    row: Row
    body: str | bytes
    """As it lies in the table."""
    columns: tuple[str | int | None, ...]
    words: str
    """What a case is found by."""
    hash: int = 0
    """Its share of the scope's checksum; 0 of what was deleted."""


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows, and their revisions together."""

    rows: int = 0
    revs: int = 0

    def plus(self, rows: int, revs: int) -> Total:
        return Total(self.rows + rows, self.revs + revs)


@dataclass(slots=True)
class Came:
    """What came of each scope: the checksum of its rows, how many they are, and their revisions together."""

    sums: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    revs: dict[str, int] = field(default_factory=dict)

    def add(self, part: Iterable[Arrived]) -> None:
        sums, rows, revs = self.sums, self.rows, self.revs
        for each in part:
            if not each.row.deleted:
                scope = each.row.scope
                sums[scope] = (sums.get(scope, 0) + each.hash) % feed.CHECKSUM_MODULUS
                rows[scope] = rows.get(scope, 0) + 1
                revs[scope] = revs.get(scope, 0) + each.row.rev

    def behind(self, held: Total) -> Total:
        """What a store that held so much holds with all of this."""
        return held.plus(sum(self.rows.values()), sum(self.revs.values()))


@dataclass(slots=True)
class Page:
    """Rows and control lines of one page of the feed, until they are taken in together.

    ``ahead`` is another thread that makes the rows ready as they come, while the next of them are still on their way.
    """

    ahead: Executor | None = None
    rows: list[tuple[Row, bytes]] = field(default_factory=list)
    grants: list[tuple[str, str]] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    """The hub's checksums of the scopes that end in this page."""
    came: Came = field(default_factory=Came)
    _parts: list[Future[list[Arrived]]] = field(default_factory=list)
    _given: int = 0

    def add(self, row: Row, body: bytes) -> None:
        self.rows.append((row, body))
        self.cursors[row.scope] = row.seq
        if len(self.rows) % bulk.ROWS == 0:
            self.prepare()

    def close(self, end: ScopeEnd) -> None:
        """All rows of this scope are here."""
        self.cursors[end.scope] = end.head
        self.sums[end.scope] = end.checksum

    def prepare(self) -> None:
        """Have the rows that came since the last time made ready, if another thread is there for it."""
        if self.ahead is not None:
            self._parts += [self.ahead.submit(self._part, part) for part in parts_of(self.rows[self._given :])]
            self._given = len(self.rows)

    def read(self) -> Iterator[list[Arrived]]:
        """The rows made ready, by the part; raises BadInput for a body that is no record of its kind."""
        for waiting in self._parts:
            yield waiting.result()
        yield from map(self._part, parts_of(self.rows[self._given :]))

    def _part(self, rows: list[tuple[Row, bytes]]) -> list[Arrived]:
        made = read_part(rows)
        self.came.add(made)
        return made


def parts_of(rows: list[tuple[Row, bytes]]) -> Iterator[list[tuple[Row, bytes]]]:
    """As many at once as go into one statement."""
    return (rows[start : start + bulk.ROWS] for start in range(0, len(rows), bulk.ROWS))


def read_part(rows: list[tuple[Row, bytes]]) -> list[Arrived]:
    """Rows made ready; raises BadInput for a body that is no record of its kind."""
    packed = iter(pack_many([body for row, body in rows if row.kind in PACKED and not row.deleted]))
    return [_read(row, body, packed) for row, body in rows]


def _read(row: Row, body: bytes, packed: Iterator[bytes]) -> Arrived:
    if row.deleted:
        return Arrived(row, NONE, (), "")
    if row.kind not in strangers.KNOWN_KINDS:
        return Arrived(row, body.decode(), (), "", feed.row_hash(row.id, row.rev))
    if row.kind == Kind.CASE:
        columns, text = case_values(body)
        return Arrived(row, next(packed), columns, search.case_words(text), feed.row_hash(row.id, row.rev))
    columns = column_values(Kind(row.kind), body)
    stored = next(packed) if row.kind in PACKED else body.decode()
    return Arrived(row, stored, columns, "", feed.row_hash(row.id, row.rev))
