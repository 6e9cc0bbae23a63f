"""What the feed brings stands in the store, under its number, and can be found, all in the transaction of its page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from judge_desk.domain.cases import Case
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol import codec, feed
from judge_desk.protocol.feed import Row
from judge_desk.services.context import DeskContext
from judge_desk.store import arrivals, bulk, purge, records, search
from judge_desk.store.columns import case_text
from judge_desk.store.feed_pages import Page, Total
from judge_desk.store.tables import RECORD_TABLES
from tests.factories import a_case, index_all

CASE = RECORD_TABLES[Kind.CASE].c


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
        arrivals.take_in(connection, page, "2026-11-22T09:00:00+00:00")


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


def test_new_cases_among_known_ones_are_found_at_once(context: DeskContext) -> None:
    take_in(context, sent(a_case(id="one", title="О взыскании неустойки")))
    newer = [
        a_case(id="zero", title="О займе"),
        a_case(id="one", title="О выселении"),
        a_case(id="two", title="О долге"),
    ]
    take_in(context, sent(*newer, rev=2))

    assert (found(context, "займе "), found(context, "долге ")) == (["zero"], ["two"])
    assert waiting(context) == 1
    index_all(context)
    assert found(context, "выселении ") == ["one"]


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
    cases = [a_case(id=f"c{number}", title=f"Дело {number:06d}") for number in range(bulk.ROWS + 3)]
    take_in(context, sent(*cases))

    with context.store.reading() as connection:
        assert list(arrivals.cursors(connection).values()).count(1) == len(cases)
    assert found(context, f"{bulk.ROWS + 2:06d} ") == [f"c{bulk.ROWS + 2}"]
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
        list(page.read())


FEW = Total(2, 2)
"""The person and the court, which are in the store of the fixture."""


@pytest.mark.parametrize("held", [None, FEW], ids=["any desk", "a new desk"])
def test_a_scope_that_does_not_add_up_is_not_kept(context: DeskContext, held: Total | None) -> None:
    good, bad = a_case(id="good", title="О взыскании неустойки"), a_case(id="bad", title="О взыскании ущерба")
    page = sent(good, bad)
    page.sums = {case_scope("good"): feed.row_hash("good", 1), case_scope("bad"): 5}
    with context.store.writing(durable=False) as connection:
        taken = arrivals.take_in(connection, page, "2026-11-22T09:00:00+00:00", held)

    assert taken.held is None
    assert taken.mismatches == (case_scope("bad"),)
    assert found(context, "взыскание ") == ["good"]
    with context.store.reading() as connection:
        books = connection.exec_driver_sql("SELECT scope, cursor, checked_at IS NOT NULL FROM scope").all()
        assert records.find(connection, Kind.CASE, "bad") is None
    assert (case_scope("good"), 1, 1) in [tuple(each) for each in books]
    assert (case_scope("bad"), 0, 0) in [tuple(each) for each in books]


@pytest.mark.parametrize("leave", ["gone", "reset", "forgotten"])
def test_whatever_takes_a_case_away_takes_its_words(context: DeskContext, leave: str) -> None:
    case = a_case(id="one", title="О взыскании неустойки")
    take_in(context, sent(case))
    with context.store.writing() as connection:
        if leave == "reset":
            arrivals.reset(connection, case_scope("one"))
        if leave == "forgotten":
            purge.forget_scope(connection, case_scope("one"))
    if leave == "gone":
        take_in(context, removed(case, 2))

    assert found(context, "неустойка ") == []
    with context.store.reading() as connection:
        words = connection.exec_driver_sql("SELECT count(*) FROM search_words").scalar_one()
    assert words == 0


def test_a_name_that_comes_twice_is_found_once_and_numbers_by_any_part(context: DeskContext) -> None:
    case = a_case(id="one", number="7140-26-00-2/113", title="Ахметов к Ахметову, Ахметов")
    take_in(context, sent(case))
    with context.store.reading() as connection:
        row_no, body = connection.execute(sa.select(CASE.row_no, CASE.body)).one()
    assert search.case_words(case_text(body)).split().count("ахмет") == 1
    for query in ("Ахметова ", "7140-26-00-2/113 ", "00-2/113 ", "7140-26-00-2/11", "7140 "):
        assert found(context, query) == ["one"], query
    assert found(context, "7140-26-00-2/11 ") == []
    assert row_no == 1


@pytest.mark.parametrize("held", [None, FEW], ids=["any desk", "a new desk"])
def test_a_new_scope_with_rows_left_from_before_does_not_add_up(context: DeskContext, held: Total | None) -> None:
    take_in(context, sent(a_case(id="left"), granted=False))
    page = sent(a_case(id="new"))
    with context.store.writing() as connection:
        connection.execute(sa.update(RECORD_TABLES[Kind.CASE]).values(scope=case_scope("new")))
    page.sums = {case_scope("new"): feed.row_hash("new", 1)}
    with context.store.writing(durable=False) as connection:
        assert arrivals.take_in(connection, page, "now", held).mismatches == (case_scope("new"),)


def test_a_new_desk_knows_what_it_holds_from_page_to_page(context: DeskContext) -> None:
    held: Total | None = FEW
    for case_id, rows in (("one", 1), ("two", 2)):
        page = sent(a_case(id=case_id), rev=5)
        page.sums = {case_scope(case_id): feed.row_hash(case_id, 5)}
        with context.store.writing(durable=False) as connection:
            taken = arrivals.take_in(connection, page, "now", held)
        held = taken.held
        assert (taken.mismatches, held) == ((), FEW.plus(rows, 5 * rows))


@pytest.mark.parametrize("lost", ["one", "two"], ids=["of this page", "of the page before"])
def test_a_row_that_a_new_desk_loses_does_not_add_up(context: DeskContext, lost: str) -> None:
    held: Total | None = FEW
    for case_id in ("two", "one"):
        page = sent(a_case(id=case_id))
        page.sums = {case_scope(case_id): feed.row_hash(case_id, 1)}
        with context.store.writing(durable=False) as connection:
            if case_id == "one":
                drop = f"BEGIN DELETE FROM \"case\" WHERE id = '{lost}'; END"
                connection.exec_driver_sql(f'CREATE TRIGGER loses AFTER INSERT ON "case" {drop}')
            taken = arrivals.take_in(connection, page, "now", held)
        held = taken.held
    assert held is None, "the next page would take the store for whole"
    assert taken.mismatches == ((case_scope("one"),) if lost == "one" else ())


def test_what_only_this_desk_has_does_not_count(context: DeskContext) -> None:
    with context.store.unit_of_work("judge1", "case.keep") as work:
        work.keep(Kind.CASE, case_scope("own"), a_case(id="own"))
    page = sent(a_case(id="one"))
    page.sums = {case_scope("one"): feed.row_hash("one", 1)}
    with context.store.writing(durable=False) as connection:
        assert arrivals.take_in(connection, page, "now", FEW).held == FEW.plus(1, 1)


def test_what_the_hub_deleted_beside_open_work_counts_as_gone(context: DeskContext) -> None:
    case = a_case(id="one")
    scope = case_scope(case.id)
    take_in(context, sent(case))
    with context.store.unit_of_work("judge", "case.save") as work:
        work.put(Kind.CASE, scope, replace(case, title="Жаңа атау"))
    take_in(context, removed(case, 2))
    with context.store.reading() as connection:
        assert arrivals.mismatches(connection, {scope: 0}) == []
        assert arrivals.mismatches(connection, {scope: feed.row_hash(case.id, 2)}) == [scope]


def test_parts_made_ready_by_another_thread_are_taken_in_alike(context: DeskContext) -> None:
    cases = [a_case(id=f"c{number}", title="О взыскании") for number in range(2 * bulk.ROWS + 1)]
    page = sent(*cases)
    page.sums = {case_scope(case.id): feed.row_hash(case.id, 1) for case in cases}
    with ThreadPoolExecutor(1) as ahead:
        page.ahead = ahead
        page.prepare()
        with context.store.writing(durable=False) as connection:
            assert arrivals.take_in(connection, page, "now").mismatches == ()
    with context.store.reading() as connection:
        checked = connection.exec_driver_sql("SELECT count(*) FROM scope WHERE checked_at = 'now'").scalar_one()
    assert checked == len(cases)


def test_rows_that_come_after_some_were_made_ready_are_taken_in_once(context: DeskContext) -> None:
    cases = [a_case(id=f"c{number}") for number in range(2 * bulk.ROWS + 7)]
    whole = sent(*cases)
    with ThreadPoolExecutor(1) as ahead:
        page = Page(ahead=ahead, grants=whole.grants)
        for row, body in whole.rows[:5]:
            page.add(row, body)
        page.prepare()
        for row, body in whole.rows[5:]:
            page.add(row, body)
        assert [each.row.id for part in page.read() for each in part] == [case.id for case in cases]
