"""Hearings over four weeks around the anchor day: none clashes, and today and tomorrow are full."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from judge_desk.domain.cases import Case, Procedure, Stage
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.working_days import ONE_DAY
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.runtime.clock import COURT_ZONE

WEEKS_BACK, WEEKS_AHEAD = 2, 2
HEARD_OUT_DAYS = 5
"""So long ago at least the hearing ended of a case whose decision only waits for a signature."""
_SLOTS = ("09:00", "09:40", "10:20", "11:10", "11:50", "14:30", "15:10", "15:50", "16:40", "17:20")
_ROOM = "3"
TAKEN_ROOM = "5"
_PROSECUTOR = "Бектасов Р. М."


def hearings(plan: SeedPlan, dockets: list[Docket]) -> list[Hearing]:
    """The sittings of the judge whose desk this is: one room, one judge, one after another."""
    chance = plan.stream("hearings")
    own = [each.case for each in dockets if each.case.judge_id == dockets[0].case.judge_id and each.case.is_open]
    turns = _Turns(plan.anchor, own, chance)
    made: list[Hearing] = []
    for day, count in _calendar(plan, chance):
        turns.sat_today.clear()
        for number, start in enumerate(sorted(chance.sample(_SLOTS, count))):
            case = turns.take(day)
            if case is not None:
                moment = datetime.combine(day, time.fromisoformat(start), COURT_ZONE)
                made.append(_hearing(plan, case, moment, number, chance))
    return _heard_out(made, own)


class _Turns:
    """Which case is heard next: each in turn, none twice on a day, none before it was accepted, and as far as it is."""

    def __init__(self, anchor: date, cases: list[Case], chance: random.Random) -> None:
        self._anchor = anchor
        over = [each for each in cases if each.stage is Stage.DELIBERATION]
        self._queue = over + chance.sample(rest := [each for each in cases if each not in over], len(rest))
        self._prepared: set[str] = set()
        self.sat_today: set[str] = set()

    def take(self, day: date) -> Case | None:
        """Whose turn it is; in a court of a few cases one that sat already, on days to come."""
        places = range(len(self._queue))
        found = next((at for at in places if self._may_sit(self._queue[at], day)), None)
        if found is None and day >= self._anchor:
            found = next((at for at in places if self._queue[at].stage is not Stage.DELIBERATION), 0)
        if found is None:
            return None
        case = self._queue.pop(found)
        self._queue.append(case)
        self.sat_today.add(case.id)
        if case.stage is Stage.PREPARATION:
            self._prepared.add(case.id)
        return case

    def _may_sit(self, case: Case, day: date) -> bool:
        if case.id in self.sat_today or case.accepted_on is None or day <= case.accepted_on:
            return False
        if case.stage is Stage.DELIBERATION:
            return day < self._anchor - timedelta(days=HEARD_OUT_DAYS)
        # What lies ahead of a case in preparation is the one sitting that prepares it.
        prepares = case.stage is Stage.PREPARATION and day >= self._anchor and case.id not in self._prepared
        return prepares or case.stage is Stage.HEARING


def _heard_out(made: list[Hearing], cases: list[Case]) -> list[Hearing]:
    """The last sitting of a case whose decision is being written has been held, and ended the hearing."""
    over = {each.id: each.language.value for each in cases if each.stage is Stage.DELIBERATION}
    last = {each.case_id: each.id for each in made if each.case_id in over}
    words = phrases.read("court_day")["hearings"]
    return [
        replace(
            each,
            state=HearingState.HELD,
            purpose=words[over[each.case_id]]["pleadings"],
            outcome=words[over[each.case_id]]["heard_out"],
        )
        if each.id == last.get(each.case_id)
        else each
        for each in made
    ]


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
    purpose = material["preparation"] if case.stage is Stage.PREPARATION else chance.choice(material["purposes"])
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
