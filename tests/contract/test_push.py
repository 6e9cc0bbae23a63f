"""What a desk may do to the court's records: applied once, remembered word for word, refused with a reason."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from judge_desk.domain.cases import Stage
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Answer, Criterion, Review, ReviewAssignment, ReviewForm, ReviewState
from judge_desk.hub.db import tables
from judge_desk.protocol import codec, http
from judge_desk.protocol.operations import Outcome, Result
from tests.contract.records import a_case, a_note, is_refused, outcome
from tests.factories import a_draft
from tests.live_hub import LiveHub, good, refused

COPIES = 4
LONG_SECONDS = 30
CANARY = "канарейка-7f3a"


def a_hearing(hearing_id: str = "h1", **more: Any) -> Hearing:
    starts_at = datetime(2026, 12, 1, 5, tzinfo=UTC)
    values: dict[str, Any] = {"case_id": "k1", "starts_at": starts_at, "minutes": 30, "room": "1", "judge_id": "judge"}
    return Hearing(id=hearing_id, **{**values, **more})


def a_document(content: bytes, **more: Any) -> Document:
    values: dict[str, Any] = {
        "id": "d1",
        "case_id": "k1",
        "kind": DocumentKind.CLAIM,
        "title": "Талап қою",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": "application/pdf",
    }
    return Document(**{**values, **more})


FORM = ReviewForm(
    id="form",
    version=1,
    names={},
    low=1,
    high=5,
    comment_at=(1, 5),
    criteria=(Criterion(id="clear", names={}, questions={}, anchors=()),),
)


def a_review(state: ReviewState, *answers: Answer) -> Review:
    return Review(id="r1", assignment_id="r1", reviewer_id="judge", state=state, answers=answers)


def test_a_note_is_applied_and_comes_back_in_the_feed(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.pull()
    result = desk.push_one("case:k1", Kind.NOTE, "n1", a_note())
    assert (result.outcome, result.rev) == (Outcome.APPLIED, 1)
    rows = desk.pull().rows
    assert [(row.id, row.seq, row.rev, record) for row, record in rows] == [("n1", result.seq, 1, a_note())]


def test_a_lost_answer_is_given_again_word_for_word(court: LiveHub) -> None:
    desk = court.desk("judge")
    operations = [
        desk.operation("case:k1", Kind.NOTE, "n1", a_note()),
        desk.operation("case:nowhere", Kind.NOTE, "n2", a_note("n2")),
        desk.operation("case:k1", Kind.CASE, "k1", a_case(title="x"), base_rev=7),
    ]
    first = good(desk.ask_push(*operations)).content
    desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text="newer"), base_rev=1)
    again = good(desk.ask_push(*operations)).content
    assert again.rpartition(b',"hub_time"')[0] == first.rpartition(b',"hub_time"')[0]
    note = next(record for row, record in desk.pull().rows if row.id == "n1")
    assert note.text == "newer"


def test_the_same_operation_twice_in_one_push_has_one_effect(court: LiveHub) -> None:
    desk = court.desk("judge")
    operation = desk.operation("case:k1", Kind.NOTE, "n1", a_note())
    one, other = desk.push(operation, operation)
    assert one == other
    assert one.rev == 1


@pytest.mark.parametrize("base_rev", [0, 1], ids=["new", "changed"])
def test_one_request_that_comes_several_times_at_once_has_one_effect(court: LiveHub, base_rev: int) -> None:
    """A link that gives up waiting repeats what the hub is still about to do."""
    desk = court.desk("judge")
    ids = [f"n{number}" for number in range(20)]
    if base_rev:
        desk.push(*(desk.operation("case:k1", Kind.NOTE, each, a_note(each)) for each in ids))
    operations = [desk.operation("case:k1", Kind.NOTE, each, a_note(each, text="newer"), base_rev) for each in ids]
    ready = Barrier(COPIES)

    def push() -> tuple[Result, ...]:
        ready.wait(LONG_SECONDS)
        return desk.push(*operations)

    with ThreadPoolExecutor(COPIES) as beside:
        answers = [coming.result() for coming in [beside.submit(push) for _ in range(COPIES)]]
    assert all(each == answers[0] for each in answers)
    assert [(each.outcome, each.rev) for each in answers[0]] == [(Outcome.APPLIED, base_rev + 1)] * len(ids)
    notes = [row for row, _ in desk.pull().rows if row.kind == Kind.NOTE]
    assert sorted(row.seq for row in notes) == sorted(each.seq for each in answers[0])


def test_two_requests_of_one_desk_at_once_are_both_carried_out(court: LiveHub) -> None:
    desk = court.desk("judge")
    ready = Barrier(COPIES)

    def push(part: int) -> tuple[Result, ...]:
        ready.wait(LONG_SECONDS)
        return desk.push(*(operations[part]))

    operations = [
        [desk.operation("case:k1", Kind.NOTE, f"{part}-{number}", a_note(f"{part}-{number}")) for number in range(20)]
        for part in range(COPIES)
    ]
    with ThreadPoolExecutor(COPIES) as beside:
        answers = [coming.result() for coming in [beside.submit(push, part) for part in range(COPIES)]]
    results = [each for answer in answers for each in answer]
    assert {each.outcome for each in results} == {Outcome.APPLIED}
    assert len({each.seq for each in results}) == len(results) == 20 * COPIES
    assert len([row for row, _ in desk.pull().rows if row.kind == Kind.NOTE]) == 20 * COPIES


def test_a_mid_that_means_something_else_betrays_a_cloned_device(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.push(desk.operation("case:k1", Kind.NOTE, "n1", a_note(), mid=1))
    fresh = desk.operation("case:k1", Kind.NOTE, "n2", a_note("n2"), mid=2)
    cloned = desk.operation("case:k1", Kind.NOTE, "n3", a_note("n3"), mid=1)
    assert refused(desk.ask_push(fresh, cloned)) == (409, "cloned_device")
    assert "n2" not in {row.id for row, _ in desk.pull().rows}


def test_two_desks_of_one_judge_conflict_and_keep_both_texts(court: LiveHub) -> None:
    one, other = court.desk("judge"), court.desk("judge")
    one.push_one("case:k1", Kind.NOTE, "n1", a_note())
    one.push_one("case:k1", Kind.NOTE, "n1", a_note(text="hub"), base_rev=1)
    result = other.push_one("case:k1", Kind.NOTE, "n1", a_note(text="mine"), base_rev=1)
    assert (result.outcome, result.rev) == (Outcome.CONFLICT, 2)
    assert codec.decode(Kind.NOTE, bytes(result.body)).text == "hub"
    assert other.push_one("case:k1", Kind.NOTE, "n1", a_note(text="merged"), base_rev=2).rev == 3


def test_a_conflict_with_a_deletion_says_so(court: LiveHub) -> None:
    one, other = court.desk("judge"), court.desk("judge")
    one.push_one("case:k1", Kind.NOTE, "n1", a_note())
    one.push_one("case:k1", Kind.NOTE, "n1", None, base_rev=1)
    result = other.push_one("case:k1", Kind.NOTE, "n1", a_note(text="mine"), base_rev=1)
    assert (result.outcome, result.rev, bytes(result.body)) == (Outcome.CONFLICT, 2, b"null")
    assert other.push_one("case:k1", Kind.NOTE, "n1", a_note(text="mine"), base_rev=2).rev == 3


def test_a_stale_registry_fact_is_refused_with_the_hubs_copy(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.push_one("case:k1", Kind.CASE, "k1", a_case(subject="долг"), base_rev=1)
    result = desk.push_one("case:k1", Kind.CASE, "k1", a_case(outcome="x"), base_rev=1)
    assert is_refused(result, "stale")
    assert codec.decode(Kind.CASE, bytes(result.body)).subject == "долг"


def test_what_is_replaced_is_kept_word_for_word(court: LiveHub) -> None:
    desk = court.desk("judge")
    for base_rev, text in enumerate(("first", "second")):
        notes = [a_note(f"n{number}", text=text) for number in range(3)]
        sent = [desk.operation("case:k1", Kind.NOTE, note.id, note, base_rev=base_rev) for note in notes]
        assert {each.outcome for each in desk.push(*sent)} == {Outcome.APPLIED}
    with court.engine.connect() as connection:
        table = tables.revision
        kept = connection.execute(select(table).where(table.c.id.like("n_")).order_by(table.c.id)).all()
    assert [(row.id, row.scope, row.kind, row.rev, row.deleted) for row in kept] == [
        (f"n{number}", "case:k1", "note", 1, False) for number in range(3)
    ]
    assert [codec.decode(Kind.NOTE, row.body).text for row in kept] == ["first"] * 3
    assert len({row.seq for row in kept}) == 3


def test_later_operations_stand_on_earlier_ones_of_the_same_push(court: LiveHub) -> None:
    desk = court.desk("judge")
    first = desk.operation("case:k1", Kind.NOTE, "n1", a_note())
    second = desk.operation("case:k1", Kind.NOTE, "n1", a_note(text="2"), base_rev=0, after=(first.mid,))
    third = desk.operation("case:k1", Kind.NOTE, "n1", None, base_rev=2)
    assert [(each.outcome, each.rev) for each in desk.push(first, second, third)] == [
        (Outcome.APPLIED, 1),
        (Outcome.APPLIED, 2),
        (Outcome.APPLIED, 3),
    ]
    with court.engine.connect() as connection:
        kept = select(tables.revision.c.rev, tables.revision.c.seq).where(tables.revision.c.id == "n1")
        history = connection.execute(kept.order_by(tables.revision.c.rev)).all()
    assert [row.rev for row in history] == [1, 2]
    assert history[0].seq < history[1].seq


def test_what_waits_for_a_refused_operation_is_refused_and_the_rest_goes_on(court: LiveHub) -> None:
    desk = court.desk("judge")
    bad = desk.operation("case:nowhere", Kind.NOTE, "n1", a_note())
    waits = desk.operation("case:k1", Kind.NOTE, "n2", a_note("n2"), after=(bad.mid,))
    free = desk.operation("case:k1", Kind.NOTE, "n3", a_note("n3"))
    results = desk.push(bad, waits, free)
    assert [each.code for each in results] == ["no_such_scope", "after_refused", ""]


def test_what_waits_for_an_operation_that_never_came_may_come_again(court: LiveHub) -> None:
    desk = court.desk("judge")
    early = desk.operation("case:k1", Kind.NOTE, "n2", a_note("n2"), after=(77,))
    assert desk.push(early)[0].outcome is Outcome.RETRY
    desk.push(desk.operation("case:k1", Kind.NOTE, "n1", a_note(), mid=77))
    assert desk.push(early)[0].outcome is Outcome.APPLIED


def test_a_case_of_others_looks_like_one_that_is_not_there(court: LiveHub) -> None:
    court.add_person("other", Role.JUDGE)
    desk = court.desk("other")
    note = a_note(author_id="other")
    real, made_up = desk.push(
        desk.operation("case:k1", Kind.NOTE, "n1", note),
        desk.operation("case:k2", Kind.NOTE, "n1", replace(note, case_id="k2")),
    )
    assert outcome(real) == outcome(made_up) == (Outcome.REFUSED, "no_such_scope")


def test_a_role_that_does_not_reach_that_far_is_refused(court: LiveHub) -> None:
    desk = court.desk("secretary")
    draft = a_draft(id="w1", case_id="k1", secrecy=Secrecy.SHARED, state=DraftState.FINAL)
    assert is_refused(desk.push_one("case:k1", Kind.DRAFT, "w1", draft), "not_allowed")


def test_nobody_writes_in_anothers_name(court: LiveHub) -> None:
    desk = court.desk("secretary")
    draft = a_draft(id="w1", case_id="k1", secrecy=Secrecy.SHARED)
    hers, false = replace(draft, changed_by="secretary"), replace(draft, changed_by="judge")
    assert is_refused(desk.push_one("case:k1", Kind.DRAFT, "w1", false), "not_allowed")
    assert desk.push_one("case:k1", Kind.DRAFT, "w1", hers).outcome is Outcome.APPLIED
    assert is_refused(desk.push_one("case:k1", Kind.DRAFT, "w1", false, base_rev=1), "not_allowed")


def test_the_chair_reassigns_a_case_without_ever_reading_it(court: LiveHub) -> None:
    chair = court.desk("chair")
    stale = chair.push_one("case:k1", Kind.CASE, "k1", a_case(judge_id="chair"), base_rev=9)
    assert is_refused(stale, "stale")
    assert bytes(stale.body) == b"null"
    result = chair.push_one("case:k1", Kind.CASE, "k1", a_case(judge_id="other", judge_name="Ә."), base_rev=1)
    assert result.outcome is Outcome.APPLIED
    assert "case:k1" not in {row.scope for row, _ in chair.pull().rows}


def test_the_registry_opens_a_case_with_its_documents_in_one_push(court: LiveHub) -> None:
    desk = court.desk("secretary")
    case = a_case("k9", stage=Stage.REGISTERED)
    results = desk.push(
        desk.operation("case:k9", Kind.CASE, "k9", case),
        desk.operation("case:k9", Kind.HEARING, "h1", a_hearing(case_id="k9")),
    )
    assert [each.outcome for each in results] == [Outcome.APPLIED, Outcome.APPLIED]
    assert "k9" in {row.id for row, _ in court.desk("judge").pull().rows}


def test_a_signed_draft_is_sealed(court: LiveHub) -> None:
    desk = court.desk("judge")
    draft = a_draft(id="w1", case_id="k1", author_id="judge", secrecy=Secrecy.OWN, state=DraftState.FINAL)
    desk.push_one("user:judge", Kind.DRAFT, "w1", draft)
    assert is_refused(desk.push_one("user:judge", Kind.DRAFT, "w1", replace(draft, title="x"), base_rev=1), "sealed")


def test_a_deliberation_draft_is_refused_and_leaves_no_word_behind(court: LiveHub) -> None:
    desk = court.desk("judge")
    draft = a_draft(id="w1", case_id="k1", author_id="judge", secrecy=Secrecy.DELIBERATION, title=CANARY)
    assert is_refused(desk.push_one("user:judge", Kind.DRAFT, "w1", draft), "secret")
    with court.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            assert CANARY not in repr(connection.execute(select(table)).all()), table.name
        line = connection.execute(select(tables.audit).where(tables.audit.c.code == "secret")).one()
    assert (line.record_id, line.body_sha256, line.outcome) == ("w1", "", "refused")


def test_a_review_is_saved_half_done_and_sealed_on_submission(court: LiveHub) -> None:
    assignment = ReviewAssignment(
        id="r1",
        reviewer_id="judge",
        campaign="c",
        act_title="a",
        act_text="t",
        act_language="kk",
        form=FORM,
        due_on=date(2026, 12, 31),
    )
    court.put(("review:r1", Kind.REVIEW_ASSIGNMENT, "r1", assignment))
    desk = court.desk("judge")
    started = a_review(ReviewState.STARTED, Answer(criterion_id="clear", score=5))
    submitted = replace(started, state=ReviewState.SUBMITTED)
    assert desk.push_one("review:r1", Kind.REVIEW, "r1", started).rev == 1
    unexplained = desk.push_one("review:r1", Kind.REVIEW, "r1", submitted, base_rev=1)
    assert is_refused(unexplained, "bad_body")
    whole = replace(submitted, answers=(Answer(criterion_id="clear", score=5, comment="Анық"),))
    assert desk.push_one("review:r1", Kind.REVIEW, "r1", whole, base_rev=1).rev == 2
    late = desk.push_one("review:r1", Kind.REVIEW, "r1", replace(whole, general_comment="x"), base_rev=1)
    assert is_refused(late, "sealed")
    assert codec.decode(Kind.REVIEW, bytes(late.body)) == whole


def test_a_document_needs_its_file_and_never_changes(court: LiveHub) -> None:
    desk = court.desk("secretary")
    document = a_document(b"%PDF")
    assert is_refused(desk.push_one("case:k1", Kind.DOCUMENT, "d1", document), "missing_attachment")
    desk.upload(document.sha256, b"%PDF", "case:k1")
    wrong = replace(document, size=5)
    assert is_refused(desk.push_one("case:k1", Kind.DOCUMENT, "d1", wrong), "missing_attachment")
    assert desk.push_one("case:k1", Kind.DOCUMENT, "d1", document).outcome is Outcome.APPLIED
    again = desk.push_one("case:k1", Kind.DOCUMENT, "d1", replace(document, title="x"), base_rev=1)
    assert is_refused(again, "immutable")
    assert is_refused(desk.push_one("case:k1", Kind.DOCUMENT, "d1", None, base_rev=1), "immutable")


def test_a_file_of_another_scope_is_no_attachment_here(court: LiveHub) -> None:
    court.put(("case:k2", Kind.CASE, "k2", a_case("k2", judge_id="x", secretary_id="y")))
    sha256, _ = court.registry.add_blob("court1", "case:k2", b"theirs")
    desk = court.desk("secretary")
    result = desk.push_one("case:k1", Kind.DOCUMENT, "d1", a_document(b"theirs"))
    assert is_refused(result, "missing_attachment")
    assert refused(desk.http.get(http.blob_path(sha256))) == (404, "not_found")


@pytest.mark.parametrize(
    "change",
    [{"room": "2"}, {"judge_id": "x"}, {"starts_at": datetime(2026, 12, 1, 5, 29, tzinfo=UTC)}],
    ids=["same judge", "same room", "one minute"],
)
def test_nobody_and_no_room_is_booked_twice(court: LiveHub, change: dict[str, Any]) -> None:
    desk = court.desk("judge")
    assert desk.push_one("case:k1", Kind.HEARING, "h1", a_hearing()).outcome is Outcome.APPLIED
    assert is_refused(desk.push_one("case:k1", Kind.HEARING, "h2", a_hearing("h2", **change)), "double_booking")


def test_a_hearing_right_after_another_or_after_a_cancelled_one_is_fine(court: LiveHub) -> None:
    desk = court.desk("judge")
    desk.push_one("case:k1", Kind.HEARING, "h1", a_hearing())
    later = a_hearing("h2", starts_at=a_hearing().ends_at)
    assert desk.push_one("case:k1", Kind.HEARING, "h2", later).outcome is Outcome.APPLIED
    desk.push_one("case:k1", Kind.HEARING, "h1", None, base_rev=1)
    assert desk.push_one("case:k1", Kind.HEARING, "h3", a_hearing("h3")).outcome is Outcome.APPLIED
    moved = a_hearing("h3", starts_at=later.starts_at + timedelta(minutes=10))
    assert is_refused(desk.push_one("case:k1", Kind.HEARING, "h3", moved, base_rev=1), "double_booking")


def test_two_hearings_of_one_push_that_clash_are_not_both_taken(court: LiveHub) -> None:
    desk = court.desk("judge")
    results = desk.push(
        desk.operation("case:k1", Kind.HEARING, "h1", a_hearing()),
        desk.operation("case:k1", Kind.HEARING, "h2", a_hearing("h2")),
    )
    assert [each.code for each in results] == ["", "double_booking"]
