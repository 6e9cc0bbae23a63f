"""What of a stick's rows may pass: nothing that the network has made old meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from judge_desk.protocol import feed
from judge_desk.protocol.feed import End, Grant, Line, PullRequest, Reset, Revoke, Row, ScopeEnd


class Gate:
    """A page of a stick's feed as ``Pull`` asks for it: without what the network has made old meanwhile.

    A known scope is brought on from where it stands, if the stick begins no later. Rights are given and taken only by a
    stick that nothing has overtaken (``is_fresh``).
    """

    def __init__(self, *, is_fresh: bool) -> None:
        self._is_fresh = is_fresh
        self.since: dict[str, int] = {}
        self.lines: list[bytes] = []
        self.waiting: set[str] = set()
        self._open: set[str] = set()
        self._reset: set[str] = set()

    def pull(self, request: PullRequest) -> Iterator[tuple[Line, bytes]]:
        """The lines that may pass; one page, whatever was asked for."""
        for line, body in feed.read(self.lines):
            if isinstance(line, End):
                yield End(more=False, hub_time=line.hub_time), b""
            elif self._may_pass(line, request.cursors):
                yield line, body

    def _may_pass(self, line: Row | Grant | Revoke | Reset | ScopeEnd, cursors: dict[str, int]) -> bool:
        scope, here = line.scope, cursors.get(line.scope)
        if isinstance(line, Grant):
            if self._is_fresh and here is None:
                self._open.add(scope)
            return self._is_fresh
        if isinstance(line, Revoke):
            return self._is_fresh and here is not None
        if isinstance(line, Reset):
            if not self._is_fresh or here != self.since.get(scope):
                return False
            self._open.add(scope)
            self._reset.add(scope)
            return True
        if scope not in self._open:
            if here is None or self.since.get(scope, 0) > here:
                self.waiting.add(scope)
                return False
            self._open.add(scope)
        head = line.seq if isinstance(line, Row) else line.head
        return scope in self._reset or here is None or head > here
