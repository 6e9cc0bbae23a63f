"""The terms of the demo court's cases: each by its rule, some due today, some soon, some later, a few missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from judge_desk.domain.cases import Case, Procedure, Stage
from judge_desk.domain.rules import LengthUnit, RuleBook, TermRule
from judge_desk.domain.terms import Term, explain
from judge_desk.domain.working_days import ONE_DAY, next_working_day
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths
from judge_desk.runtime.clock import COURT_ZONE

_SHORT = frozenset({"reinstatement", "paternity_alimony"})
_BY_PROCEDURE = {
    Procedure.CIVIL_ORDER: "order.issue",
    Procedure.ADMINISTRATIVE: "administrative.hear",
    Procedure.CRIMINAL: "criminal.trial",
    Procedure.RESTRAINT: "restraint.detention",
}
_SOON = 3
_LONGEST = {LengthUnit.MONTHS: 31, LengthUnit.WORKING_DAYS: 3, LengthUnit.DAYS: 1}


@cache
def _book() -> RuleBook:
    return rule_packs.read_folder(paths.resource("rules")).book


def rule_id_of(case: Case) -> str:
    """The rule of ``resources/rules/terms.toml`` that runs in this case now; empty where none does."""
    if case.procedure is not Procedure.CIVIL:
        return _BY_PROCEDURE.get(case.procedure, "")
    if case.stage in (Stage.REGISTERED, Stage.PREPARATION):
        return "civil.prepare"
    if case.stage is Stage.DELIBERATION:
        return "civil.full_text"
    return "civil.hear.short" if case.category in _SHORT else "civil.hear"


def terms(plan: SeedPlan, dockets: list[Docket]) -> list[Term]:
    """One running term for each open case that has a rule; the ends are spread so that each day has its few."""
    chance = plan.stream("terms")
    made: list[Term] = []
    for docket in dockets:
        rule = _book().term(rule_id_of(docket.case), plan.anchor)
        if not docket.case.is_open or docket.case.stage is Stage.SUSPENDED or rule is None:
            continue
        # Half a dozen end today or are missed; the others in the weeks that follow.
        offset = chance.choices((0, -2, chance.randint(1, 5), chance.randint(6, 50)), (3, 1, 16, 80))[0]
        if docket.case.stage is Stage.DELIBERATION:
            # The days for the full text run since the hearing, which is over.
            offset = min(offset, docket.serial % _SOON)
        made.append(_term(plan, docket, rule, plan.anchor + timedelta(days=offset)))
    return made


def _term(plan: SeedPlan, docket: Docket, rule: TermRule, wished: date) -> Term:
    in_hours = rule.length.unit is LengthUnit.HOURS
    trigger = _morning(plan.anchor) if in_hours else _trigger(rule, wished)
    told = explain(rule, trigger, _book().holidays)
    at = trigger if isinstance(trigger, datetime) else _morning(trigger)
    return Term(
        id=plan.id_of("term", docket.serial),
        case_id=docket.case.id,
        rule_id=rule.id,
        trigger_on=at.astimezone(COURT_ZONE).date(),
        trigger_at=at if in_hours else None,
        due_on=told.due_on,
        due_at=told.due_at,
        created_at=at,
    )


def _trigger(rule: TermRule, wished: date) -> date:
    """The end is wished, the event is what leads to it: the first day from which the rule gives that end or a later."""
    holidays = _book().holidays
    end = next_working_day(wished, holidays)
    day = end - timedelta(days=rule.length.count * _LONGEST[rule.length.unit] + 15)
    while explain(rule, day, holidays).due_on < end:
        day += ONE_DAY
    return day


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8, 30), COURT_ZONE).astimezone(UTC)
