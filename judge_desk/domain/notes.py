"""Notes and marks on a case file: private ones live in the author's own scope, shared ones in the scope of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoteReach(StrEnum):
    """Who may read a note: its author alone, or everyone who works on the case file."""

    PRIVATE = "private"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on a case, a document, or one page of it (``page`` counts from 1; 0 means the whole document)."""

    id: str
    case_id: str
    author_id: str
    reach: NoteReach
    text: str
    document_id: str = ""
    page: int = 0
    quote: str = ""
    pinned: bool = False
    created_at: datetime | None = None
    changed_at: datetime | None = None
