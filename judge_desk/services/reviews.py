"""Peer reviews to write: a blinded act beside the form, half-done kept on the desk, sealed by submission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound, Sealed
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import (
    Answer,
    Gap,
    Review,
    ReviewAssignment,
    ReviewForm,
    ReviewState,
    SealedAnswers,
    gaps,
)
from judge_desk.domain.scopes import review_scope
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.store import outbox, records, session_data, today
from judge_desk.store.tables import RECORD_TABLES

_assignment = RECORD_TABLES[Kind.REVIEW_ASSIGNMENT]
_review = RECORD_TABLES[Kind.REVIEW]

OWN_COPY = "own_form:"
LONGEST_WORDS = 20_000
SAME_SCORES = 4
"""So many equal scores and no other make one ask whether each criterion was looked at by itself."""
HALO_FORMS, HALO_APART = 3, 1.5
"""In so many forms of one reviewer, the means so far apart and no form wider than a point: the act, or its author, was
scored as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One assignment in the list; ``done`` of ``total`` criteria are scored. ``is_sent``: the hub has confirmed it;
    ``is_refused``: it said no."""

    assignment_id: str
    act_title: str
    campaign: str
    due_on: date
    state: ReviewState
    done: int
    total: int
    is_sent: bool
    is_refused: bool = False

    @property
    def is_sealed(self) -> bool:
        return self.state in (ReviewState.SUBMITTED, ReviewState.DECLINED)


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """The assignment, what was written so far, and what is still missing. ``receipt``: the SHA-256 of a sealed form, by
    which anybody can tell that it has not changed since; empty before. ``title``: the act's, with a number where
    another act to review has the same."""

    assignment: ReviewAssignment
    review: Review
    gaps: tuple[Gap, ...]
    is_sent: bool
    is_refused: bool = False
    receipt: str = ""
    title: str = ""
    others: tuple[tuple[int, ...], ...] = ()
    """The scores of the reviewer's other whole forms of this kind, for ``has_halo``."""


def has_halo(form: ReviewForm, answers: tuple[Answer, ...], others: tuple[tuple[int, ...], ...]) -> bool:
    """Whether the reviewer's forms rise and fall as wholes: criteria hardly differ, acts differ much."""
    mine = tuple(each.score for each in answers if each.score is not None)
    forms = [mine, *others]
    if len(mine) != len(form.criteria) or len(mine) < SAME_SCORES or len(forms) < HALO_FORMS:
        return False
    means = [sum(each) / len(each) for each in forms]
    return all(max(each) - min(each) <= 1 for each in forms) and max(means) - min(means) >= HALO_APART


def is_straight_lined(form: ReviewForm, answers: tuple[Answer, ...]) -> bool:
    """Whether every criterion got the same score, on a form long enough for that to be worth a second look."""
    scores = [each.score for each in answers if each.score is not None]
    return len(scores) == len(form.criteria) >= SAME_SCORES and len(set(scores)) == 1


class ReviewService:
    """Only the reviewer's own assignments are on this desk, and nothing tells whose act it is."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    @property
    def today(self) -> date:
        """The court's day, by which a review is due or late."""
        return self._context.clock.today()

    def assigned(self) -> list[ReviewRow]:
        """All assignments, the ones still open first, the nearest due first."""
        with self._context.store.reading() as connection:
            assignments = records.where(connection, Kind.REVIEW_ASSIGNMENT, order_by=(_assignment.c.due_on,))
            written = {each.assignment_id: each for each in records.where(connection, Kind.REVIEW)}
            pending = set(connection.execute(sa.select(_review.c.id).where(_review.c.pending > 0)).scalars())
            refused = outbox.refused_ids(connection, Kind.REVIEW)
            titles = today.act_titles(connection)
        rows = [
            replace(
                _row(each, written.get(each.id)),
                act_title=titles[each.id],
                is_sent=each.id not in pending | refused,
                is_refused=each.id in refused,
            )
            for each in assignments
        ]
        return sorted(rows, key=lambda row: row.is_sealed)

    def open(self, assignment_id: str) -> ReviewWork:
        """One assignment to work on; raises NotFound."""
        with self._context.store.reading() as connection:
            assignment = records.get(connection, Kind.REVIEW_ASSIGNMENT, assignment_id)
            review = records.find(connection, Kind.REVIEW, assignment_id) or self._fresh(assignment)
            own = session_data.get(connection, OWN_COPY + assignment_id, Review) if review.sealed else None
            pending = connection.execute(sa.select(_review.c.pending).where(_review.c.id == assignment_id)).scalar()
            is_refused = assignment_id in outbox.refused_ids(connection, Kind.REVIEW)
            title = today.act_titles(connection)[assignment_id]
            others = _others(connection, assignment)
        receipt = sha256(codec.encode(review)).hexdigest() if review.is_sealed else ""
        if own is not None:
            review = replace(review, answers=own.answers, general_comment=own.general_comment)
        return ReviewWork(
            assignment,
            review,
            gaps(assignment.form, review, assignment.act_text),
            is_sent=not pending and not is_refused,
            is_refused=is_refused,
            receipt=receipt,
            title=title,
            others=others,
        )

    def save(self, assignment_id: str, answers: tuple[Answer, ...], general_comment: str = "") -> Changes:
        """Keep a half-done form; raises Sealed after submission, BadInput for answers that the form does not ask.

        What is on disk already is not written again.
        """
        before = self.open(assignment_id)
        if not before.review.is_sealed and (answers, general_comment) == (
            before.review.answers,
            before.review.general_comment,
        ):
            return Changes()
        _check(before.assignment.form, answers, general_comment)
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
        """Seal the form; raises BadInput with the number of gaps while something is missing.

        A form of a campaign leaves the desk sealed to the commission's key; what was written stays readable here alone.
        """
        work = self.open(assignment_id)
        if work.gaps:
            raise BadInput("reviews.gaps", count=len(work.gaps))
        now = self._context.clock.now()

        def submitted(review: Review) -> Review:
            done = replace(review, state=ReviewState.SUBMITTED, changed_at=now, submitted_at=now)
            return _sealed(work.assignment, done) if work.assignment.seal_key else done

        changes = self._write(assignment_id, "review.submit", submitted)
        if work.assignment.seal_key:
            with self._context.store.writing() as connection:
                session_data.put(connection, OWN_COPY + assignment_id, replace(work.review, changed_at=now))
        return changes

    def paper(self, assignment_id: str, language: str) -> bytes:
        """The form as PDF, as far as it is written; nothing in it tells who wrote it or when. Raises NotFound."""
        from judge_desk.services.review_paper import render_form  # reportlab is not on the start path

        work = self.open(assignment_id)
        return render_form(work.assignment, work.review, language)

    def decline(self, assignment_id: str, reason: str) -> Changes:
        """Declare a conflict of interest, so that another reviewer is drawn; raises BadInput without a reason."""
        if not reason.strip():
            raise BadInput("reviews.decline.reason")
        now = self._context.clock.now()
        return self._write(
            assignment_id,
            "review.decline",
            lambda review: replace(
                review,
                state=ReviewState.DECLINED,
                decline_reason=reason.strip(),
                answers=(),
                general_comment="",
                changed_at=now,
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
            if assignment.seal_key and not after.is_sealed:
                # Half-done forms of a campaign are nobody's but the reviewer's: no operation, nothing to sync.
                work.keep(Kind.REVIEW, scope, after)
            else:
                work.put(Kind.REVIEW, scope, after)
        return work.changes

    def _fresh(self, assignment: ReviewAssignment) -> Review:
        return Review(
            id=assignment.id,
            assignment_id=assignment.id,
            reviewer_id=self._context.person.id,
            state=ReviewState.ASSIGNED,
        )


def _others(connection: Connection, assignment: ReviewAssignment) -> tuple[tuple[int, ...], ...]:
    """The scores of this desk's other whole forms of the same kind, sealed ones by the copy that stays here."""
    asked = {each.id: each for each in records.where(connection, Kind.REVIEW_ASSIGNMENT) if each.id != assignment.id}
    same = {name for name, each in asked.items() if each.form.id == assignment.form.id}
    found = []
    for review in records.where(connection, Kind.REVIEW):
        if review.id not in same or review.state is ReviewState.DECLINED:
            continue
        own = session_data.get(connection, OWN_COPY + review.id, Review) if review.sealed else review
        scores = tuple(each.score for each in own.answers if each.score is not None) if own is not None else ()
        if len(scores) == len(assignment.form.criteria):
            found.append(scores)
    return tuple(found)


def _sealed(assignment: ReviewAssignment, review: Review) -> Review:
    """The form with its answers sealed to the campaign's key and nowhere else."""
    from judge_desk.security import sealed_forms  # HPKE is loaded by the first submission, not by the start

    answers = SealedAnswers(
        campaign_id=assignment.campaign_id,
        act_id=assignment.act_id,
        rater_token=assignment.rater_token,
        answers=review.answers,
        general_comment=review.general_comment,
        rater_groups=assignment.rater_groups,
    )
    sealed = sealed_forms.seal(answers, assignment.seal_key)
    return replace(review, answers=(), general_comment="", sealed=sealed)


def _check(form: ReviewForm, answers: tuple[Answer, ...], general_comment: str) -> None:
    known = {each.id for each in form.criteria}
    scores = (each.score for each in answers if each.score is not None)
    if {each.criterion_id for each in answers} - known or any(not form.low <= each <= form.high for each in scores):
        raise BadInput("reviews.save.other_form")
    longest = max((len(text) for each in answers for text in (each.comment, each.evidence)), default=0)
    if max(longest, len(general_comment)) > LONGEST_WORDS:
        raise BadInput("reviews.save.too_long", most=LONGEST_WORDS)


def _row(assignment: ReviewAssignment, review: Review | None) -> ReviewRow:
    scored = 0 if review is None else sum(1 for each in review.answers if each.score is not None)
    return ReviewRow(
        assignment_id=assignment.id,
        act_title=assignment.act_title,
        campaign=assignment.campaign,
        due_on=assignment.due_on,
        state=ReviewState.ASSIGNED if review is None else review.state,
        done=scored,
        total=len(assignment.form.criteria),
        is_sent=False,
    )
