"""The terms of the demo court's cases: each by its rule, some due today, some soon, some later, a few missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from judge_desk.domain.cases import Case, Procedure, Stage
from judge_desk.domain.terms import Term
from judge_desk.domain.working_days import ONE_DAY, add_months
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.runtime.clock import COURT_ZONE

_SHORT = frozenset({"reinstatement", "paternity_alimony"})


@dataclass(frozen=True, slots=True)
class _Length:
    rule_id: str
    working_days: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0


def _length(case: Case) -> _Length | None:
    """The rule of ``resources/rules/terms.toml`` that runs in this case now; the tests hold both together."""
    if case.procedure is Procedure.CIVIL:
        if case.stage in (Stage.REGISTERED, Stage.PREPARATION):
            return _Length("civil.prepare", working_days=20)
        if case.stage is Stage.DELIBERATION:
            return _Length("civil.full_text", working_days=5)
        if case.category in _SHORT:
            return _Length("civil.hear.short", months=1)
        return _Length("civil.hear", months=2)
    return {
        Procedure.CIVIL_ORDER: _Length("order.issue", working_days=3),
        Procedure.ADMINISTRATIVE: _Length("administrative.hear", months=3),
        Procedure.CRIMINAL: _Length("criminal.trial", days=15),
        Procedure.RESTRAINT: _Length("restraint.detention", hours=8),
    }.get(case.procedure)


def terms(plan: SeedPlan, dockets: list[Docket]) -> list[Term]:
    """One running term for each open case that has a rule; the ends are spread so that each day has its few."""
    chance = plan.stream("terms")
    made: list[Term] = []
    for docket in dockets:
        length = _length(docket.case)
        if not docket.case.is_open or docket.case.stage is Stage.SUSPENDED or length is None:
            continue
        # Half a dozen end today or are missed; the others in the weeks that follow.
        offset = chance.choices((0, -2, chance.randint(1, 5), chance.randint(6, 50)), (3, 1, 16, 80))[0]
        made.append(_term(plan, docket, length, plan.anchor + timedelta(days=offset)))
    return made


def _term(plan: SeedPlan, docket: Docket, length: _Length, end: date) -> Term:
    term_id = plan.id_of("term", docket.serial)
    if length.hours:
        due_at = datetime.combine(plan.anchor, time(16, 30), COURT_ZONE).astimezone(UTC)
        starts_at = due_at - timedelta(hours=length.hours)
        return Term(
            id=term_id,
            case_id=docket.case.id,
            rule_id=length.rule_id,
            trigger_on=plan.anchor,
            trigger_at=starts_at,
            due_at=due_at,
            due_on=plan.anchor,
            created_at=starts_at,
        )
    # The end is wished, the event is what leads to it: look back for the day from which the rule gives that end.
    trigger = end - timedelta(days=length.days or length.working_days * 7 // 5 + 31 * length.months)
    while _end(trigger, length) < end:
        trigger += ONE_DAY
    return Term(
        id=term_id,
        case_id=docket.case.id,
        rule_id=length.rule_id,
        trigger_on=trigger,
        due_on=_end(trigger, length),
        created_at=datetime.combine(trigger, time(10, 0), COURT_ZONE).astimezone(UTC),
    )


def _end(trigger: date, length: _Length) -> date:
    """The last day by weekends alone; a holiday between moves it on the desk, where the rule pack explains it."""
    if length.months:
        return _working(add_months(trigger, length.months))
    if length.days:
        return _working(trigger + timedelta(days=length.days))
    day = trigger
    for _ in range(length.working_days):
        day = _working(day + ONE_DAY)
    return day


def _working(day: date) -> date:
    while day.weekday() > 4:
        day += ONE_DAY
    return day
