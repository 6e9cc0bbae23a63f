"""A council of three, judges with dossiers, an auditor and their hub: what the tests of a whole contest play with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from judge_desk.domain.contests import SheetScore, Step, Vacancy
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import dossier_scope
from judge_desk.services.contests import ApplicationView
from tests.factories import NOW
from tests.live_hub import LiveHub
from tests.sync.conftest import SyncedDesk, enrolled

COUNCIL = ("council1", "council2", "council3")
JUDGES = ("judge1", "judge2", "judge3", "judge4")
SECTIONS = (DossierSection.POSTS, DossierSection.APPEALS, DossierSection.DISCIPLINE)
WORD = "жасырын-сөз"


@dataclass
class World:
    """Desks are opened when they are first asked for."""

    hub: LiveHub
    folder: Path
    desks: dict[str, SyncedDesk] = field(default_factory=dict)

    def desk(self, person_id: str) -> SyncedDesk:
        if person_id not in self.desks:
            self.desks[person_id] = enrolled(self.hub.url, person_id, self.folder / person_id)
            self.desks[person_id].sync()
        return self.desks[person_id]

    def sync(self, *people: str) -> None:
        for each in people or (*JUDGES, *COUNCIL):
            self.desk(each).sync()

    def close(self) -> None:
        for each in self.desks.values():
            each.close()


def a_world(hub: LiveHub, folder: Path) -> World:
    """Everybody has an account; each judge a dossier with an entry that only a consent opens."""
    for number, judge in enumerate(JUDGES):
        hub.add_person(judge, Role.JUDGE, name=f"Судья{number} А. Б.")
        entries = [
            DossierEntry(id=f"{judge}-{section}", judge_id=judge, section=section, title=f"{section} {WORD} {judge}")
            for section in (*SECTIONS, DossierSection.AWARDS)
        ]
        reply = DossierReply(
            id=f"{judge}-reply",
            judge_id=judge,
            entry_id=f"{judge}-discipline",
            kind=ReplyKind.REPLY,
            text="Дело прекращено",
            written_at=NOW,
        )
        scope = dossier_scope(judge)
        hub.put(*((scope, Kind.DOSSIER_ENTRY, each.id, each) for each in entries))
        hub.put((scope, Kind.DOSSIER_REPLY, reply.id, reply))
    for number, member in enumerate(COUNCIL):
        hub.add_person(member, Role.COUNCIL, name=f"Член{number} Қ. К.")
    hub.add_person("auditor", Role.AUDITOR)
    hub.add_person("chair", Role.CHAIR)
    return World(hub, folder)


def begun(vacancy: Vacancy, days: int = 0) -> Vacancy:
    """The vacancy as if it had been published so long ago that every step has begun, applications until yesterday."""
    first = vacancy.published_at.date() - timedelta(days=days)
    steps = tuple(replace(each, from_on=first, to_on=first) for each in vacancy.steps)
    return replace(vacancy, steps=steps, apply_until_on=first - timedelta(days=1), late_days=0)


def published(world: World, **more: object) -> str:
    """A vacancy made on a member's desk and known to all."""
    service = world.desk(COUNCIL[0]).desk.contest_panel
    vacancy = service.planned(
        "Судья районного суда", "судья", "Районный суд", panel=COUNCIL, apply_until_on=service.last_day()
    )
    vacancy = replace(vacancy, **more)  # type: ignore[arg-type]
    service.publish(vacancy)
    world.sync(COUNCIL[0])
    world.sync()
    return vacancy.id


def apply(world: World, contest_id: str, *judges: str, kin: Sequence[str] = ()) -> None:
    """Applications that the hub has answered, and that the panel has."""
    for judge in judges:
        desk = world.desk(judge)
        until_on = desk.desk.contests.view(contest_id).vacancy.consent_until_on
        desk.desk.contests.apply(contest_id, SECTIONS, until_on, f"Прошу {judge}", kin)
        desk.sync()
        desk.sync()
    world.sync(*COUNCIL)


def seen(world: World, member: str, contest_id: str) -> dict[str, ApplicationView]:
    """What lies on a member's desk, by the applicant."""
    found = world.desk(member).desk.contests.view(contest_id).applications
    return {each.candidacy.judge_id: each for each in found if each.candidacy is not None}


def scores(vacancy: Vacancy, step: Step, score: int) -> list[SheetScore]:
    return [SheetScore(each.id, score, f"Причина {score}") for each in vacancy.criteria_of(step.id)]


def score_all(world: World, member: str, contest_id: str, level: int = 3) -> int:
    """Every sheet that a member may give now; how many."""
    desk = world.desk(member).desk
    vacancy = desk.contests.view(contest_id).vacancy
    given = 0
    for each in desk.contests.view(contest_id).applications:
        for step_id in each.to_score:
            step = vacancy.step(step_id)
            assert step is not None
            assert each.candidacy is not None
            desk.contest_panel.score(contest_id, each.candidacy.id, step_id, scores(vacancy, step, level))
            given += 1
    return given
