"""What waits for the judge after a sync: refusals and conflicts, and what each decision does to both texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judge_desk.domain.acts import ActText, Block, Part, PartKind, Run
from judge_desk.domain.cases import Case, Stage
from judge_desk.domain.drafts import Draft
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.services.attention import AttentionRow, resolved
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.notes import NoteService
from judge_desk.services.sync import OutboxState, SyncService
from judge_desk.store.tables import RECORD_TABLES, draft_version, outbox
from judge_desk.sync.report import SyncReport
from tests.factories import (
    JUDGE_ID,
    a_document,
    a_draft,
    a_note,
    agreed,
    grant,
    in_conflict,
    of_case,
    refuse,
    rows_of,
    with_case,
)

MINE = user_scope(JUDGE_ID)


@pytest.fixture
def case(context: DeskContext) -> Case:
    return with_case(context)


def a_part(kind: PartKind, *texts: str) -> Part:
    blocks = (Block(id=f"{kind.value}{number}", runs=(Run(text=text),)) for number, text in enumerate(texts))
    return Part(kind=kind, blocks=tuple(blocks))


def with_parts(draft: Draft, *parts: Part) -> Draft:
    return replace(draft, act=replace(draft.act, parts=parts))


def conflicting_note(context: DeskContext, case: Case) -> tuple[Note, Note]:
    base = a_note(case.id, text="Сумма 100")
    mine, hubs = replace(base, text="Сумма 200"), replace(base, text="Сумма 300")
    in_conflict(context, Kind.NOTE, MINE, base=base, mine=mine, hubs=hubs)
    return mine, hubs


def only(service: SyncService) -> AttentionRow:
    (row,) = service.attention()
    return row


def note_texts(context: DeskContext, case: Case) -> list[str]:
    return sorted(row.note.text for row in NoteService(context).of_case(case.id))


def test_a_conflict_shows_both_texts_and_where_they_are(context: DeskContext, case: Case) -> None:
    mine, hubs = conflicting_note(context, case)
    row = only(SyncService(context))
    assert (row.state, row.mine, row.hubs, row.case_number) == (OutboxState.CONFLICT, mine, hubs, case.number)
    assert [each.field for each in row.conflicts] == ["text"]
    assert (row.may_keep_both, row.may_send_again, row.touches_operative) == (True, True, False)
    assert SyncService(context).outlook().conflicts == 1


@pytest.mark.parametrize(
    ("decision", "texts", "owed"),
    [
        ("keep_mine", ["Сумма 200"], ["Сумма 200"]),
        ("keep_hubs", ["Сумма 300"], []),
        ("keep_both", ["Сумма 200", "Сумма 300"], ["Сумма 200"]),
    ],
)
def test_each_decision_leaves_the_texts_that_it_names(
    context: DeskContext, case: Case, decision: str, texts: list[str], owed: list[str]
) -> None:
    conflicting_note(context, case)
    service = SyncService(context)
    changes = getattr(service, decision)(only(service).mid)
    assert changes.touches(Kind.NOTE)
    assert note_texts(context, case) == texts
    assert [text for text in texts for row in rows_of(context, outbox) if text in row.body] == owed
    assert {row.state for row in rows_of(context, outbox)} <= {OutboxState.WAITING}
    assert service.attention() == []


def test_a_merged_text_is_sent_on_top_of_the_hubs(context: DeskContext, case: Case) -> None:
    conflicting_note(context, case)
    service = SyncService(context)
    row = only(service)
    service.keep_merged(row.mid, replace(row.hubs, text="Сумма 250"))
    assert note_texts(context, case) == ["Сумма 250"]
    (operation,) = rows_of(context, outbox)
    assert operation.base_rev == 2


def test_a_merged_text_of_another_record_is_not_taken(context: DeskContext, case: Case) -> None:
    conflicting_note(context, case)
    service = SyncService(context)
    row = only(service)
    for wrong in (replace(row.hubs, id="other"), a_draft(case.id, id=row.record_id)):
        with pytest.raises(BadInput):
            service.keep_merged(row.mid, wrong)
    with pytest.raises(NotAllowed):
        service.keep_merged(row.mid, replace(row.hubs, author_id="somebody"))
    assert only(service).mine == row.mine


def a_draft_in_conflict(context: DeskContext, case: Case) -> AttentionRow:
    blank = a_draft(case.id)
    base = with_parts(blank, a_part(PartKind.REASONING, "а", "б"), a_part(PartKind.OPERATIVE, "взыскать 100"))
    mine = with_parts(blank, a_part(PartKind.REASONING, "а мой", "б"), a_part(PartKind.OPERATIVE, "взыскать 200"))
    hubs = with_parts(blank, a_part(PartKind.REASONING, "а", "б их"), a_part(PartKind.OPERATIVE, "взыскать 300"))
    in_conflict(context, Kind.DRAFT, MINE, base=base, mine=mine, hubs=hubs)
    return only(SyncService(context))


def texts_of(act: ActText, kind: PartKind) -> list[str]:
    part = act.part(kind)
    return [] if part is None else [block.text for block in part.blocks]


@pytest.mark.parametrize(("take", "operative"), [(frozenset(), "взыскать 200"), (frozenset({0}), "взыскать 300")])
def test_an_operative_part_is_chosen_whole_and_the_rest_merged(
    context: DeskContext, case: Case, take: frozenset[int], operative: str
) -> None:
    row = a_draft_in_conflict(context, case)
    assert row.touches_operative
    assert [(each.field, each.part) for each in row.conflicts] == [("act", PartKind.OPERATIVE)]
    act = resolved(row, take).act
    assert texts_of(act, PartKind.REASONING) == ["а мой", "б их"]
    assert texts_of(act, PartKind.OPERATIVE) == [operative]


def test_the_own_act_is_kept_as_a_version_before_it_is_given_up(context: DeskContext, case: Case) -> None:
    row = a_draft_in_conflict(context, case)
    SyncService(context).keep_hubs(row.mid)
    assert ["взыскать 200" in each.body for each in rows_of(context, draft_version)] == [True]


def test_a_block_that_only_the_hub_has_can_be_taken(context: DeskContext, case: Case) -> None:
    blank = a_draft(case.id)
    base = with_parts(blank, a_part(PartKind.REASONING, "а", "б"))
    mine = with_parts(blank, a_part(PartKind.REASONING, "а"))
    hubs = with_parts(blank, a_part(PartKind.REASONING, "а", "б их"))
    in_conflict(context, Kind.DRAFT, MINE, base=base, mine=mine, hubs=hubs)
    row = only(SyncService(context))
    assert texts_of(resolved(row, frozenset()).act, PartKind.REASONING) == ["а"]
    assert texts_of(resolved(row, frozenset({0})).act, PartKind.REASONING) == ["а", "б их"]


def refused_note(context: DeskContext, case: Case, code: str = "not_allowed") -> Any:
    service = NoteService(context)
    note = service.new(case.id, "моя мысль")
    service.save(note)
    refuse(context, code, keeps_row=True)
    return note


def test_a_refused_note_keeps_its_words_and_may_be_sent_again(context: DeskContext, case: Case) -> None:
    refused_note(context, case)
    service = SyncService(context)
    row = only(service)
    assert (row.code, row.mine.text, row.may_send_again, row.is_only_here) == ("not_allowed", "моя мысль", True, True)
    assert service.outlook().refused == 1
    service.keep_mine(row.mid)
    assert service.attention() == []
    assert [each.state for each in rows_of(context, outbox)] == [OutboxState.WAITING]


@pytest.mark.parametrize("code", ["sealed", "immutable", "secret", "too_large", "bad_body"])
def test_what_would_meet_the_same_end_is_not_sent_again(context: DeskContext, case: Case, code: str) -> None:
    refused_note(context, case, code)
    assert not only(SyncService(context)).may_send_again


def test_a_dismissed_refusal_leaves_what_the_hub_has(context: DeskContext, case: Case) -> None:
    refused_note(context, case)
    service = SyncService(context)
    service.dismiss(only(service).mid)
    assert (note_texts(context, case), rows_of(context, outbox)) == ([], [])


def test_a_newer_text_outlives_the_refusal_of_the_older(context: DeskContext, case: Case) -> None:
    note = refused_note(context, case)
    NoteService(context).save(replace(note, text="мысль яснее"))
    service = SyncService(context)
    row = only(service)
    assert (row.is_superseded, row.may_send_again, row.mine.text) == (True, False, "моя мысль")
    with pytest.raises(BadInput):
        service.keep_mine(row.mid)
    service.dismiss(row.mid)
    assert note_texts(context, case) == ["мысль яснее"]
    assert [each.state for each in rows_of(context, outbox)] == [OutboxState.WAITING]


def test_a_refused_fact_of_the_registry_is_the_hubs_again(context: DeskContext, case: Case) -> None:
    CaseService(context).advance(case.id, Stage.PREPARATION)
    refuse(context, "stale", keeps_row=False)
    row = only(SyncService(context))
    assert (row.title, row.is_only_here, row.hubs.stage) == (case.title, False, case.stage)
    SyncService(context).keep_mine(row.mid)
    assert [Stage.PREPARATION in each.body for each in rows_of(context, RECORD_TABLES[Kind.CASE])] == [True]


def test_sending_again_without_the_right_is_refused_here_already(context: DeskContext, case: Case) -> None:
    CaseService(context).advance(case.id, Stage.PREPARATION)
    refuse(context, "not_allowed", keeps_row=False)
    service = SyncService(context)
    row = only(service)
    grant(context, case_scope(case.id), Role.COUNCIL)
    with pytest.raises(NotAllowed):
        service.keep_mine(row.mid)
    assert only(service) == row


def test_a_conflict_is_not_dismissed_and_a_decision_is_made_once(context: DeskContext, case: Case) -> None:
    conflicting_note(context, case)
    service = SyncService(context)
    mid = only(service).mid
    with pytest.raises(BadInput):
        service.dismiss(mid)
    service.keep_mine(mid)
    with pytest.raises(NotFound):
        service.keep_hubs(mid)


def test_an_exchange_without_a_loop_is_kept_if_it_moved_something(context: DeskContext, case: Case) -> None:
    service = SyncService(context)
    service.note(SyncReport(seconds=1.0))
    service.note(SyncReport(pushed=2, pulled=30, conflicts=1))
    (line,) = SyncService(context).history()
    assert (line.at, line.pushed, line.pulled, line.conflicts) == (context.clock.now(), 2, 30, 1)
    assert (service.view().sent, service.view().received) == (2, 30)


def test_files_are_counted(context: DeskContext, case: Case) -> None:
    of_case(context, Kind.DOCUMENT, a_document(case.id), a_document(case.id, b"other"))
    outlook = SyncService(context).outlook()
    assert (outlook.files_to_fetch, outlook.files_to_send) == (2, 0)
    agreed(context, Kind.NOTE, MINE, [a_note(case.id)])
    assert outlook.attention == 0
