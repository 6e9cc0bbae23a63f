"""A hub restored from a backup that is older than its desks: they notice, nothing is lost, nothing is doubled.

The same story twice: over SQLite with our own `backup` and `restore`, over PostgreSQL with a base backup, its archive
of the log, and a restore to a named point.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.hub import admin, generations, upkeep
from judge_desk.hub.db import chain, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol import http
from judge_desk.protocol.limits import GENERATION_REVS
from judge_desk.protocol.operations import Operation, Outcome, PushAnswer, PushRequest
from judge_desk.store import attachments_table, sent
from judge_desk.store.tables import RECORD_TABLES
from tests import factories
from tests.contract.records import a_case, a_note
from tests.hub.own_postgresql import Postgres, own_home
from tests.live_hub import LiveHub, TestDesk, good, hub_over, refused
from tests.sync.conftest import SyncedDesk, enrolled

JUDGE, SECRETARY = "judge1", "secretary1"
CONTENT = b"%PDF-1.7 " + b"x" * 3_000


@dataclass
class Story:
    """A hub on one address that can be backed up, brought down, and restored to what the backup holds."""

    folder: Path
    url: str
    back_up: Callable[[], None]
    bring_back: Callable[[], str]
    """The URL of the restored database."""
    listen: str = "127.0.0.1:0"
    _stack: ExitStack = field(default_factory=ExitStack)

    def serve(self) -> LiveHub:
        hub = self._stack.enter_context(hub_over(self.url, self.folder, listen=self.listen))
        self.listen = hub.url.removeprefix("http://")
        return hub

    def stop(self) -> None:
        self._stack.close()

    def restore(self) -> LiveHub:
        self.stop()
        self.url = self.bring_back()
        return self.serve()


@pytest.fixture
def sqlite_story(tmp_path: Path) -> Iterator[Story]:
    database, backup, restored = tmp_path / "hub.db", tmp_path / "backup", tmp_path / "restored.db"
    blobs = ["--blobs", str(tmp_path / "blobs")]

    def back_up() -> None:
        assert admin.main(["backup", str(backup), "--database", f"sqlite:///{database}", *blobs]) == 0

    def bring_back() -> str:
        url = f"sqlite:///{restored}"
        assert admin.main(["restore", str(backup), "--database", url, *blobs]) == 0
        return url

    story = Story(tmp_path, f"sqlite:///{database}", back_up, bring_back)
    yield story
    story.stop()


@pytest.fixture
def postgresql_story(tmp_path: Path, postgresql: str) -> Iterator[Story]:
    with own_home() as home:
        first = Postgres(home, "first", archive_mode="on", archive_command=f"'cp %p {home}/archive/%f'")
        second = Postgres(home, "second")
        first.create()
        first.start()
        first.sql("CREATE DATABASE hub")
        second.copy_of(first)

        def back_up() -> None:
            first.sql("SELECT pg_create_restore_point('before_the_fault')")

        def bring_back() -> str:
            first.sql("SELECT pg_switch_wal()")
            first.stop()
            second.set(
                restore_command=f"'cp {home}/archive/%f %p'",
                recovery_target_name="'before_the_fault'",
                recovery_target_action="'promote'",
            )
            (second.data / "recovery.signal").touch()
            second.start()
            while second.sql("SELECT pg_is_in_recovery()")[0][0]:
                pass
            return second.database("hub")

        story = Story(tmp_path, first.database("hub"), back_up, bring_back)
        yield story
        story.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest) -> Story:
    found: Story = request.getfixturevalue(f"{request.param}_story")
    return found


def test_a_desk_is_told_and_brings_back_only_what_was_lost(story: Story) -> None:
    hub = story.serve()
    hub.add_person("judge", Role.JUDGE)
    hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    desk = hub.desk("judge")
    operations = [desk.operation("case:k1", Kind.NOTE, f"n{n}", a_note(f"n{n}")) for n in range(60)]
    desk.push(*operations[:20])
    desk.pull()
    story.back_up()
    desk.push(*operations[20:])
    desk.pull()
    hub.desks.clear()  # the desk outlives this hub
    hub = story.restore()
    hub.desks.append(desk)

    assert refused(desk.ask_push()) == (409, "hub_restored")
    told = desk.ask_pull()
    generation = told.json()["generation"]
    assert refused(told) == (409, "hub_restored")
    lost = good(desk.http.post(http.LOST, json={"mids": [each.mid for each in operations]})).json()["mids"]
    assert lost == [each.mid for each in operations[20:]]

    again = push_in(desk, generation, *operations)
    assert {each.outcome for each in again} == {Outcome.APPLIED}
    assert [each.rev for each in again] == [1] * 20 + [generation * GENERATION_REVS + 1] * 40
    with hub.engine.connect() as connection:
        notes = sa.select(sa.func.count()).where(tables.entity.c.kind == "note")
        assert connection.scalar(notes) == 60
        assert list(chain.faults(connection)) == []


def push_in(desk: TestDesk, generation: int, *operations: Operation) -> Any:
    body = msgspec.json.encode(PushRequest(operations, generation))
    return msgspec.json.decode(good(desk.http.post(http.PUSH, content=body)).content, type=PushAnswer).results


@dataclass
class Court:
    """A judge's two desks and a secretary's, at work on one case."""

    here: SyncedDesk
    laptop: SyncedDesk
    secretary: SyncedDesk
    case_id: str = "k1"

    @property
    def all(self) -> tuple[SyncedDesk, ...]:
        return self.here, self.laptop, self.secretary

    @property
    def scope(self) -> str:
        return case_scope(self.case_id)


@pytest.fixture
def court(story: Story, tmp_path: Path) -> Iterator[Court]:
    hub = story.serve()
    hub.add_person(JUDGE, Role.JUDGE)
    hub.add_person(SECRETARY, Role.SECRETARY)
    case = factories.a_case(id="k1", court_id=hub.court.id, judge_id=JUDGE, secretary_id=SECRETARY)
    hub.put((case_scope("k1"), Kind.CASE, "k1", case))
    here, laptop = (enrolled(hub.url, JUDGE, tmp_path / name) for name in ("here", "laptop"))
    made = Court(here, laptop, enrolled(hub.url, SECRETARY, tmp_path / "secretary"))
    yield made
    for each in made.all:
        each.close()


def put(desk: SyncedDesk, kind: Kind, scope: str, value: Any) -> None:
    with desk.opened.context.store.unit_of_work(desk.person_id, "test.put") as work:
        work.put(kind, scope, value)
    desk.sync()


def bodies(desk: SyncedDesk) -> dict[tuple[str, str], str]:
    """Every record of the case and of the judge's own, by kind and id."""
    found: dict[tuple[str, str], str] = {}
    with desk.opened.context.store.reading() as connection:
        for kind in (Kind.CASE, Kind.NOTE, Kind.TERM, Kind.DRAFT, Kind.DOCUMENT):
            table = RECORD_TABLES[kind]
            shared = table.c.scope.like("case:%")
            for row in connection.execute(sa.select(table.c.id, table.c.body).where(shared)):
                found[kind, row.id] = row.body
    return found


def work_after_the_backup(court: Court) -> str:
    """What the restore will take from the hub; the hash of a file in it."""
    here, laptop, secretary, scope = court.here, court.laptop, court.secretary, court.scope
    note = factories.a_note("k1", id="n0", author_id=JUDGE, reach=NoteReach.SHARED)
    put(here, Kind.NOTE, scope, replace(note, text="екі"))
    laptop.sync()
    put(laptop, Kind.NOTE, scope, replace(note, text="үш"))
    here.sync()
    put(here, Kind.NOTE, scope, factories.a_note("k1", id="n1", author_id=JUDGE, reach=NoteReach.SHARED))
    draft = factories.a_draft("k1", id="d1", author_id=JUDGE)
    put(here, Kind.DRAFT, user_scope(JUDGE), draft)
    put(here, Kind.DRAFT, user_scope(JUDGE), replace(draft, title="Шешім жобасы"))
    put(secretary, Kind.TERM, scope, factories.a_term("k1", id="t1"))
    sha256 = file_a_document(secretary, scope)
    second = factories.a_case(id="k2", court_id="court1", judge_id=JUDGE, secretary_id="")
    put(secretary, Kind.CASE, case_scope("k2"), second)
    here.sync()
    put(here, Kind.NOTE, case_scope("k2"), factories.a_note("k2", id="n2", author_id=JUDGE, reach=NoteReach.SHARED))
    for each in (*court.all, *court.all):
        each.sync()
    return sha256


def file_a_document(desk: SyncedDesk, scope: str) -> str:
    stored = desk.opened.context.files.write(io.BytesIO(CONTENT))
    with desk.opened.context.store.writing() as connection:
        attachments_table.keep_own(connection, stored, factories.NOW)
    put(desk, Kind.DOCUMENT, scope, factories.a_document("k1", CONTENT, id="doc1"))
    return stored.sha256


def test_desks_bring_a_restored_hub_up_to_where_it_was(story: Story, court: Court) -> None:
    put(court.here, Kind.NOTE, court.scope, factories.a_note("k1", id="n0", author_id=JUDGE, reach=NoteReach.SHARED))
    for each in court.all:
        each.sync()
    story.back_up()
    sha256 = work_after_the_backup(court)
    before = bodies(court.here)
    assert {("note", "n2"), ("document", "doc1"), ("case", "k2"), ("term", "t1")} <= before.keys()
    hub = story.restore()
    forget_file(story, sha256)
    hub.put((court.scope, Kind.TERM, "t9", factories.a_term("k1", id="t9")))

    reports = [each.sync() for _ in range(3) for each in (court.laptop, court.here, court.secretary)]

    assert sum(each.conflicts for each in reports) == 0
    assert bodies(court.here) == bodies(court.laptop)
    assert {key: body for key, body in bodies(court.here).items() if key != ("term", "t9")} == before
    assert ("term", "t9") in bodies(court.here)
    with hub.engine.connect() as connection:
        generation = generations.current(connection)
    assert generation > 0
    for each in court.all:
        assert each.desk.sync.outlook().waiting == 0
        with each.opened.context.store.reading() as connection:
            assert sent.generation(connection) == generation
    assert_hub_holds(hub, before, sha256)


def forget_file(story: Story, sha256: str) -> None:
    """The store of files went back to the backup too."""
    [path] = story.folder.glob(f"blobs/*/blobs/*/{sha256}")
    path.unlink()


def assert_hub_holds(hub: LiveHub, wanted: dict[tuple[str, str], str], sha256: str) -> None:
    entity = tables.entity
    with hub.engine.connect() as connection:
        rows = connection.execute(sa.select(entity.c.kind, entity.c.id, entity.c.body).where(~entity.c.deleted)).all()
        found = {(row.kind, row.id): row.body for row in rows}
        assert {key: found.get(key) for key in wanted} == wanted
        assert len(rows) == len(found), "a record stands in two scopes"
        assert list(chain.faults(connection)) == []
    whole = b"".join(hub.blobs.read(f"court1/blobs/{sha256[:2]}/{sha256}"))
    assert hashlib.sha256(whole).hexdigest() == sha256


def test_a_second_restore_is_another_generation(tmp_path: Path) -> None:
    places = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--json"]
    assert admin.main(["migrate", *places]) == 0
    assert admin.main(["restored", *places]) == 0
    engine = open_engine(places[1])
    with engine.connect() as connection:
        first = generations.current(connection)
    engine.dispose()
    assert admin.main(["restored", *places]) == 0
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        hub.add_person("judge", Role.JUDGE)
        with hub.engine.connect() as connection:
            second = generations.current(connection)
        assert second > first
        assert hub.desk("judge").ask_pull().json()["generation"] == second
        assert upkeep.Caretaker(hub.engine, hub.blobs).once() is not None


def test_the_same_backup_restored_twice_is_two_generations(tmp_path: Path) -> None:
    """What was acknowledged between the two restores is brought back as well; the desk has agreed with the first."""
    backup, databases = tmp_path / "backup", [tmp_path / f"hub{number}.db" for number in range(3)]
    note = factories.a_note("k1", id="n1", author_id=JUDGE)
    with ExitStack() as stack:
        hub = stack.enter_context(hub_over(f"sqlite:///{databases[0]}", tmp_path))
        listen = hub.url.removeprefix("http://")
        hub.add_person(JUDGE, Role.JUDGE)
        desk = enrolled(hub.url, JUDGE, tmp_path / "desk")
        desk.sync()
        assert admin.main(["backup", str(backup), "--database", f"sqlite:///{databases[0]}"]) == 0
    for number, database in enumerate(databases[1:]):
        places = [str(backup), "--database", f"sqlite:///{database}"]
        assert admin.main(["restore", *places]) == 0
        with hub_over(f"sqlite:///{database}", tmp_path, listen=listen) as hub:
            put(desk, Kind.NOTE, user_scope(JUDGE), replace(note, id=f"n{number}", text=f"мәтін {number}"))
            assert desk.sync().mismatches == 0
            with hub.engine.connect() as connection:
                kept = sa.select(tables.entity.c.id).where(tables.entity.c.kind == "note")
                assert set(connection.scalars(kept)) == {f"n{each}" for each in range(number + 1)}
    desk.close()


@pytest.mark.parametrize("damage", ["changed", "unfinished", "taken"])
def test_a_backup_that_is_none_changes_nothing(tmp_path: Path, damage: str) -> None:
    database, backup = tmp_path / "hub.db", tmp_path / "backup"
    assert admin.main(["migrate", "--database", f"sqlite:///{database}"]) == 0
    assert admin.main(["backup", str(backup), "--database", f"sqlite:///{database}"]) == 0
    target = tmp_path / "new.db"
    if damage == "changed":
        (backup / "hub.db").write_bytes((backup / "hub.db").read_bytes() + b"x")
    elif damage == "unfinished":
        (backup / "backup.json").unlink()
    else:
        target.write_bytes(b"kept")
    assert admin.main(["restore", str(backup), "--database", f"sqlite:///{target}"]) == 2
    assert not target.exists() or target.read_bytes() == b"kept"


def test_what_a_desk_shows_behind_a_restore_is_what_the_hub_has(story: Story, court: Court) -> None:
    """The other desk, which wrote last, has not come back yet."""
    note = factories.a_note("k1", id="n0", author_id=JUDGE, reach=NoteReach.SHARED)
    put(court.here, Kind.NOTE, court.scope, note)
    court.laptop.sync()
    story.back_up()
    put(court.here, Kind.NOTE, court.scope, replace(note, text="екі"))
    court.laptop.sync()
    put(court.laptop, Kind.NOTE, court.scope, replace(note, text="үш"))
    court.here.sync()
    hub = story.restore()

    court.here.sync()

    with hub.engine.connect() as connection:
        kept = connection.execute(sa.select(tables.entity).where(tables.entity.c.id == "n0")).one()
    with court.here.opened.context.store.reading() as connection:
        shown = connection.execute(sa.select(RECORD_TABLES[Kind.NOTE])).one()
    assert (shown.rev, shown.body, shown.pending) == (kept.rev, kept.body, 0)
    reports = [each.sync() for each in (court.laptop, court.here)]
    assert sum(each.conflicts + each.refused for each in reports) == 0
    assert "үш" in bodies(court.here)[Kind.NOTE, "n0"]
