"""A desk that begins with nothing says in one word where it stands, and is sent what every other way sends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.terms import Term
from judge_desk.hub import heads
from judge_desk.hub.auth import Caller
from judge_desk.hub.db import tables
from judge_desk.hub.pages import ORDER
from judge_desk.hub.refusals import Refused
from judge_desk.protocol import feed, http
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, PullRequest, Revoke, Row, ScopeEnd
from tests.contract.records import a_case
from tests.live_hub import LiveHub, TestDesk, good

CASES = 7


@pytest.fixture
def court(live_hub: LiveHub) -> LiveHub:
    """Two judges; seven cases of the first with terms in every other one, a deleted one among them."""
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("other", Role.JUDGE)
    for n in range(CASES):
        live_hub.put((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")))
        if n % 2:
            live_hub.put(*(term(n, each) for each in range(n)))
    live_hub.put(("case:k5", Kind.TERM, "k5-t1", None))
    return live_hub


def term(case: int, number: int) -> tuple[str, Kind, str, Term]:
    name = f"k{case}-t{number}"
    return (f"case:k{case}", Kind.TERM, name, Term(id=name, case_id=f"k{case}"))


def asked(desk: TestDesk, request: PullRequest) -> list[tuple[feed.Line, bytes]]:
    answer = good(desk.http.post(http.PULL, content=msgspec.json.encode(request)))
    return feed.read(answer.content.split(b"\n")[:-1])


class Beginner:
    """The rest of a first pull, answer by answer, with nothing told but the hub's last word."""

    def __init__(self, desk: TestDesk, limit: int) -> None:
        self.desk, self.limit, self.after = desk, limit, ""
        self.lines: list[tuple[feed.Line, bytes]] = []
        self.cursors: dict[str, int] = {}

    def step(self) -> bool:
        """One answer; whether more is to come."""
        here = {self.after: self.cursors[self.after]} if self.after in self.cursors else {}
        *lines, (end, _) = asked(self.desk, PullRequest(here, self.limit, after=self.after))
        self.lines += lines
        for line, _ in lines:
            if isinstance(line, Row):
                self.cursors[line.scope] = line.seq
            elif isinstance(line, ScopeEnd):
                self.cursors[line.scope] = line.head
        assert isinstance(end, End)
        assert bool(end.after) == end.more
        self.after = end.after
        return end.more

    def run(self) -> Beginner:
        steps = 1
        while self.step():
            steps += 1
            assert steps < 200, "the hub never ends"
        return self


def scopes(lines: list[tuple[feed.Line, bytes]]) -> set[Any]:
    return {line.scope for line, _ in lines if not isinstance(line, End)}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 2_000])
def test_pages_of_any_size_say_what_one_answer_says(court: LiveHub, limit: int) -> None:
    desk = court.desk("judge")
    *whole, _ = asked(desk, PullRequest({}, 2_000))
    assert len(scopes(whole)) == CASES + 3
    assert Beginner(desk, limit).run().lines == whole


@pytest.mark.parametrize("limit", [1, 3])
def test_who_begins_with_nothing_may_tell_every_cursor_too(court: LiveHub, limit: int) -> None:
    desk = court.desk("judge")
    *whole, _ = asked(desk, PullRequest({}, 2_000))
    pulled = desk.pull(limit)
    assert [row for row, _ in pulled.rows] == [line for line, _ in whole if isinstance(line, Row)]


def test_the_first_answer_of_a_small_court_is_the_last(court: LiveHub) -> None:
    beginner = Beginner(court.desk("judge"), CASES + 100)
    assert not beginner.step()
    assert beginner.after == ""


def test_what_is_taken_away_meanwhile_is_not_sent(court: LiveHub) -> None:
    beginner = Beginner(court.desk("judge"), 2)
    while "case:k1" not in scopes(beginner.lines):
        assert beginner.step()
    for case_id in ("k0", "k6"):
        court.put((f"case:{case_id}", Kind.CASE, case_id, a_case(case_id, judge_id="other", secretary_id="")))
    lines = beginner.run().lines
    assert "case:k6" not in scopes(lines)
    [(lost, _), *_] = asked(beginner.desk, PullRequest(beginner.cursors, 2_000))
    assert lost == Revoke("case:k0", "reassigned")


def test_what_is_new_before_it_comes_with_the_next_pull(court: LiveHub) -> None:
    beginner = Beginner(court.desk("judge"), 2)
    while "case:k3" not in scopes(beginner.lines):
        assert beginner.step()
    court.put(term(0, 0))
    beginner.run()
    assert "k0-t0" not in {line.id for line, _ in beginner.lines if isinstance(line, Row)}
    rows = [line.id for line, _ in asked(beginner.desk, PullRequest(beginner.cursors, 2_000)) if isinstance(line, Row)]
    assert rows == ["k0-t0"]


def test_a_device_that_was_closed_meanwhile_gets_no_other_page(court: LiveHub) -> None:
    caller = Caller("court1", "judge", court.desk("judge").device_id)
    with court.engine.begin() as connection:
        connection.execute(update(tables.device).values(revoked_at=datetime.now(UTC)))
    with court.engine.connect() as connection, pytest.raises(Refused) as refusal:
        heads.following(connection, caller, "case:k1", 5)
    assert refusal.value.code == Code.DEVICE_REVOKED


def test_a_name_that_is_none_gives_nothing_that_is_not_ones_own(court: LiveHub) -> None:
    desk = court.desk("judge")
    *whole, _ = asked(desk, PullRequest({}, 2_000))
    for after in ("case:theirs", "nothing:like-that", "case", "zz", ":", "user:", "panel:~"):
        assert scopes(asked(desk, PullRequest({}, 2_000, after=after))) <= scopes(whole)


def test_a_page_looks_at_no_more_scopes_than_it_has_room_for(court: LiveHub) -> None:
    caller = Caller("court1", "judge", court.desk("judge").device_id)

    def names(after: str, room: int) -> list[str]:
        with court.engine.connect() as connection:
            found = heads.following(connection, caller, after, room)
        assert not found.ended
        return sorted(found.held)

    assert names("", 2) == ["case:k0", "case:k1", "court:court1", "dossier:judge", "user:judge"]
    assert names("case:k3", 2) == ["case:k3", "case:k4"]
    assert names("dossier:judge", 1) == ["case:k0", "dossier:judge"]
    assert ORDER.index("user") < ORDER.index("court") < ORDER.index("dossier") < ORDER.index("case")
