"""Documents of a case file: immutable by hash; a new version is a new document that names the one it replaces."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    CLAIM = "claim"
    RESPONSE = "response"
    MOTION = "motion"
    EVIDENCE = "evidence"
    RECEIPT = "receipt"
    CONTRACT = "contract"
    EXPERT_OPINION = "expert_opinion"
    POWER_OF_ATTORNEY = "power_of_attorney"
    SUMMONS = "summons"
    MINUTES = "minutes"
    ACT = "act"
    LETTER = "letter"
    PROTOCOL = "protocol"
    OTHER = "other"


class AttachmentState(StrEnum):
    """Where a document's file stands on a desk. TO_SEND: here, and the hub does not have it yet. FAILED: the hub could
    not give it; it is asked for again when somebody wants it. ON_HUB: it was here and made room for others."""

    MISSING = "missing"
    PARTIAL = "partial"
    HERE = "here"
    TO_SEND = "to_send"
    FAILED = "failed"
    ON_HUB = "on_hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The index entry of one document, in the scope of its case; the bytes lie under ``sha256`` (64 hex digits)."""

    id: str
    case_id: str
    kind: DocumentKind
    title: str
    sha256: str
    size: int
    media_type: str
    pages: int = 0
    order: int = 0
    language: str = ""
    dated_on: date | None = None
    filed_at: datetime | None = None
    filed_by: str = ""
    replaces: str = ""
    code: str = ""
    """The short code printed on an act; the hub answers anybody who asks whether a file is the act of that code."""
    is_signed: bool = False
    signed_on_paper: date | None = None
    """The day on which the judge signed the printed act by hand, as the judge noted it; the file bears no signature."""


def manifest_root(documents: Iterable[Document]) -> str:
    """One hash over a case file: SHA-256 of the sorted lines ``id sha256 size``. Equal on desk and hub exactly when
    the files are."""
    lines = sorted(f"{each.id} {each.sha256} {each.size}\n" for each in documents)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
