"""How desk and hub stand, and what waits for the judge: refusals with their reason, conflicts with both texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft, Secrecy, VersionReason
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.scopes import user_scope
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.store import drafts, outbox, records, session_data, settled
from judge_desk.store.outbox import OutboxState
from judge_desk.store.settled import NONE, HubCopy
from judge_desk.store.unit_of_work import UnitOfWork
from judge_desk.sync.engine import Step
from judge_desk.sync.loop import Standing, SyncLoop
from judge_desk.sync.merge import Conflict, merge_records
from judge_desk.sync.report import SyncReport

__all__ = ["AttentionRow", "Conflict", "CycleLine", "Outlook", "Standing", "Step", "SyncService"]

HISTORY = "sync.history"
HISTORY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class CycleLine:
    """One cycle that did something, for the page of the sync."""

    at: datetime
    pushed: int
    pulled: int
    files_in: int
    files_out: int
    refused: int
    conflicts: int
    merged: int
    bytes_in: int
    bytes_out: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionRow:
    """An operation that waits for the judge. ``mine`` and ``hubs`` are records of ``kind`` (None: deleted or never
    there)."""

    mid: int
    kind: Kind
    record_id: str
    case_id: str
    case_number: str
    state: OutboxState
    code: str
    made_at: datetime
    mine: Any | None
    hubs: Any | None
    conflicts: tuple[Conflict, ...]

    @property
    def may_keep_both(self) -> bool:
        """Texts of one's own can stand side by side; facts of the registry cannot."""
        return self.mine is not None and self.hubs is not None and isinstance(self.mine, Draft | Note)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is still owed: ``waiting`` operations and files, ``attention`` decisions."""

    waiting: int
    attention: int


class SyncService:
    """Decisions on conflicts are use cases like any other: one transaction, a journal line, Changes."""

    def __init__(self, context: DeskContext, loop: SyncLoop | None = None) -> None:
        self._context = context
        self._loop = loop
        self._remembered: SyncReport | None = None
        if loop is not None:
            loop.listen(self._remember)

    @property
    def standing(self) -> Standing:
        """How it stands now; a desk without a loop (command line, tests) has not tried yet."""
        return Standing() if self._loop is None else self._loop.standing

    def listen(self, listener: Callable[[Standing, Changes], None]) -> None:
        """Hear of every new standing, on the thread of the sync."""
        if self._loop is not None:
            self._loop.listen(listener)

    def now(self) -> None:
        """Begin a cycle at once."""
        if self._loop is not None:
            self._loop.now()

    def pause(self, *, paused: bool) -> None:
        if self._loop is not None:
            self._loop.pause(paused=paused)

    def outlook(self) -> Outlook:
        with self._context.store.reading() as connection:
            counts = outbox.counts(connection)
        return Outlook(
            waiting=counts[OutboxState.WAITING] + counts[OutboxState.SENT],
            attention=counts[OutboxState.REFUSED] + counts[OutboxState.CONFLICT],
        )

    def history(self) -> list[CycleLine]:
        """The last cycles that moved something, newest first."""
        with self._context.store.reading() as connection:
            return session_data.get(connection, HISTORY, list[CycleLine]) or []

    def attention(self) -> list[AttentionRow]:
        """Everything that waits for a decision, newest first."""
        with self._context.store.reading() as connection:
            return [_attention(connection, each) for each in outbox.needing_attention(connection)]

    def keep_mine(self, mid: int) -> Changes:
        """Send one's own text on top of the hub's copy."""
        return self._decide(mid, "sync.keep_mine", lambda work, row: self._rebase(work, row, row.mine))

    def keep_hubs(self, mid: int) -> Changes:
        """Take the hub's copy; one's own text is given up, or a refusal is taken note of."""
        return self._decide(mid, "sync.keep_hubs", lambda work, row: self._rebase(work, row, row.hubs))

    def keep_merged(self, mid: int, record: Any) -> Changes:
        """Send the text that the judge made out of both."""
        return self._decide(mid, "sync.keep_merged", lambda work, row: self._rebase(work, row, record))

    def keep_both(self, mid: int) -> Changes:
        """Take the hub's copy and keep one's own text beside it as a new private record."""
        return self._decide(mid, "sync.keep_both", self._keep_both)

    def dismiss(self, mid: int) -> Changes:
        """Strike a refused operation off the list."""
        return self._decide(mid, "sync.dismiss", lambda work, row: outbox.remove(work.connection, row.mid))

    def _decide(self, mid: int, action: str, decision: Callable[[UnitOfWork, AttentionRow], object]) -> Changes:
        with self._context.store.unit_of_work(self._context.person.id, action) as work:
            operation = next(iter(outbox.by_mids(work.connection, [mid])), None)
            if operation is None:
                raise NotFound(kind="operation", id=str(mid))
            row = _attention(work.connection, operation)
            decision(work, row)
            work.record(row.kind, row.record_id)
        self.now()
        return work.changes

    def _rebase(self, work: UnitOfWork, row: AttentionRow, record: Any | None) -> None:
        operation: Any = next(iter(outbox.by_mids(work.connection, [row.mid])))
        hub = HubCopy(row.kind, operation.scope, row.record_id, operation.hub_rev, operation.hub_body)
        body = NONE if record is None else codec.encode(record).decode()
        if isinstance(row.mine, Draft):
            at = self._context.clock.now()
            drafts.keep_version(work.connection, row.record_id, row.mine.act, reason=VersionReason.BEFORE_MERGE, at=at)
        outbox.remove(work.connection, row.mid)
        settled.rebase(work.connection, hub, body, self._context.clock.now())

    def _keep_both(self, work: UnitOfWork, row: AttentionRow) -> None:
        if not row.may_keep_both:
            raise BadInput("sync.keep_both.impossible")
        self._rebase(work, row, row.hubs)
        own = {"id": new_id(), "author_id": self._context.person.id}
        mine: Any = row.mine
        own |= {"secrecy": Secrecy.OWN} if isinstance(mine, Draft) else {"reach": NoteReach.PRIVATE}
        copy = replace(mine, **own)
        scope = user_scope(self._context.person.id)
        self._context.authorise(work, row.kind, scope, None, copy)
        work.put(row.kind, scope, copy)

    def _remember(self, standing: Standing, _changes: Changes) -> None:
        report = standing.last
        if report is None or standing.problem is not None or standing.level_at is None:
            return
        moved = report.pushed + report.pulled + report.files_in + report.files_out + report.refused + report.conflicts
        if not moved or report is self._remembered:
            return
        self._remembered = report
        line = CycleLine(
            at=standing.level_at,
            pushed=report.pushed,
            pulled=report.pulled,
            files_in=report.files_in,
            files_out=report.files_out,
            refused=report.refused,
            conflicts=report.conflicts,
            merged=report.merged,
            bytes_in=report.bytes_in,
            bytes_out=report.bytes_out,
            seconds=report.seconds,
        )
        with self._context.store.writing() as connection:
            lines = session_data.get(connection, HISTORY, list[CycleLine]) or []
            session_data.put(connection, HISTORY, [line, *lines][:HISTORY_LENGTH])


def _attention(connection: Connection, operation: Any) -> AttentionRow:
    kind = Kind(operation.kind)
    mine_body = operation.body
    if operation.state == OutboxState.CONFLICT:
        mine_body = settled.row_body(connection, kind, operation.record_id)
    base_body = settled.base_of(connection, kind, operation.record_id)[1]
    base, mine, hubs = (
        None if body == NONE else codec.decode(kind, body) for body in (base_body, mine_body, operation.hub_body)
    )
    record = mine or hubs
    case_id = str(getattr(record, "case_id", "")) or (record.id if kind is Kind.CASE and record else "")
    case = records.find(connection, Kind.CASE, case_id) if case_id else None
    return AttentionRow(
        mid=operation.mid,
        kind=kind,
        record_id=operation.record_id,
        case_id=case_id,
        case_number="" if case is None else case.number,
        state=OutboxState(operation.state),
        code=operation.code,
        made_at=datetime.fromisoformat(operation.made_at),
        mine=mine,
        hubs=hubs,
        conflicts=merge_records(base, mine, hubs).conflicts if operation.state == OutboxState.CONFLICT else (),
    )
