"""The index of words: what goes in, what comes out, and how far behind it is.

A case's entry has the case's own ``row_no``; all other entries lie above ``PAGES_FROM``, so that a list of cases is
searched by a range of numbers and never walks through the pages of documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import stemming
from judge_desk.store import bulk
from judge_desk.store.attachments_table import READABLE
from judge_desk.store.records import CHUNK
from judge_desk.store.tables import RECORD_TABLES, SEARCH_WORDS, attachment, index_queue, search_entry

_case = RECORD_TABLES[Kind.CASE].c
PAGES_FROM = 1 << 32
_SHORTEST_PREFIX = 2
EVERY = -1
"""No bound, as SQLite has it."""
_words = sa.table(SEARCH_WORDS, sa.column("rowid", sa.Integer), sa.column("rank"), sa.column(SEARCH_WORDS)).c
_ENTRY = ("row_no", "kind", "record_id", "scope", "case_id", "page", "title", "text")
_WORDS = ("rowid", "words")
_DROP_WORDS = "DELETE FROM search_words WHERE rowid = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What can be found under one record; ``page`` counts from 1, 0 is the record's own entry.

    ``words`` is what goes into the index, ``text`` what a hit shows.
    """

    kind: Kind
    record_id: str
    scope: str
    case_id: str
    title: str
    text: str
    words: str
    page: int = 0


class Found(NamedTuple):
    """One entry that fits a query; ``case_number`` is None where the case itself is not here."""

    kind: str
    record_id: str
    case_id: str
    page: int
    title: str
    text: str
    case_number: str | None


class CaseWords(NamedTuple):
    """What is kept of a case to find it: its title, the text that a hit shows, and the stems."""

    title: str
    text: str
    stems: str


class _CaseBody(msgspec.Struct, gc=False):
    """The part of a case's body that can be searched."""

    number: str = ""
    title: str = ""
    subject: str = ""
    category: str = ""
    register_key: str = ""
    parties: list[_PartyWords] = []


class _PartyWords(msgspec.Struct, gc=False):
    name: str = ""
    number: str = ""


_case_body = msgspec.json.Decoder(_CaseBody)


def queue_many(connection: Connection, kind: Kind, ids: Iterable[str]) -> None:
    """Put many records on the index queue at once."""
    rows = [(kind.value, each) for each in ids]
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO index_queue (kind, record_id) VALUES (?, ?)", rows)


def waiting(connection: Connection) -> int:
    """How many records are on the queue."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(index_queue)).scalar_one())


def next_waiting(connection: Connection, kind: Kind, limit: int, after: str = "") -> list[str]:
    """Ids on the queue, in the order of ids."""
    queued = index_queue.c
    statement = sa.select(queued.record_id).where(queued.kind == kind, queued.record_id > after)
    return [str(each) for each in connection.execute(statement.order_by(queued.record_id).limit(limit)).scalars()]


def case_words(body: bytes | str) -> CaseWords:
    """What can be found of a case; raises BadInput when the body is no case."""
    try:
        found = _case_body.decode(body)
    except msgspec.DecodeError:
        raise BadInput("errors.bad_body", place="$") from None
    people = " · ".join([each.name for each in found.parties])
    numbers = " ".join([each.number for each in found.parties])
    words = " ".join((found.number, found.title, people, found.subject, found.category, found.register_key, numbers))
    text = f"{people} · {found.subject}" if people and found.subject else people or found.subject
    return CaseWords(found.title, text, stemming.stem_line(words))


def index_cases(connection: Connection, ids: Sequence[str]) -> None:
    """Take cases (or their disappearance) into the index, and off the queue."""
    _forget(connection, Kind.CASE, ids)
    found: list[tuple[int, str, str, CaseWords]] = []
    for part in _parts(ids):
        rows = connection.execute(sa.select(_case.row_no, _case.id, _case.scope, _case.body).where(_case.id.in_(part)))
        found += [(row_no, record_id, scope, case_words(body)) for row_no, record_id, scope, body in rows]
    add_cases(connection, found)


def add_cases(connection: Connection, found: Sequence[tuple[int, str, str, CaseWords]]) -> None:
    """Add cases, as (row_no, id, scope, words), of which the index holds nothing."""
    bulk.insert(
        connection,
        search_entry.name,
        _ENTRY,
        [(no, Kind.CASE.value, name, scope, name, 0, words.title, words.text) for no, name, scope, words in found],
    )
    bulk.insert(connection, SEARCH_WORDS, _WORDS, [(no, words.stems) for no, _, _, words in found])


def first_free_case(connection: Connection) -> int:
    """A ``row_no`` for a new case, above every case that is here and above every entry of one that is gone."""
    highest = (
        'SELECT max(coalesce((SELECT max(row_no) FROM "case"), 0),'
        " coalesce((SELECT max(row_no) FROM search_entry WHERE row_no < ?), 0))"
    )
    return int(connection.exec_driver_sql(highest, (PAGES_FROM,)).scalar_one()) + 1


def replace(connection: Connection, kind: Kind, ids: Sequence[str], entries: Sequence[Entry]) -> None:
    """Put ``entries`` in the place of all that the index holds of these records, and take them off the queue."""
    _forget(connection, kind, ids)
    if not entries:
        return
    numbered = list(enumerate(entries, _first_free(connection)))
    rows = [(no, e.kind.value, e.record_id, e.scope, e.case_id, e.page, e.title, e.text) for no, e in numbered]
    bulk.insert(connection, search_entry.name, _ENTRY, rows)
    bulk.insert(connection, SEARCH_WORDS, _WORDS, [(no, stemming.stem_line(e.words)) for no, e in numbered])


def _forget(connection: Connection, kind: Kind, ids: Sequence[str]) -> None:
    for part in _parts(ids):
        _drop(connection, sa.and_(search_entry.c.record_id.in_(part), search_entry.c.kind == kind))
        connection.execute(sa.delete(index_queue).where(index_queue.c.kind == kind, index_queue.c.record_id.in_(part)))


def drop_scope(connection: Connection, scope: str) -> int:
    """Forget everything that can be found of a scope, and what waits of it; gives the number of entries dropped."""
    for kind in (Kind.CASE, Kind.DOCUMENT, Kind.NOTE):
        table = RECORD_TABLES[kind].c
        connection.execute(
            sa.delete(index_queue).where(
                index_queue.c.kind == kind, index_queue.c.record_id.in_(sa.select(table.id).where(table.scope == scope))
            )
        )
    return _drop(connection, search_entry.c.scope == scope)


def _drop(connection: Connection, condition: sa.ColumnElement[bool]) -> int:
    numbers = connection.execute(sa.select(search_entry.c.row_no).where(condition)).scalars().all()
    if numbers:
        connection.exec_driver_sql(_DROP_WORDS, [(number,) for number in numbers])
        connection.execute(sa.delete(search_entry).where(condition))
    return len(numbers)


def _first_free(connection: Connection) -> int:
    highest = connection.execute(sa.select(sa.func.max(search_entry.c.row_no))).scalar() or 0
    return max(int(highest), PAGES_FROM) + 1


def match_of(text: str) -> str | None:
    """The index's own form of a query: every word, in any of its forms; None when there is no word to look for.

    A single letter at the end is not looked for: the next one is on its way.
    """
    parts: list[str] = []
    for term in stemming.query_terms(text):
        stems = [each for each in term.stems if each.isdigit() or len(each) >= _SHORTEST_PREFIX or not term.is_prefix]
        star = " *" if term.is_prefix else ""
        if stems:
            parts.append("(" + " OR ".join(f'"{each}"{star}' for each in stems) + ")")
    return " AND ".join(parts) or None


def cases_matching(match: str) -> sa.Select[tuple[int]]:
    """The ``row_no`` of the cases whose words fit, to be used inside a query on cases."""
    return sa.select(_words.rowid).where(_words[SEARCH_WORDS].op("MATCH")(match), _words.rowid < PAGES_FROM)


def best(
    connection: Connection, match: str, limit: int, kinds: Iterable[Kind] = (), *, count_to: int = EVERY
) -> tuple[list[Found], int]:
    """The best entries, and how many there are, counted no further than ``count_to``. ``kinds``: only these."""
    ranked, counted = _statements(frozenset(kinds))
    found = [Found(*row) for row in connection.execute(ranked, {"match": match, "limit": limit})]
    if len(found) < limit:
        return found, len(found)
    return found, int(connection.execute(counted, {"match": match, "count_to": count_to}).scalar_one())


@cache
def _statements(kinds: frozenset[Kind]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Built once: to put such a statement together takes as long as to run it."""
    conditions = (_words[SEARCH_WORDS].op("MATCH", is_comparison=True)(sa.bindparam("match")), *_only(kinds))
    fitting = sa.select(_words.rowid, _words.rank).where(*conditions)
    ranked = fitting.order_by(_words.rank).limit(sa.bindparam("limit", type_=sa.Integer)).subquery()
    entry = search_entry.c
    with_case = ranked.join(search_entry, entry.row_no == ranked.c.rowid).outerjoin(
        RECORD_TABLES[Kind.CASE], _case.id == entry.case_id
    )
    listed = (
        sa.select(entry.kind, entry.record_id, entry.case_id, entry.page, entry.title, entry.text, _case.number)
        .select_from(with_case)
        .order_by(ranked.c.rank)
    )
    every = sa.select(_words.rowid).where(*conditions).limit(sa.bindparam("count_to", type_=sa.Integer)).subquery()
    return listed, sa.select(sa.func.count()).select_from(every)


def in_case(connection: Connection, match: str, case_id: str, limit: int) -> list[Found]:
    """The pages of one case's documents that fit, those of a document together and in their order."""
    entry, document = search_entry.c, RECORD_TABLES[Kind.DOCUMENT].c
    pages_of_case = search_entry.join(RECORD_TABLES[Kind.DOCUMENT], document.id == entry.record_id).outerjoin(
        RECORD_TABLES[Kind.CASE], _case.id == entry.case_id
    )
    statement = (
        sa.select(entry.kind, entry.record_id, entry.case_id, entry.page, entry.title, entry.text, _case.number)
        .select_from(pages_of_case)
        .where(
            document.case_id == case_id,
            entry.kind == Kind.DOCUMENT,
            entry.page > 0,
            entry.row_no.in_(sa.select(_words.rowid).where(_words[SEARCH_WORDS].op("MATCH")(match))),
        )
        .order_by(document.order, document.row_no, entry.page)
        .limit(limit)
    )
    return [Found(*row) for row in connection.execute(statement)]


def _only(kinds: frozenset[Kind]) -> list[sa.ColumnElement[bool]]:
    """A range of numbers where that says it all, else a look at each entry."""
    if not kinds:
        return []
    if kinds == {Kind.CASE}:
        return [_words.rowid < PAGES_FROM]
    kind_of = sa.select(search_entry.c.kind).where(search_entry.c.row_no == _words.rowid).scalar_subquery()
    return [kind_of.in_(sorted(kind.value for kind in kinds))]


def pages(connection: Connection, document_id: str) -> list[str]:
    """The texts of a document's pages in order; empty when none was read."""
    statement = sa.select(search_entry.c.page, search_entry.c.text).where(
        search_entry.c.record_id == document_id, search_entry.c.page > 0
    )
    texts = {int(page): str(text) for page, text in connection.execute(statement)}
    return [texts.get(page, "") for page in range(1, max(texts, default=0) + 1)]


def queue_unread(connection: Connection, media_type: str) -> None:
    """Queue the documents of a type that are here and of which no page was ever read."""
    document = RECORD_TABLES[Kind.DOCUMENT].c
    was_read = sa.exists().where(search_entry.c.record_id == document.id, search_entry.c.page > 0)
    unread = (
        sa.select(sa.literal(Kind.DOCUMENT.value), document.id)
        .join(attachment, attachment.c.sha256 == document.sha256)
        .where(document.media_type == media_type, attachment.c.state.in_(READABLE), ~was_read)
    )
    statement = upsert(index_queue).from_select(["kind", "record_id"], unread)
    connection.execute(statement.on_conflict_do_nothing())


def _parts(values: Sequence[object]) -> Iterator[list[object]]:
    for start in range(0, len(values), CHUNK):
        yield list(values[start : start + CHUNK])
