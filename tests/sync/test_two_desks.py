"""Two desks of one judge and a hub: what each wrote offline is agreed on, and nothing is lost or doubled."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from judge_desk.domain.acts import Block, Part, PartKind, Run
from judge_desk.domain.cases import Case, Stage
from judge_desk.domain.dossier import DossierReply, ReplyKind
from judge_desk.domain.drafts import Draft, Secrecy
from judge_desk.domain.errors import HubProblem, HubUnreachable, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, dossier_scope, user_scope
from judge_desk.protocol import codec
from judge_desk.protocol.operations import Action
from judge_desk.store import outbox, records, settled
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import RECORD_TABLES, attachment, index_queue, search_entry
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk

JUDGE = "judge1"


@pytest.fixture
def case(live_hub: LiveHub) -> Case:
    """A case of the judge at the hub."""
    live_hub.add_person("secretary1", Role.SECRETARY)
    made = factories.a_case(court_id=live_hub.court.id, judge_id=JUDGE, secretary_id="secretary1")
    live_hub.put((case_scope(made.id), Kind.CASE, made.id, made))
    return made


def record(desk: SyncedDesk, kind: Kind, record_id: str) -> Any:
    with desk.opened.context.store.reading() as connection:
        return records.find(connection, kind, record_id)


def put(desk: SyncedDesk, kind: Kind, scope: str, value: Any) -> None:
    with desk.opened.context.store.unit_of_work(desk.person_id, "test.put") as work:
        work.put(kind, scope, value)


def an_operative(text: str, **values: Any) -> Part:
    return Part(kind=PartKind.OPERATIVE, blocks=(Block(id="op1", runs=(Run(text=text),)),), **values)


def reasoning(*texts: str) -> Part:
    blocks = tuple(Block(id=f"r{number}", runs=(Run(text=text),)) for number, text in enumerate(texts))
    return Part(kind=PartKind.REASONING, blocks=blocks)


def a_draft(case: Case, *parts: Part, draft_id: str = "draft1", **values: Any) -> Draft:
    blank = factories.a_draft(case.id, id=draft_id, author_id=JUDGE, **values)
    return replace(blank, act=replace(blank.act, parts=parts))


def settle(here: SyncedDesk, there: SyncedDesk, choice: str, merged: Any) -> None:
    """Decide the one conflict that waits, and let both desks hear of it."""
    (row,) = here.desk.sync.attention()
    if choice == "keep_merged":
        here.desk.sync.keep_merged(row.mid, merged)
    else:
        getattr(here.desk.sync, choice)(row.mid)
    here.sync()
    there.sync()


def test_a_note_written_offline_reaches_the_other_desk(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    here, there = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    here.sync()
    here.desk.notes.save(here.desk.notes.new(case.id, "Куәні шақыру"))
    assert here.sync().pushed == 1
    there.sync()
    assert [row.note.text for row in there.desk.notes.of_case(case.id)] == ["Куәні шақыру"]
    assert here.desk.sync.outlook().waiting == 0


def test_nothing_new_costs_one_round_trip(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    report = desk.sync()
    assert (report.round_trips, report.pulled, report.pushed) == (2, 0, 0) or report.round_trips == 1


def test_edits_of_different_paragraphs_merge_on_both_desks(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    here, there = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    scope = user_scope(JUDGE)
    here.sync()
    put(here, Kind.DRAFT, scope, a_draft(case, reasoning("1", "2", "3")))
    here.sync()
    there.sync()
    put(here, Kind.DRAFT, scope, a_draft(case, reasoning("1 mine", "2", "3")))
    put(there, Kind.DRAFT, scope, a_draft(case, reasoning("1", "2", "3 theirs")))
    here.sync()
    report = there.sync()
    assert (report.merged, report.conflicts) == (1, 0)
    there.sync()
    here.sync()
    agreed = a_draft(case, reasoning("1 mine", "2", "3 theirs"))
    assert record(here, Kind.DRAFT, "draft1") == record(there, Kind.DRAFT, "draft1") == agreed


@pytest.mark.parametrize("choice", ["keep_mine", "keep_hubs", "keep_both", "keep_merged"])
def test_an_operative_part_changed_twice_waits_for_the_judge(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, choice: str
) -> None:
    here, there = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    scope = user_scope(JUDGE)
    here.sync()
    put(here, Kind.DRAFT, scope, a_draft(case, an_operative("өндірілсін")))
    here.sync()
    there.sync()
    mine, theirs = a_draft(case, an_operative("1 000 теңге")), a_draft(case, an_operative("2 000 теңге"))
    put(there, Kind.DRAFT, scope, theirs)
    there.sync()
    put(here, Kind.DRAFT, scope, mine)
    assert here.sync().conflicts == 1
    assert record(here, Kind.DRAFT, "draft1") == mine, "the own text stays on screen"
    (row,) = here.desk.sync.attention()
    assert (row.mine, row.hubs, row.state) == (mine, theirs, OutboxState.CONFLICT)

    merged = a_draft(case, an_operative("3 000 теңге"))
    settle(here, there, choice, merged)
    expected = {"keep_mine": mine, "keep_hubs": theirs, "keep_both": theirs, "keep_merged": merged}[choice]
    assert record(here, Kind.DRAFT, "draft1") == record(there, Kind.DRAFT, "draft1") == expected
    assert here.desk.sync.attention() == []
    kept = [each.act for each in drafts_of(there)]
    assert (mine.act in kept) == (choice in ("keep_mine", "keep_both"))


def drafts_of(desk: SyncedDesk) -> list[Draft]:
    with desk.opened.context.store.reading() as connection:
        return records.where(connection, Kind.DRAFT)


def a_reply(*lines: str) -> DossierReply:
    return DossierReply(
        id="reply1",
        judge_id=JUDGE,
        entry_id="entry1",
        kind=ReplyKind.CORRECTION_REQUEST,
        text="\n".join(lines),
        written_at=factories.NOW,
    )


def replies_of(desk: SyncedDesk) -> list[DossierReply]:
    with desk.opened.context.store.reading() as connection:
        return records.where(connection, Kind.DOSSIER_REPLY)


def with_a_reply_on_both(hub: LiveHub, new_desk: NewDesk, *lines: str) -> tuple[SyncedDesk, SyncedDesk]:
    here, there = new_desk(hub, JUDGE), new_desk(hub, JUDGE, "-laptop")
    scope = dossier_scope(JUDGE)
    hub.put((scope, Kind.DOSSIER_ENTRY, "entry1", factories.a_dossier_entry(id="entry1", judge_id=JUDGE)))
    here.sync()
    put(here, Kind.DOSSIER_REPLY, scope, a_reply(*lines))
    here.sync()
    there.sync()
    return here, there


def test_edits_of_different_lines_of_a_reply_merge_on_both_desks(live_hub: LiveHub, new_desk: NewDesk) -> None:
    here, there = with_a_reply_on_both(live_hub, new_desk, "1", "2", "3")
    put(here, Kind.DOSSIER_REPLY, dossier_scope(JUDGE), a_reply("1 mine", "2", "3"))
    put(there, Kind.DOSSIER_REPLY, dossier_scope(JUDGE), a_reply("1", "2", "3 theirs"))
    here.sync()
    report = there.sync()
    assert (report.merged, report.conflicts) == (1, 0)
    there.sync()
    here.sync()
    assert replies_of(here) == replies_of(there) == [a_reply("1 mine", "2", "3 theirs")]
    assert (here.sync().mismatches, here.desk.sync.attention()) == (0, [])


@pytest.mark.parametrize("choice", ["keep_mine", "keep_hubs", "keep_both", "keep_merged"])
def test_a_line_of_a_reply_changed_twice_waits_for_the_judge(
    sqlite_hub: LiveHub, new_desk: NewDesk, choice: str
) -> None:
    here, there = with_a_reply_on_both(sqlite_hub, new_desk, "1", "2", "3")
    mine, theirs = a_reply("1", "2 mine", "3"), a_reply("1", "2 theirs", "3")
    put(there, Kind.DOSSIER_REPLY, dossier_scope(JUDGE), theirs)
    there.sync()
    put(here, Kind.DOSSIER_REPLY, dossier_scope(JUDGE), mine)
    assert here.sync().conflicts == 1
    assert replies_of(here) == [mine], "the own text stays on screen"
    (row,) = here.desk.sync.attention()
    assert (row.mine, row.hubs, row.state) == (mine, theirs, OutboxState.CONFLICT)
    assert [(each.field, each.mine, each.theirs) for each in row.conflicts] == [("text", mine.text, theirs.text)]

    merged = a_reply("1", "2 both", "3")
    settle(here, there, choice, merged)
    expected = {"keep_mine": [mine], "keep_hubs": [theirs], "keep_both": [mine, theirs], "keep_merged": [merged]}
    for desk in (here, there):
        assert sorted(each.text for each in replies_of(desk)) == [each.text for each in expected[choice]]
        assert {each.entry_id for each in replies_of(desk)} == {"entry1"}
    first = {"keep_both": theirs}.get(choice, expected[choice][0])
    assert record(here, Kind.DOSSIER_REPLY, "reply1") == record(there, Kind.DOSSIER_REPLY, "reply1") == first
    assert (here.desk.sync.attention(), here.desk.sync.outlook().waiting) == ([], 0)


def test_words_mended_after_the_commission_decided_are_refused_and_not_lost(
    sqlite_hub: LiveHub, new_desk: NewDesk
) -> None:
    here, _ = with_a_reply_on_both(sqlite_hub, new_desk, "1")
    decided = replace(a_reply("1"), decision="Түзетілді", decided_at=factories.NOW)
    sqlite_hub.put((dossier_scope(JUDGE), Kind.DOSSIER_REPLY, "reply1", decided))
    put(here, Kind.DOSSIER_REPLY, dossier_scope(JUDGE), a_reply("1 mended"))
    assert here.sync().refused == 1
    (row,) = here.desk.sync.attention()
    assert (row.code, row.mine.text, row.hubs) == ("not_allowed", "1 mended", decided)
    here.desk.sync.dismiss(row.mid)
    assert replies_of(here) == [decided]
    assert here.sync().mismatches == 0


def test_a_stale_fact_of_the_registry_is_refused_and_shown(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    newer = replace(case, title="О взыскании долга и неустойки")
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, newer))
    desk.desk.cases.advance(case.id, Stage.PREPARATION)
    report = desk.sync()
    assert report.refused == 1
    assert record(desk, Kind.CASE, case.id) == newer, "the hub decides"
    (row,) = desk.desk.sync.attention()
    assert row.mine is not None
    assert (row.code, row.mine.stage, row.case_number) == ("stale", Stage.PREPARATION, newer.number)
    desk.desk.sync.dismiss(row.mid)
    assert desk.desk.sync.attention() == []
    assert desk.sync().mismatches == 0


def test_a_reassigned_case_is_forgotten(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    content = "Сейітованың талабы".encode()
    scope = case_scope(case.id)
    sha256, size = live_hub.registry.add_blob(live_hub.court.id, scope, content)
    document = factories.a_document(case.id, content, sha256=sha256, size=size)
    live_hub.put((scope, Kind.DOCUMENT, document.id, document))
    desk = new_desk(live_hub, JUDGE)
    assert desk.sync().files_in == 1
    factories.index_all(desk.opened.context)
    assert desk.desk.search.search("сейітова").total == 1
    live_hub.add_person("judge2", Role.JUDGE)
    live_hub.put((scope, Kind.CASE, case.id, replace(case, judge_id="judge2")))
    desk.sync()
    context = desk.opened.context
    for table in (RECORD_TABLES[Kind.CASE], RECORD_TABLES[Kind.DOCUMENT], search_entry, attachment, index_queue):
        assert factories.rows_of(context, table) == [], table.name
    assert desk.desk.search.search("сейітова").total == 0
    assert [each.name for each in (desk.profile.folder / "files").iterdir()] == []


def test_a_deliberation_draft_never_leaves(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    secret = a_draft(case, an_operative("құпия"), secrecy=Secrecy.DELIBERATION)
    with pytest.raises(Secret):
        put(desk, Kind.DRAFT, user_scope(JUDGE), secret)
    with desk.opened.context.store.unit_of_work(JUDGE, "test.keep") as work:
        work.keep(Kind.DRAFT, user_scope(JUDGE), secret)
    assert desk.sync().pushed == 0
    force_into_outbox(desk, secret)
    with pytest.raises(Secret):
        desk.sync()


def force_into_outbox(desk: SyncedDesk, secret: Draft) -> None:
    """As a bug would: past the unit of work, straight into the table."""
    with desk.opened.context.store.writing() as connection:
        outbox.add(
            connection,
            scope=user_scope(JUDGE),
            kind=Kind.DRAFT,
            record_id=secret.id,
            action=Action.PUT,
            base_rev=0,
            body=codec.encode(secret).decode(),
            at=desk.opened.context.clock.now(),
        )


def test_a_lost_answer_has_exactly_one_effect(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "бір рет"))
    push = HttpHub.push

    def drop_the_answer(hub: HttpHub, operations: Any) -> Any:
        push(hub, operations)
        raise HubUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(HttpHub, "push", drop_the_answer)
        for _ in range(3):
            with pytest.raises(HubProblem):
                desk.sync()
    (row,) = desk.desk.notes.of_case(case.id)
    desk.desk.notes.save(replace(row.note, text="бір рет, кейін түзетілді"))
    desk.sync()
    desk.sync()
    other = new_desk(live_hub, JUDGE, "-laptop")
    other.sync()
    assert [each.note.text for each in other.desk.notes.of_case(case.id)] == ["бір рет, кейін түзетілді"]
    assert revision(live_hub, row.note.id) == 2, "made once, corrected once"


def test_an_answer_to_what_was_struck_off_meanwhile_changes_nothing(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the row would bear the hub's revision above the desk's own words, and the sums would never tell."""
    desk, push = new_desk(live_hub, JUDGE), HttpHub.push
    desk.sync()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "жіберілді"))
    (row,) = desk.desk.notes.of_case(case.id)
    with desk.opened.context.store.writing() as connection:
        connection.execute(
            sa.update(RECORD_TABLES[Kind.NOTE]).values(body=codec.encode(replace(row.note, text="басқа")))
        )

    def push_while_somebody_decides(hub: HttpHub, operations: Any) -> Any:
        answer = push(hub, operations)
        with desk.opened.context.store.writing() as connection:
            settled.discard_open(connection, Kind.NOTE, row.note.id)
        return answer

    monkeypatch.setattr(HttpHub, "push", push_while_somebody_decides)
    desk.sync()
    assert [each.note.text for each in desk.desk.notes.of_case(case.id)] == ["жіберілді"]


def revision(hub: LiveHub, record_id: str) -> int:
    from judge_desk.hub.db import tables

    with hub.engine.connect() as connection:
        rev = connection.execute(sa.select(tables.entity.c.rev).where(tables.entity.c.id == record_id)).scalar_one()
    return int(rev)


def test_a_row_that_does_not_add_up_is_fetched_anew(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    table = RECORD_TABLES[Kind.CASE]
    with desk.opened.context.store.writing() as connection:
        connection.execute(sa.delete(table).where(table.c.id == case.id))
    live_hub.put((case_scope(case.id), Kind.NOTE, "n1", shared_note(case)))
    assert desk.sync().mismatches == 1
    desk.sync()
    assert record(desk, Kind.CASE, case.id) == case


def shared_note(case: Case) -> Note:
    return factories.a_note(case.id, id="n1", author_id="secretary1", reach=NoteReach.SHARED)


def test_an_act_made_offline_is_uploaded_before_its_document(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> None:
    desk, other = new_desk(live_hub, JUDGE), new_desk(live_hub, JUDGE, "-laptop")
    desk.sync()
    content = b"%PDF-1.7 the act"
    stored = desk.opened.context.files.write(io.BytesIO(content))
    from judge_desk.domain.documents import DocumentKind

    document = factories.a_document(case.id, content, kind=DocumentKind.ACT, media_type="application/pdf")
    with desk.opened.context.store.unit_of_work(JUDGE, "test.act") as work:
        work.connection.execute(
            sa.insert(attachment).values(
                sha256=stored.sha256, size=stored.size, state="to_send", file_name=stored.name, key=stored.key
            )
        )
        work.put(Kind.DOCUMENT, case_scope(case.id), document)
    report = desk.sync()
    assert (report.files_out, report.pushed, report.refused) == (1, 1, 0)
    other.sync()
    with other.desk.documents.content(document.id) as opened:
        assert opened.read() == content
