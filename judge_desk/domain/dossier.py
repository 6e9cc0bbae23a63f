"""The electronic file of a judge: entries by the commission or the council, the judge's replies, and who looked.

What the law does not publish about this file is configurable and marked as assumed (court-facts 1.9); the sections
below
are our proposed minimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class DossierSection(StrEnum):
    POSTS = "posts"
    QUALIFICATION = "qualification"
    TRAINING = "training"
    WORKLOAD = "workload"
    TERMS_KEPT = "terms_kept"
    APPEALS = "appeals"
    DISCIPLINE = "discipline"
    AWARDS = "awards"
    REVIEWS = "reviews"


class ChangeCause(StrEnum):
    """Why an act was changed on appeal; only ERROR may count against its author."""

    LAW_CHANGED = "law_changed"
    NEW_EVIDENCE = "new_evidence"
    DIFFERENT_ASSESSMENT = "different_assessment"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEntry:
    """One entry, in the scope ``dossier:judge_id``. ``figures`` holds named numbers (count, share) of the entry's
    section."""

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
    entered_by: str = ""
    entered_at: datetime | None = None


class ReplyKind(StrEnum):
    REPLY = "reply"
    CORRECTION_REQUEST = "correction_request"


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
