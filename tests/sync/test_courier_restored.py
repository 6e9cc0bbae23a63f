"""The hub was restored from a backup older than the desks, and there is no link: sticks alone bring it level again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import generations
from judge_desk.hub.db import tables
from judge_desk.services.manifest import receipt_of
from judge_desk.store import records
from tests.live_hub import hub_over
from tests.sync.conftest import enrolled
from tests.sync.sticks import JUDGE, hub_note, make_case, owed, round_trip


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def test_what_a_restored_hub_has_lost_comes_back_by_stick(tmp_path: Path) -> None:
    database, kept = tmp_path / "hub.db", tmp_path / "backup.db"
    with hub_over(f"sqlite:///{database}", tmp_path) as hub:
        hub.add_person(JUDGE, Role.JUDGE)
        case = make_case(hub)
        desk = enrolled(hub.url, JUDGE, tmp_path / "desk")
        round_trip(hub, desk, tmp_path / "zero")
        notes = desk.desk.notes
        before = notes.new(case.id, "before the backup")
        notes.save(before)
        round_trip(hub, desk, tmp_path / "one")
        copied(database, kept)
        lost = notes.new(case.id, "behind the backup")
        notes.save(lost)
        notes.save(replace(before, text="before the backup, edited behind it"))
        round_trip(hub, desk, tmp_path / "two")
        assert owed(desk) == []
    for rest in tmp_path.glob("hub.db*"):
        rest.unlink()
    copied(kept, database)
    with hub_over(f"sqlite:///{database}", tmp_path) as hub:
        generations.begin(hub.engine, datetime.now(UTC))
        assert hub_note(hub, lost.id) is None
        waiting = notes.new(case.id, "made when nobody knew")
        notes.save(waiting)
        for number in range(4):
            taken = round_trip(hub, desk, tmp_path / f"later{number}")
            assert taken.report.mismatches == 0
        assert {hub_note(hub, each.id).text for each in (before, lost, waiting)} == {
            "before the backup, edited behind it",
            "behind the backup",
            "made when nobody knew",
        }
        assert owed(desk) == []
        with hub.engine.connect() as connection:
            entity = tables.entity.c
            rows = connection.execute(sa.select(entity.id, entity.rev).where(entity.kind == Kind.NOTE)).all()
        with desk.opened.context.store.reading() as connection:
            mine = {note.id for note in records.where(connection, Kind.NOTE)}
            assert receipt_of(connection, case.id).agrees
        assert mine == {row.id for row in rows}
        desk.close()
