"""More operations than one request holds: the next requests are at the hub while the answers to the last are
settled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import STANDING_ALONE, Kind
from judge_desk.hub import campaigns, contests, grants, review_appeals
from judge_desk.protocol import codec
from judge_desk.protocol.operations import Operation, Outcome, Result
from judge_desk.services.context import DeskContext
from judge_desk.services.notes import NoteService
from judge_desk.store import outbox, settled
from judge_desk.store.outbox import OutboxState
from judge_desk.sync import push
from judge_desk.sync.report import SyncReport
from tests import factories

LONG_SECONDS = 30


class HubOfOneWord:
    """Says one word to everything; the answers to the requests that ``lost`` begin with do not arrive. ``on_request``
    hears before with which note each begins."""

    def __init__(self, lost: Iterable[str] = (), word: Outcome = Outcome.APPLIED) -> None:
        self.lost, self.word = set(lost), word
        self.on_request: Callable[[str], object] = str
        self._asked: list[list[tuple[int, bytes]]] = []
        self._guard = threading.Lock()

    @property
    def asked(self) -> list[list[tuple[int, bytes]]]:
        """Numbers and bodies of each request, in the order of the numbers: two may come in any order."""
        return sorted(self._asked)

    def push(self, operations: Iterable[Operation]) -> tuple[Result, ...]:
        batch = list(operations)
        first = str(codec.decode(Kind.NOTE, bytes(batch[0].body)).text)
        with self._guard:
            self._asked.append([(each.mid, bytes(each.body)) for each in batch])
        self.on_request(first)
        if first in self.lost:
            self.lost.remove(first)
            raise HubUnreachable
        return tuple(Result(mid=each.mid, outcome=self.word, rev=1, seq=each.mid) for each in batch)


@pytest.fixture
def owing(context: DeskContext, monkeypatch: pytest.MonkeyPatch) -> DeskContext:
    """A desk that owes five notes, two of which go into a request."""
    monkeypatch.setattr(push, "OPERATIONS", 2)
    monkeypatch.setattr(push, "FEW", 2)
    case = factories.with_case(context)
    for number in range(5):
        NoteService(context).save(factories.a_note(case.id, text=f"note {number}"))
    return context


def send(context: DeskContext, hub: Any, stop: threading.Event | None = None) -> SyncReport:
    report = SyncReport()
    push.push(context.store, hub, report, stop or threading.Event())
    return report


def states(context: DeskContext) -> dict[OutboxState, int]:
    with context.store.reading() as connection:
        return {state: count for state, count in outbox.counts(connection).items() if count}


def test_answers_are_settled_while_the_next_request_is_at_the_hub(
    owing: DeskContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, settled = HubOfOneWord(), threading.Semaphore(0)
    seen: list[bool] = []
    settle = push.settle

    def told(*given: Any, **named: Any) -> bool:
        moved = settle(*given, **named)
        settled.release()
        return moved

    monkeypatch.setattr(push, "settle", told)
    hub.on_request = lambda first: seen.append(first == "note 0" or settled.acquire(timeout=LONG_SECONDS))
    assert send(owing, hub).pushed == 5
    assert seen == [True, True, True]
    assert [len(each) for each in hub.asked] == [2, 2, 1]
    assert not states(owing)


class WhenAsked:
    """In the place of threads: work is done when somebody waits for it, so that how much is under way is no matter of
    luck."""

    most = under_way = 0

    def __init__(self, _at_once: int, thread_name_prefix: str) -> None:
        WhenAsked.most = WhenAsked.under_way = 0

    def __enter__(self) -> WhenAsked:
        return self

    def __exit__(self, *_fault: object) -> None:
        assert not WhenAsked.under_way

    def submit(self, work: Callable[..., Any], *given: Any) -> Awaited:
        WhenAsked.under_way += 1
        WhenAsked.most = max(WhenAsked.most, WhenAsked.under_way)
        return Awaited(partial(work, *given))


class Awaited:
    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work

    def exception(self, _timeout: float) -> None:
        raise TimeoutError

    def result(self) -> Any:
        WhenAsked.under_way -= 1
        return self._work()


@pytest.mark.parametrize("alone", [False, True])
def test_two_requests_are_under_way_unless_others_may_stand_on_them(
    owing: DeskContext, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    monkeypatch.setattr(push, "ThreadPoolExecutor", WhenAsked)
    monkeypatch.setattr(push, "STANDING_ALONE", STANDING_ALONE - {Kind.NOTE} if alone else STANDING_ALONE)
    assert send(owing, HubOfOneWord()).pushed == 5
    assert WhenAsked.most == (1 if alone else push.AT_ONCE)
    assert not states(owing)


def test_two_requests_are_at_the_hub_at_once(owing: DeskContext) -> None:
    hub, both = HubOfOneWord(), threading.Barrier(2)
    hub.on_request = lambda first: first == "note 4" or both.wait(LONG_SECONDS)
    assert send(owing, hub).pushed == 5


def test_what_gives_rights_or_is_counted_does_not_stand_alone() -> None:
    for followed in (grants.FOLLOWED_KINDS, contests.ASKED, review_appeals.ASKED, campaigns.FOLLOWED):
        assert STANDING_ALONE.isdisjoint(followed)
    assert Kind.HEARING not in STANDING_ALONE, "of two that clash, the first is taken"
    assert Kind.DOCUMENT not in STANDING_ALONE, "of two acts that bear one code, the first has it"


def test_a_cut_leaves_what_was_answered_settled_and_the_rest_as_it_was_sent(owing: DeskContext) -> None:
    hub, report = HubOfOneWord(lost=["note 2"]), SyncReport()
    with pytest.raises(HubUnreachable):
        push.push(owing.store, hub, report, threading.Event())  # type: ignore[arg-type]  # a hub that can push and no more
    assert report.pushed == 3, "the one behind it had its answer"
    assert states(owing) == {OutboxState.SENT: 2}, "the request whose answer was lost is repeated word for word"
    assert send(owing, hub).pushed == 2
    assert [len(each) for each in hub.asked] == [2, 2, 2, 1]
    assert hub.asked[1] == hub.asked[2]
    assert not states(owing)


def settled_at_once(context: DeskContext, hub: HubOfOneWord, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many answers were settled together, in turn."""
    sizes: list[int] = []
    settle = push.settle

    def told(store: Any, asked: list[Any], *given: Any, **named: Any) -> bool:
        sizes.append(len(asked))
        return settle(store, asked, *given, **named)

    monkeypatch.setattr(push, "settle", told)
    with suppress(HubUnreachable):
        send(context, hub)
    return sizes


def test_answers_wait_a_moment_for_more_until_they_are_enough(
    owing: DeskContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "SETTLED", 4)
    monkeypatch.setattr(push, "A_MOMENT", LONG_SECONDS)
    assert settled_at_once(owing, HubOfOneWord(), monkeypatch) == [4, 1]
    assert not states(owing)


def test_answers_do_not_wait_for_one_that_fails(owing: DeskContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "A_MOMENT", LONG_SECONDS)
    assert settled_at_once(owing, HubOfOneWord(lost=["note 2"]), monkeypatch) == [2, 1]
    assert states(owing) == {OutboxState.SENT: 2}


def test_every_request_is_frozen_before_it_leaves(owing: DeskContext) -> None:
    hub = HubOfOneWord()
    loose: list[Any] = []

    def look(_first: str) -> None:
        with owing.store.reading() as connection:
            rows = outbox.by_mids(connection, [mid for asked in hub.asked for mid, _ in asked])
        loose.extend(row for row in rows if row.state != OutboxState.SENT)

    hub.on_request = look
    send(owing, hub)
    assert (len(hub.asked), loose) == (3, [])


def test_the_first_of_many_requests_and_the_last_are_short(owing: DeskContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "FEW", 1)
    monkeypatch.setattr(push, "OPERATIONS", 3)
    hub = HubOfOneWord()
    assert send(owing, hub).pushed == 5
    assert [len(each) for each in hub.asked] == [1, 3, 1]


def test_what_one_request_holds_goes_in_one(owing: DeskContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "FEW", 1)
    monkeypatch.setattr(push, "OPERATIONS", 5)
    hub = HubOfOneWord()
    assert send(owing, hub).pushed == 5
    assert [len(each) for each in hub.asked] == [5]


def test_the_disk_is_waited_for_twice_however_many_requests_there_are(
    owing: DeskContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[int] = []
    mark_sent = settled.mark_sent

    def told(connection: Any, mids: Sequence[int]) -> None:
        frozen.append(len(mids))
        mark_sent(connection, mids)

    monkeypatch.setattr(settled, "mark_sent", told)
    send(owing, HubOfOneWord())
    assert frozen == [2, 3]


def test_what_is_frozen_goes_out_as_it_was_though_it_is_edited_before_its_request(owing: DeskContext) -> None:
    hub = HubOfOneWord()
    with owing.store.reading() as connection:
        last = outbox.next_batch(connection, 9)[-1]
    note = codec.decode(Kind.NOTE, last.body)

    def edit(first: str) -> None:
        if first == "note 2":
            NoteService(owing).save(replace(note, text="written meanwhile"))

    hub.on_request = edit
    assert send(owing, hub).pushed == 6
    bodies = [body for asked in hub.asked for _, body in asked]
    assert [b"note 4" in body for body in bodies] == [False] * 4 + [True, False]
    assert b"written meanwhile" in bodies[-1]
    assert not states(owing)


def test_a_desk_that_is_to_stop_sends_no_further_request(owing: DeskContext) -> None:
    hub, stop = HubOfOneWord(), threading.Event()
    hub.on_request = lambda _first: stop.set()
    report = send(owing, hub, stop)
    assert report.pushed == sum(map(len, hub.asked)) < 5


def test_a_hub_that_settles_nothing_is_not_asked_for_ever(owing: DeskContext) -> None:
    hub = HubOfOneWord(word=Outcome.RETRY)
    send(owing, hub)
    assert len(hub.asked) == 3
