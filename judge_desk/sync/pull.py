"""Takes what is new: rows by the page, the closing sums checked and cursors moved in the transaction of the page,
grants, revocations."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import KnownError
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import limits
from judge_desk.protocol.feed import End, Grant, Line, PullRequest, Reset, Revoke, Row, ScopeEnd
from judge_desk.store import arrivals, courier
from judge_desk.store.feed_pages import Page, Total
from judge_desk.store.outset import Outset
from judge_desk.store.purge import forget_scope
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.report import SyncReport
from judge_desk.sync.turns import quick_turns

PAGE_ROWS = 8_000
"""Rows in one transaction, and with them their cursors."""
FIRST_ROWS = 1_000
"""Rows of the first answer to a new desk: something to write while the hub puts together the next."""

SUMS = 100
"""Scopes whose sums one cycle asks for behind its own push. After days without a link there are hundreds, and to add
all of them up at once would hold up what is saved meanwhile."""

_QUICK_SECONDS, _SLOW_SECONDS = 1.0, 5.0

Progress = Callable[[int], None]


class Feed(Protocol):
    """Where lines come from: the hub, or a memory stick."""

    def pull(self, request: PullRequest) -> Iterator[tuple[Line, bytes]]: ...


@dataclass(slots=True)
class _Answer:
    """One answer of the hub. ``problem`` is why it breaks off: what came before a break is
    as good as any."""

    ahead: Executor
    steps: list[Page | Reset | Revoke] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    """Where the desk will stand when it has taken in all of this."""
    more: bool = False
    after: str = ""
    """The hub's word for where a first pull stands."""
    hub_time: datetime | None = None
    problem: KnownError | None = None
    next_limit: int = limits.PULL_ROWS

    def take(self, lines: Iterable[tuple[Line, bytes]]) -> None:
        """Raises what ``lines`` raises; what came before it is taken."""
        page: Page | None = None
        for line, body in lines:
            if isinstance(line, Row):
                page = page if page and len(page.rows) < PAGE_ROWS else self._new_page()
                page.add(line, body)
            elif isinstance(line, ScopeEnd):
                page = page or self._new_page()  # it may follow the last row
                page.close(line)
            elif isinstance(line, Grant):
                page = page or self._new_page()
                page.grants.append((line.scope, line.role))
            elif isinstance(line, End):
                self.more, self.hub_time, self.after = line.more, line.hub_time, line.after
            else:
                self.steps.append(line)
                page = None

    def _new_page(self) -> Page:
        page = Page(ahead=self.ahead)
        self.steps.append(page)
        return page

    def behind(self, cursors: Mapping[str, int]) -> dict[str, int]:
        """Where a desk stands that stood at ``cursors`` and has taken in all of this."""
        found = dict(cursors)
        for step in self.steps:
            if isinstance(step, Page):
                found.update(step.cursors)
            elif isinstance(step, Reset):
                found[step.scope] = 0
            else:
                found.pop(step.scope, None)
        return found

    def following(self) -> PullRequest:
        """What asks for the rest. Of a first pull the hub need not be told all that it has just sent."""
        if not self.after:
            return PullRequest(self.cursors, self.next_limit)
        here = {self.after: self.cursors[self.after]} if self.after in self.cursors else {}
        return PullRequest(here, self.next_limit, after=self.after)

    def prepare(self) -> None:
        """Have the last rows made ready beside the writer too: he has others to write first."""
        for step in self.steps:
            if isinstance(step, Page):
                step.prepare()


def _next_limit(limit: int, seconds: float) -> int:
    """As many rows as come in a second or so: what is on its way is neither seen nor kept."""
    if seconds < _QUICK_SECONDS:
        return min(limit * 3, limits.PULL_ROWS)
    return max(limit // 2, FIRST_ROWS) if seconds > _SLOW_SECONDS else limit


class Pull:
    """One run of pulls until desk and hub are level; ``by_courier``: from a stick, which the network may overtake."""

    def __init__(
        self,
        store: Store,
        hub: Feed,
        report: SyncReport,
        unlink: Callable[[str], None],
        *,
        by_courier: bool = False,
    ) -> None:
        self._store = store
        self._hub = hub
        self._report = report
        self._unlink = unlink
        self._by_courier = by_courier
        self._overtakes = False
        self._held: Total | None = None

    def run(self, stop: threading.Event, progress: Progress, start: Outset) -> bool:
        """Whether anything came; ``start`` is how the desk stands. Raises HubProblem; whatever was taken in by then
        stays, and the next run goes on behind it.

        While one answer is written, the next is read and the one after it is under way: on a first pull the hub
        works all the time, and the desk reads and writes at once.
        """
        self._overtakes = not (self._by_courier or start.is_overtaken)
        held = start.held
        self._held = None if held.cursors else Total()
        limit = limits.PULL_ROWS if held.cursors else FIRST_ROWS
        self._report.more_sums = len(held.unchecked) > SUMS
        with ThreadPoolExecutor(1, thread_name_prefix="pull-prepare") as ahead:
            request = PullRequest(held.cursors, limit, held.roles, close=held.unchecked[:SUMS], level=held.level)
            answer = self._fetch(request, ahead)
            came = bool(answer.steps)
            if answer.more and not answer.problem:
                answer = self._run_ahead(answer, ahead, stop, progress)
            self._take(answer, stop, progress)
        if answer.problem is not None:
            raise answer.problem
        return came

    def _run_ahead(self, answer: _Answer, ahead: Executor, stop: threading.Event, progress: Progress) -> _Answer:
        """Take in all answers but the last, which is given back."""
        with quick_turns(), ThreadPoolExecutor(2, thread_name_prefix="pull-fetch") as fetching:

            def ask(known: _Answer) -> Future[_Answer] | None:
                goes_on = known.more and not known.problem and not stop.is_set()
                return fetching.submit(self._fetch, known.following(), ahead) if goes_on else None

            def read(asked: Future[_Answer]) -> tuple[_Answer, Future[_Answer] | None]:
                found = asked.result()
                following = ask(found)
                found.prepare()
                return found, following

            following = ask(answer)
            answer.prepare()
            while following is not None:
                reading = fetching.submit(read, following)
                self._take(answer, stop, progress)
                answer, following = reading.result()
        return answer

    def _fetch(self, request: PullRequest, ahead: Executor) -> _Answer:
        """One answer of the hub, as far as it came."""
        answer = _Answer(ahead)
        began = self._store.clock.monotonic()
        try:
            answer.take(self._hub.pull(request))
        except KnownError as problem:
            answer.problem = problem
        answer.cursors = answer.behind(request.cursors)
        answer.next_limit = _next_limit(request.limit, self._store.clock.monotonic() - began)
        return answer

    def _take(self, answer: _Answer, stop: threading.Event, progress: Progress) -> None:
        if self._overtakes and (answer.steps or answer.hub_time):
            # If a power cut takes this back, it takes back everything that was pulled after it too.
            with self._store.writing(durable=False) as connection:
                courier.overtake(connection)
            self._overtakes = False
        for step in answer.steps:
            if stop.is_set():
                return
            if isinstance(step, Page):
                self._commit(step, progress)
            else:
                self._obey(step)
        self._report.hub_time = answer.hub_time or self._report.hub_time

    def _obey(self, line: Reset | Revoke) -> None:
        files: list[str] = []
        with self._store.writing() as connection:
            if isinstance(line, Reset):
                changes = arrivals.reset(connection, line.scope)
            else:
                files = forget_scope(connection, line.scope, line.reason, self._store.clock.now())
                changes = Changes.of_pairs((kind.value, "*") for kind in Kind)
        for name in files:
            self._unlink(name)
        self._report.changes |= changes

    def _commit(self, page: Page, progress: Progress) -> None:
        with self._store.writing(durable=False) as connection:
            taken = arrivals.take_in(connection, page, self._store.clock.now().isoformat(), self._held)
        self._held = taken.held
        self._report.changes |= taken.changes
        self._report.mismatches += len(taken.mismatches)
        self._report.pulled += len(page.rows)
        progress(self._report.pulled)
