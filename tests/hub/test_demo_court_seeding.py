"""The demo court in a real hub: pages fill at once, documents follow in order of need, a second run changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.hub import admin
from judge_desk.hub.blobs import FolderBlobs, blob_key
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.demo_court import SeedPlan, file_documents, found
from judge_desk.hub.demo_court.filings import filings_of
from judge_desk.hub.demo_court.seeding import by_need, documents
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec
from judge_desk.runtime.clock import COURT_ZONE

PLAN = SeedPlan(anchor=date(2026, 11, 23), cases=8, documents=5, seed=2)


class Hub:
    """A hub's database and folder."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'hub.db'}")
        migrate.migrate(self.engine)
        self.blobs = FolderBlobs(folder / "blobs")
        self.registry = Registry(self.engine, self.blobs)

    def bodies(self, kind: Kind) -> dict[str, str]:
        entity = tables.entity
        with self.engine.connect() as connection:
            query = select(entity.c.id, entity.c.body).where(entity.c.kind == kind.value)
            return {record_id: body for record_id, body in connection.execute(query)}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path)
    yield made
    made.engine.dispose()


def test_the_pages_fill_before_any_document(hub: Hub) -> None:
    court = found(hub.registry, PLAN)
    for kind in (Kind.PERSON, Kind.CASE, Kind.HEARING, Kind.TERM, Kind.DOSSIER_ENTRY, Kind.REVIEW_ASSIGNMENT):
        assert hub.bodies(kind)
    assert not hub.bodies(Kind.DOCUMENT)
    assert {"judge", "secretary", "chair", "reviewer", "commission", "it"} <= court.passwords.keys()
    assert len(set(court.passwords.values())) == len(court.passwords)


def test_documents_lie_under_their_hash(hub: Hub) -> None:
    court = found(hub.registry, PLAN)
    told: list[tuple[int, int]] = []
    written = file_documents(hub.registry, hub.blobs, court, lambda done, total: told.append((done, total)))
    stored = [codec.decode(Kind.DOCUMENT, body) for body in hub.bodies(Kind.DOCUMENT).values()]
    assert len(stored) == written == told[-1][0] == told[-1][1]
    for document in stored:
        content = b"".join(hub.blobs.read(blob_key(court.cast.court.id, document.sha256)))
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (document.sha256, document.size)


def test_seeding_twice_changes_nothing(hub: Hub) -> None:
    file_documents(hub.registry, hub.blobs, found(hub.registry, PLAN))
    entity = tables.entity
    with hub.engine.connect() as connection:
        before = connection.execute(select(func.count(), func.sum(entity.c.rev))).one()
    file_documents(hub.registry, hub.blobs, found(hub.registry, PLAN))
    with hub.engine.connect() as connection:
        assert connection.execute(select(func.count(), func.sum(entity.c.rev))).one() == before


def test_nobody_has_written_anything_yet_when_the_day_begins(hub: Hub) -> None:
    file_documents(hub.registry, hub.blobs, found(hub.registry, PLAN))
    drafts, notes = (
        [codec.decode(kind, body) for body in hub.bodies(kind).values()] for kind in (Kind.DRAFT, Kind.NOTE)
    )
    in_work = [each for each in drafts if each.state is not DraftState.FINAL]
    written = [each.changed_at for each in (*in_work, *notes)]
    written += [remark.made_at for each in in_work for remark in each.remarks]
    assert in_work
    assert notes
    assert max(written) < datetime.combine(PLAN.anchor, time(), COURT_ZONE)


def test_the_next_hearing_gets_its_documents_first(hub: Hub) -> None:
    court = found(hub.registry, PLAN)
    first = min(
        (each for each in court.hearings if each.starts_at.date() >= PLAN.anchor), key=lambda each: each.starts_at
    )
    assert by_need(court)[0].case.id == first.case_id


def test_cancelling_leaves_whole_batches_and_a_second_call_goes_on(hub: Hub) -> None:
    court = found(hub.registry, SeedPlan(anchor=PLAN.anchor, cases=30, documents=5, seed=2))
    calls = iter((False, True))
    part = file_documents(hub.registry, hub.blobs, court, cancel=lambda: next(calls))
    assert 0 < part == len(hub.bodies(Kind.DOCUMENT))
    whole = file_documents(hub.registry, hub.blobs, court)
    assert whole == len(hub.bodies(Kind.DOCUMENT)) > part


def test_a_filing_does_not_depend_on_what_was_made_before(hub: Hub) -> None:
    court = found(hub.registry, PLAN)
    docket = court.dockets[1]
    filings = filings_of(PLAN, docket)
    assert list(documents(court, docket, filings))[-1] == next(documents(court, docket, filings[-1:]))


def test_the_command_tells_the_passwords_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs")]
    code = admin.main(["seed", "--cases", "2", "--documents", "2", "--seed", "5", *places, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert answer["accounts"]["judge"]
    assert answer["documents"] >= 4
