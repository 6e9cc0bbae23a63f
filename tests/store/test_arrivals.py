"""What the feed brings stands in the store, under its number, and can be found, all in the transaction of its page."""

from __future__ import annotations

import pytest

from judge_desk.domain.cases import Case
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol import codec
from judge_desk.protocol.feed import Row
from judge_desk.services.context import DeskContext
from judge_desk.store import arrivals, bulk, search
from judge_desk.store.arrivals import Page
from tests.factories import a_case, index_all


def sent(*cases: Case, rev: int = 1, granted: bool = True) -> Page:
    """A page of the feed with these cases."""
    page = Page()
    for case in cases:
        if granted:
            page.grants.append((case_scope(case.id), "judge"))
        page.add(Row(case_scope(case.id), Kind.CASE, case.id, rev, rev, False), codec.encode(case))
    return page


def removed(case: Case, rev: int) -> Page:
    page = Page()
    page.add(Row(case_scope(case.id), Kind.CASE, case.id, rev, rev, True), b"")
    return page


def take_in(context: DeskContext, page: Page) -> None:
    with context.store.writing(durable=False) as connection:
        arrivals.take_in(connection, page)


def found(context: DeskContext, query: str) -> list[str]:
    match = search.match_of(query) or ""
    with context.store.reading() as connection:
        return sorted(each.record_id for each in search.best(connection, match, 50)[0])


def waiting(context: DeskContext) -> int:
    with context.store.reading() as connection:
        return search.waiting(connection)


def test_a_new_case_is_found_as_soon_as_it_is_here(context: DeskContext) -> None:
    take_in(
        context, sent(a_case(id="one", title="О взыскании неустойки"), a_case(id="two", title="О разделе имущества"))
    )

    assert found(context, "неустойка ") == ["one"]
    assert found(context, "имущество ") == ["two"]
    assert waiting(context) == 0


def test_a_changed_case_is_found_by_its_new_words_only(context: DeskContext) -> None:
    take_in(context, sent(a_case(id="one", title="О взыскании неустойки")))
    take_in(context, sent(a_case(id="one", title="О разделе имущества"), rev=2, granted=False))
    assert waiting(context) == 1
    index_all(context)

    assert found(context, "неустойка ") == []
    assert found(context, "имущество ") == ["one"]


def test_an_older_copy_changes_neither_the_row_nor_the_words(context: DeskContext) -> None:
    take_in(context, sent(a_case(id="one", title="О разделе имущества"), rev=5))
    take_in(context, sent(a_case(id="one", title="О взыскании неустойки"), rev=4, granted=False))
    index_all(context)

    assert found(context, "имущество ") == ["one"]
    assert found(context, "неустойка ") == []


def test_a_new_case_never_takes_the_number_of_one_that_can_still_be_found(context: DeskContext) -> None:
    gone = a_case(id="gone", title="О взыскании неустойки")
    take_in(context, sent(gone))
    take_in(context, removed(gone, 2))
    take_in(context, sent(a_case(id="new", title="О разделе имущества")))

    assert found(context, "имущество ") == ["new"]
    index_all(context)
    assert found(context, "неустойка ") == []
    assert found(context, "имущество ") == ["new"]


def test_a_page_of_more_rows_than_a_statement_is_taken_in_whole(context: DeskContext) -> None:
    cases = [a_case(id=f"c{number}", title=f"Дело {number:04d}") for number in range(bulk.ROWS + 3)]
    take_in(context, sent(*cases))

    with context.store.reading() as connection:
        assert list(arrivals.cursors(connection).values()).count(1) == len(cases)
    assert found(context, f"{bulk.ROWS + 2:04d} ") == [f"c{bulk.ROWS + 2}"]
    assert waiting(context) == 0


def test_a_grant_without_a_row_leaves_the_cursor(context: DeskContext) -> None:
    take_in(context, sent(a_case(id="one"), rev=7))
    take_in(context, Page(grants=[(case_scope("one"), "chair"), (case_scope("two"), "chair")]))

    with context.store.reading() as connection:
        cursors = arrivals.cursors(connection)
    assert (cursors[case_scope("one")], cursors[case_scope("two")]) == (7, 0)


def test_a_body_that_is_no_case_is_refused_before_the_store_hears_of_it() -> None:
    page = Page()
    page.add(Row(case_scope("one"), Kind.CASE, "one", 1, 1, False), b'{"title": 5}')
    with pytest.raises(BadInput):
        page.read()
