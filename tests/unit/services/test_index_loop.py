"""The thread behind the index loses no word: neither of what arrived while it was at work nor of the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

import pytest

from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.services import index_loop
from judge_desk.services.index_loop import IndexLoop
from judge_desk.services.search import SearchService

PATIENCE = 30.0


class SlowSearch:
    """Nothing waits, but each look takes until ``go`` is set."""

    def __init__(self) -> None:
        self.looks = threading.Semaphore(0)
        self.go = threading.Event()

    def index_step(self, _seconds: float) -> int:
        self.looks.release()
        assert self.go.wait(PATIENCE)
        return 0


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowSearch]:
    monkeypatch.setattr(index_loop, "LOOK_SECONDS", 3_600.0)
    made = SlowSearch()
    yield made
    made.go.set()


def test_what_arrives_during_a_look_is_looked_at_next(search: SlowSearch) -> None:
    loop = IndexLoop(cast(SearchService, search), lambda: None)
    loop.start()
    assert search.looks.acquire(timeout=PATIENCE)
    loop.wake(Changes.of(Kind.CASE))
    search.go.set()
    assert search.looks.acquire(timeout=PATIENCE), "the word was lost"
    loop.stop()


def test_an_end_during_a_look_is_the_end(search: SlowSearch) -> None:
    closed = threading.Event()
    loop = IndexLoop(cast(SearchService, search), closed.set)
    loop.start()
    assert search.looks.acquire(timeout=PATIENCE)
    ending = threading.Thread(target=loop.stop, daemon=True)
    ending.start()
    assert loop._wake.wait(PATIENCE)  # told, while the look goes on
    search.go.set()
    assert closed.wait(PATIENCE), "it waited for its next look"
    ending.join(PATIENCE)
