"""The electronic file of a judge: entries by the commission or the council, the judge's replies, and who looked.

What the law does not publish about this file is configurable and marked as assumed (court-facts 1.9); the sections
below
are our proposed minimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from judge_desk.domain.chains import FIRST_LINK, link_hash
from judge_desk.domain.declarations import Declaration
from judge_desk.domain.guarantees import Guarantee
from judge_desk.domain.posts import Post
from judge_desk.domain.review_results import ReviewResult


class DossierSection(StrEnum):
    POSTS = "posts"
    QUALIFICATION = "qualification"
    TRAINING = "training"
    WORKLOAD = "workload"
    TERMS_KEPT = "terms_kept"
    APPEALS = "appeals"
    JURY_CASSATION = "jury_cassation"
    DISCIPLINE = "discipline"
    AWARDS = "awards"
    DECLARATIONS = "declarations"
    GUARANTEES = "guarantees"
    REVIEWS = "reviews"
    CONTESTS = "contests"


class ChangeCause(StrEnum):
    """Why an act was changed on appeal; only ERROR may count against its author."""

    LAW_CHANGED = "law_changed"
    NEW_EVIDENCE = "new_evidence"
    DIFFERENT_ASSESSMENT = "different_assessment"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEntry:
    """One entry, in the scope ``dossier:judge_id``. ``figures`` holds named numbers (count, share) of the entry's
    section.

    ``evidence`` names the paper that proves it, ``evidence_sha256`` its file. ``post``, ``declaration`` and
    ``guarantee`` belong to the sections of these names; ``campaign_id`` and ``review`` to a result of peer review.
    """

    id: str
    judge_id: str
    section: DossierSection
    title: str
    text: str = ""
    from_on: date | None = None
    to_on: date | None = None
    figures: dict[str, float] = field(default_factory=dict)
    case_number: str = ""
    cause: ChangeCause | None = None
    source: str = ""
    evidence: str = ""
    evidence_sha256: str = ""
    post: Post | None = None
    declaration: Declaration | None = None
    guarantee: Guarantee | None = None
    review: ReviewResult | None = None
    campaign_id: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None


class ReplyKind(StrEnum):
    REPLY = "reply"
    CORRECTION_REQUEST = "correction_request"
    APPEAL = "appeal"
    """Against a result of peer review: another panel is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReply:
    """The judge's own words on an entry, or a request to correct it; in the scope ``dossier:judge_id``."""

    id: str
    judge_id: str
    entry_id: str
    kind: ReplyKind
    text: str
    written_at: datetime
    decision: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAccess:
    """One look at the dossier by somebody else, written by the hub itself; in the scope ``dossier:judge_id``."""

    id: str
    judge_id: str
    reader_id: str
    reader_name: str
    reader_role: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSeal:
    """The link of one entry in the chain of its dossier, written by the hub itself when it took the entry.

    ``entry_sha256`` is over the entry as codec writes it, ``hash`` over the link and the one before it: whoever changes
    an entry afterwards, or takes one away, must change every later link, and each desk still holds the true ones.
    """

    id: str
    """The id of the entry."""
    judge_id: str
    number: int
    entry_sha256: str
    previous: str
    hash: str
    at: datetime

    @property
    def sealed_id(self) -> str:
        return self.id

    @property
    def sealed_sha256(self) -> str:
        return self.entry_sha256

    @property
    def said(self) -> tuple[str, ...]:
        return self.id, self.judge_id, self.entry_sha256


def sealed(
    entry_id: str, judge_id: str, entry_sha256: str, at: datetime, before: DossierSeal | None = None
) -> DossierSeal:
    """The next link of a chain that ends in ``before``."""
    number, previous = (before.number + 1, before.hash) if before is not None else (1, FIRST_LINK)
    return DossierSeal(
        id=entry_id,
        judge_id=judge_id,
        number=number,
        entry_sha256=entry_sha256,
        previous=previous,
        hash=link_hash(number, previous, entry_id, judge_id, entry_sha256),
        at=at,
    )
