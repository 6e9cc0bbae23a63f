"""The demo's contests in a real hub: written in the order of time, over what the dossiers held by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from judge_desk.domain.contest_log import log_faults
from judge_desk.domain.contests import ContestExtract, ScoreSheet, Vacancy
from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.hub import looks, seals
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.demo_court import phrases, seeding
from judge_desk.hub.demo_court.contests import write_contests
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import DemoCourt
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec
from judge_desk.runtime.clock import court_time

PLAN = SeedPlan(anchor=date(2026, 11, 23), cases=4, documents=2, seed=1)


class Written:
    """A demo's hub with its contests."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'hub.db'}")
        migrate.migrate(self.engine)
        registry = Registry(self.engine, FolderBlobs(folder / "blobs"))
        self.court: DemoCourt = seeding.found(registry, PLAN, with_reviews=False)
        write_contests(self.engine, registry, self.court)

    def all_of(self, kind: Kind) -> list[Any]:
        entity = tables.entity
        with self.engine.connect() as connection:
            query = select(entity.c.body).where(entity.c.kind == kind.value, entity.c.deleted.is_(False))
            return [codec.decode(kind, body) for body in connection.scalars(query)]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    made = Written(tmp_path_factory.mktemp("contests"))
    yield made
    made.engine.dispose()


def test_a_log_never_runs_back_in_time(hub: Written) -> None:
    vacancies: list[Vacancy] = hub.all_of(Kind.VACANCY)
    assert len(vacancies) == len(phrases.read("contests")["contest"])
    for vacancy in vacancies:
        with hub.engine.connect() as connection:
            links = seals.log_of(connection, hub.court.cast.court.id, vacancy.id)
        assert [each.at for each in links] == sorted(each.at for each in links)
        assert log_faults(vacancy, links, links[-1 if vacancy.outcome else 0].record_sha256) == ()
        if vacancy.outcome is not None:
            assert links[-1].at == vacancy.outcome.decided_at


def test_an_extract_holds_what_had_been_entered_by_then(hub: Written) -> None:
    judge = hub.court.cast.id_of("judge")
    mine: list[ContestExtract] = [each for each in hub.all_of(Kind.CONTEST_EXTRACT) if each.judge_id == judge]
    made_at = {each.id: each.made_at for each in hub.all_of(Kind.CONTEST_APPLICATION)}
    entries: list[DossierEntry] = [each for each in hub.all_of(Kind.DOSSIER_ENTRY) if each.judge_id == judge]
    assert len(mine) == 3
    for extract in mine:
        by_then = {
            each.id
            for each in entries
            if each.section in extract.sections and each.entered_at and each.entered_at <= made_at[extract.id]
        }
        assert {each.id for each in extract.entries} == by_then
    # The dossier went on between the three applications.
    assert len({each.seal for each in mine}) == 3


def test_an_entry_is_made_soon_after_what_it_is_about(hub: Written) -> None:
    begun = PLAN.anchor - timedelta(days=200)
    for entry in hub.all_of(Kind.DOSSIER_ENTRY):
        about = entry.to_on or entry.from_on
        assert about is not None
        assert entry.entered_at is not None
        on = court_time(entry.entered_at).date()
        assert about <= on <= max(about + timedelta(days=1), begun)


def test_the_judge_finds_every_reading_of_an_extract(hub: Written) -> None:
    judge = hub.court.cast.id_of("judge")
    at_of: dict[str, list[datetime]] = {}
    accesses: list[DossierAccess] = [each for each in hub.all_of(Kind.DOSSIER_ACCESS) if each.judge_id == judge]
    mine = {each.id: each for each in hub.all_of(Kind.CONTEST_APPLICATION) if each.judge_id == judge}
    for each in accesses:
        if each.purpose == looks.CONTEST:
            at_of.setdefault(each.reader_id, []).append(each.at)
    sheets: list[ScoreSheet] = [each for each in hub.all_of(Kind.SCORE_SHEET) if each.application_id in mine]
    assert sheets
    for sheet in sheets:
        applied = mine[sheet.application_id].made_at
        assert [at for at in at_of[sheet.member_id] if applied < at < sheet.made_at]


def test_who_entered_the_workload_looked_on_that_day(hub: Written) -> None:
    judge = hub.court.cast.id_of("judge")
    days = {
        court_time(each.entered_at).date()
        for each in hub.all_of(Kind.DOSSIER_ENTRY)
        if (each.judge_id, each.section) == (judge, DossierSection.WORKLOAD)
    }
    looked = [each for each in hub.all_of(Kind.DOSSIER_ACCESS) if "о нагрузке" in each.purpose]
    assert [court_time(each.at).date() in days for each in looked] == [True]
