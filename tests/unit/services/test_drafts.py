"""Drafts over a real encrypted store: begun, saved, kept in versions, moved between scopes, made final."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from judge_desk.domain.acts import ActText, Block, Part, PartKind, Run, blanks, plain_text
from judge_desk.domain.documents import AttachmentState, DocumentKind
from judge_desk.domain.drafts import DraftState, Secrecy, VersionReason
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound, Sealed, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, court_scope, user_scope
from judge_desk.protocol import codec
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.drafts import DraftService
from judge_desk.services.sync import SyncService
from judge_desk.store import settled
from judge_desk.store.outbox import WHOLE, OutboxState
from judge_desk.store.settled import Answer
from judge_desk.store.tables import RECORD_TABLES, attachment, outbox
from tests.factories import a_case, a_party, a_person, agreed, desk_context, rows_of, with_case

FORM = "civil_decision.ru"
MARKER = "Тайный вывод 7f3a"


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    context = desk_context(tmp_path, clock=clock)
    yield context
    context.store.close()


@pytest.fixture
def service(context: DeskContext) -> DraftService:
    return DraftService(context)


@pytest.fixture
def case_id(context: DeskContext) -> str:
    return with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),))).id


def with_text(act: ActText, text: str, part: PartKind = PartKind.REASONING) -> ActText:
    """The act with one more paragraph at the end of a part."""
    extra = Block(id=f"extra.{len(text)}.{abs(hash(text))}", runs=(Run(text=text),))
    parts = (replace(each, blocks=(*each.blocks, extra)) if each.kind is part else each for each in act.parts)
    return replace(act, parts=tuple(parts))


def without_blanks(act: ActText) -> ActText:
    def filled(block: Block) -> Block:
        rows = tuple(
            replace(row, cells=tuple(replace(cell, runs=known(cell.runs)) for cell in row.cells)) for row in block.rows
        )
        return replace(block, runs=known(block.runs), rows=rows)

    def known(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        keep = {"act.number", "act.date"}
        return tuple(
            replace(run, text="…", blank=False) if run.blank and run.field not in keep else run for run in runs
        )

    return replace(act, parts=tuple(Part(kind=part.kind, blocks=tuple(map(filled, part.blocks))) for part in act.parts))


def owed(context: DeskContext) -> list[tuple[str, str, str]]:
    return [(row.scope, row.action, row.record_id) for row in rows_of(context, outbox)]


def test_a_draft_begins_with_the_facts_of_its_case(service: DraftService, context: DeskContext, case_id: str) -> None:
    choices = service.templates_for(case_id)
    assert choices[0].language == "ru"
    assert FORM in {choice.id for choice in choices}
    draft_id, changes = service.create(case_id, FORM)
    work = service.open(draft_id)
    assert changes.touches(Kind.DRAFT, draft_id)
    assert "Ибраев А. Қ." in plain_text(work.draft.act)
    assert work.blanks == blanks(work.draft.act) != ()
    assert all(field in work.fields for _, field in work.blanks)
    assert (work.may_edit, work.may_finalise, work.is_sent) == (True, True, False)
    row = service.rows()[0]
    assert (row.id, row.state, row.secrecy, row.language) == (draft_id, DraftState.WRITING, Secrecy.OWN, "ru")
    assert row.case_number
    assert row.is_own
    assert not row.is_sent
    assert owed(context) == [(user_scope(context.person.id), "put", draft_id)]


def test_a_blank_sheet_has_the_four_parts(service: DraftService, case_id: str) -> None:
    draft_id, _ = service.create(case_id, "blank.ruling.kk")
    draft = service.open(draft_id).draft
    assert [part.kind for part in draft.act.parts] == ["introductory", "descriptive", "reasoning", "operative"]
    assert draft.title == "Ұйғарым"
    with pytest.raises(NotFound):
        service.create(case_id, "blank.poem.kk")


def test_typing_fills_one_operation_and_a_version_every_five_minutes(
    service: DraftService, context: DeskContext, clock: FixedClock, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM)
    act = service.open(draft_id).draft.act
    for second in range(0, 12 * 60, 30):
        clock.advance(seconds=30)
        act = with_text(act, f"Абзац {second}")
        service.save(draft_id, act)
    assert service.open(draft_id).draft.act == act
    assert len(owed(context)) == 1
    kept = service.versions(draft_id)
    assert [head.reason for head in kept] == [VersionReason.AUTOSAVE] * 2
    assert service.save(draft_id, act).changes.touched == frozenset()


def test_versions_are_named_compared_and_restored(service: DraftService, clock: FixedClock, case_id: str) -> None:
    draft_id, _ = service.create(case_id, FORM)
    first = service.open(draft_id).draft.act
    service.keep_version(draft_id, "до заседания")
    clock.advance(seconds=10)
    second = with_text(first, "Иск подлежит удовлетворению.")
    service.save(draft_id, second)
    head = service.versions(draft_id)[0]
    assert (head.label, head.reason) == ("до заседания", VersionReason.NAMED)
    differences = service.compare(service.version(head.id).act, second)
    assert differences.count == 1
    clock.advance(seconds=10)
    assert service.restore(draft_id, head.id).act == first
    assert service.open(draft_id).draft.act == first
    assert service.version(service.versions(draft_id)[0].id).act == second
    other, _ = service.create(case_id, FORM)
    with pytest.raises(NotFound):
        service.restore(other, head.id)


def test_a_save_merges_what_came_from_another_desk(service: DraftService, context: DeskContext, case_id: str) -> None:
    draft_id, _ = service.create(case_id, FORM)
    base = service.open(draft_id).draft
    theirs = replace(base, act=with_text(base.act, "Их абзац", PartKind.DESCRIPTIVE))
    agreed(context, Kind.DRAFT, user_scope(context.person.id), [theirs], rev=2)
    saved = service.save(draft_id, with_text(base.act, "Мой абзац"), base=base.act)
    text = plain_text(service.open(draft_id).draft.act)
    assert saved.merged
    assert not saved.clashed
    assert "Их абзац" in text
    assert "Мой абзац" in text
    again = replace(base, act=with_text(saved.act, "Их резолюция", PartKind.OPERATIVE))
    agreed(context, Kind.DRAFT, user_scope(context.person.id), [again], rev=3)
    mine = with_text(saved.act, "Моя резолюция", PartKind.OPERATIVE)
    saved = service.save(draft_id, mine, base=saved.act)
    assert saved.clashed
    assert saved.act == mine
    kept = [service.version(head.id) for head in service.versions(draft_id)]
    assert any("Их резолюция" in plain_text(each.act) for each in kept if each.reason is VersionReason.BEFORE_MERGE)


def test_a_deliberation_draft_leaves_no_word_in_the_outbox(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM)
    service.save(draft_id, with_text(service.open(draft_id).draft.act, MARKER))
    moved = service.set_secrecy(draft_id, Secrecy.DELIBERATION)
    assert not moved.hub_copy
    assert owed(context) == []
    service.save(moved.draft_id, with_text(service.open(moved.draft_id).draft.act, MARKER + "2"))
    assert owed(context) == []
    with pytest.raises(Secret):
        service.pdf(moved.draft_id)
    assert service.preview(service.open(moved.draft_id).draft.act).startswith(b"%PDF")
    with pytest.raises(NotFound):
        service.open(draft_id)


def test_a_sent_draft_is_removed_at_the_hub_before_deliberation(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM)
    with context.store.writing() as connection:
        operation = connection.execute(WHOLE).one()
        settled.mark_sent(connection, [operation.mid])
        settled.applied(connection, operation, 5)
    service.save(draft_id, with_text(service.open(draft_id).draft.act, MARKER))
    moved = service.set_secrecy(draft_id, Secrecy.DELIBERATION)
    assert moved.hub_copy
    rows = rows_of(context, outbox)
    assert [(row.action, row.record_id, row.base_rev, row.body) for row in rows] == [("delete", draft_id, 5, "null")]


def test_a_conflict_leaves_no_text_behind_either(service: DraftService, context: DeskContext, case_id: str) -> None:
    draft_id, _ = service.create(case_id, FORM)
    service.save(draft_id, with_text(service.open(draft_id).draft.act, MARKER))
    hubs = replace(service.open(draft_id).draft, title="Other")
    with context.store.writing() as connection:
        operation = connection.execute(WHOLE).one()
        settled.mark_sent(connection, [operation.mid])
        answer = Answer(rev=9, body=codec.encode(hubs).decode(), code="", at=context.clock.now())
        settled.in_conflict(connection, operation, answer)
    assert service.set_secrecy(draft_id, Secrecy.DELIBERATION).hub_copy
    rows = rows_of(context, outbox)
    assert [(row.state, row.action, row.base_rev) for row in rows] == [(OutboxState.WAITING, "delete", 9)]
    assert not any(MARKER in row.body or MARKER in row.hub_body for row in rows)


def test_sharing_moves_the_draft_and_its_history_to_the_case(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM)
    service.keep_version(draft_id, "первая")
    moved = service.set_secrecy(draft_id, Secrecy.SHARED)
    assert [head.label for head in service.versions(moved.draft_id)] == ["первая"]
    assert owed(context) == [(case_scope(case_id), "put", moved.draft_id)]
    assert service.set_secrecy(moved.draft_id, Secrecy.SHARED).draft_id == moved.draft_id


def test_a_final_act_lies_in_the_case_file(service: DraftService, context: DeskContext, case_id: str) -> None:
    draft_id, _ = service.create(case_id, FORM)
    with pytest.raises(BadInput, match="no_number"):
        service.finalise(draft_id, " ", date(2026, 11, 23))
    with pytest.raises(BadInput, match="blanks"):
        service.finalise(draft_id, "2-17", date(2026, 11, 23))
    assert rows_of(context, attachment) == []
    service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
    changes = service.finalise(draft_id, "2-17", date(2026, 11, 23))
    assert changes.kinds == {Kind.DRAFT, Kind.DOCUMENT}
    draft = service.open(draft_id).draft
    file = rows_of(context, attachment)[0]
    document = codec.decode(Kind.DOCUMENT, rows_of(context, RECORD_TABLES[Kind.DOCUMENT])[0].body)
    assert draft.state is DraftState.FINAL
    assert file.state == AttachmentState.TO_SEND
    assert draft.final_sha256 == file.sha256 == document.sha256
    assert (document.kind, document.case_id, document.filed_by) == (DocumentKind.ACT, case_id, context.person.id)
    assert "23\xa0ноября 2026" in plain_text(draft.act)
    content = service.pdf(draft_id)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == document.pages
    for forbidden in (
        lambda: service.save(draft_id, draft.act),
        lambda: service.delete(draft_id),
        lambda: service.set_secrecy(draft_id, Secrecy.SHARED),
        lambda: service.finalise(draft_id, "2-18", date(2026, 11, 23)),
    ):
        with pytest.raises(Sealed):
            forbidden()


def test_a_deliberation_draft_leaves_as_the_signed_act_only(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM, secrecy=Secrecy.DELIBERATION)
    service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
    service.finalise(draft_id, "2-17", date(2026, 11, 23))
    assert [(scope, action) for scope, action, _ in owed(context)] == [(case_scope(case_id), "put")]
    assert {row.kind for row in rows_of(context, outbox)} == {Kind.DOCUMENT}
    assert service.pdf(draft_id).startswith(b"%PDF")


def test_a_deleted_draft_comes_back_with_its_history(service: DraftService, context: DeskContext, case_id: str) -> None:
    draft_id, _ = service.create(case_id, FORM)
    service.keep_version(draft_id, "первая")
    draft, _ = service.delete(draft_id)
    assert service.rows() == []
    assert owed(context) == []
    again, _ = service.put_back(draft)
    assert service.open(again).draft.act == draft.act
    assert [head.label for head in service.versions(again)] == ["первая"]


def test_a_secretary_writes_shared_drafts_and_finalises_none(tmp_path: Path, clock: FixedClock) -> None:
    context = desk_context(tmp_path, Role.SECRETARY, clock)
    case = with_case(context, role=Role.SECRETARY)
    service = DraftService(context)
    draft_id, _ = service.create(case.id, FORM)
    work = service.open(draft_id)
    assert work.draft.secrecy is Secrecy.SHARED
    assert (work.may_edit, work.may_finalise) == (True, False)
    service.save(draft_id, without_blanks(work.draft.act))
    with pytest.raises(NotAllowed):
        service.finalise(draft_id, "2-17", date(2026, 11, 23))
    with pytest.raises(NotAllowed):
        service.set_secrecy(draft_id, Secrecy.DELIBERATION)
    assert rows_of(context, attachment) == []
    assert service.open(draft_id).draft.state is DraftState.WRITING
    context.store.close()


def test_a_judge_sees_who_changed_a_shared_draft_and_closes_it(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM, secrecy=Secrecy.SHARED)
    assert service.rows()[0].changed_by == ""
    secretary = a_person(Role.SECRETARY, id="secretary", name="Сейітова А. Б.")
    agreed(context, Kind.PERSON, court_scope(context.court.id), [secretary])
    hers = replace(service.open(draft_id).draft, id="hers", changed_by=secretary.id)
    agreed(context, Kind.DRAFT, case_scope(case_id), [replace(hers, act=without_blanks(hers.act))])
    assert {row.id: row.changed_by for row in service.rows()} == {draft_id: "", "hers": secretary.name}
    assert service.open("hers").may_finalise
    service.finalise("hers", "2-17", date(2026, 11, 23))
    assert service.open("hers").draft.changed_by == context.person.id


def test_a_decision_on_a_conflict_keeps_the_text_that_is_given_up(
    service: DraftService, context: DeskContext, case_id: str
) -> None:
    draft_id, _ = service.create(case_id, FORM)
    service.save(draft_id, with_text(service.open(draft_id).draft.act, MARKER, PartKind.OPERATIVE))
    hubs = replace(service.open(draft_id).draft, act=with_text(service.open(draft_id).draft.act, "Их резолюция"))
    with context.store.writing() as connection:
        operation = connection.execute(WHOLE).one()
        answer = Answer(rev=9, body=codec.encode(hubs).decode(), code="", at=context.clock.now())
        settled.mark_sent(connection, [operation.mid])
        settled.in_conflict(connection, operation, answer)
    assert service.open(draft_id).in_conflict
    SyncService(context, None).keep_hubs(operation.mid)
    assert service.open(draft_id).draft.act == hubs.act
    assert not service.open(draft_id).in_conflict
    (head,) = service.versions(draft_id)
    assert head.reason is VersionReason.BEFORE_MERGE
    assert MARKER in plain_text(service.version(head.id).act)
