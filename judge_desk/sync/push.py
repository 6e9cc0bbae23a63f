"""Sends what is owed, oldest first, and settles every answer for good."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import VersionReason
from judge_desk.domain.errors import HubProblem
from judge_desk.domain.kinds import MERGE_RULES, STANDING_ALONE, Kind, MergeRule
from judge_desk.protocol import codec, limits
from judge_desk.protocol.api import HubApi
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action, Operation, Outcome, Result
from judge_desk.store import bases, drafts, outbox, settled
from judge_desk.store.arrivals import follow
from judge_desk.store.bodies import NONE
from judge_desk.store.outbox import OutboxState
from judge_desk.store.settled import Answer, HubCopy
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.merge import merge_records
from judge_desk.sync.report import SyncReport
from judge_desk.sync.turns import quick_turns

OPERATIONS = 300
"""Of one request: fewer than the hub takes, so that hub and desk have their hands full at the same time."""
FEW = 100
"""Of the first of several requests and of the last: while the first is frozen the hub has nothing to do, and while the
answers to the last are settled neither."""
SETTLED = 500
"""Answers at once, where more are to come: hundreds of rows that lie far from each other change with each, and what is
written for two hundred would do for four."""
A_MOMENT = 0.1
"""Seconds that those answered wait for more: over a slow link each request is settled by itself."""
FROZEN = 2_000
"""At once, behind the first request: to wait for the disk before each of the others would hold up the hub's disk
too."""
AT_ONCE = 2
"""Requests at the hub: while it decides about one, its database writes the other."""
OWN_TEXT = frozenset({MergeRule.THREE_WAY, MergeRule.PER_AUTHOR})
"""Kinds that hold a person's own words: a refusal leaves them where they were written."""


def push(
    store: Store,
    hub: HubApi,
    report: SyncReport,
    stop: threading.Event,
    *,
    follows: bool = False,
    without_files: bool = False,
) -> None:
    """Send batches until nothing is owed that can be sent now; ``follows`` as in ``settle``, ``without_files`` as in
    ``outbox.ready``. Raises HubProblem, with every answer so far settled."""
    take = partial(_take_batch, store, without_files=without_files)
    while not stop.is_set():
        first = take(0)
        requests = _Requests(take, hub, stop)
        if not first.operations or not _send(store, requests, first, report, follows=follows):
            return


@dataclass(frozen=True, slots=True)
class _Batch:
    """Operations of one request, frozen; ``is_last``: nothing behind them can be sent now."""

    operations: list[Any]
    is_last: bool

    @property
    def stands_alone(self) -> bool:
        """No other operation needs to be heard of before these or after them."""
        return all(each.kind in STANDING_ALONE for each in self.operations)


_NO_BATCH = _Batch([], is_last=True)


def _send(store: Store, requests: _Requests, batch: _Batch, report: SyncReport, *, follows: bool) -> bool:
    """One request after the other, all of different records. While some are at the hub, the answers to an earlier one
    are settled and the next one is frozen: each of the two waits for the disk. Whether anything moved."""
    if batch.is_last:
        return settle(store, batch.operations, _answers(requests.hub, batch.operations), report, follows=follows)
    moved = False
    with requests.several():
        requests.send_on(batch)
        try:
            while requests.under_way:
                asked, answers = requests.answered()
                while requests.send_on(requests.waiting) and len(asked) < SETTLED and requests.answers_soon():
                    more, told = requests.answered()
                    asked, answers = asked + more, answers + told
                moved |= settle(store, asked, answers, report, follows=follows)
        except HubProblem:
            for asked, answers in requests.all_answered():
                settle(store, asked, answers, report, follows=follows)
            raise
    return moved


class _Requests:
    """The requests of one push that are at the hub, in the order of their operations; ``take`` gives the batch behind
    a number."""

    def __init__(self, take: Callable[[int], _Batch], hub: HubApi, stop: threading.Event) -> None:
        self.hub = hub
        self._take, self._stop = take, stop
        self._beside: Executor
        self.under_way: deque[tuple[_Batch, Future[tuple[Result, ...]]]] = deque()
        self.waiting = _NO_BATCH

    @contextmanager
    def several(self) -> Iterator[None]:
        """More than one request may be at the hub while the block runs."""
        with quick_turns(), ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push") as self._beside:
            yield

    def send_on(self, batch: _Batch) -> bool:
        """Send what need not wait for an answer, and freeze what comes behind it. Whether anything is at the hub."""
        while batch.operations and not self._stop.is_set() and self._may_join(batch):
            self.under_way.append((batch, self._beside.submit(_answers, self.hub, batch.operations)))
            batch = _NO_BATCH if batch.is_last else self._take(batch.operations[-1].mid)
        self.waiting = batch
        return bool(self.under_way)

    def _may_join(self, batch: _Batch) -> bool:
        """Whether it may be at the hub together with those that are there, which it may then overtake."""
        there = [each for each, _ in self.under_way]
        return not there or (len(there) < AT_ONCE and all(each.stands_alone for each in (batch, *there)))

    def answered(self) -> tuple[list[Any], tuple[Result, ...]]:
        """The oldest request and its answers. Raises HubProblem."""
        batch, coming = self.under_way.popleft()
        return batch.operations, coming.result()

    def answers_soon(self) -> bool:
        """Whether the oldest request is answered well, now or in a moment."""
        try:
            return self.under_way[0][1].exception(A_MOMENT) is None
        except TimeoutError:
            return False

    def all_answered(self) -> Iterator[tuple[list[Any], tuple[Result, ...]]]:
        """Those that are answered for all that happened to others."""
        while self.under_way:
            with suppress(HubProblem):
                yield self.answered()


def _take_batch(store: Store, after: int, *, without_files: bool) -> _Batch:
    """The operations of the next request behind a number, frozen on disk before the first byte leaves."""
    with store.reading() as connection:
        share = _share(outbox.to_send(connection, after), is_first=after == 0)
        ready = outbox.ready(connection, share + 1, after, without_files=without_files)
        is_frozen = all(state == OutboxState.SENT for _, state in ready[:share])
        if after and not is_frozen:
            ready = outbox.ready(connection, FROZEN, after, without_files=without_files)
    if not is_frozen:
        with store.writing(folds=False) as connection:
            settled.mark_sent(connection, [mid for mid, _ in (ready if after else ready[:share])])
    with store.reading() as connection:
        frozen = outbox.by_mids(connection, [mid for mid, _ in ready[:share]])
    batch: list[Any] = []
    size = 0
    for operation in (each for each in frozen if each.state == OutboxState.SENT):
        size += len(operation.body.encode()) + 300
        if batch and size > limits.PUSH_BYTES:
            break
        batch.append(operation)
    return _Batch(batch, is_last=len(batch) == len(ready))


def _share(waiting: int, *, is_first: bool) -> int:
    """How many of the waiting operations go into the next request."""
    if waiting > OPERATIONS:
        return FEW if is_first else OPERATIONS
    return waiting if is_first or waiting <= 2 * FEW else waiting - FEW


def _answers(hub: HubApi, batch: list[Any]) -> tuple[Result, ...]:
    """The hub's results. What no request can hold is refused here: sent, it would hold up everything behind it."""
    small = {each.mid for each in batch if len(each.body.encode()) <= limits.BODY_BYTES}
    answers = hub.push(operation_of(each) for each in batch if each.mid in small) if small else ()
    large = (each.mid for each in batch if each.mid not in small)
    return (*answers, *(Result(mid=mid, outcome=Outcome.REFUSED, code=Code.TOO_LARGE) for mid in large))


def operation_of(row: Any) -> Operation:
    return Operation(
        mid=row.mid,
        scope=row.scope,
        kind=Kind(row.kind),
        id=row.record_id,
        action=Action(row.action),
        base_rev=row.base_rev,
        body=msgspec.Raw(row.body.encode()),
        made_at=datetime.fromisoformat(row.made_at),
    )


def settle(
    store: Store, batch: list[Any], results: tuple[Result, ...], report: SyncReport, *, follows: bool = False
) -> bool:
    """Take in the answers in one transaction; False when nothing moved, so that a stubborn hub is not asked for
    ever. ``follows``: what this desk itself put into the feed need not come back to it.

    An operation that was struck off meanwhile is past an answer; what it did at the hub comes with the pull.
    """
    by_mid = {each.mid: each for each in results}
    touched: list[tuple[str, str]] = []
    done: list[tuple[Any, int]] = []
    # If a power cut takes this back, the same operations go out again, and the hub gives its answers word for word.
    with store.writing(durable=False) as connection:
        for operation in _still_out(connection, batch):
            result = by_mid.get(operation.mid)
            if result is None or result.outcome is Outcome.RETRY:
                continue
            touched.append((operation.kind, operation.record_id))
            if result.outcome is Outcome.APPLIED:
                done.append((operation, result.rev))
            else:
                _settle_one(connection, operation, result, store.clock.now(), report)
        settled.applied_many(connection, done)
        if follows:
            follow(connection, [(each.scope, by_mid[each.mid].seq) for each, _ in done])
    report.changes |= Changes.of_pairs(touched)
    report.pushed += len(done)
    return bool(touched)


def _still_out(connection: Any, batch: list[Any]) -> list[Any]:
    """The operations of a batch that still wait for their answer."""
    still = outbox.still_sent(connection, [each.mid for each in batch])
    return [each for each in batch if each.mid in still]


def _settle_one(connection: Any, operation: Any, result: Result, at: datetime, report: SyncReport) -> None:
    answer = Answer(rev=result.rev, body=bytes(result.body).decode(), code=result.code, at=at)
    if result.outcome is Outcome.CONFLICT:
        _merge(connection, operation, answer, report)
    else:
        keeps = MERGE_RULES[Kind(operation.kind)] in OWN_TEXT and result.code != Code.SEALED
        settled.refused(connection, operation, answer, keeps_row=keeps)
        report.refused += 1


def _merge(connection: Any, operation: Any, answer: Answer, report: SyncReport) -> None:
    """Merge with the hub's copy; a clean result is owed anew on top of it, a true conflict waits for the judge."""
    kind = Kind(operation.kind)
    base_body = bases.base_of(connection, kind, operation.record_id)[1]
    mine_body = settled.row_body(connection, kind, operation.record_id)
    base, mine, theirs = (_record(kind, each) for each in (base_body, mine_body, answer.body))
    merged = merge_records(base, mine, theirs)
    if not merged.is_clean:
        settled.in_conflict(connection, operation, answer)
        report.conflicts += 1
        return
    if kind is Kind.DRAFT and mine is not None:
        drafts.keep_version(connection, mine.id, mine.act, reason=VersionReason.BEFORE_MERGE, at=answer.at)
    # The hub's own bytes where nothing is added to them: they may hold fields of a newer program.
    body = answer.body if merged.record == theirs else codec.encode(merged.record).decode()
    hub = HubCopy(kind, operation.scope, operation.record_id, answer.rev, answer.body)
    settled.rebase(connection, hub, body, answer.at)
    report.merged += 1


def _record(kind: Kind, body: str) -> Any | None:
    return None if body == NONE else codec.decode(kind, body)
