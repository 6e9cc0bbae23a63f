"""Peer review: a blinded act, a form with behavioural anchors, and a submission that seals it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

SHORTEST_QUOTE = 3
"""Fewer letters than that quote nothing."""


class ReviewState(StrEnum):
    ASSIGNED = "assigned"
    STARTED = "started"
    SUBMITTED = "submitted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a score looks like in an act, by language code."""

    score: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    id: str
    names: dict[str, str]
    questions: dict[str, str]
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """A dated form: scores run from ``low`` to ``high``; ``comment_at`` are the scores that must be explained,
    ``evidence_at`` those that must be shown by words of the act itself."""

    id: str
    version: int
    names: dict[str, str]
    low: int
    high: int
    comment_at: tuple[int, ...]
    criteria: tuple[Criterion, ...]
    evidence_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAssignment:
    """What one reviewer is asked to do, in the scope ``review:id``. The act is blinded before it gets here: plain
    text, no names.

    ``seal_key`` (X25519, hex) is the commission's: the answers leave the desk only sealed to it, under ``rater_token``.
    ``drawing_sha256`` binds the hub to the pairs as they were drawn: an auditor's protocol must fit it.
    """

    id: str
    reviewer_id: str
    campaign: str
    act_title: str
    act_text: str
    act_language: str
    form: ReviewForm
    due_on: date
    procedure: str = ""
    campaign_id: str = ""
    act_id: str = ""
    rater_token: str = ""
    rater_groups: dict[str, str] = field(default_factory=dict)
    seal_key: str = ""
    drawing_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    criterion_id: str
    score: int | None = None
    comment: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The reviewer's form, half-done or submitted; in the scope ``review:assignment_id``. Its id is the assignment's
    id."""

    id: str
    assignment_id: str
    reviewer_id: str
    state: ReviewState
    answers: tuple[Answer, ...] = ()
    general_comment: str = ""
    decline_reason: str = ""
    changed_at: datetime | None = None
    submitted_at: datetime | None = None
    sealed: str = ""

    @property
    def is_sealed(self) -> bool:
        return self.state in {ReviewState.SUBMITTED, ReviewState.DECLINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAnswers:
    """What is inside a sealed form: no name, no time; the token stands for the reviewer inside one campaign."""

    campaign_id: str
    act_id: str
    rater_token: str
    answers: tuple[Answer, ...]
    general_comment: str = ""
    rater_groups: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing before a review may be submitted: ``reason`` is score, comment, evidence (no quotation) or
    foreign (a quotation that the act does not hold)."""

    criterion_id: str
    reason: str


def gaps(form: ReviewForm, review: Review, act_text: str) -> tuple[Gap, ...]:
    """Everything that still keeps a review of this act from being submitted, in the order of the form."""
    answers = {each.criterion_id: each for each in review.answers}
    missing: list[Gap] = []
    for criterion in form.criteria:
        answer = answers.get(criterion.id)
        if answer is None or answer.score is None or not form.low <= answer.score <= form.high:
            missing.append(Gap(criterion.id, "score"))
        elif answer.score in form.comment_at and not answer.comment.strip():
            missing.append(Gap(criterion.id, "comment"))
        elif answer.score in form.evidence_at and not answer.evidence.strip():
            missing.append(Gap(criterion.id, "evidence"))
        elif answer.score in form.evidence_at and not quotes(answer.evidence, act_text):
            missing.append(Gap(criterion.id, "foreign"))
    return tuple(missing)


def quotes(evidence: str, act_text: str) -> bool:
    """Whether words in quotation marks, or else all words, stand in the act; line ends and spaces do not matter."""
    act = _plain(act_text)
    # A quotation may hold quotation marks of its own: from the first to the last one of its line is a quotation too.
    pieces = [*re.findall(r"«(.*)»", evidence), *re.findall(r"«(.*?)»", evidence, re.DOTALL)] or [evidence]
    return any(len(_plain(each)) >= SHORTEST_QUOTE and _plain(each) in act for each in pieces)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
