"""What judge and secretary have written so far: notes on cases and drafts of acts in several states."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from judge_desk.domain.acts import act_hash
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.acts import decision
from judge_desk.hub.demo_court.dockets import Docket, facts
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.runtime.clock import COURT_ZONE

NOTES_EVERY = 4
_STATES = (
    (DraftState.WRITING, Secrecy.OWN),
    (DraftState.TO_SIGN, Secrecy.SHARED),
    (DraftState.WRITING, Secrecy.SHARED),
    (DraftState.TO_SIGN, Secrecy.OWN),
    (DraftState.FINAL, Secrecy.SHARED),
    (DraftState.WRITING, Secrecy.OWN),
)
DRAFTS = 14


def moment(plan: SeedPlan, days_back: float, hour: int = 11) -> datetime:
    """An aware moment so many days before the anchor day."""
    return (datetime.combine(plan.anchor, time(hour), COURT_ZONE) - timedelta(days=days_back)).astimezone(UTC)


def notes(plan: SeedPlan, dockets: list[Docket]) -> list[Note]:
    """Shared notes of judge and secretary, and the judge's private ones (of these, some pinned)."""
    chance = plan.stream("notes")
    made: list[Note] = []
    for docket in dockets[:: NOTES_EVERY if len(dockets) > NOTES_EVERY else 1]:
        reach = chance.choice((NoteReach.SHARED, NoteReach.SHARED, NoteReach.PRIVATE))
        by_secretary = reach is NoteReach.SHARED and chance.random() < 0.4
        at = moment(plan, chance.uniform(0.2, 20))
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


def drafts(plan: SeedPlan, dockets: list[Docket], cast: Cast) -> list[Draft]:
    """Decisions in the making, for cases that are sued about; the newest first."""
    fit = [each for each in dockets if each.case.procedure in ("civil", "civil_simplified") and each.category.sums[1]]
    made = []
    for number, docket in enumerate(fit[:DRAFTS]):
        made.append(_draft(plan, docket, cast, number))
    return made


def _draft(plan: SeedPlan, docket: Docket, cast: Cast, number: int) -> Draft:
    state, secrecy = _STATES[number % len(_STATES)]
    language = docket.case.language.value
    words = phrases.read("court_day")["act"][language]
    act = decision(docket, {**facts(docket, cast, language), "number": str(11 + number)}, language)
    is_final = state is DraftState.FINAL
    return Draft(
        id=plan.id_of("draft", docket.serial),
        case_id=docket.case.id,
        author_id=docket.case.judge_id,
        title=f"{words['decision']}: {docket.case.subject}",
        template_id="",
        act=act,
        state=state,
        secrecy=secrecy,
        dated_on=plan.anchor if is_final else None,
        created_at=moment(plan, 3 + number),
        changed_at=moment(plan, 0.3 * number + 0.1, hour=17),
        final_sha256=act_hash(act) if is_final else "",
    )
