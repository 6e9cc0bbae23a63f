"""What lies on the judge's desk beside the files: the notes of judge and secretary on the cases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from judge_desk.domain.notes import Note, NoteReach
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.runtime.clock import COURT_ZONE

NOTES_EVERY = 4


def moment(plan: SeedPlan, days_back: float, hour: int = 11) -> datetime:
    """An aware moment so many days before an hour of the anchor day; whoever opens the demo early in the morning has
    done nothing that day yet."""
    return (datetime.combine(plan.anchor, time(hour), COURT_ZONE) - timedelta(days=days_back)).astimezone(UTC)


def notes(plan: SeedPlan, dockets: list[Docket]) -> list[Note]:
    """Shared notes of judge and secretary, and the judge's private ones (of these, some pinned)."""
    chance = plan.stream("notes")
    made: list[Note] = []
    for docket in dockets[:: NOTES_EVERY if len(dockets) > NOTES_EVERY else 1]:
        reach = chance.choice((NoteReach.SHARED, NoteReach.SHARED, NoteReach.PRIVATE))
        by_secretary = reach is NoteReach.SHARED and chance.random() < 0.4
        at = moment(plan, chance.uniform(0.5, 20))
        made.append(
            Note(
                id=plan.id_of("note", docket.serial),
                case_id=docket.case.id,
                author_id=docket.case.secretary_id if by_secretary else docket.case.judge_id,
                reach=reach,
                text=chance.choice(phrases.read("court_day")["notes"][docket.case.language]),
                pinned=chance.random() < 0.25,
                created_at=at,
                changed_at=at,
            )
        )
    return made
