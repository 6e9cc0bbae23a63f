"""What a device holds, and its question to the hub's feed without HTTP: remembered by the process, or not."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from judge_desk.hub import feed as hub_feed
from judge_desk.hub.auth import Caller
from judge_desk.protocol import feed
from judge_desk.protocol.feed import Grant, PullRequest, Reset, Revoke, Row, ScopeEnd
from judge_desk.runtime.clock import FixedClock
from tests.live_hub import COURT, LiveHub

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = "judge"


class Asker:
    """What a device holds, and its question to the hub in both ways."""

    def __init__(self, hub: LiveHub) -> None:
        self.hub = hub
        self.caller = Caller(COURT.id, PERSON, hub.desk(PERSON).device_id)
        self.remembering = hub_feed.Source(FixedClock(NOW))
        self.held: dict[str, tuple[int, str]] = {}
        self.generation = 0

    def named(self) -> str:
        held = (f"{scope} {cursor} {role}" for scope, (cursor, role) in sorted(self.held.items()))
        return feed.level_of("\n".join(held).encode())

    def whole(self) -> list[bytes]:
        """The answer of a hub that remembers nobody, told every cursor."""
        cursors = {scope: cursor for scope, (cursor, _) in self.held.items()}
        roles = feed.roles_sum(f"{scope} {role}" for scope, (_, role) in self.held.items()) if self.held else 0
        return self._ask(hub_feed.Source(FixedClock(NOW)), PullRequest(cursors, 2_000, roles))

    def known(self, limit: int = 2_000) -> list[bytes]:
        """The answer of a hub that remembers this desk."""
        roles = feed.roles_sum(f"{scope} {role}" for scope, (_, role) in self.held.items())
        request = PullRequest({}, limit, roles, self.generation, level=self.named(), brief=True)
        return self._ask(self.remembering, request)

    def begin(self) -> None:
        self.take(self._ask(self.remembering, PullRequest({}, 2_000)))

    def _ask(self, source: hub_feed.Source, request: PullRequest) -> list[bytes]:
        return hub_feed.pull(self.hub.engine, source, self.caller, msgspec.json.encode(request))

    def take(self, lines: list[bytes]) -> None:
        for line, _ in feed.read(each.rstrip(b"\n") for each in lines):
            if isinstance(line, Grant):
                self.held[line.scope] = (self.held.get(line.scope, (0, ""))[0], line.role)
            elif isinstance(line, Revoke):
                del self.held[line.scope]
            elif isinstance(line, Reset):
                self.held[line.scope] = (0, self.held[line.scope][1])
            elif isinstance(line, Row):
                self.held[line.scope] = (line.seq, self.held[line.scope][1])
            elif isinstance(line, ScopeEnd):
                self.held[line.scope] = (line.head, self.held[line.scope][1])
