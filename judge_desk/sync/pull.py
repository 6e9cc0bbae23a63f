"""Takes what is new: rows by the page, cursors with them in one transaction, grants, revocations, and the closing
sums."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import limits
from judge_desk.protocol.api import HubApi
from judge_desk.protocol.feed import End, Grant, Line, PullRequest, Reset, Revoke, Row, ScopeEnd
from judge_desk.store import arrivals
from judge_desk.store.arrivals import Page
from judge_desk.store.purge import forget_scope
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.report import SyncReport

PAGE_ROWS = 4_000
"""Rows in one transaction: a page is on disk, with its cursors, before the next is read."""

KNOWN_KINDS = frozenset(kind.value for kind in Kind)
Progress = Callable[[int], None]


@dataclass(slots=True)
class _Answer:
    """Lines of one answer; ``problem`` is why they break off. What came before a break is as good as any."""

    lines: list[tuple[Line, bytes]] = field(default_factory=list)
    problem: HubProblem | None = None

    @property
    def more(self) -> bool:
        last = self.lines[-1][0] if self.lines else None
        return isinstance(last, End) and last.more

    def move(self, cursors: dict[str, int]) -> None:
        """Bring cursors to where they stand once these lines are taken in."""
        for line, _body in self.lines:
            if isinstance(line, Row):
                cursors[line.scope] = line.seq
            elif isinstance(line, ScopeEnd):
                cursors[line.scope] = line.head
            elif isinstance(line, Revoke):
                cursors.pop(line.scope, None)
            elif isinstance(line, Reset):
                cursors[line.scope] = 0


class Pull:
    """One run of pulls until desk and hub are level."""

    def __init__(self, store: Store, hub: HubApi, report: SyncReport, unlink: Callable[[str], None]) -> None:
        self._store = store
        self._hub = hub
        self._report = report
        self._unlink = unlink
        self._sums: dict[str, int] = {}

    def run(self, stop: threading.Event, progress: Progress) -> None:
        """Raises HubProblem; whatever was taken in by then stays, and the next run goes on behind it.

        While an answer is taken in, the next one is under way: on a first pull hub and desk work at the same time.
        """
        with self._store.reading() as connection:
            cursors = arrivals.cursors(connection)
        answer = self._fetch(cursors)
        with ThreadPoolExecutor(1, thread_name_prefix="pull-ahead") as ahead:
            while answer.more and not answer.problem and not stop.is_set():
                answer.move(cursors)
                following = ahead.submit(self._fetch, dict(cursors))
                self._take(answer, stop, progress)
                answer = following.result()
        self._take(answer, stop, progress)
        if answer.problem is not None:
            raise answer.problem
        if not stop.is_set():  # rows that were left lying would look like missing ones
            self._check_sums()

    def _fetch(self, cursors: dict[str, int]) -> _Answer:
        """One answer of the hub, as far as it came."""
        answer = _Answer()
        try:
            answer.lines.extend(self._hub.pull(PullRequest(cursors, limits.PULL_ROWS)))
        except HubProblem as problem:
            answer.problem = problem
        return answer

    def _take(self, answer: _Answer, stop: threading.Event, progress: Progress) -> None:
        page = Page()
        for line, body in answer.lines:
            if stop.is_set():
                break
            if isinstance(line, Row):
                if line.kind in KNOWN_KINDS:
                    page.add(line, body)
                if len(page.rows) >= PAGE_ROWS:
                    page = self._commit(page, progress)
            elif isinstance(line, End):
                self._report.hub_time = line.hub_time
            else:
                page = self._control(line, page, progress)
        self._commit(page, progress)

    def _control(self, line: Line, page: Page, progress: Progress) -> Page:
        if isinstance(line, ScopeEnd):
            self._sums[line.scope] = line.checksum
            page.cursors[line.scope] = line.head
            return page
        if isinstance(line, Grant):
            page.grants.append((line.scope, line.role))
            return page
        page = self._commit(page, progress)
        with self._store.writing() as connection:
            files, changes = _obey(connection, line)
        for name in files:
            self._unlink(name)
        self._report.changes |= changes
        return page

    def _commit(self, page: Page, progress: Progress) -> Page:
        if page.rows or page.cursors or page.grants:
            with self._store.writing(durable=False) as connection:
                self._report.changes |= arrivals.take_in(connection, page)
            self._report.pulled += len(page.rows)
            progress(self._report.pulled)
        return Page()

    def _check_sums(self) -> None:
        """A scope that does not add up is fetched anew at the next pull; nothing of it is trusted as checked."""
        if not self._sums:
            return
        with self._store.writing(durable=False) as connection:
            wrong = arrivals.mismatches(connection, self._sums, self._store.clock.now().isoformat())
            for scope in wrong:
                self._report.changes |= arrivals.reset(connection, scope)
        self._report.mismatches += len(wrong)
        self._sums = {}


def _obey(connection: Connection, line: Line) -> tuple[list[str], Changes]:
    """Carry out a control line; returns the files to remove once it is committed, and what changed."""
    if isinstance(line, Reset):
        return [], arrivals.reset(connection, line.scope)
    if isinstance(line, Revoke):
        return forget_scope(connection, line.scope), Changes.of_pairs((kind.value, "*") for kind in Kind)
    return [], Changes()
