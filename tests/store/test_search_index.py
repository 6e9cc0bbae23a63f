"""The index itself: no query breaks it, and it holds what was put in until it is taken out."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from judge_desk.domain.kinds import Kind
from judge_desk.i18n import stemming
from judge_desk.services.context import DeskContext
from judge_desk.store import bulk, search
from judge_desk.store.search import Entry
from tests.factories import a_case, index_all, open_store, with_case

WORDS = st.lists(
    st.sampled_from("қарыз талап расписка долг жауапкер срок аренда мүлік судья іс сот 350 2/14".split()),
    min_size=1,
    max_size=6,
)


def entry(record_id: str, text: str, page: int = 1) -> Entry:
    return Entry(
        kind=Kind.DOCUMENT,
        record_id=record_id,
        scope="case:c",
        case_id="c",
        title="t",
        text=text,
        words=text,
        page=page,
    )


def ids(context: DeskContext, query: str) -> set[str]:
    match = search.match_of(query)
    if match is None:
        return set()
    with context.store.reading() as connection:
        return {each.record_id for each in search.best(connection, match, 1_000)[0]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=1, max_size=5), wanted=WORDS)
def test_a_text_is_found_exactly_when_it_has_every_word(
    context: DeskContext, texts: list[list[str]], wanted: list[str]
) -> None:
    names = [f"d{number}" for number in range(len(texts))]
    with context.store.writing() as connection:
        search.replace(connection, Kind.DOCUMENT, [f"d{number}" for number in range(9)], [])
        search.replace(
            connection,
            Kind.DOCUMENT,
            names,
            [entry(name, " ".join(words)) for name, words in zip(names, texts, strict=True)],
        )
    expected = {
        name
        for name, words in zip(names, texts, strict=True)
        if all(
            set(term.stems) & set(stemming.stems(" ".join(words)))
            for term in stemming.query_terms(" ".join(wanted) + " ")
        )
    }
    assert ids(context, " ".join(wanted) + " ") == expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40))
def test_no_query_breaks_the_search(context: DeskContext, query: str) -> None:
    assert ids(context, query) == set()


def test_an_entry_is_taken_out_with_all_its_pages(context: DeskContext) -> None:
    with context.store.writing() as connection:
        search.replace(
            connection, Kind.DOCUMENT, ["a", "b"], [entry("a", "долг", 1), entry("a", "срок", 2), entry("b", "долг")]
        )
        search.replace(connection, Kind.DOCUMENT, ["a"], [])
    assert ids(context, "долг ") == {"b"}
    assert ids(context, "срок ") == set()


def test_cases_and_pages_never_share_a_number(context: DeskContext) -> None:
    with context.store.writing() as connection:
        search.replace(connection, Kind.DOCUMENT, ["a"], [entry("a", "гараж")])
    case = with_case(context, a_case(title="гараж"))
    index_all(context)
    assert ids(context, "гараж ") == {"a", case.id}
    with context.store.reading() as connection:
        match = search.match_of("гараж ")
        assert match is not None
        assert search.best(connection, match, 1)[1] == 2
        assert [each.record_id for each in search.best(connection, match, 9, [Kind.CASE])[0]] == [case.id]


@pytest.mark.parametrize(
    ("limit", "count_to", "asked"), [(2, 5, 1), (2, 200, 1), (9, search.EVERY, 1), (2, search.EVERY, 2)]
)
def test_to_count_takes_no_second_search(
    context: DeskContext, monkeypatch: pytest.MonkeyPatch, limit: int, count_to: int, asked: int
) -> None:
    with context.store.writing() as connection:
        made = [entry(f"d{number}", "долг " * (number + 1)) for number in range(7)]
        search.replace(connection, Kind.DOCUMENT, [], made)
    seen: list[str] = []
    ask = bulk.rows

    def noted(connection: Connection, sql: str, values: tuple[object, ...]) -> list[Any]:
        seen.append(sql)
        return ask(connection, sql, values)

    monkeypatch.setattr(bulk, "rows", noted)
    with context.store.reading() as connection:
        found, counted = search.best(connection, "долг", limit, count_to=count_to)
    assert [each.record_id for each in found] == [f"d{number}" for number in range(6, -1, -1)][:limit]
    assert counted == (5 if count_to == 5 else 7)
    assert sum("MATCH" in each for each in seen) == asked


@pytest.mark.parametrize(
    "kinds", [few for size in range(4) for few in combinations((Kind.CASE, Kind.DOCUMENT, Kind.NOTE), size)]
)
def test_only_the_kinds_that_are_wanted_are_found_and_counted(context: DeskContext, kinds: tuple[Kind, ...]) -> None:
    with context.store.writing() as connection:
        note = replace(entry("n", "гараж"), kind=Kind.NOTE, page=0)
        search.replace(connection, Kind.DOCUMENT, [], [entry("d", "гараж")])
        search.replace(connection, Kind.NOTE, [], [note])
    with_case(context, a_case(title="гараж"))
    index_all(context)
    with context.store.reading() as connection:
        found, total = search.best(connection, "гараж", 9, kinds)
        assert {each.kind for each in found} == set(kinds or (Kind.CASE, Kind.DOCUMENT, Kind.NOTE))
        assert total == len(found) == search.best(connection, "гараж", 1, kinds)[1]


def test_the_index_lives_in_the_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.writing() as connection:
        search.replace(connection, Kind.DOCUMENT, ["a"], [entry("a", "долг")])
        search.queue_many(connection, Kind.DOCUMENT, ["b", "b", "c"])
    store.close()
    store = open_store(tmp_path)
    with store.reading() as connection:
        assert search.best(connection, "долг", 9)[1] == 1
        assert search.waiting(connection) == 2
        assert search.next_waiting(connection, Kind.DOCUMENT, 9) == ["b", "c"]
    store.close()
