"""A new desk at a real hub: it tells in one word where it stands, and holds everything at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.protocol.feed import PullRequest
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.sync import pull
from judge_desk.sync.transport import HttpHub
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, put_cases

JUDGE = "judge1"


def test_a_first_pull_names_one_cursor_a_page(
    sqlite_hub: LiveHub, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_cases(sqlite_hub, JUDGE, 60)
    desk = new_desk(sqlite_hub, JUDGE)
    asked: list[PullRequest] = []
    whole = HttpHub.pull

    def noted(hub: HttpHub, request: PullRequest) -> Iterator[Any]:
        asked.append(request)
        return whole(hub, request)

    monkeypatch.setattr(HttpHub, "pull", noted)
    monkeypatch.setattr(pull, "FIRST_ROWS", 5)
    report = desk.sync()
    assert (report.mismatches, len(factories.rows_of(desk.opened.context, RECORD_TABLES[Kind.CASE]))) == (0, 60)
    first, *rest = asked
    assert (first.cursors, first.after) == ({}, "")
    assert len(rest) > 1
    assert all(each.after and len(each.cursors) <= 1 for each in rest)
    with monkeypatch.context() as patch:
        patch.setattr(pull, "FIRST_ROWS", 1_000)
        assert report.pulled == new_desk(sqlite_hub, JUDGE, "at once").sync().pulled, "something came twice"
    asked.clear()
    assert desk.sync().pulled == 0
    [again] = asked
    assert (len(again.cursors), again.after) == (60 + 3, "")
