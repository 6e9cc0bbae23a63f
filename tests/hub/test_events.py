"""Pokes: they reach who holds the scope, at whichever hub process, and say nothing; a stream ends when it must."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import auth
from judge_desk.hub import events as bell
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.db.waking import Moved
from judge_desk.hub.registry import Registry
from judge_desk.hub.routes import events as routes
from judge_desk.protocol import http
from tests.contract.records import a_case, a_note
from tests.live_events import QUIET, SOON, Stream
from tests.live_hub import LiveHub, hub_over, refused


@contextmanager
def other_process(hub: LiveHub) -> Iterator[Registry]:
    """The registry of another process: an engine of its own that nobody in this one listens to."""
    engine = open_engine(hub.database_url)
    try:
        yield Registry(engine, FolderBlobs.__new__(FolderBlobs))
    finally:
        engine.dispose()


def test_who_holds_the_scope_is_poked_and_nobody_else(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("other", Role.JUDGE)
    mine, others = live_hub.desk("judge"), live_hub.desk("other")
    streams = Stream(mine), Stream(others)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", secretary_id="")))
    told = streams[0].poke()
    assert told == 'data: {"spread_seconds":0.0}', "a poke has no content"
    assert streams[1].is_quiet()


def test_a_desk_is_not_poked_for_its_own_work(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", secretary_id="")))
    here, there = live_hub.desk("judge"), live_hub.desk("judge")
    streams = Stream(here), Stream(there)
    assert here.push_one("case:k1", Kind.NOTE, "n1", a_note("n1", case_id="k1")).outcome == "applied"
    assert streams[1].poke()
    assert streams[0].is_quiet()


def test_what_another_process_wrote_is_told_too(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    stream = Stream(live_hub.desk("judge"))
    # The first look of a process at its file only learns how things stand.
    time.sleep(2 * bell.LOOK_SECONDS) if live_hub.database_url.startswith("sqlite") else None
    with other_process(live_hub) as registry:
        case = a_case("k1", secretary_id="")
        registry.put_many(live_hub.court.id, [("case:k1", Kind.CASE, "k1", case)])
        assert stream.poke()
        registry.put_many(live_hub.court.id, [("case:k1", Kind.CASE, "k1", replace(case, judge_id="other"))])
        assert stream.poke(), "who has just lost a case must come and hear it"


def test_a_right_withdrawn_by_hand_is_told(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", secretary_id="")))
    stream = Stream(live_hub.desk("judge"))
    live_hub.registry.withdraw_many(live_hub.court.id, [("judge", "case:k1")])
    assert stream.poke()


def test_a_device_that_was_shut_out_loses_its_stream(live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "BEAT_SECONDS", 0.1)
    live_hub.add_person("judge", Role.JUDGE)
    desk = live_hub.desk("judge")
    stream = Stream(desk)
    auth.revoke_device(live_hub.engine, desk.device_id, datetime.now(UTC))
    assert stream.poke() is None
    assert refused(desk.http.get(http.EVENTS)) == (403, "device_revoked")


def test_streams_ask_together_whether_their_devices_may_still_come(
    live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BEAT_SECONDS", 0.2)
    live_hub.add_person("judge", Role.JUDGE)
    desks = [live_hub.desk("judge") for _ in range(8)]
    streams = [Stream(each) for each in desks]
    asked: list[float] = []
    often = threading.Event()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM device" in statement and "IN (" in statement:
            asked.append(time.monotonic())
            if len(asked) == 6:
                often.set()

    event.listen(live_hub.engine, "before_cursor_execute", note)
    began = time.monotonic()
    auth.revoke_device(live_hub.engine, desks[0].device_id, datetime.now(UTC))
    assert streams[0].poke() is None
    assert often.wait(20)
    event.remove(live_hub.engine, "before_cursor_execute", note)
    assert all(each.is_quiet() for each in streams[1:]), "those who may come are left alone"
    # Eight streams that asked each for itself would have asked six times within the first beat.
    beats = (asked[5] - began) / 0.2
    assert beats >= 2


def test_too_many_streams_are_sent_to_polling(live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "MOST_EARS", 0)
    live_hub.add_person("judge", Role.JUDGE)
    answer = live_hub.desk("judge").http.get(http.EVENTS)
    assert refused(answer) == (503, "too_many_requests")
    assert int(answer.headers["retry-after"]) >= 60


def test_a_stranger_hears_nothing(live_hub: LiveHub) -> None:
    assert refused(live_hub.stranger().http.get(http.EVENTS)) == (401, "bad_credentials")


def test_the_end_of_a_server_waits_for_who_asks_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, go_on = threading.Event(), threading.Event()
    holders = bell.Bell._holders

    def held_up(self: bell.Bell, moved: Moved) -> set[str]:
        asked.set()
        assert go_on.wait(SOON)
        return holders(self, moved)

    monkeypatch.setattr(bell.Bell, "_holders", held_up)
    with ExitStack() as stack:
        hub = stack.enter_context(hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path))
        hub.add_person("judge", Role.JUDGE)
        Stream(hub.desk("judge"))
        hub.put(("case:k1", Kind.CASE, "k1", a_case("k1", secretary_id="")))
        assert asked.wait(SOON)
        ending = threading.Thread(target=stack.pop_all().close)
        ending.start()
        ending.join(QUIET)
        assert ending.is_alive(), "the database is closed under a thread that reads"
        go_on.set()
        ending.join(SOON)
        assert not ending.is_alive()
