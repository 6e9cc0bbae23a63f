"""Cases as the judge works with them: the long list, its filters, one case file, and the steps a case may take."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.cases import OPEN_STAGES, Case, Language, Procedure, Stage
from judge_desk.domain.changes import Changes
from judge_desk.domain.declarations import Kin
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.permissions import may_write
from judge_desk.domain.scopes import Scope, case_scope
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.services.documents import DocumentRow, document_rows
from judge_desk.services.manifest import ManifestReceipt, receipt_of
from judge_desk.services.notes import NoteRow, NoteService
from judge_desk.services.recusal import kin_in
from judge_desk.services.terms import TermRow, TermService
from judge_desk.store import attachments_table, cases, hearings, records, saved_filters, search

FILTERED_LIST = "cases"
SAVED_FILTER = "saved_filter"


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
    """One line of the list. ``pending``: how many changes of it the hub has not confirmed yet.

    ``owed_hearing_at``: the first hearing that is over while nobody wrote down what became of it; ``next_hearing_at``:
    the first planned one that is not over.
    """

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
    owed_hearing_at: datetime | None
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
    """Everything of one case but the bytes of its documents. ``next_stages``: the steps this person may take now;
    ``is_kept``: its files stay on this desk."""

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
    is_kept: bool = False
    full_text_due_on: date | None = None
    """The last day for the full text if the operative part is announced today; None: there is nothing to announce."""
    kin: tuple[Kin, ...] = ()
    """Declared kin of this person who may be among the parties: a reason to think of recusal."""
    outcomes_owed: frozenset[str] = frozenset()
    """The ids of hearings whose time was over when the file was read, and nobody wrote down what became of them."""


class CaseService:
    """Reads are quick enough for the window's thread at 10,000 cases; run ``ids`` in a task beyond that."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context
        self._terms = TermService(context)
        self._notes = NoteService(context)

    def ids(self, query: CaseQuery) -> array[int]:
        """``row_no`` of every case that fits, in the order asked for; an ``array('q')``."""
        with self._context.store.reading() as connection:
            return cases.ids(connection, _conditions(query))

    def rows(self, row_nos: Sequence[int]) -> list[CaseRow]:
        """The lines for these numbers in the same order; ask for pages of up to 200. Vanished ones are left out."""
        with self._context.store.reading() as connection:
            found = cases.lines(connection, row_nos)
            case_ids = [row.id for row, _ in found.values()]
            planned = hearings.still_planned(connection, case_ids)
            term_on = cases.next_terms(connection, case_ids)
        now = self._context.clock.now()
        owed_at = _first_at(each for each in planned if each.owes_outcome(now))
        next_at = _first_at(each for each in planned if not each.owes_outcome(now))
        return [_case_row(*found[number], owed_at, next_at, term_on) for number in row_nos if number in found]

    def count(self, query: CaseQuery) -> int:
        """How many cases fit."""
        with self._context.store.reading() as connection:
            return cases.count(connection, _conditions(query))

    def row_of(self, case_id: str) -> CaseRow:
        """One line by the case's id; raises NotFound."""
        with self._context.store.reading() as connection:
            number = cases.row_no_of(connection, case_id)
        found = [] if number is None else self.rows([number])
        if not found:
            raise NotFound(kind=Kind.CASE.value, id=case_id)
        return found[0]

    def find_number(self, number: str) -> str | None:
        """The id of the case with exactly this number, or None."""
        with self._context.store.reading() as connection:
            return cases.id_of_number(connection, number)

    def filters(self) -> list[SavedFilter]:
        """The saved filters by name."""
        with self._context.store.reading() as connection:
            found = saved_filters.of_list(connection, FILTERED_LIST)
        return [SavedFilter(filter_id, name, codec.decode_as(CaseQuery, query)) for filter_id, name, query in found]

    def save_filter(self, name: str, query: CaseQuery) -> Changes:
        """Keep a filter under a name; the same name replaces it. Raises BadInput for no name."""
        with self._context.store.writing() as connection:
            body = codec.encode(query).decode()
            filter_id = saved_filters.save(connection, FILTERED_LIST, _named(name), body)
        return Changes.of(SAVED_FILTER, filter_id)

    def rename_filter(self, filter_id: str, name: str) -> Changes:
        """Give a filter another name; raises BadInput for no name."""
        with self._context.store.writing() as connection:
            saved_filters.rename(connection, filter_id, _named(name))
        return Changes.of(SAVED_FILTER, filter_id)

    def delete_filter(self, filter_id: str) -> Changes:
        """Forget a filter; no error if there is none."""
        with self._context.store.writing() as connection:
            saved_filters.delete(connection, filter_id)
        return Changes.of(SAVED_FILTER, filter_id)

    def case_file(self, case_id: str) -> CaseFile:
        """One case file; raises NotFound."""
        with self._context.store.reading() as connection:
            case: Case = records.get(connection, Kind.CASE, case_id)
            sittings, now = hearings.of_case(connection, case_id), self._context.clock.now()
            return CaseFile(
                case=case,
                documents=tuple(document_rows(connection, case_id)),
                hearings=tuple(sittings),
                outcomes_owed=frozenset(each.id for each in sittings if each.owes_outcome(now)),
                terms=tuple(self._terms.case_rows(connection, case_id)),
                notes=tuple(self._notes.case_rows(connection, case_id)),
                drafts=tuple(_draft_row(row) for row in cases.drafts_of(connection, case_id)),
                receipt=receipt_of(connection, case_id),
                next_stages=tuple(
                    stage
                    for stage in Stage
                    if stage is not case.stage and self._may(connection, case, replace(case, stage=stage))
                ),
                may_record_outcome=self._may(connection, case, _decided(case, "?", self._context.clock.today())),
                pending=cases.pending_of(connection, case_id),
                is_kept=case_id in attachments_table.kept_cases(connection),
                full_text_due_on=self._announced_today(connection, case),
                kin=kin_in(
                    connection,
                    self._context.person.id,
                    (each.name for each in case.parties),
                    self._context.clock.today(),
                ),
            )

    def _announced_today(self, connection: Connection, case: Case) -> date | None:
        if case.stage not in (Stage.HEARING, Stage.DELIBERATION) or case.judge_id != self._context.person.id:
            return None
        return self._terms.full_text_due(connection, case)

    def advance(self, case_id: str, stage: Stage) -> Changes:
        """Take a step; raises NotAllowed for a step or a person that may not."""
        return self._change("case.advance", case_id, lambda case: replace(case, stage=stage))

    def record_outcome(self, case_id: str, outcome: str, decided_on: date | None = None) -> Changes:
        """Write down how the case ended and when (today); it becomes DECIDED. Raises NotAllowed, BadInput."""
        if not outcome.strip():
            raise BadInput("cases.outcome.empty")
        on = decided_on or self._context.clock.today()
        return self._change("case.outcome", case_id, lambda case: _decided(case, outcome.strip(), on))

    def _change(self, action: str, case_id: str, change: Callable[[Case], Case]) -> Changes:
        context = self._context
        with context.store.unit_of_work(context.person.id, action) as work:
            before: Case | None = work.get(Kind.CASE, case_id)
            if before is None:
                raise NotFound(kind=Kind.CASE.value, id=case_id)
            after = change(before)
            context.authorise(work, Kind.CASE, case_scope(case_id), before, after)
            work.put(Kind.CASE, case_scope(case_id), after)
        return work.changes

    def _may(self, connection: Connection, before: Case, after: Case) -> bool:
        scope = case_scope(before.id)
        try:
            actor = self._context.actor(connection, scope)
        except NotAllowed:
            return False
        return may_write(actor, Kind.CASE, Scope.parse(scope), before, after)


def _decided(case: Case, outcome: str, on: date) -> Case:
    """Later stages stay as they are: an outcome may be corrected after the act is in force."""
    stage = case.stage if case.stage in {Stage.IN_FORCE, Stage.CLOSED} else Stage.DECIDED
    return replace(case, outcome=outcome, decided_on=on, stage=stage)


def _named(name: str) -> str:
    if not name.strip():
        raise BadInput("cases.filter.no_name")
    return name.strip()


def _conditions(query: CaseQuery) -> cases.CaseConditions:
    stages = frozenset(query.stages or Stage)
    if query.open_only:
        stages &= OPEN_STAGES
    return cases.CaseConditions(
        match=search.match_of(query.text),
        procedures=query.procedures,
        stages=() if stages == frozenset(Stage) else stages,
        nothing=not stages,
        judge_id=query.judge_id,
        order_by=query.sort.value,
        descending=query.descending,
    )


def _first_at(by_time: Iterable[Hearing]) -> dict[str, datetime]:
    """When the first of each case begins."""
    first: dict[str, datetime] = {}
    for hearing in by_time:
        first.setdefault(hearing.case_id, hearing.starts_at)
    return first


def _case_row(
    row: sa.Row[Any],
    line: cases.CaseLine,
    owed_at: Mapping[str, datetime],
    next_at: Mapping[str, datetime],
    term_on: Mapping[str, date],
) -> CaseRow:
    return CaseRow(
        row_no=row.row_no,
        id=row.id,
        number=row.number or "",
        title=row.title or "",
        procedure=Procedure(row.procedure),
        stage=Stage(row.stage),
        language=Language(row.language),
        category=row.category or "",
        judge_name=line.judge_name,
        outcome=line.outcome,
        received_on=_day(row.received_on),
        heard_on=_day(row.heard_on),
        decided_on=_day(row.decided_on),
        owed_hearing_at=owed_at.get(row.id),
        next_hearing_at=next_at.get(row.id),
        next_term_on=term_on.get(row.id),
        pending=row.pending,
    )


def _draft_row(row: sa.Row[Any]) -> CaseDraftRow:
    return CaseDraftRow(
        id=row.id,
        title=row.title or "",
        state=DraftState(row.state),
        secrecy=Secrecy(row.secrecy),
        changed_at=datetime.fromisoformat(row.changed_at) if row.changed_at else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
