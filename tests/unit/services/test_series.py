"""A series of 43 cases: one table, as many acts, each with its own reasons; what fails stops none of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from judge_desk.domain.acts import blanks
from judge_desk.domain.cases import Case, Language, PartyRole, Procedure
from judge_desk.domain.drafts import DraftState
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.series import SeriesTable
from tests.factories import a_case, a_party, with_case

FORM = "offence_resolution.ru"
COUNT = 43


@pytest.fixture
def desk(context: DeskContext) -> Desk:
    return Desk.over(context)


@pytest.fixture
def case_ids(context: DeskContext) -> list[str]:
    return [with_case(context, an_offence(number)).id for number in range(COUNT)]


def an_offence(number: int) -> Case:
    return a_case(
        id=f"offence-{number}",
        number=f"7140-26-00-3/{1000 + number}",
        procedure=Procedure.ADMINISTRATIVE_OFFENCE,
        judge_name="Ахметова Г. С.",
        subject=f"проезд на запрещающий сигнал светофора {number}",
        parties=(a_party(f"Оспанов{'абвгд'[number % 5]} А. Б.", PartyRole.OFFENDER, id=f"p{number}"),),
    )


def corrected(table: SeriesTable) -> SeriesTable:
    """The table as the judge leaves it: every row with its own reasons."""
    rows = []
    for at, row in enumerate(table.rows):
        for slot, value in (
            ("article", "часть 1 статьи 599 КоАП РК"),
            ("explanation", f"вину признал, ехал {at} минут"),
            ("evidence", f"протокол № {at}, видеозапись"),
            ("circumstances", f"обстоятельств нет, случай {at}"),
            ("penalty", "штраф 43 250 (сорок три тысячи двести пятьдесят) тенге"),
            ("execution", "штраф уплатить в течение тридцати суток"),
        ):
            row = row.with_value(slot, value)
        rows.append(row)
    return replace(table, rows=tuple(rows))


def test_the_table_holds_what_differs_and_what_the_cases_know(desk: Desk, case_ids: list[str]) -> None:
    assert FORM in [form.id for form in desk.series.forms(case_ids)]
    table = desk.series.table(case_ids, FORM)
    assert len(table.rows) == COUNT
    slots = [column.slot for column in table.columns]
    assert {"offenders", "article", "offence", "penalty", "evidence"} <= set(slots)
    assert not {"court", "judge", "act.date"} & set(slots)
    assert table.rows[7].values["offence"].endswith("светофора 7")
    assert table.rows[7].values["penalty"] == ""


def test_43_acts_are_made_checked_and_closed(desk: Desk, case_ids: list[str]) -> None:
    steps: list[tuple[int, int]] = []
    made = desk.series.generate(corrected(desk.series.table(case_ids, FORM)), lambda at, of: steps.append((at, of)))
    assert (len(made.done), made.failed, steps[-1]) == (COUNT, {}, (COUNT, COUNT))
    drafts = list(made.done.values())
    assert {field for _, field in blanks(desk.drafts.open(drafts[5]).draft.act)} <= {"act.date"}
    reports = desk.series.check(drafts)
    assert not [each for report in reports.values() for each in report.open if each.rule == "series.same_reasons"]
    closed = desk.series.finalise(drafts, date(2026, 11, 23))
    assert closed.failed == {}
    assert len(closed.done) == COUNT
    assert all(desk.drafts.open(each).draft.state is DraftState.FINAL for each in drafts)


def test_the_same_reasons_twice_are_noted_gently(desk: Desk, case_ids: list[str]) -> None:
    table = corrected(desk.series.table(case_ids[:3], FORM))
    same = dict(table.rows[0].values)
    rows = (table.rows[0], replace(table.rows[1], values=same), table.rows[2])
    made = desk.series.generate(replace(table, rows=rows))
    reports = desk.series.check(list(made.done.values()))
    noted = [each for report in reports.values() for each in report.open if each.rule == "series.same_reasons"]
    assert [(each.severity, each.params["other"]) for each in noted] == [("note", "7140-26-00-3/1000")]


def test_a_row_with_an_error_is_held_and_the_others_go(desk: Desk, case_ids: list[str]) -> None:
    table = corrected(desk.series.table(case_ids[:3], FORM))
    rows = (table.rows[0].with_value("penalty", "штраф 43 250 (сорок тысяч) тенге"), *table.rows[1:])
    drafts = list(desk.series.generate(replace(table, rows=rows)).done.values())
    closed = desk.series.finalise(drafts, date(2026, 11, 23))
    assert list(closed.failed) == drafts[:1]
    assert closed.failed[drafts[0]].key == "series.held"
    assert list(closed.done) == drafts[1:]


def test_a_series_that_is_stopped_keeps_what_it_made(desk: Desk, case_ids: list[str]) -> None:
    answers = iter([False, False, True])
    made = desk.series.generate(desk.series.table(case_ids, FORM), is_cancelled=lambda: next(answers))
    assert (len(made.done), made.is_cancelled) == (2, True)
    assert len(desk.drafts.rows()) == 2


def test_a_case_that_is_gone_stops_none_of_the_others(desk: Desk, case_ids: list[str]) -> None:
    table = desk.series.table(case_ids[:2], FORM)
    rows = (replace(table.rows[0], case_id="gone"), table.rows[1])
    made = desk.series.generate(replace(table, rows=rows))
    assert (list(made.failed), list(made.done)) == (["gone"], [case_ids[1]])


def test_each_act_is_written_in_the_language_of_its_case(context: DeskContext, desk: Desk, case_ids: list[str]) -> None:
    kazakh = with_case(context, replace(an_offence(99), id="offence-kk", language=Language.KAZAKH))
    table = desk.series.table([case_ids[0], kazakh.id], FORM)
    assert [row.template_id for row in table.rows] == ["offence_resolution.ru", "offence_resolution.kk"]
    made = desk.series.generate(table)
    assert [desk.drafts.open(each).draft.act.language for each in made.done.values()] == ["ru", "kk"]
