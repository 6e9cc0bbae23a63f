"""The index of words: what goes in, what comes out, and how far behind it is.

A case is found under its own ``row_no`` and needs no entry: what a hit shows of it stands in its row, and its words go
with the row. Notes and pages of documents have entries with numbers above ``PAGES_FROM``, so that a list of cases is
searched by a range of numbers and never walks through the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.i18n import stemming
from judge_desk.store import bulk
from judge_desk.store.attachments_table import READABLE
from judge_desk.store.bodies import unpack
from judge_desk.store.columns import CaseText, case_text
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
_PLAIN_NUMBER = re.compile("[0-9][0-9./-]*").fullmatch
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


def case_words(case: CaseText) -> str:
    """What goes into the index of a case, each word once: names stand in its title and again among its parties."""
    plain: list[str] = []
    texts = [case.title, case.subject, case.category, case.register_key]
    # The tokenizer cuts a number where a query expects it; anything else needs its stems.
    (plain if _PLAIN_NUMBER(case.number) else texts).append(case.number)
    for party in case.parties:
        texts.append(party.name)
        number = party.number
        (plain if number.isdecimal() or _PLAIN_NUMBER(number) else texts).append(number)
    plain.append(stemming.stem_line(" ".join(texts), once=True))
    return " ".join(plain)


def index_cases(connection: Connection, ids: Sequence[str]) -> None:
    """Take cases into the index as they are now, and all of these off the queue."""
    found: list[tuple[int, str]] = []
    for part in _parts(ids):
        rows = connection.execute(sa.select(_case.row_no, _case.body).where(_case.id.in_(part)))
        found += [(row_no, case_words(case_text(body))) for row_no, body in rows]
        connection.execute(
            sa.delete(index_queue).where(index_queue.c.kind == Kind.CASE, index_queue.c.record_id.in_(part))
        )
    if found:
        connection.exec_driver_sql(_DROP_WORDS, [(row_no,) for row_no, _ in found])
    add_cases(connection, found)


def add_cases(connection: Connection, found: Sequence[tuple[int, str]]) -> None:
    """Add cases, as (row_no, words), of which the index holds nothing."""
    bulk.insert(connection, SEARCH_WORDS, _WORDS, found)


def first_free_case(connection: Connection) -> int:
    """A ``row_no`` for a new case, above every other."""
    return int(connection.exec_driver_sql('SELECT coalesce(max(row_no), 0) FROM "case"').scalar_one()) + 1


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
    """Forget the notes and pages of a scope, and what waits of it; gives the number of entries dropped. The words of
    its cases go with their rows."""
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
    """The best entries, and how many there are, counted no further than ``count_to`` or ``limit``. ``kinds``: only
    these."""
    only, others = _only(frozenset(kinds))
    # The index puts all that fit in order before it gives the first: the numbers of more than are shown cost nothing,
    # and to count them by themselves would take a second search.
    ranked = bulk.rows(connection, _RANKED.format(only=only), (match, *others, max(limit, count_to)))
    total = len(ranked)
    if count_to == EVERY and total == limit:
        total = bulk.rows(connection, _COUNTED.format(only=only), (match, *others))[0][0]
    shown = json.dumps([number for (number,) in ranked[:limit]])
    return [_found(row) for row in bulk.rows(connection, _LISTED, (shown,))], total


_FITTING = f"FROM {SEARCH_WORDS} WHERE {SEARCH_WORDS} MATCH ? {{only}}"
_RANKED = f"SELECT rowid {_FITTING} ORDER BY rank LIMIT ?"
_COUNTED = f"SELECT count(*) {_FITTING}"
_LISTED = """
SELECT entry.kind, entry.record_id, entry.case_id, entry.page, entry.title, entry.text, "case".number, itself.body
FROM json_each(?) AS ranked LEFT JOIN search_entry AS entry ON entry.row_no = ranked.value
LEFT JOIN "case" ON "case".id = entry.case_id LEFT JOIN "case" AS itself ON itself.row_no = ranked.value
WHERE entry.row_no IS NOT NULL OR itself.row_no IS NOT NULL ORDER BY ranked.key
"""


_IS_CASE = f"rowid < {PAGES_FROM}"
_IS_OTHER = "(SELECT kind FROM search_entry WHERE row_no = search_words.rowid) IN (SELECT value FROM json_each(?))"


def _only(kinds: frozenset[Kind]) -> tuple[str, tuple[str, ...]]:
    """A condition and its values: a range of numbers where that says it all, else a look at each entry."""
    if not kinds:
        return "", ()
    if kinds == {Kind.CASE}:
        return f"AND {_IS_CASE}", ()
    others = (json.dumps(sorted(kinds)),)
    return (f"AND ({_IS_CASE} OR {_IS_OTHER})" if Kind.CASE in kinds else f"AND {_IS_OTHER}"), others


def _found(row: tuple[Any, ...]) -> Found:
    *shown, case_body = row
    if case_body is None:
        return Found(*shown)
    case = case_text(unpack(case_body))
    people = " · ".join([each.name for each in case.parties])
    text = " · ".join(filter(None, (people, case.subject)))
    return Found(Kind.CASE, case.id, case.id, 0, case.title, text, case.number)


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
