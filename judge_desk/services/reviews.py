"""Peer reviews to write: a blinded act beside the form, half-done kept on the desk, sealed by submission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Answer, Gap, Review, ReviewAssignment, ReviewState, gaps
from judge_desk.domain.scopes import review_scope
from judge_desk.services.context import DeskContext
from judge_desk.store import records
from judge_desk.store.tables import RECORD_TABLES

_assignment = RECORD_TABLES[Kind.REVIEW_ASSIGNMENT]
_review = RECORD_TABLES[Kind.REVIEW]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One assignment in the list; ``done`` of ``total`` criteria are scored. ``is_sent``: the hub has confirmed it."""

    assignment_id: str
    act_title: str
    campaign: str
    due_on: date
    state: ReviewState
    done: int
    total: int
    is_sent: bool


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """The assignment, what was written so far, and what is still missing."""

    assignment: ReviewAssignment
    review: Review
    gaps: tuple[Gap, ...]
    is_sent: bool


class ReviewService:
    """Only the reviewer's own assignments are on this desk, and nothing tells whose act it is."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def assigned(self) -> list[ReviewRow]:
        """All assignments, the ones still open first, the nearest due first."""
        with self._context.store.reading() as connection:
            assignments = records.where(connection, Kind.REVIEW_ASSIGNMENT, order_by=(_assignment.c.due_on,))
            written = {each.assignment_id: each for each in records.where(connection, Kind.REVIEW)}
            pending = set(connection.execute(sa.select(_review.c.id).where(_review.c.pending > 0)).scalars())
        rows = [_row(each, written.get(each.id), is_sent=each.id not in pending) for each in assignments]
        return sorted(rows, key=lambda row: row.state in (ReviewState.SUBMITTED, ReviewState.DECLINED))

    def open(self, assignment_id: str) -> ReviewWork:
        """One assignment to work on; raises NotFound."""
        with self._context.store.reading() as connection:
            assignment = records.get(connection, Kind.REVIEW_ASSIGNMENT, assignment_id)
            review = records.find(connection, Kind.REVIEW, assignment_id) or self._fresh(assignment)
            pending = connection.execute(sa.select(_review.c.pending).where(_review.c.id == assignment_id)).scalar()
        return ReviewWork(assignment, review, gaps(assignment.form, review), not pending)

    def save(self, assignment_id: str, answers: tuple[Answer, ...], general_comment: str = "") -> Changes:
        """Keep a half-done form; raises Sealed after submission."""
        now = self._context.clock.now()
        return self._write(
            assignment_id,
            "review.save",
            lambda review: replace(
                review,
                state=ReviewState.STARTED,
                answers=answers,
                general_comment=general_comment,
                changed_at=now,
            ),
        )

    def submit(self, assignment_id: str) -> Changes:
        """Seal the form; raises BadInput with the number of gaps while something is missing."""
        work = self.open(assignment_id)
        if work.gaps:
            raise BadInput("reviews.gaps", count=len(work.gaps))
        now = self._context.clock.now()
        return self._write(
            assignment_id,
            "review.submit",
            lambda review: replace(review, state=ReviewState.SUBMITTED, changed_at=now, submitted_at=now),
        )

    def decline(self, assignment_id: str, reason: str) -> Changes:
        """Declare a conflict of interest, so that another reviewer is drawn; raises BadInput without a reason."""
        if not reason.strip():
            raise BadInput("reviews.decline.reason")
        now = self._context.clock.now()
        return self._write(
            assignment_id,
            "review.decline",
            lambda review: replace(
                review, state=ReviewState.DECLINED, decline_reason=reason.strip(), answers=(), changed_at=now
            ),
        )

    def _write(self, assignment_id: str, action: str, change: Callable[[Review], Review]) -> Changes:
        with self._context.store.unit_of_work(self._context.person.id, action) as work:
            assignment = work.get(Kind.REVIEW_ASSIGNMENT, assignment_id)
            if assignment is None:
                raise NotFound(kind=Kind.REVIEW_ASSIGNMENT.value, id=assignment_id)
            before = work.get(Kind.REVIEW, assignment_id)
            if before is not None and before.is_sealed:
                raise Sealed
            after = change(before or self._fresh(assignment))
            scope = review_scope(assignment_id)
            self._context.authorise(work, Kind.REVIEW, scope, before, after)
            work.put(Kind.REVIEW, scope, after)
        return work.changes

    def _fresh(self, assignment: ReviewAssignment) -> Review:
        return Review(
            id=assignment.id,
            assignment_id=assignment.id,
            reviewer_id=self._context.person.id,
            state=ReviewState.ASSIGNED,
        )


def _row(assignment: ReviewAssignment, review: Review | None, *, is_sent: bool) -> ReviewRow:
    scored = 0 if review is None else sum(1 for each in review.answers if each.score is not None)
    return ReviewRow(
        assignment_id=assignment.id,
        act_title=assignment.act_title,
        campaign=assignment.campaign,
        due_on=assignment.due_on,
        state=ReviewState.ASSIGNED if review is None else review.state,
        done=scored,
        total=len(assignment.form.criteria),
        is_sent=is_sent,
    )
