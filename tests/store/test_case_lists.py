"""A list of 100,000 cases: every order and filter gives exactly what a plain calculation gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from judge_desk.domain.cases import OPEN_STAGES, Procedure, Stage
from judge_desk.domain.kinds import Kind
from judge_desk.services.cases import CaseQuery, CaseService, CaseSort
from judge_desk.services.context import DeskContext
from judge_desk.store import hearings
from judge_desk.store.bodies import pack
from judge_desk.store.tables import RECORD_TABLES
from tests.factories import desk_context

COUNT = 100_000
_COLUMNS = "row_no, id, scope, rev, language, number, title, procedure, stage, judge_id, received_on, decided_on, body"


@dataclass(frozen=True)
class Line:
    row_no: int
    number: str
    title: str
    procedure: str
    stage: str
    judge_id: str
    received_on: str | None
    decided_on: str | None


def lines() -> list[Line]:
    rng = random.Random(20_261_123)
    days = [None, *(f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29))]
    return [
        Line(
            row_no=row_no,
            number=f"7140-26-00-2/{rng.randrange(10**6)}",
            title=rng.choice(("О взыскании", "О разделе", "Қарыз", "Алимент")),
            procedure=rng.choice(list(Procedure)),
            stage=rng.choice(list(Stage)),
            judge_id=f"judge-{rng.randrange(7)}",
            received_on=rng.choice(days),
            decided_on=rng.choice(days) if row_no % 3 else None,
        )
        for row_no in range(1, COUNT + 1)
    ]


@dataclass(frozen=True)
class Big:
    context: DeskContext
    lines: list[Line]


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Big]:
    folder: Path = tmp_path_factory.mktemp("big")
    context, made = desk_context(folder), lines()
    body = pack('{"id":"x","judge_name":"Ахметова"}')
    rows = [
        (
            *(a.row_no, f"c{a.row_no}", f"case:c{a.row_no}", 1, "kk", a.number, a.title),
            *(a.procedure, a.stage, a.judge_id, a.received_on, a.decided_on, body),
        )
        for a in made
    ]
    words = [(a.row_no, f"{a.number} {a.title.casefold()}") for a in made]
    with context.store.writing() as connection:
        insert = f'INSERT INTO "{RECORD_TABLES[Kind.CASE].name}" ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)'
        connection.exec_driver_sql(insert, rows)
        connection.exec_driver_sql("INSERT INTO search_words (rowid, words) VALUES (?, ?)", words)
    yield Big(context, made)
    context.store.close()


def expected(big: Big, query: CaseQuery, *, title: str = "") -> list[int]:
    fit = [
        line
        for line in big.lines
        if (not query.procedures or line.procedure in query.procedures)
        and (not query.stages or line.stage in query.stages)
        and (not query.open_only or line.stage in OPEN_STAGES)
        and (not query.judge_id or line.judge_id == query.judge_id)
        and title in line.title
    ]
    named = [line for line in fit if getattr(line, query.sort) is not None]
    empty = sorted((line.row_no for line in fit if getattr(line, query.sort) is None), reverse=query.descending)
    named.sort(key=lambda line: (getattr(line, query.sort), line.row_no), reverse=query.descending)
    return [line.row_no for line in named] + empty


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", [CaseSort.NUMBER, CaseSort.RECEIVED, CaseSort.DECIDED, CaseSort.STAGE])
def test_every_order_is_exact(big: Big, sort: CaseSort, descending: bool) -> None:
    query = CaseQuery(sort=sort, descending=descending)
    assert list(CaseService(big.context).ids(query)) == expected(big, query)


@pytest.mark.parametrize(
    "query",
    [
        CaseQuery(open_only=True),
        CaseQuery(procedures=frozenset({Procedure.CIVIL, Procedure.CRIMINAL}), sort=CaseSort.NUMBER),
        CaseQuery(stages=frozenset({Stage.HEARING}), open_only=True, descending=False),
        CaseQuery(judge_id="judge-3", sort=CaseSort.DECIDED, descending=False),
        CaseQuery(judge_id="nobody"),
    ],
)
def test_every_filter_is_exact(big: Big, query: CaseQuery) -> None:
    assert list(CaseService(big.context).ids(query)) == expected(big, query)
    assert CaseService(big.context).count(query) == len(expected(big, query))


def test_words_cut_the_list_down(big: Big) -> None:
    query = CaseQuery(text="қарыз", open_only=True, sort=CaseSort.DECIDED, descending=False)
    assert list(CaseService(big.context).ids(query)) == expected(big, query, title="Қарыз")


def test_a_number_is_found_by_its_beginning(big: Big) -> None:
    line = big.lines[4_711]
    service = CaseService(big.context)
    assert [row.number for row in service.rows(service.ids(CaseQuery(text=line.number)))].count(line.number) >= 1
    found = {row.number for row in service.rows(service.ids(CaseQuery(text=line.number[:-2]))[:200])}
    assert all(number.startswith(line.number[:-2]) for number in found)
    assert line.number in found


def test_a_page_of_rows_comes_in_the_order_of_its_numbers(big: Big) -> None:
    service = CaseService(big.context)
    numbers = service.ids(CaseQuery(sort=CaseSort.NUMBER))[5_000:5_200]
    rows = service.rows(numbers)
    assert [row.row_no for row in rows] == list(numbers)
    assert rows[0].judge_name == "Ахметова"


def test_the_hearings_of_visible_lines_are_found_by_their_case(big: Big) -> None:
    asked: list[tuple[str, Any]] = []
    with big.context.store.reading() as connection:

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
            asked.append((statement, values))

        event.listen(connection, "before_cursor_execute", note)
        hearings.still_planned(connection, [f"c{number}" for number in range(1, 201)])
        event.remove(connection, "before_cursor_execute", note)
        ((statement, values),) = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    told = [str(row[-1]) for row in plan]
    assert any("(case_id=?)" in each for each in told), told
    assert not any(each.startswith("SCAN") for each in told), told
