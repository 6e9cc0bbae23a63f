"""Every schema that was ever released opens with this build, and becomes exactly what the models say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations

from judge_desk.domain.errors import DiskFull
from judge_desk.domain.kinds import Kind
from judge_desk.store import engine as engine_module
from judge_desk.store import migrations, records
from judge_desk.store.engine import SCHEMA, check_integrity, create, make_engine, open_engine
from judge_desk.store.migrations import Step
from tests.factories import JUDGE_ID, STORE_KEY, a_note, open_store

OLD = sorted((Path(__file__).parent / "old_databases").glob("schema_*.store"))
"""One file for each released schema, made by ``make_old_database``; never changed."""


def structure(engine: sa.Engine) -> dict[tuple[str, str], str]:
    """Every table and index with the statement that made it, spaces evened out."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {
        (kind, name): re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql.replace(" IF NOT EXISTS", ""))).strip()
        for kind, name, sql in rows
    }


def version(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def make_old_database(path: Path) -> None:
    """How the files of ``old_databases`` are made, with the program of their day."""
    store = open_store(path.parent)
    with store.unit_of_work(JUDGE_ID, "note.save") as work:
        work.put(Kind.NOTE, f"user:{JUDGE_ID}", a_note("case", id="old-note", text="из старой базы"))
    store.close()
    (path.parent / "desk.db").replace(path)


def test_the_steps_lead_to_the_schema_of_this_build() -> None:
    assert [step.number for step in migrations.steps()] == list(range(1, SCHEMA + 1))
    assert [path.name for path in OLD] == [f"schema_{number}.store" for number in range(1, SCHEMA + 1)]


def test_models_and_migrations_build_the_same(tmp_path: Path) -> None:
    by_models = make_engine(tmp_path / "models.db", STORE_KEY)
    create(by_models)
    by_steps = make_engine(tmp_path / "steps.db", STORE_KEY)
    with by_steps.connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version=0")
    migrations.upgrade(by_steps, tmp_path / "steps.db")

    assert structure(by_steps) == structure(by_models)
    assert version(by_steps) == version(by_models) == SCHEMA
    by_steps.dispose()
    by_models.dispose()


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem)
def test_an_old_database_opens_and_keeps_what_it_held(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    shutil.copy(old, path)
    fresh = make_engine(tmp_path / "fresh.db", STORE_KEY)
    create(fresh)

    store = open_store(tmp_path)

    assert version(store.engine) == SCHEMA
    assert structure(store.engine) == structure(fresh)
    with store.reading() as connection:
        assert records.get(connection, Kind.NOTE, "old-note").text == "из старой базы"
    with store.unit_of_work(JUDGE_ID, "note.save") as work:
        work.put(Kind.NOTE, f"user:{JUDGE_ID}", a_note("case"))
    assert check_integrity(store.engine)
    store.close()
    fresh.dispose()


def add_table(op: Operations) -> None:
    op.execute("CREATE TABLE later (id TEXT)")


def fail(op: Operations) -> None:
    op.execute("CREATE TABLE half (id TEXT)")
    raise RuntimeError


def test_a_step_is_taken_once_behind_a_copy_that_the_next_start_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, copy = tmp_path / "desk.db", tmp_path / f"desk.db.before-{SCHEMA + 1}"
    make_old_database(path)
    monkeypatch.setattr(engine_module, "SCHEMA", SCHEMA + 1)
    steps = [*migrations.steps(), Step(SCHEMA + 1, add_table)]
    monkeypatch.setattr(migrations, "steps", lambda: steps)

    upgraded = open_engine(path, STORE_KEY)
    assert version(upgraded) == SCHEMA + 1
    assert ("table", "later") in structure(upgraded)
    upgraded.dispose()
    kept = make_engine(copy, STORE_KEY)
    assert (version(kept), ("table", "later") in structure(kept)) == (SCHEMA, False)
    kept.dispose()
    open_engine(path, STORE_KEY).dispose()
    assert not copy.exists()


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.db"
    make_old_database(path)
    monkeypatch.setattr(engine_module, "SCHEMA", SCHEMA + 2)
    steps = [Step(SCHEMA + 1, add_table), Step(SCHEMA + 2, fail)]
    monkeypatch.setattr(migrations, "steps", lambda: steps)

    with pytest.raises(RuntimeError):
        open_engine(path, STORE_KEY)

    engine = make_engine(path, STORE_KEY)
    assert version(engine) == SCHEMA + 1
    assert ("table", "half") not in structure(engine)
    engine.dispose()


def test_no_room_for_a_copy_means_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.db"
    make_old_database(path)
    engine = make_engine(path, STORE_KEY)
    monkeypatch.setattr(migrations, "steps", lambda: [Step(SCHEMA + 1, add_table)])
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 1))

    with pytest.raises(DiskFull):
        migrations.upgrade(engine, path)
    assert version(engine) == SCHEMA
    assert list(tmp_path.glob("*.before-*")) == []
    engine.dispose()
