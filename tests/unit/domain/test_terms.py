"""Terms: the day on which they end, the reasons for it, and how many working days are left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.cases import Instance, Procedure
from judge_desk.domain.norms import Certainty, weakest
from judge_desk.domain.rules import Bound, Length, LengthUnit, TermRule, Trigger
from judge_desk.domain.terms import StepKind, Term, TermExplanation, explain, working_days_left
from judge_desk.domain.working_days import DayOffReason, add_months, is_working_day
from judge_desk.protocol.rule_packs import read_folder
from judge_desk.runtime import paths

BOOK = read_folder(paths.resource("rules")).book
HOLIDAYS = BOOK.holidays
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
DAY_RULES = [rule for rule in BOOK.terms if rule.length.unit is not LengthUnit.HOURS]
RULES = st.sampled_from(DAY_RULES)


def rule(rule_id: str, on: date = date(2026, 3, 10)) -> TermRule:
    found = BOOK.term(rule_id, on)
    assert found is not None
    return found


def kinds(explanation: TermExplanation) -> list[StepKind]:
    return [step.kind for step in explanation.steps]


def replay(explanation: TermExplanation) -> date:
    """Reads the date off the steps alone, as a judge would with a pencil."""
    trigger = explanation.steps[0].on
    skipped = kinds(explanation).count(StepKind.SKIPPED)
    shifted = kinds(explanation).count(StepKind.SHIFTED)
    count = explanation.length.count
    if explanation.length.unit is LengthUnit.MONTHS:
        return add_months(trigger, count) + timedelta(days=shifted)
    return trigger + timedelta(days=count + skipped + shifted)


def test_two_months_from_10_march_2026_end_on_12_may() -> None:
    found = explain(rule("civil.hear"), date(2026, 3, 10), HOLIDAYS)
    assert found.due_on == date(2026, 5, 12)
    assert kinds(found) == [
        StepKind.TRIGGER, StepKind.STARTS, StepKind.RUNS_OUT, StepKind.SHIFTED, StepKind.SHIFTED, StepKind.DUE,
    ]  # fmt: skip
    sunday, monday = (step.day_off for step in found.steps if step.kind is StepKind.SHIFTED)
    assert sunday is not None
    assert monday is not None
    assert (sunday.on, sunday.reason) == (date(2026, 5, 10), DayOffReason.WEEKEND)
    assert (monday.reason, monday.moved_from) == (DayOffReason.MOVED, date(2026, 5, 9))
    assert "183" in found.norm
    assert found.certainty is Certainty.SOURCED


def test_five_working_days_skip_nauryz_and_name_each_day() -> None:
    found = explain(rule("civil.full_text"), date(2026, 3, 18), HOLIDAYS)
    skipped = [step.on.day for step in found.steps if step.kind is StepKind.SKIPPED]
    assert skipped == [21, 22, 23, 24, 25, 28, 29]
    assert found.due_on == date(2026, 3, 30)


def test_the_weakest_reason_tells_how_sure_the_date_is() -> None:
    assert weakest() is Certainty.SOURCED
    sure = explain(rule("civil.full_text"), date(2027, 4, 1), HOLIDAYS)
    assert sure.certainty is Certainty.SOURCED
    planned = explain(rule("civil.full_text"), date(2028, 5, 2), HOLIDAYS)
    assert planned.certainty is Certainty.ASSUMED
    assert explain(rule("civil.appeal"), date(2026, 3, 10), HOLIDAYS).certainty is Certainty.GENERAL_KNOWLEDGE


def test_hours_run_through_a_night_and_a_holiday() -> None:
    arrived = datetime(2026, 3, 20, 17, 30, tzinfo=UTC)
    found = explain(rule("restraint.detention"), arrived, HOLIDAYS)
    assert found.due_at == datetime(2026, 3, 21, 1, 30, tzinfo=UTC)
    assert found.due_on == date(2026, 3, 21)
    assert found.steps[0].on == date(2026, 3, 20)
    assert not is_working_day(found.due_on, HOLIDAYS)


def test_wrong_triggers_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        explain(rule("civil.hear"), datetime(2026, 3, 10, 9, 0), HOLIDAYS)
    with pytest.raises(ValueError, match="moment"):
        explain(rule("restraint.detention"), date(2026, 3, 10), HOLIDAYS)


@given(RULES, DAYS)
def test_no_term_ends_on_a_day_off_and_its_steps_give_its_date(term_rule: TermRule, trigger: date) -> None:
    found = explain(term_rule, trigger, HOLIDAYS)
    assert is_working_day(found.due_on, HOLIDAYS)
    assert replay(found) == found.due_on == found.steps[-1].on
    assert found.due_on > trigger
    assert [step.on for step in found.steps if step.day_off] == sorted({s.on for s in found.steps if s.day_off})
    assert all(step.day_off == HOLIDAYS.day_off(step.on) for step in found.steps if step.day_off)


@given(RULES, DAYS, DAYS)
def test_a_later_trigger_never_ends_earlier(term_rule: TermRule, one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert explain(term_rule, first, HOLIDAYS).due_on <= explain(term_rule, second, HOLIDAYS).due_on


@given(RULES, DAYS)
def test_a_longer_term_never_ends_earlier(term_rule: TermRule, trigger: date) -> None:
    longer = replace(term_rule, length=Length(term_rule.length.count + 1, term_rule.length.unit))
    assert explain(term_rule, trigger, HOLIDAYS).due_on <= explain(longer, trigger, HOLIDAYS).due_on


@given(
    st.sampled_from([*DAY_RULES, rule("restraint.detention")]),
    st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)),
    st.sampled_from([timezone(timedelta(hours=-7)), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Almaty"), UTC]),
)
def test_the_same_moment_told_in_any_zone_gives_the_same_end(
    term_rule: TermRule, moment: datetime, zone: tzinfo
) -> None:
    at = moment.replace(tzinfo=UTC)
    here = explain(term_rule, at, HOLIDAYS)
    there = explain(term_rule, at.astimezone(zone), HOLIDAYS)
    assert here == there
    if term_rule.length.unit is LengthUnit.HOURS:
        assert here.due_at == at + timedelta(hours=term_rule.length.count)


def test_working_days_left_counts_down_and_goes_below_zero() -> None:
    due = date(2026, 3, 30)
    assert working_days_left(due, date(2026, 3, 18), HOLIDAYS) == 5
    assert working_days_left(due, date(2026, 3, 27), HOLIDAYS) == 1
    assert working_days_left(due, due, HOLIDAYS) == 0
    assert working_days_left(due, date(2026, 4, 1), HOLIDAYS) == -2
    friday = date(2026, 4, 3)
    assert working_days_left(friday, date(2026, 4, 4), HOLIDAYS) == -1


def test_a_term_follows_its_extension_and_its_end() -> None:
    term = Term(id="t", case_id="c", due_on=date(2026, 3, 30))
    assert not term.is_overdue(date(2026, 3, 30))
    assert term.is_overdue(date(2026, 3, 31))
    extended = replace(term, extended_to=date(2026, 4, 30))
    assert not extended.is_overdue(date(2026, 3, 31))
    assert extended.working_days_left(date(2026, 4, 29), HOLIDAYS) == 1
    done_late = replace(term, done_on=date(2026, 4, 2))
    assert done_late.is_overdue(date(2026, 4, 2))
    assert not done_late.is_open
    assert done_late.working_days_left(date(2026, 4, 2), HOLIDAYS) is None
    by_hour = Term(id="t", case_id="c", due_at=datetime(2026, 3, 20, 20, 0, tzinfo=UTC))
    assert by_hour.ends_on == date(2026, 3, 21)


def test_an_event_starts_the_terms_of_the_case_and_no_others() -> None:
    def started(procedure: Procedure, instance: Instance, trigger: Trigger, category: str = "") -> set[str]:
        return {each.id for each in BOOK.terms_for(procedure, instance, trigger, date(2026, 3, 10), category)}

    first = Instance.FIRST
    assert started(Procedure.CIVIL, first, Trigger.PREPARATION_ENDED) == {"civil.hear"}
    assert started(Procedure.CIVIL, first, Trigger.PREPARATION_ENDED, "reinstatement") == {"civil.hear.short"}
    assert started(Procedure.CIVIL, first, Trigger.FILED) == set()
    assert started(Procedure.CIVIL, first, Trigger.FILED, "strike") == {"civil.hear.strike"}
    assert started(Procedure.CRIMINAL, Instance.CASSATION, Trigger.CASE_RECEIVED) == {"cassation.hear"}
    assert started(Procedure.ADMINISTRATIVE_OFFENCE, first, Trigger.FILED) == set()
    assert BOOK.term("cassation.hear", date(2025, 6, 30)) is None
    assert rule("administrative.appeal").binds is Bound.PARTY
