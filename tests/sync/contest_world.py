"""A council of three, judges with dossiers, an auditor and their hub: what the tests of a whole contest play with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import signed_text
from judge_desk.domain.contests import SheetScore, Step, Vacancy
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import contest_scope, court_scope, dossier_scope
from judge_desk.hub import identity, seals
from judge_desk.hub.db import tables
from judge_desk.protocol import codec
from judge_desk.protocol.feed import CHECKSUM_MODULUS, row_hash
from judge_desk.services.contests import ApplicationView
from tests.factories import NOW
from tests.live_hub import COURT, LiveHub
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

    def second_desk(self, person_id: str) -> SyncedDesk:
        made = self.desks[f"{person_id}-2"] = enrolled(self.hub.url, person_id, self.folder / f"{person_id}-2")
        made.sync()
        return made

    def move(self, contest_id: str, **days: Any) -> None:
        """Let time pass for one contest: its days are set back at the hub, with its log as if it had been so from the
        beginning, and come to every desk but those that a test leaves without a link."""
        scope = court_scope(self.hub.court.id)
        with self.hub.engine.begin() as connection:
            body = connection.scalar(
                sa.select(tables.entity.c.body).where(
                    tables.entity.c.kind == Kind.VACANCY.value, tables.entity.c.id == contest_id
                )
            )
            moved = replace(codec.decode(Kind.VACANCY, str(body)), **days)
            _relog(connection, contest_id, codec.sha256(moved))
            _rewrite(connection, scope, Kind.VACANCY, contest_id, moved)

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


def open_steps(world: World, contest_id: str, days_ago: int = 0) -> None:
    """The last day for applications is over and every step has begun, on every desk."""
    today = world.desk(COUNCIL[0]).desk.contests.today
    vacancy = world.desk(COUNCIL[0]).desk.contests.view(contest_id).vacancy
    day = today - timedelta(days=days_ago)
    steps = tuple(replace(each, from_on=day, to_on=day) for each in vacancy.steps)
    world.move(contest_id, steps=steps, apply_until_on=day - timedelta(days=1), late_days=0)
    world.sync(*(each for each in world.desks if "-" not in each))


def _relog(connection: sa.Connection, contest_id: str, vacancy_sha256: str) -> None:
    """The log of a contest as it would have been with another vacancy, signed by the hub."""
    at = datetime.now(UTC)
    key, previous = identity.key_within(connection, at), FIRST_LINK
    for link in seals.log_of(connection, COURT.id, contest_id):
        said = vacancy_sha256 if link.record_kind == Kind.VACANCY else link.record_sha256
        made = replace(link, record_sha256=said, previous=previous)
        previous = made.true_hash()
        made = replace(made, hash=previous, signature=key.sign(signed_text(previous)).hex())
        _rewrite(connection, contest_scope(contest_id), Kind.CONTEST_LINK, link.id, made)


def _rewrite(connection: sa.Connection, where: str, kind: Kind, record_id: str, record: Any) -> None:
    entity, scope = tables.entity, tables.scope
    one = sa.and_(entity.c.scope == where, entity.c.kind == kind.value, entity.c.id == record_id)
    rev: int = connection.execute(sa.select(entity.c.rev).where(one)).scalar_one()
    here = scope.c.scope == where
    head, checksum = connection.execute(sa.select(scope.c.head, scope.c.checksum).where(here)).one()
    checksum += row_hash(record_id, rev + 1) - row_hash(record_id, rev)
    body = codec.encode(record).decode()
    connection.execute(sa.update(entity).where(one).values(body=body, seq=head + 1, rev=rev + 1))
    connection.execute(sa.update(scope).where(here).values(head=head + 1, checksum=checksum % CHECKSUM_MODULUS))
