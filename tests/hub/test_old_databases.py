"""A database that an older hub wrote is migrated and served by today's, over SQLite and over PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.blobs import FolderBlobs, blob_key
from judge_desk.hub.db import chain, migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol import codec, http
from judge_desk.protocol.operations import Outcome
from judge_desk.runtime.clock import FixedClock
from tests.contract.records import a_case, a_note, is_refused
from tests.factories import a_document, a_hearing
from tests.live_hub import COURT, LiveHub, TestDesk, fresh_database, good, hub_over

OLD = sorted((Path(__file__).parent / "old_databases").glob("schema_*.hub"))
"""One file for each released revision, made by ``make_old_database``; never changed."""
THEN = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""The old desk's. Like the keys that the old hub made for itself, it opens nothing but these files."""
SCOPE, GONE = "case:k1", "case:k2"
FILE = b"%PDF-1.7 an act of the old hub"


def the_act() -> Document:
    more = {"kind": DocumentKind.ACT, "filed_by": "judge", "media_type": "application/pdf", "order": 1}
    return a_document("k1", FILE, id="d1", code="23456789ABCDEFGH", is_signed=True, **more)


def make_old_database(path: Path, folder: Path) -> None:
    """How the files of ``old_databases`` are made, with the program of their day: court, accounts, a device, rights
    that were given and taken, records with a history, a hearing, an act with its file and code, answers of each kind,
    and the audit of it all. The two keys of the hub, the salts and the device's id are new each time."""
    with hub_over(f"sqlite:///{folder / 'hub.db'}", folder, FixedClock(THEN)) as hub:
        hub.add_person("judge", Role.JUDGE)
        hub.add_person("secretary", Role.SECRETARY)
        hub.put(*((f"case:{each}", Kind.CASE, each, a_case(each)) for each in ("k1", "k2")))
        hub.put((GONE, Kind.CASE, "k2", a_case("k2", judge_id="other")))
        hub.put((SCOPE, Kind.HEARING, "h1", a_hearing("k1", THEN, id="h1", judge_id="judge")))
        desk = hub.stranger()
        desk.key = KEY
        desk.enrol("judge", at=THEN)
        outcomes = [
            desk.push_one(SCOPE, Kind.NOTE, "n1", a_note(text="ескі хабтан")).outcome,
            desk.push_one(SCOPE, Kind.NOTE, "n1", a_note(text="ескі хабтан, екінші рет"), 1).outcome,
            desk.push_one(SCOPE, Kind.NOTE, "n1", a_note(text="кеш қалды"), 1).outcome,
            desk.push_one(SCOPE, Kind.NOTE, "n2", a_note("n2")).outcome,
            desk.push_one(SCOPE, Kind.NOTE, "n2", None, 1).outcome,
            desk.push_one(GONE, Kind.NOTE, "n3", a_note("n3", case_id="k2")).outcome,
        ]
        desk.upload(the_act().sha256, FILE, SCOPE)
        outcomes.append(desk.push_one(SCOPE, Kind.DOCUMENT, "d1", the_act()).outcome)
    done, refused = Outcome.APPLIED, Outcome.REFUSED
    assert outcomes == [done, done, Outcome.CONFLICT, done, done, refused, done]
    with closing(sqlite3.connect(folder / "hub.db")) as raw:
        for each in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"):
            raw.execute(each)
    shutil.copy(folder / "hub.db", path)


def put_into(url: str, old: Path, revision: str) -> None:
    """The rows of an old file into an empty PostgreSQL, with the tables as that revision made them."""
    source, target = sa.create_engine(f"sqlite:///{old}"), open_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with source.connect() as reading, target.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        found = sa.MetaData()
        found.reflect(reading)
        for table in found.sorted_tables:
            rows = [dict(each) for each in reading.execute(sa.select(table)).mappings()]
            if rows:
                connection.execute(sa.delete(table))
                connection.execute(sa.insert(table), rows)
    source.dispose()
    target.dispose()


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = request.param
    FolderBlobs(tmp_path / "blobs").put(blob_key(COURT.id, the_act().sha256), [FILE])
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, old: Path, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copy(old, tmp_path / "hub.db")
        yield f"sqlite:///{tmp_path / 'hub.db'}"
        return
    with fresh_database(request.getfixturevalue("postgresql")) as url:
        put_into(url, old, old.stem.removeprefix("schema_"))
        yield url


def the_old_desk(hub: LiveHub) -> TestDesk:
    """The device that the old hub let in, with its counter where it stood."""
    desk = hub.stranger()
    with hub.engine.connect() as connection:
        desk.device_id = connection.scalar(sa.select(tables.device.c.id)) or ""
    desk.key, desk.mids = KEY, count(8)
    desk.sign_in()
    return desk


def test_there_is_a_file_for_each_revision() -> None:
    assert [path.name for path in OLD] == [f"schema_{revision}.hub" for revision in migrate.REVISIONS]


def test_an_old_database_is_migrated_to_what_the_models_say(old: Path, old_url: str) -> None:
    engine = open_engine(old_url)
    assert migrate.migrate(engine) == (old.stem.removeprefix("schema_"), migrate.REVISIONS[-1])
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.audit)) == 15
        assert list(chain.faults(connection)) == []
    engine.dispose()


def test_a_desk_of_the_old_hub_goes_on_at_todays(old_url: str, tmp_path: Path) -> None:
    with hub_over(old_url, tmp_path) as hub:
        desk = the_old_desk(hub)
        pulled = desk.pull()
        assert all(end.checksum == desk.checksum(end.scope) for end in pulled.ends)
        assert {(SCOPE, "k1"), (SCOPE, "h1"), (SCOPE, "n1"), (SCOPE, "d1")} <= pulled.ids
        assert GONE not in {scope for scope, _ in pulled.ids}
        note = codec.decode(Kind.NOTE, desk.held[SCOPE, Kind.NOTE, "n1"][1])
        assert note.text == "ескі хабтан, екінші рет"
        assert good(desk.http.get(http.blob_path(the_act().sha256))).content == FILE

        again = desk.push_one(SCOPE, Kind.NOTE, "n1", a_note(text="ескі хабтан"), mid=1)
        assert (again.outcome, again.rev) == (Outcome.APPLIED, 1), "answered from what the old hub remembered"
        assert desk.push_one(SCOPE, Kind.NOTE, "n1", a_note(text="бүгін"), 2).rev == 3
        assert desk.push_one(SCOPE, Kind.NOTE, "n4", a_note("n4")).outcome is Outcome.APPLIED
        assert is_refused(desk.push_one(GONE, Kind.NOTE, "n3", a_note("n3", case_id="k2")), "not_allowed")
        assert desk.pull().ids == {(SCOPE, "n1"), (SCOPE, "n4")}
        assert (SCOPE, "n1") in hub.desk("secretary").pull().ids, "an account of the old hub"
        with hub.engine.connect() as connection:
            assert list(chain.faults(connection)) == []
