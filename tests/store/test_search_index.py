"""The index itself: no query breaks it, and it holds what was put in until it is taken out."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain.kinds import Kind
from judge_desk.i18n import stemming
from judge_desk.services.context import DeskContext
from judge_desk.store import search
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
