"""A whole campaign of forty judges: commission, reviewer and judge at real windows, the others at real desks.

Minutes, not seconds: ``pytest -m slow tests/e2e/test_campaign_day.py``. The journeys P1 to P8 of a reviewer and what a
chair may not see are walked in it; the attacks on single records are in ``tests/sync/test_campaign.py``.
"""

from __future__ import annotations

import io
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from judge_desk.domain.campaigns import CampaignPlan
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.posts import Post
from judge_desk.domain.reviews import Answer
from judge_desk.domain.scopes import dossier_scope, user_scope
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.runtime import settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.dossier_extract import details_in_words
from judge_desk.store import records
from tests.e2e.commission_day import ACTS, APPEAL, COMMENT, DUE, HALF, NOT_DUE, PAPER, REPLY, REPORT, TITLE
from tests.e2e.lived import walked
from tests.e2e.programs import Hub, desk
from tests.e2e.screen import screen
from tests.factories import a_draft
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.campaign_world import COMMISSION, World, a_world, pool, surname

pytestmark = [pytest.mark.window, pytest.mark.slow]
CHAIR = "chair1"
SECRET = "Пікірімді әлі ешкім көрмеуі тиіс"
YEAR = timedelta(days=365)


@dataclass
class Country:
    """Forty judges at a real hub, and the windows' profiles and pictures."""

    hub: Hub
    world: World
    folder: Path
    session: dict[str, str]

    def sit(self, sitting: str, user: str) -> None:
        """A sitting at the window of this user."""
        profile = self.folder / f"window-{user}"
        if not profile.exists():
            self.hub.enrol(profile, user)
            settings.Settings(profile).set(settings.LANGUAGE, "kk")
        words = ("tests.e2e.campaign_day", sitting, str(profile), str(self.folder))
        walked(words, self.session, {"hub: stop": self.hub.kill, "hub: start": self.hub.start})

    @property
    def plan(self) -> CampaignPlan:
        """The hub's own record, which no desk is ever sent."""
        with closing(sqlite3.connect(self.hub.folder / "hub.db")) as connection:
            body = connection.execute("SELECT body FROM entity WHERE kind = 'campaign_plan'").fetchone()[0]
        made = codec.decode(Kind.CAMPAIGN_PLAN, body)
        assert isinstance(made, CampaignPlan)
        return made

    def held_by_the_hub(self) -> str:
        """Every row of the hub's database, as text."""
        with closing(sqlite3.connect(self.hub.folder / "hub.db")) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return "\n".join(str(row) for name in names for row in connection.execute(f'SELECT * FROM "{name}"'))


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    folder = tmp_path / "hub"
    folder.mkdir()
    hub = Hub(folder, dict.fromkeys((COMMISSION, CHAIR, *(f"judge{at:02d}" for at in range(DUE + NOT_DUE))), PASSWORD))
    engine = open_engine(hub.database)
    migrate.migrate(engine)
    blobs = FolderBlobs(folder / "blobs")
    live = LiveHub(hub.url, Registry(engine, blobs), engine, blobs, hub.database)
    live.registry.add_court(live.court)
    world = a_world(live, tmp_path / "desks", DUE + NOT_DUE)
    live.add_person(CHAIR, Role.CHAIR, name="Төраға Т. Т.")
    live.put(*((dossier_scope(each.judge_id), Kind.DOSSIER_ENTRY, each.id, each) for each in posts(world)))
    secret_draft = a_draft(id="draft1", author_id=world.judges[1], case_id="case1", title=SECRET)
    live.put((user_scope(world.judges[1]), Kind.DRAFT, "draft1", secret_draft))
    write_pool(tmp_path / ACTS, world)
    hub.start()
    try:
        with screen() as session:
            yield Country(hub, world, tmp_path, session)
    finally:
        world.close()
        hub.kill()
        engine.dispose()


def posts(world: World) -> Iterator[DossierEntry]:
    """All in office for some years; one for so long that nobody reviews him, one since last month."""
    today = SystemClock().today()
    years = {world.judges[-1]: today - 21 * YEAR, world.judges[-2]: today - YEAR / 12}
    for at, judge in enumerate(world.judges):
        languages = ("ru",) if at % 3 else ("kk", "ru")
        yield DossierEntry(
            id=f"post-{judge}",
            judge_id=judge,
            section=DossierSection.POSTS,
            title="Судья",
            from_on=years.get(judge, today - 3 * YEAR),
            post=Post(court=f"court{at % 20}", region=f"region{at % 5}", languages=languages),
        )


def write_pool(path: Path, world: World) -> None:
    """Two acts of each judge; one of them names its judge in letters spaced out, which no list of names takes out."""
    day = SystemClock().today() - timedelta(days=60)
    lines = []
    for act in pool(world.judges, day):
        text = act.text
        if act.judge_id == world.judges[3]:
            text += "\nНабрано: " + " ".join(surname(3).upper())
        told = {"id": act.id, "judge": act.judge_id, "date": day.isoformat(), "category": act.stratum}
        lines.append(told | {"title": act.title, "language": act.language, "names": act.names, "text": text})
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in lines), encoding="utf-8")


def test_a_campaign_of_forty_judges_from_who_is_due_to_the_appeal(country: Country) -> None:
    country.sit("prepare", COMMISSION)
    plan = country.plan
    assert len({each.subject_id for each in plan.places}) == DUE
    assert len(plan.places) == 5 * DUE
    reviewer = busiest(plan)
    see_that_acts_are_anonymous(country, reviewer)

    country.sit("begin", reviewer)
    see_the_replacement(country, plan, reviewer)
    country.sit("finish", reviewer)
    see_a_paper_without_an_author(country, reviewer)

    held = country.held_by_the_hub()
    assert not [words for words in (COMMENT, HALF) if words in held or json.dumps(words) in held]
    the_others_write(country, reviewer)
    see_what_a_chair_sees(country)

    country.sit("release", COMMISSION)
    judge = next(each for each in judges_told(country) if each != reviewer)
    country.sit("hear", judge)
    see_the_answers_of(country, judge)


def busiest(plan: CampaignPlan) -> str:
    """A reviewer of at least five acts."""
    load = Counter(each.reviewer_id for each in plan.places)
    reviewer, most = min(load.items(), key=lambda each: (-each[1], each[0]))
    assert most >= 5
    return reviewer


def see_that_acts_are_anonymous(country: Country, reviewer: str) -> None:
    """P1: what a reviewer is sent names nobody."""
    other = country.world.desk(next(each.reviewer_id for each in country.plan.places if each.reviewer_id != reviewer))
    rows = other.desk.reviews.assigned()
    assert rows
    for row in rows:
        asked = codec.encode(other.desk.reviews.open(row.assignment_id).assignment).decode().casefold()
        assert not [at for at in range(len(country.world.judges)) if surname(at).casefold() in asked]
        assert "медеу" not in asked


def see_the_replacement(country: Country, before: CampaignPlan, reviewer: str) -> None:
    """P2: somebody else was asked for the act whose reviewer has a conflict."""
    plan = country.plan
    left = next(each for each in plan.places if each.state == "declined")
    assert left.reviewer_id == reviewer
    asked = [each for each in plan.places if each.assignment_id not in {old.assignment_id for old in before.places}]
    assert [(each.act_id, each.subject_id) for each in asked] == [(left.act_id, left.subject_id)]
    assert asked[0].reviewer_id not in {each.reviewer_id for each in before.places if each.act_id == left.act_id}


def see_a_paper_without_an_author(country: Country, reviewer: str) -> None:
    """P8: neither the file nor its text tells who wrote it."""
    paper = (country.folder / PAPER).read_bytes()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert "/Author" not in pdf.docinfo
        assert "dc:creator" not in bytes(pdf.Root.Metadata.read_bytes()).decode()
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)).split())
    assert COMMENT in text
    name = surname(country.world.judges.index(reviewer))
    assert not [each for each in (reviewer, name) if each in text or each.encode() in paper]


def the_others_write(country: Country, reviewer: str) -> None:
    """Every open form, by the services of each judge's own desk; the reviewer's too, at a second desk of his."""
    subject_of = {each.act_id: each.subject_id for each in country.plan.places}
    for judge in sorted(country.world.judges, key=lambda each: each == reviewer):
        other = country.world.desk(judge)
        other.sync()
        chance = random.Random(judge)
        severity = chance.choice((-0.3, 0.0, 0.0, 0.3))
        for row in other.desk.reviews.assigned():
            if row.is_sealed:
                continue
            work = other.desk.reviews.open(row.assignment_id)
            merit = 1.7 + 0.085 * country.world.judges.index(subject_of[work.assignment.act_id]) - severity
            answers = tuple(
                Answer(
                    criterion_id=each.id,
                    score=min(5, max(1, round(merit + chance.gauss(0, 0.3)))),
                    comment=SECRET,
                    evidence="«оценил доказательства»",
                )
                for each in work.assignment.form.criteria
            )
            other.desk.reviews.save(row.assignment_id, answers)
            other.desk.reviews.submit(row.assignment_id)
        other.sync()


def see_what_a_chair_sees(country: Country) -> None:
    """C4: neither forms nor drafts, nor that a campaign is on; and P6: a reviewer holds no form but the own ones."""
    chair = country.world.desk(CHAIR)
    with chair.opened.context.store.reading() as connection:
        kinds = (Kind.REVIEW, Kind.REVIEW_ASSIGNMENT, Kind.SEALED_FORM, Kind.CAMPAIGN, Kind.CAMPAIGN_ACT, Kind.DRAFT)
        assert [kind for kind in kinds if records.where(connection, kind)] == []
    assert chair.desk.campaigns.rows() == []
    judge = country.world.judges[2]
    own = {each.assignment_id for each in country.plan.places if each.reviewer_id == judge}
    with country.world.desk(judge).opened.context.store.reading() as connection:
        assert {each.id for each in records.where(connection, Kind.REVIEW)} == own
        assert records.where(connection, Kind.SEALED_FORM) == []


def judges_told(country: Country) -> list[str]:
    """P7: four forms gave no score, five did. Gives the judges with scores."""
    scored: list[tuple[str, float]] = []
    few: list[tuple[str, float]] = []
    for judge in country.world.judges[:DUE]:
        desk_of = country.world.desk(judge)
        desk_of.sync()
        rows = [row.entry for row in desk_of.desk.dossier.view().timeline() if row.entry.title == TITLE]
        assert len(rows) == 1
        told = details_in_words(rows[0], Translator("ru"))
        (scored if any("95 %" in line for line in told) else few).append((judge, rows[0].figures["forms"]))
    assert [forms for _, forms in few] == [4.0], "the judge of whom a form was set aside has no score"
    assert {forms for _, forms in scored} == {5.0}
    return [judge for judge, _ in scored]


def see_the_answers_of(country: Country, judge: str) -> None:
    """The commission reads the reply and the appeal; its report and every profile are whole."""
    commission = country.folder / f"window-{COMMISSION}"
    answer = desk("sync", "--profile", str(commission), "--json").with_code(0).json
    assert (answer["refused"], answer["conflicts"]) == (0, 0)
    seen = country.world.commission
    seen.sync()
    replies = [each.reply for row in seen.desk.dossier.view(judge).timeline() for each in row.replies]
    assert {each.text for each in replies} == {REPLY, APPEAL}
    text = (country.folder / REPORT).read_bytes()
    told = " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(text)).split())
    assert not [at for at in range(len(country.world.judges)) if surname(at) in told]
