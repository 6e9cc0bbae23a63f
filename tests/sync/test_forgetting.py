"""When a right ends, nothing stays on the desk, down to the free pages of its file; what was not sent is not lost."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
import sqlalchemy as sa

from judge_desk.bootstrap.leaving import LEAVING
from judge_desk.bootstrap.profile import DATABASE, Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import DeviceWiped, HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Person, Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub import auth, leaving
from judge_desk.hub.db import tables as hub_tables
from judge_desk.protocol import codec
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import attachments_table, farewell, session_data
from judge_desk.store.tables import (
    RECORD_TABLES,
    SEARCH_WORDS,
    attachment,
    index_queue,
    kept_case,
    manifest,
    meta,
    search_entry,
    shadow,
)
from judge_desk.store.tables import farewell as farewell_table
from judge_desk.store.tables import scope as granted
from judge_desk.sync.transport import HttpHub, ShutOut
from tests import factories
from tests.live_hub import LiveHub
from tests.sync import raw_pages
from tests.sync.conftest import CHEAP, PASSPHRASE, NewDesk, SyncedDesk

JUDGE, OTHER = "judge1", "judge2"
TITLE, FILE_WORDS, UNSENT = "Жасырынбелгі", "құжатбелгі", "жіберілмегенбелгі"
NOTED = "жазылғанбелгі"
INDEX = (search_entry, index_queue, sa.Table(SEARCH_WORDS, sa.MetaData(), sa.Column("rowid", sa.Integer)))


@pytest.fixture
def case(sqlite_hub: LiveHub) -> Case:
    """A case whose every trace bears a marker, with a document of plain words."""
    made = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE, id="taken", title=f"Іс {TITLE}")
    scope = case_scope(made.id)
    content = f"мәтін {FILE_WORDS} ".encode() * 50
    sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, scope, content)
    document = factories.a_document(made.id, content, sha256=sha256, size=size, title=f"Құжат {TITLE}")
    sqlite_hub.put((scope, Kind.CASE, made.id, made), (scope, Kind.DOCUMENT, document.id, document))
    return made


def add_others(hub: LiveHub) -> None:
    """So many other cases that the index does not rewrite itself for the few words that go."""
    many = [factories.a_case(court_id=hub.court.id, judge_id=JUDGE, title=f"Дело {number}") for number in range(60)]
    hub.put(*((case_scope(each.id), Kind.CASE, each.id, each) for each in many))


def take_away(hub: LiveHub, case: Case) -> None:
    if all(each != OTHER for each in _people(hub)):
        hub.add_person(OTHER, Role.JUDGE)
    hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id=OTHER)))


def _people(hub: LiveHub) -> list[str]:
    with hub.engine.connect() as connection:
        return list(connection.scalars(sa.select(hub_tables.account.c.person_id)))


def indexed(desk: SyncedDesk) -> SyncedDesk:
    while desk.desk.search.index_step(5):
        continue
    return desk


def found_in_files(desk: SyncedDesk, marker: str) -> list[str]:
    """After the store was closed as at every lock."""
    key = desk.profile.sign_in.key.database_key()
    desk.opened.close()
    return raw_pages.holds(desk.profile.folder, desk.profile.folder / DATABASE, key, marker)


def assert_no_trace(desk: SyncedDesk, *markers: str) -> None:
    for marker in markers:
        assert found_in_files(desk, marker) == [], marker
        desk.opened = desk.profile.unlock(PASSPHRASE, with_loop=False)


def write_unsent(desk: SyncedDesk, case: Case) -> None:
    """A shared note and a shared draft that have not left the desk, and a secret one that never may."""
    notes = desk.desk.notes
    notes.save(notes.new(case.id, f"{UNSENT} ескерту", reach=NoteReach.SHARED))
    draft = factories.a_draft(case.id, author_id=JUDGE, title=f"{UNSENT} жоба", secrecy=Secrecy.SHARED)
    with desk.opened.context.store.unit_of_work(JUDGE, "test.draft") as work:
        work.put(Kind.DRAFT, case_scope(case.id), draft)


def test_the_marker_is_found_while_the_case_is_ours(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    """Else the test below could not fail."""
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    indexed(desk)
    write_unsent(desk, case)
    assert found_in_files(desk, UNSENT)


def test_a_case_that_was_taken_away_leaves_no_trace_and_its_unsent_work_goes_to_the_court(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    add_others(sqlite_hub)
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    indexed(desk)
    desk.desk.documents.keep_case(case.id, kept=True)
    write_unsent(desk, case)
    take_away(sqlite_hub, case)
    assert desk.sync().refused == 2

    rows = desk.desk.sync.attention()
    assert {each.code for each in rows} == {"rescued"}, "the judge is told what became of it"
    assert {each.mine for each in rows} == {None}
    context = desk.opened.context
    for table in (*RECORD_TABLES.values(), attachment, kept_case, granted, farewell_table):
        held = [row for row in factories.rows_of(context, table) if case.id in str(row)]
        assert held == [], table.name
    assert list((desk.profile.folder / "files").iterdir()) == []

    (rescued,) = leaving.rescued(sqlite_hub.engine, sqlite_hub.court.id)
    assert (rescued.scope, rescued.reason) == (case_scope(case.id), "reassigned")
    bundle = leaving.open_rescue(
        sqlite_hub.engine, sqlite_hub.court.id, rescued.id, actor="chair", at=datetime.now(UTC)
    )
    assert {each.kind for each in bundle.operations} == {Kind.NOTE, Kind.DRAFT}
    assert all(UNSENT in bytes(each.body).decode() for each in bundle.operations)
    assert _audited(sqlite_hub, "wiped") == [case_scope(case.id)]
    assert_no_trace(desk, TITLE, FILE_WORDS, UNSENT)


def _audited(hub: LiveHub, action: str) -> list[str]:
    audit = hub_tables.audit
    with hub.engine.connect() as connection:
        return list(connection.scalars(sa.select(audit.c.scope).where(audit.c.action == action)))


def test_without_a_link_the_sealed_work_waits_and_goes_at_the_next_contact(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    write_unsent(desk, case)
    take_away(sqlite_hub, case)

    def away(*_: object) -> None:
        raise HubUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(HttpHub, "leave", away)
        with pytest.raises(HubUnreachable):
            desk.sync()
    assert factories.rows_of(desk.opened.context, RECORD_TABLES[Kind.CASE]) == [], "forgetting waits for nothing"
    assert {row.what for row in factories.rows_of(desk.opened.context, farewell_table)} == {"rescue", "wiped"}
    desk.sync()
    assert factories.rows_of(desk.opened.context, farewell_table) == []
    assert len(leaving.rescued(sqlite_hub.engine, sqlite_hub.court.id)) == 1


def test_a_file_that_another_case_needs_stays(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    second = factories.a_case(court_id=sqlite_hub.court.id, judge_id=JUDGE)
    content = f"мәтін {FILE_WORDS} ".encode() * 50
    sha256, size = sqlite_hub.registry.add_blob(sqlite_hub.court.id, case_scope(second.id), content)
    document = factories.a_document(second.id, content, sha256=sha256, size=size)
    scope = case_scope(second.id)
    sqlite_hub.put((scope, Kind.CASE, second.id, second), (scope, Kind.DOCUMENT, document.id, document))
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    take_away(sqlite_hub, case)
    desk.sync()
    with desk.desk.documents.content(document.id) as opened:
        assert opened.read() == content


def test_another_role_on_the_same_case_is_announced(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    sqlite_hub.add_person(JUDGE, Role.JUDGE, Role.SECRETARY)
    desk.sync()
    sqlite_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, judge_id=OTHER, secretary_id=JUDGE)))
    report = desk.sync()
    roles = {row.scope: row.role for row in factories.rows_of(desk.opened.context, granted)}
    assert roles[case_scope(case.id)] == Role.SECRETARY
    assert report.changes.touches(Kind.CASE, case.id)
    assert desk.sync().changes.touched == frozenset(), "said once"


def end_post(hub: LiveHub, desk: SyncedDesk) -> None:
    with desk.opened.context.store.reading() as connection:
        person = session_data.get(connection, session_data.PERSON, Person)
    assert person is not None
    hub.put((f"court:{hub.court.id}", Kind.PERSON, person.id, replace(person, active=False)))


def test_a_post_that_ended_leaves_nothing_but_the_persons_own_sign_in(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, f"жеке {NOTED}", reach=NoteReach.PRIVATE))
    desk.sync()
    indexed(desk)
    desk.desk.documents.keep_case(case.id, kept=True)
    desk.desk.manifest.confirm(case.id)
    context = desk.opened.context
    assert [desk.desk.search.search(each).total for each in (TITLE, FILE_WORDS, NOTED)] == [2, 1, 1]
    assert list((desk.profile.folder / "files").iterdir()) != []
    write_unsent(desk, case)
    end_post(sqlite_hub, desk)
    desk.sync()
    books = (granted, attachment, kept_case, shadow, manifest, farewell_table)
    for table in (*RECORD_TABLES.values(), *INDEX, *books):
        assert factories.rows_of(context, table) == [], table.name
    assert [row.key for row in factories.rows_of(context, meta) if case_scope(case.id) in str(row)] == []
    assert [desk.desk.search.search(each).total for each in (TITLE, FILE_WORDS, NOTED, UNSENT)] == [0] * 4
    assert list((desk.profile.folder / "files").iterdir()) == []
    assert_no_trace(desk, TITLE, FILE_WORDS, NOTED, UNSENT)


# A device that was shut out


def shut_out(hub: LiveHub, desk: SyncedDesk) -> ShutOut:
    with desk.opened.context.store.reading() as connection:
        device_id = session_data.get(connection, session_data.DEVICE, str) or ""
    auth.revoke_device(hub.engine, device_id, datetime.now(UTC))
    desk.opened.hub._token = ""
    with pytest.raises(ShutOut) as told:
        desk.sync()
    return told.value


def test_a_device_that_was_shut_out_destroys_itself_and_says_so(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    write_unsent(desk, case)
    notes = desk.desk.notes
    notes.save(notes.new(case.id, f"{UNSENT} жеке", reach=NoteReach.PRIVATE))
    problem = desk.opened.shut_out(shut_out(sqlite_hub, desk))
    assert isinstance(problem, DeviceWiped)
    left = {path.name for path in desk.profile.folder.rglob("*") if path.is_file()}
    assert not left & {DATABASE, "key.json", "device.json", LEAVING, "standing.sealed"}
    assert not any(name.startswith(DATABASE) for name in left)
    assert not (desk.profile.folder / "files").exists()
    assert not desk.profile.is_enrolled
    scopes = {row.scope for row in leaving.rescued(sqlite_hub.engine, sqlite_hub.court.id)}
    assert scopes == {case_scope(case.id), f"user:{JUDGE}"}
    assert _audited(sqlite_hub, "wiped") == [""]
    with sqlite_hub.engine.connect() as connection:
        assert connection.scalar(sa.select(hub_tables.device.c.wiped_at)) is not None


def test_an_order_that_the_hub_did_not_sign_destroys_nothing(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    true = shut_out(sqlite_hub, desk)
    assert true.order is not None
    forged = msgspec.structs.replace(true.order, signature="00" * 64)
    for order in (None, forged, msgspec.structs.replace(true.order, device_id="another")):
        problem = ShutOut(order)
        assert desk.opened.shut_out(problem) is problem
    assert desk.desk.cases.row_of(case.id).title == case.title


def test_a_wipe_that_was_cut_goes_on_at_the_next_start(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    write_unsent(desk, case)
    told = shut_out(sqlite_hub, desk)

    def away(*_: object) -> None:
        raise HubUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(HttpHub, "leave", away)
        desk.opened.shut_out(told)
    waiting = desk.profile.folder / LEAVING
    assert UNSENT.encode() not in waiting.read_bytes(), "sealed, for no key is left here"
    again = Profile(desk.profile.folder, SystemClock(), cost=CHEAP, use_keyring=False)
    again._leaving.hand_over()
    assert not waiting.exists()
    assert len(leaving.rescued(sqlite_hub.engine, sqlite_hub.court.id)) == 1


def test_a_secret_draft_is_never_among_what_is_rescued(sqlite_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    context = desk.opened.context
    secret = factories.a_draft(case.id, author_id=JUDGE, title=UNSENT, secrecy=Secrecy.DELIBERATION)
    with context.store.unit_of_work(JUDGE, "test.secret") as work:
        work.keep(Kind.DRAFT, f"user:{JUDGE}", secret)
    with context.store.writing() as connection:
        farewell.rescue_all(connection, "device_revoked")
        assert farewell.owed(connection) == []
        assert codec.encode(secret)


def test_an_unsent_act_of_a_case_that_was_taken_away_takes_its_file_along(
    sqlite_hub: LiveHub, case: Case, new_desk: NewDesk
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    desk.sync()
    context, scope = desk.opened.context, case_scope(case.id)
    stored = context.files.write(io.BytesIO(b"%PDF-1.7 the act"))
    act = factories.a_document(case.id, b"%PDF-1.7 the act", kind=DocumentKind.ACT)
    with context.store.unit_of_work(JUDGE, "test.act") as work:
        work.put(Kind.DOCUMENT, scope, act)
        attachments_table.keep_own(work.connection, stored, context.clock.now())
    take_away(sqlite_hub, case)
    desk.sync()
    assert factories.rows_of(context, attachment) == []
    assert list((desk.profile.folder / "files").iterdir()) == []
