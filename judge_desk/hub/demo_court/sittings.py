"""Hearings over four weeks around the anchor day: none clashes, and today and tomorrow are full."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from judge_desk.domain.cases import Case, Procedure, Stage
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.working_days import ONE_DAY
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.runtime.clock import COURT_ZONE

WEEKS_BACK, WEEKS_AHEAD = 2, 2
_SLOTS = ("09:00", "09:40", "10:20", "11:10", "11:50", "14:30", "15:10", "15:50", "16:40", "17:20")
_ROOM = "3"
TAKEN_ROOM = "5"
_PROSECUTOR = "Бектасов Р. М."


def hearings(plan: SeedPlan, dockets: list[Docket]) -> list[Hearing]:
    """The sittings of the judge whose desk this is: one room, one judge, one after another."""
    chance = plan.stream("hearings")
    own = [each.case for each in dockets if each.case.judge_id == dockets[0].case.judge_id and each.case.is_open]
    fit = [each for each in own if each.stage in (Stage.HEARING, Stage.PREPARATION)] or own
    made: list[Hearing] = []
    queue = _in_turn(fit, chance)
    for day, count in _calendar(plan, chance):
        for number, start in enumerate(sorted(chance.sample(_SLOTS, count))):
            moment = datetime.combine(day, time.fromisoformat(start), COURT_ZONE)
            made.append(_hearing(plan, next(queue), moment, number, chance))
    return made


def elsewhere(plan: SeedPlan, dockets: list[Docket]) -> Hearing | None:
    """A colleague's sitting that the judge's desk does not know: the same room at that time is refused."""
    case = next((each.case for each in dockets if each.case.judge_id != dockets[0].case.judge_id), None)
    if case is None:
        return None
    return Hearing(
        id=plan.id_of("hearing", "elsewhere"),
        case_id=case.id,
        starts_at=taken_at(plan),
        minutes=60,
        room=TAKEN_ROOM,
        judge_id=case.judge_id,
        purpose=phrases.read("court_day")["hearings"][case.language.value]["preparation"],
    )


def taken_at(plan: SeedPlan) -> datetime:
    """When `elsewhere` begins: beyond the weeks in which the judge sits."""
    day = plan.anchor + timedelta(weeks=WEEKS_AHEAD, days=3)
    return datetime.combine(day, time(10), COURT_ZONE).astimezone(UTC)


def _in_turn(cases: list[Case], chance: random.Random) -> Iterator[Case]:
    while True:
        yield from chance.sample(cases, len(cases))


def _calendar(plan: SeedPlan, chance: random.Random) -> Iterator[tuple[date, int]]:
    """Each day of sittings with how many there are; the anchor day and the next one always sit."""
    day = plan.anchor - timedelta(weeks=WEEKS_BACK)
    while day <= plan.anchor + timedelta(weeks=WEEKS_AHEAD):
        if day in (plan.anchor, plan.anchor + ONE_DAY):
            yield day, chance.randint(7, 10)
        elif day.weekday() < 5:
            yield day, chance.randint(3, 8)
        day += ONE_DAY


def _hearing(plan: SeedPlan, case: Case, moment: datetime, number: int, chance: random.Random) -> Hearing:
    material = phrases.read("court_day")["hearings"][case.language.value]
    day = moment.date()
    preparing = case.stage is Stage.PREPARATION and case.procedure is Procedure.CIVIL
    purpose = material["preparation"] if preparing else chance.choice(material["purposes"])
    state = HearingState.PLANNED
    if day < plan.anchor:
        state = chance.choices((HearingState.HELD, HearingState.ADJOURNED, HearingState.CANCELLED), (70, 26, 4))[0]
    accused = case.procedure in (Procedure.CRIMINAL, Procedure.RESTRAINT)
    return Hearing(
        id=plan.id_of("hearing", day.isoformat(), number),
        case_id=case.id,
        starts_at=moment.astimezone(UTC),
        minutes=chance.choice((20, 30, 30, 40)),
        room=_ROOM,
        judge_id=case.judge_id,
        purpose=purpose,
        state=state,
        prosecutor=_PROSECUTOR if accused else "",
        by_video=chance.random() < 0.18,
        outcome=material[state.value] if state is not HearingState.PLANNED else "",
    )
