"""Peer reviews: half-done forms are kept, gaps hold a form back, and a sealed one never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from judge_desk.domain.errors import BadInput, NotAllowed, NotFound, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Answer, ReviewAssignment, ReviewState
from judge_desk.domain.scopes import review_scope
from judge_desk.services.context import DeskContext
from judge_desk.services.reviews import ReviewService, has_halo, is_straight_lined
from judge_desk.store import settled
from judge_desk.store.settled import Answer as HubAnswer
from judge_desk.store.tables import outbox
from tests.factories import NOW, a_review_assignment, a_review_form, agreed, grant, rows_of

FULL = tuple(Answer(criterion_id=f"criterion-{number}", score=score) for number, score in ((1, 3), (2, 4), (3, 2)))


def assigned(context: DeskContext, **values: object) -> ReviewAssignment:
    made = a_review_assignment(**{"form": a_review_form(), **values})
    grant(context, review_scope(made.id), Role.REVIEWER)
    agreed(context, Kind.REVIEW_ASSIGNMENT, review_scope(made.id), [made])
    return made


def test_open_ones_come_first_and_the_nearest_due_first(context: DeskContext) -> None:
    late, soon, done = (assigned(context, due_on=date(2026, 12, day)) for day in (20, 5, 1))
    service = ReviewService(context)
    service.decline(done.id, "свойство")
    service.save(late.id, FULL[:2])
    rows = service.assigned()
    assert [each.assignment_id for each in rows] == [soon.id, late.id, done.id]
    assert [(each.done, each.total, each.state) for each in rows[:2]] == [
        (0, 3, ReviewState.ASSIGNED),
        (2, 3, ReviewState.STARTED),
    ]
    assert [each.is_sealed for each in rows] == [False, False, True]


def test_a_half_done_form_is_kept_and_written_once(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    answers = (Answer(criterion_id="criterion-1", score=5, comment="ясно", evidence="«…»"),)
    assert service.save(one.id, answers, "в целом").touches(Kind.REVIEW, one.id)
    work = service.open(one.id)
    assert (work.review.answers, work.review.general_comment, work.review.changed_at) == (answers, "в целом", NOW)
    assert not work.is_sent
    assert not service.save(one.id, answers, "в целом")


def test_gaps_hold_the_form_back(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    service.save(one.id, (*FULL[:2], Answer(criterion_id="criterion-3", score=5)))
    assert [(gap.criterion_id, gap.reason) for gap in service.open(one.id).gaps] == [("criterion-3", "comment")]
    with pytest.raises(BadInput):
        service.submit(one.id)
    assert service.open(one.id).review.state is ReviewState.STARTED


def test_a_sealed_form_never_changes(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    service.save(one.id, FULL)
    assert service.open(one.id).receipt == ""
    service.submit(one.id)
    sealed = service.open(one.id)
    assert (sealed.review.state, sealed.review.submitted_at) == (ReviewState.SUBMITTED, NOW)
    assert len(sealed.receipt) == 64
    acts: list[Callable[[], object]] = [
        lambda: service.save(one.id, FULL[:1]),
        lambda: service.save(one.id, FULL),
        lambda: service.submit(one.id),
        lambda: service.decline(one.id, "передумал"),
    ]
    for act in acts:
        with pytest.raises(Sealed):
            act()
    assert service.open(one.id) == sealed


def test_declining_needs_a_reason_and_drops_the_answers(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    service.save(one.id, FULL)
    with pytest.raises(BadInput):
        service.decline(one.id, "  ")
    service.decline(one.id, " Это акт моего однокурсника. ")
    review = service.open(one.id).review
    assert (review.state, review.decline_reason, review.answers) == (
        ReviewState.DECLINED,
        "Это акт моего однокурсника.",
        (),
    )


def test_answers_to_another_form_are_refused(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    for answer in (Answer(criterion_id="unknown", score=3), Answer(criterion_id="criterion-1", score=6)):
        with pytest.raises(BadInput):
            service.save(one.id, (answer,))
    with pytest.raises(BadInput):
        service.save(one.id, (), "я" * 20_001)
    with pytest.raises(NotFound):
        service.save("none", ())
    assert rows_of(context, outbox) == []


def test_a_review_without_a_grant_is_not_written(context: DeskContext) -> None:
    made = a_review_assignment(form=a_review_form())
    agreed(context, Kind.REVIEW_ASSIGNMENT, review_scope(made.id), [made])
    with pytest.raises(NotAllowed):
        ReviewService(context).save(made.id, FULL)
    assert rows_of(context, outbox) == []


def test_a_refused_review_says_so(context: DeskContext) -> None:
    one = assigned(context)
    service = ReviewService(context)
    service.save(one.id, FULL)
    (operation,) = rows_of(context, outbox)
    with context.store.writing() as connection:
        settled.refused(connection, operation, HubAnswer(0, "null", "sealed", NOW), keeps_row=False)
    (row,) = service.assigned()
    assert (row.is_refused, row.is_sent) == (True, False)
    work = service.open(one.id)
    assert (work.is_refused, work.is_sent, work.review.answers) == (True, False, ())


def test_the_same_score_everywhere_asks_for_a_second_look() -> None:
    form = a_review_form(4)
    same = tuple(Answer(criterion_id=each.id, score=4) for each in form.criteria)
    assert is_straight_lined(form, same)
    assert not is_straight_lined(form, same[:3])
    assert not is_straight_lined(form, (*same[:3], Answer(criterion_id="criterion-4", score=3)))
    assert not is_straight_lined(a_review_form(3), same[:3])


def test_forms_that_rise_and_fall_as_wholes_ask_for_a_second_look() -> None:
    form = a_review_form(4)

    def scored(*scores: int) -> tuple[Answer, ...]:
        return tuple(
            Answer(criterion_id=each.id, score=score) for each, score in zip(form.criteria, scores, strict=True)
        )

    others = ((2, 2, 1, 2), (3, 3, 3, 2))
    assert has_halo(form, scored(5, 5, 4, 5), others)
    assert not has_halo(form, scored(5, 5, 4, 5), others[:1]), "two forms say nothing"
    assert not has_halo(form, scored(5, 3, 4, 5), others), "the criteria differ within an act"
    assert not has_halo(form, scored(3, 2, 3, 3), ((3, 3, 3, 2), (3, 4, 3, 3))), "the acts hardly differ"
    assert not has_halo(form, scored(5, 5, 4, 5)[:3], others)


def test_the_other_forms_of_this_desk_are_known_to_the_one_that_is_open(context: DeskContext) -> None:
    service = ReviewService(context)
    form = a_review_form(4)
    for number, score in enumerate((1, 3, 5)):
        asked = assigned(context, id=f"h{number}", form=form)
        service.save(asked.id, tuple(Answer(criterion_id=each.id, score=score) for each in form.criteria))
    assert sorted(service.open("h2").others) == [(1, 1, 1, 1), (3, 3, 3, 3)]


def test_acts_that_share_a_title_bear_a_number_that_stays(context: DeskContext) -> None:
    first, other, second = (assigned(context, act_title=title) for title in ("Раздел", "Заём", "Раздел"))
    service = ReviewService(context)
    service.decline(first.id, "родство")
    titles = {each.assignment_id: each.act_title for each in service.assigned()}
    assert titles == {first.id: "Раздел (1)", other.id: "Заём", second.id: "Раздел (2)"}
    assert service.open(second.id).title == "Раздел (2)"
    assert service.open(second.id).assignment.act_title == "Раздел"
