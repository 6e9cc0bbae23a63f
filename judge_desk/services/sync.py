"""How desk and hub stand, and what waits for the judge: refusals with their reason, conflicts with both texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.dossier import DossierReply
from judge_desk.domain.drafts import Draft, Secrecy, VersionReason
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import dossier_scope, user_scope
from judge_desk.protocol import codec
from judge_desk.runtime.clock import court_time
from judge_desk.services.attention import AttentionLine, AttentionRow, attention_lines, attention_row
from judge_desk.services.context import DeskContext
from judge_desk.services.files_under_way import FilesView, files_view
from judge_desk.store import drafts, outbox, session_data, settled, strangers
from judge_desk.store.attachments_table import TO_FETCH
from judge_desk.store.file_order import FilePlan
from judge_desk.store.outbox import OutboxState
from judge_desk.store.tables import attachment
from judge_desk.store.unit_of_work import UnitOfWork
from judge_desk.sync.engine import Step
from judge_desk.sync.loop import Standing, SyncLoop
from judge_desk.sync.report import SyncReport

__all__ = [
    "CycleLine",
    "OutboxState",
    "Outlook",
    "Standing",
    "Step",
    "SyncService",
    "SyncView",
]

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


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is still owed: ``waiting`` operations, ``attention`` decisions (``refused`` and ``conflicts``), files."""

    waiting: int
    attention: int
    refused: int = 0
    conflicts: int = 0
    files_to_send: int = 0
    files_to_fetch: int = 0
    strangers: int = 0
    """Records that only a newer version of this program can show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncView:
    """Everything the page of the sync shows but the standing, which changes by the second. ``sent`` and ``received``:
    records since the court's midnight."""

    outlook: Outlook
    attention: tuple[AttentionLine, ...]
    files: FilesView
    history: tuple[CycleLine, ...]
    sent: int
    received: int
    today: date


class SyncService:
    """Decisions on conflicts are use cases like any other: one transaction, a journal line, Changes."""

    def __init__(
        self,
        context: DeskContext,
        loop: SyncLoop | None = None,
        plan: Callable[[], FilePlan] | None = None,
    ) -> None:
        self._context = context
        self._loop, self._plan = loop, plan
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
            states = sa.select(attachment.c.state, sa.func.count()).group_by(attachment.c.state)
            files = {str(state): int(count) for state, count in connection.execute(states)}
            unknown = strangers.count(connection)
        return Outlook(
            waiting=counts[OutboxState.WAITING] + counts[OutboxState.SENT],
            attention=counts[OutboxState.REFUSED] + counts[OutboxState.CONFLICT],
            refused=counts[OutboxState.REFUSED],
            conflicts=counts[OutboxState.CONFLICT],
            files_to_send=files.get(AttachmentState.TO_SEND, 0),
            files_to_fetch=sum(files.get(each, 0) for each in TO_FETCH),
            strangers=unknown,
        )

    def history(self) -> list[CycleLine]:
        """The last cycles that moved something, newest first."""
        with self._context.store.reading() as connection:
            return session_data.get(connection, HISTORY, list[CycleLine]) or []

    def view(self) -> SyncView:
        """What the page shows."""
        today = self._context.clock.today()
        lines = self.history()
        of_today = [each for each in lines if court_time(each.at).date() == today]
        return SyncView(
            outlook=self.outlook(),
            attention=tuple(self.attention_lines()),
            files=self.files(),
            history=tuple(lines),
            sent=sum(each.pushed for each in of_today),
            received=sum(each.pulled for each in of_today),
            today=today,
        )

    def files(self) -> FilesView:
        """What is still to come, in its order and with the reasons, and the room it takes."""
        with self._context.store.reading() as connection:
            return files_view(connection, None if self._plan is None else self._plan())

    def attention_lines(self) -> list[AttentionLine]:
        """Everything that waits for a decision, newest first, without the texts."""
        with self._context.store.reading() as connection:
            return attention_lines(connection)

    def attention_row(self, mid: int) -> AttentionRow | None:
        """One of them with both texts, compared; None once it is decided or settled."""
        with self._context.store.reading() as connection:
            found = next(iter(outbox.by_mids(connection, [mid])), None)
            waits = found is not None and found.state in (OutboxState.REFUSED, OutboxState.CONFLICT)
            return attention_row(connection, found) if waits else None

    def attention(self) -> list[AttentionRow]:
        """Everything that waits for a decision, newest first."""
        with self._context.store.reading() as connection:
            return [attention_row(connection, each) for each in outbox.needing_attention(connection)]

    def keep_mine(self, mid: int) -> Changes:
        """Send one's own text on top of the hub's copy; raises NotAllowed, and BadInput where a newer text of one's own
        is already on its way."""
        return self._decide(mid, "sync.keep_mine", lambda work, row: self._send(work, row, row.mine))

    def keep_hubs(self, mid: int) -> Changes:
        """Take the hub's copy; one's own text is given up (an act is kept as a version)."""
        return self._decide(mid, "sync.keep_hubs", lambda work, row: self._rebase(work, row, row.hubs))

    def keep_merged(self, mid: int, record: Any) -> Changes:
        """Send the text that the judge made out of both; raises NotAllowed, BadInput for another record."""
        return self._decide(mid, "sync.keep_merged", lambda work, row: self._send(work, row, record))

    def keep_both(self, mid: int) -> Changes:
        """Take the hub's copy and keep one's own text beside it as a new record: a private one, or a second reply to
        the same entry of a dossier."""
        return self._decide(mid, "sync.keep_both", self._keep_both)

    def dismiss(self, mid: int) -> Changes:
        """Strike a refused operation off the list. Where this desk still shows the refused text, it then shows what the
        hub has (an act is kept as a version)."""
        return self._decide(mid, "sync.dismiss", self._dismiss)

    def _decide(self, mid: int, action: str, decision: Callable[[UnitOfWork, AttentionRow], object]) -> Changes:
        with self._context.store.unit_of_work(self._context.person.id, action) as work:
            operation = next(iter(outbox.by_mids(work.connection, [mid])), None)
            if operation is None:
                raise NotFound(kind="operation", id=str(mid))
            row = attention_row(work.connection, operation)
            decision(work, row)
            work.record(row.kind, row.record_id)
        self.now()
        return work.changes

    def _rebase(self, work: UnitOfWork, row: AttentionRow, record: Any | None) -> None:
        if row.is_superseded:
            raise BadInput("sync.send_again.impossible")
        hub = settled.hub_copy(work.connection, next(iter(outbox.by_mids(work.connection, [row.mid]))))
        body = hub.body if record == row.hubs else codec.encode(record).decode()
        if isinstance(row.mine, Draft):
            at = self._context.clock.now()
            drafts.keep_version(work.connection, row.record_id, row.mine.act, reason=VersionReason.BEFORE_MERGE, at=at)
        outbox.remove(work.connection, row.mid)
        settled.rebase(work.connection, hub, body, self._context.clock.now())

    def _send(self, work: UnitOfWork, row: AttentionRow, record: Any | None) -> None:
        if record is not None and (type(record), record.id) != (type(row.mine), row.record_id):
            raise BadInput("sync.send_again.impossible")
        operation: Any = next(iter(outbox.by_mids(work.connection, [row.mid])))
        if record != row.hubs:
            self._context.authorise(work, row.kind, operation.scope, row.hubs, record)
        self._rebase(work, row, record)

    def _dismiss(self, work: UnitOfWork, row: AttentionRow) -> None:
        if row.state is not OutboxState.REFUSED:
            raise BadInput("sync.dismiss.impossible")
        if row.is_only_here and not row.is_superseded:
            self._rebase(work, row, row.hubs)
        else:
            outbox.remove(work.connection, row.mid)

    def _keep_both(self, work: UnitOfWork, row: AttentionRow) -> None:
        if not row.may_keep_both:
            raise BadInput("sync.keep_both.impossible")
        self._rebase(work, row, row.hubs)
        scope, copy = _beside(row.mine, self._context.person.id)
        self._context.authorise(work, row.kind, scope, None, copy)
        work.put(row.kind, scope, copy)

    def _remember(self, standing: Standing, _changes: Changes) -> None:
        report = standing.last
        if report is None or standing.problem is not None or standing.level_at is None or report is self._remembered:
            return
        self._remembered = report
        self._keep_line(report, standing.level_at)

    def note(self, report: SyncReport) -> None:
        """Keep a cycle that no loop ran, of the command line for one, among the last ones."""
        self._keep_line(report, self._context.clock.now())

    def _keep_line(self, report: SyncReport, at: datetime) -> None:
        moved = report.pushed + report.pulled + report.files_in + report.files_out + report.refused + report.conflicts
        if not moved:
            return
        line = CycleLine(
            at=at,
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


def _beside(mine: Any, person_id: str) -> tuple[str, Any]:
    """One's own text as a new record, and the scope that it lies in."""
    if isinstance(mine, DossierReply):
        # What was decided was decided about the words that stay at the hub.
        return dossier_scope(mine.judge_id), replace(mine, id=new_id(), decision="", decided_at=None)
    own: dict[str, Any] = {"id": new_id(), "author_id": person_id}
    own |= {"secrecy": Secrecy.OWN} if isinstance(mine, Draft) else {"reach": NoteReach.PRIVATE}
    return user_scope(person_id), replace(mine, **own)
