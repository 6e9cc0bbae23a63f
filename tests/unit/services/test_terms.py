"""Terms: what runs out, when and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from judge_desk.domain.cases import Procedure, Stage
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.norms import Certainty
from judge_desk.domain.rules import Length, LengthUnit, RuleBook, TermRule, Trigger
from judge_desk.domain.working_days import Holidays, WeekendRule
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.law import rule_book
from judge_desk.services.terms import TermService, full_text_made
from tests.factories import NOW, a_case, a_term, agreed, of_case, with_case

TODAY = date(2026, 11, 23)


def a_rule(name: str, unit: LengthUnit, count: int, *, extendable: bool = False) -> TermRule:
    return TermRule(
        id=name,
        names={"kk": "Мерзім", "ru": "Срок", "en": "Term"},
        norm="art. 1",
        certainty=Certainty.ASSUMED,
        procedures=(Procedure.CIVIL,),
        trigger=Trigger.ACCEPTED,
        length=Length(count, unit),
        extendable=extendable,
    )


RULES = RuleBook(
    holidays=Holidays(
        weekends=(WeekendRule(id="w", names={}, norm="", certainty=Certainty.SOURCED, days=(5, 6)),),
    ),
    terms=(
        a_rule("days", LengthUnit.WORKING_DAYS, 5),
        a_rule("hours", LengthUnit.HOURS, 48),
        a_rule("long", LengthUnit.MONTHS, 2, extendable=True),
    ),
)


@pytest.fixture
def service(context: DeskContext) -> TermService:
    return TermService(context, RULES)


def test_what_is_due_is_counted_in_working_days(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    days = {"missed": -3, "today": 0, "friday": 4, "monday": 7, "later": 8}
    terms = {name: a_term(case.id, title=name, due_on=TODAY + timedelta(days=on)) for name, on in days.items()}
    done = a_term(case.id, due_on=TODAY, done_on=TODAY)
    by_rule = a_term(case.id, rule_id="days", trigger_on=TODAY - timedelta(days=3))
    endless = a_term(case.id)
    of_case(context, Kind.TERM, *terms.values(), done, by_rule, endless)

    rows = service.due(TODAY + timedelta(days=7))

    assert {row.term.title: row.days_left for row in rows if not row.term.rule_id} == {
        "missed": -1,
        "today": 0,
        "friday": 4,
        "monday": 5,
    }
    (ruled,) = [row for row in rows if row.term.rule_id]
    assert (ruled.ends_on, ruled.days_left) == (TODAY + timedelta(days=4), 4)
    assert (ruled.name("kk"), ruled.norm, ruled.case_number) == ("Мерзім", "art. 1", case.number)
    assert [row.ends_on for row in rows] == sorted(row.ends_on for row in rows if row.ends_on)


def test_an_extension_and_a_moment_decide_the_last_day(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    extended = a_term(case.id, due_on=TODAY, extended_to=TODAY + timedelta(days=30))
    moment = a_term(case.id, due_at=NOW + timedelta(hours=20))  # 05:00 of the next day in court
    of_case(context, Kind.TERM, extended, moment)

    assert [(row.term.id, row.ends_on) for row in service.due(TODAY + timedelta(days=3))] == [
        (moment.id, TODAY + timedelta(days=1))
    ]


def test_a_term_explains_itself_step_by_step(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    ruled = a_term(case.id, rule_id="days", trigger_on=TODAY)
    hours = a_term(case.id, rule_id="hours", trigger_on=TODAY)
    own, unknown = a_term(case.id), a_term(case.id, rule_id="abolished", trigger_on=TODAY)
    of_case(context, Kind.TERM, ruled, hours, own, unknown)

    explanation = service.explain(ruled.id)
    assert explanation is not None
    assert explanation.due_on == TODAY + timedelta(days=7)
    assert [service.explain(each.id) for each in (hours, own, unknown)] == [None, None, None]
    assert [row.explanation == explanation for row in service.of_case(case.id)].count(True) == 1
    with pytest.raises(NotFound):
        service.explain("no such")


def test_a_term_is_done_reopened_and_extended(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    term = a_term(case.id, rule_id="long", trigger_on=TODAY, due_on=TODAY + timedelta(days=1))
    of_case(context, Kind.TERM, term)

    assert service.mark_done(term.id).touches(Kind.TERM, term.id)
    assert service.due(TODAY + timedelta(days=9)) == []
    service.reopen(term.id)
    service.extend(term.id, TODAY + timedelta(days=20), "ходатайство ответчика")
    (row,) = service.of_case(case.id)
    assert (row.ends_on, row.term.note, row.pending) == (TODAY + timedelta(days=20), "ходатайство ответчика", 1)
    with pytest.raises(BadInput):
        service.extend(term.id, TODAY + timedelta(days=20), "")
    with pytest.raises(NotFound):
        service.mark_done("no such")


def test_what_the_law_forbids_is_refused(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    term = a_term(case.id, rule_id="days", trigger_on=TODAY, due_on=TODAY)
    of_case(context, Kind.TERM, term)
    strange = a_term("not granted", due_on=TODAY)
    agreed(context, Kind.TERM, "case:not-granted", [strange])

    with pytest.raises(BadInput):
        service.extend(term.id, TODAY + timedelta(days=5), "")
    with pytest.raises(BadInput):
        service.add(case.id, " ", TODAY)
    with pytest.raises(NotAllowed):
        service.mark_done(strange.id)


def test_a_court_sets_its_own_term(context: DeskContext, service: TermService) -> None:
    case = with_case(context)
    service.add(case.id, "Представить оригинал", TODAY + timedelta(days=2))

    (row,) = service.due(TODAY + timedelta(days=2))
    assert (row.name("ru"), row.days_left, row.norm, row.pending) == ("Представить оригинал", 2, "", 1)


def test_the_packs_of_the_product_are_read_without_being_asked(context: DeskContext) -> None:
    assert TermService(context).rules is rule_book()
    assert rule_book().terms


def test_the_clock_for_the_full_text_starts_when_the_operative_part_is_announced(context: DeskContext) -> None:
    case = with_case(context, a_case(stage=Stage.DELIBERATION))
    service, file_of = TermService(context), CaseService(context).case_file
    # TODAY is a Monday: five working days end on the next Monday.
    assert file_of(case.id).full_text_due_on == date(2026, 11, 30)
    service.announce(case.id)
    row = next(each for each in service.of_case(case.id) if each.term.rule_id == "civil.full_text")
    assert (row.term.trigger_on, row.ends_on, row.days_left) == (TODAY, date(2026, 11, 30), 5)
    assert row.explanation is not None
    assert file_of(case.id).full_text_due_on is None
    with pytest.raises(BadInput, match=r"terms\.announce\.not_now"):
        service.announce(case.id)


def test_no_such_clock_where_the_law_knows_none(context: DeskContext) -> None:
    case = with_case(context, a_case(procedure=Procedure.CRIMINAL, stage=Stage.DELIBERATION))
    assert CaseService(context).case_file(case.id).full_text_due_on is None
    with pytest.raises(BadInput, match=r"terms\.announce\.not_now"):
        TermService(context).announce(case.id)


def test_a_closed_decision_ends_the_term_for_its_full_text(context: DeskContext) -> None:
    case = with_case(context, a_case(stage=Stage.DELIBERATION))
    service = TermService(context)
    service.announce(case.id)
    with context.store.unit_of_work(context.person.id, "test") as work:
        full_text_made(context, work, case.id)
    row = next(each for each in service.of_case(case.id) if each.term.rule_id == "civil.full_text")
    assert row.term.done_on == TODAY
