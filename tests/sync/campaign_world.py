"""A country of forty judges, a commission and its hub: what the tests of a whole campaign play with."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from judge_desk.domain.act_drawing import PoolAct
from judge_desk.domain.campaigns import Conflict, PoolMember
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Anchor, Answer, Criterion, ReviewForm
from judge_desk.domain.scopes import dossier_scope
from tests.live_hub import LiveHub
from tests.sync.conftest import SyncedDesk, enrolled

COMMISSION = "commission1"
ONE_DESK = "в комиссии одно рабочее место"
FORM = ReviewForm(
    id="form",
    version=1,
    names={"en": "Quality", "ru": "Качество", "kk": "Сапа"},
    low=1,
    high=5,
    comment_at=(1, 2, 5),
    criteria=tuple(
        Criterion(
            id=name,
            names={"en": name, "ru": name, "kk": name},
            questions={"en": "?"},
            anchors=tuple(Anchor(score=score, texts={"en": str(score)}) for score in range(1, 6)),
        )
        for name in ("law", "facts", "clarity")
    ),
)
SYLLABLES = ("бек", "тай", "хан", "мур", "сер", "жан", "нур", "дос", "айт", "кен")


def surname(number: int) -> str:
    """Each its own: Бектаев, Бекханов …"""
    one, two = divmod(number, len(SYLLABLES))
    return (SYLLABLES[one] + SYLLABLES[two]).capitalize() + "баев"


@dataclass
class World:
    """Desks are opened when they are first asked for."""

    hub: LiveHub
    folder: Path
    judges: list[str]
    desks: dict[str, SyncedDesk] = field(default_factory=dict)

    def desk(self, person_id: str) -> SyncedDesk:
        if person_id not in self.desks:
            self.desks[person_id] = enrolled(self.hub.url, person_id, self.folder / person_id)
            self.desks[person_id].sync()
        return self.desks[person_id]

    @property
    def commission(self) -> SyncedDesk:
        return self.desk(COMMISSION)

    def close(self) -> None:
        for each in self.desks.values():
            each.close()


def a_world(hub: LiveHub, folder: Path, number: int = 40) -> World:
    """Judges with accounts, and a commission that may enter in their dossiers."""
    judges = [f"judge{at:02d}" for at in range(number)]
    for at, judge in enumerate(judges):
        hub.add_person(judge, Role.JUDGE, Role.REVIEWER, name=f"{surname(at)} А. Б.")
    hub.add_person(COMMISSION, Role.COMMISSION, name="Комиссия Қ. К.")
    hub.registry.grant_many(hub.court.id, [(COMMISSION, dossier_scope(each), Role.COMMISSION) for each in judges])
    return World(hub, folder, judges)


def members(judges: Sequence[str]) -> list[PoolMember]:
    return [
        PoolMember(
            id=judge,
            court=f"court{at % 20}",
            region=f"region{at % 5}",
            sex="fm"[at % 2],
            languages=frozenset({"ru"} if at % 3 else {"kk", "ru"}),
        )
        for at, judge in enumerate(judges)
    ]


def pool(judges: Sequence[str], decided_on: date, acts: int = 2) -> list[PoolAct]:
    """Acts that hold their judge's name in several cases, a party, a court and numbers."""
    return [
        PoolAct(
            id=f"{judge}-{number}",
            judge_id=judge,
            stratum=("loan", "labour")[number % 2],
            decided_on=decided_on,
            title="Решение",
            language="ru",
            text=(
                f"Медеуский районный суд города Алматы, судья {surname(at)} А.Б., дело № 7101-25-00-2/{at}{number}.\n"
                f"Иск предъявлен Сапаровой Г. М. Судьёй {surname(at)}ым установлено следующее.\n"
                + "Суд оценил доказательства и пришёл к выводу. "
                * 20
            ),
            names=("Сапарова Г. М.",),
        )
        for at, judge in enumerate(judges)
        for number in range(acts)
    ]


def prepared(world: World, *, per_judge: int = 5, conflicts: Sequence[Conflict] = ()) -> str:
    """A campaign whose acts are blinded, read and cleared; nothing is sent yet."""
    service = world.commission.desk.campaigns
    campaign = service.prepare(
        "Весна",
        FORM,
        members(world.judges),
        conflicts,
        per_judge=per_judge,
        seed=2026,
        due_on=service.today + timedelta(days=30),
    )
    service.take_acts(campaign, pool(world.judges, service.today - timedelta(days=30)))
    for row in service.acts(campaign):
        service.clear(row.act.id)
    return campaign


def launched(world: World, *, per_judge: int = 5) -> str:
    """The same, drawn by the hub, with every invitation out."""
    campaign = prepared(world, per_judge=per_judge)
    world.commission.desk.campaigns.launch(campaign, ONE_DESK)
    world.commission.sync()
    world.commission.sync()
    return campaign


Score = Callable[[str], int]


def write_all(world: World, *, merit: Callable[[str], float], of: Sequence[str] | None = None) -> int:
    """Every reviewer fills every open form from the text alone; ``merit`` knows an act by its text. Counts them."""
    done = 0
    for judge in of if of is not None else world.judges:
        desk = world.desk(judge)
        desk.sync()
        rng = random.Random(judge)
        severity = rng.choice((-0.4, 0.0, 0.0, 0.4))
        for row in desk.desk.reviews.assigned():
            if row.is_sealed:
                continue
            work = desk.desk.reviews.open(row.assignment_id)
            level = merit(work.assignment.act_id) - severity
            answers = tuple(
                Answer(
                    criterion_id=each.id,
                    score=min(5, max(1, round(level + rng.gauss(0, 0.3)))),
                    comment=f"Замечание {rng.randrange(1000)}",
                    evidence="Суд оценил доказательства",
                )
                for each in FORM.criteria
            )
            desk.desk.reviews.save(row.assignment_id, answers)
            desk.desk.reviews.submit(row.assignment_id)
            done += 1
        desk.sync()
    return done
