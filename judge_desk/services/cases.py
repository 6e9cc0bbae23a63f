"""Cases as the judge works with them: the long list, its filters, one case file, and the steps a case may take."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from judge_desk.domain.cases import OPEN_STAGES, Case, Language, Procedure, Stage
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.hearings import Hearing
from judge_desk.services.context import DeskContext
from judge_desk.services.documents import DocumentRow
from judge_desk.services.manifest import ManifestReceipt
from judge_desk.services.notes import NoteRow
from judge_desk.services.terms import TermRow


class CaseSort(StrEnum):
    """Columns by which the list may be ordered."""

    NUMBER = "number"
    TITLE = "title"
    STAGE = "stage"
    RECEIVED = "received_on"
    HEARD = "heard_on"
    DECIDED = "decided_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """What the list shows. ``text``: words of title, parties, number (or its beginning); empty sets mean "any"."""

    text: str = ""
    procedures: frozenset[Procedure] = frozenset()
    stages: frozenset[Stage] = frozenset()
    open_only: bool = False
    judge_id: str = ""
    sort: CaseSort = CaseSort.RECEIVED
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of the list. ``pending``: how many changes of it the hub has not confirmed yet."""

    row_no: int
    id: str
    number: str
    title: str
    procedure: Procedure
    stage: Stage
    language: Language
    category: str
    judge_name: str
    outcome: str
    received_on: date | None
    heard_on: date | None
    decided_on: date | None
    next_hearing_at: datetime | None
    next_term_on: date | None
    pending: int

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A list the judge named."""

    id: str
    name: str
    query: CaseQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraftRow:
    """A draft of the case, without its text."""

    id: str
    title: str
    state: DraftState
    secrecy: Secrecy
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything of one case but the bytes of its documents. ``next_stages``: the steps this person may take now."""

    case: Case
    documents: tuple[DocumentRow, ...]
    hearings: tuple[Hearing, ...]
    terms: tuple[TermRow, ...]
    notes: tuple[NoteRow, ...]
    drafts: tuple[CaseDraftRow, ...]
    receipt: ManifestReceipt
    next_stages: tuple[Stage, ...]
    may_record_outcome: bool
    pending: int


class CaseService:
    """Reads are quick enough for the window's thread at 10,000 cases; run ``ids`` in a task beyond that."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def ids(self, query: CaseQuery) -> array[int]:
        """``row_no`` of every case that fits, in the order asked for; an ``array('q')``."""
        raise NotImplementedError

    def rows(self, row_nos: Sequence[int]) -> list[CaseRow]:
        """The lines for these numbers in the same order; ask for pages of up to 200. Vanished ones are left out."""
        raise NotImplementedError

    def count(self, query: CaseQuery) -> int:
        """How many cases fit."""
        raise NotImplementedError

    def row_of(self, case_id: str) -> CaseRow:
        """One line by the case's id; raises NotFound."""
        raise NotImplementedError

    def find_number(self, number: str) -> str | None:
        """The id of the case with exactly this number, or None."""
        raise NotImplementedError

    def filters(self) -> list[SavedFilter]:
        """The saved filters by name."""
        raise NotImplementedError

    def save_filter(self, name: str, query: CaseQuery) -> Changes:
        """Keep a filter under a name; the same name replaces it. Touches ``saved_filter``."""
        raise NotImplementedError

    def rename_filter(self, filter_id: str, name: str) -> Changes:
        raise NotImplementedError

    def delete_filter(self, filter_id: str) -> Changes:
        raise NotImplementedError

    def case_file(self, case_id: str) -> CaseFile:
        """One case file; raises NotFound."""
        raise NotImplementedError

    def advance(self, case_id: str, stage: Stage) -> Changes:
        """Take a step; raises NotAllowed for a step or a person that may not."""
        raise NotImplementedError

    def record_outcome(self, case_id: str, outcome: str, decided_on: date | None = None) -> Changes:
        """Write down how the case ended and when; its stage becomes DECIDED where that step is allowed."""
        raise NotImplementedError
