"""The number of statements does not grow with the number of records: counted at the database driver."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import event

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.protocol import http, limits
from judge_desk.protocol.manifest import PATH as MANIFEST
from tests.contract.records import a_case, a_note
from tests.contract.test_push import a_hearing
from tests.live_hub import LiveHub, TestDesk, good

PUSH_STATEMENTS = 16
PULL_STATEMENTS = 2
MANIFEST_STATEMENTS = 2
HELD_STATEMENTS = 2
LOST_STATEMENTS = 2
DOWNLOAD_STATEMENTS = 1
SESSION_STATEMENTS = 2
BEGIN_STATEMENTS = 5
PART_STATEMENTS = 3
DONE_STATEMENTS = 9
MANY = 200


@contextmanager
def counted(hub: LiveHub) -> Iterator[list[str]]:
    """Every statement of the block but BEGIN."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(hub.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(hub.engine, "before_cursor_execute", note)


def court_of(hub: LiveHub, cases: int) -> TestDesk:
    hub.add_person("judge", Role.JUDGE)
    hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(cases)))
    return hub.desk("judge")


def push_mixed(desk: TestDesk, how_many: int, prefix: str) -> None:
    operations = []
    for n in range(how_many):
        name, case_id = f"{prefix}{n}", f"k{n}"
        operations.append(desk.operation(f"case:{case_id}", Kind.NOTE, name, a_note(name, case_id=case_id)))
        hearing = a_hearing(name, case_id=case_id, judge_id=f"j{prefix}{n}", room=f"{prefix}{n}")
        operations.append(desk.operation(f"case:{case_id}", Kind.HEARING, name, hearing))
        operations.append(desk.operation(f"case:{case_id}", Kind.NOTE, name, a_note(name, case_id=case_id), base_rev=1))
        operations.append(desk.operation("case:none", Kind.NOTE, name, a_note(name)))
    assert [each.outcome for each in desk.push(*operations)] == ["applied", "applied", "applied", "refused"] * how_many


def test_a_push_takes_as_many_statements_for_one_record_as_for_many(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, 60)
    with counted(live_hub) as few:
        push_mixed(desk, 1, "a")
    with counted(live_hub) as many:
        push_mixed(desk, 60, "b")
    assert len(few) == len(many)
    assert len(many) <= PUSH_STATEMENTS


def test_a_push_that_was_answered_before_takes_two(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, 1)
    operation = desk.operation("case:k0", Kind.NOTE, "n", a_note("n", case_id="k0"))
    desk.push(operation)
    with counted(live_hub) as statements:
        desk.push(operation)
    assert len(statements) == 2


def test_a_pull_takes_two_statements_and_one_when_nothing_is_new(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, 300)
    with counted(live_hub) as first:
        pulled = desk.pull()
    assert pulled.pages == 1
    assert len(first) == PULL_STATEMENTS
    with counted(live_hub) as nothing:
        desk.pull()
    assert len(nothing) == 1


def test_the_hub_itself_writes_many_as_it_writes_few(live_hub: LiveHub) -> None:
    with counted(live_hub) as few:
        live_hub.put(("case:x", Kind.CASE, "x", a_case("x")))
    with counted(live_hub) as many:
        live_hub.put(*((f"case:y{n}", Kind.CASE, f"y{n}", a_case(f"y{n}")) for n in range(500)))
    assert len(few) == len(many)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are not waited for: hundreds of them are made, and none needs to outlive a power cut."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


def costs(hub: LiveHub, ask: Callable[[], httpx2.Response]) -> list[str]:
    """What a request that is answered well costs."""
    with counted(hub) as seen:
        good(ask())
    return seen


@pytest.mark.parametrize("wants", [{}, {"signs": False}, {"detailed": True}], ids=["signed", "unsigned", "detailed"])
def test_a_manifest_takes_as_many_statements_for_one_scope_as_for_many(
    live_hub: LiveHub, wants: dict[str, bool]
) -> None:
    desk = court_of(live_hub, MANY)
    scopes = [f"case:k{n}" for n in range(MANY)]

    def ask(some: list[str]) -> list[str]:
        with counted(live_hub) as seen:
            answer = good(desk.http.post(MANIFEST, json={"scopes": some, **wants})).json()
        assert len(answer["scopes"]) == len(some)
        return seen

    assert len(ask(scopes[:1])) == len(ask(scopes)) == MANIFEST_STATEMENTS


@pytest.mark.usefixtures("hasty")
def test_files_held_are_looked_up_at_once(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, MANY)
    hashes = [add_file(live_hub, f"case:k{n}", f"file {n}") for n in range(MANY)]

    def ask(some: list[str]) -> list[str]:
        with counted(live_hub) as seen:
            answer = good(desk.http.post(http.HELD, json={"hashes": some})).json()
        assert len(answer["sizes"]) == len(some)
        return seen

    assert len(ask(hashes[:1])) == len(ask(hashes)) == HELD_STATEMENTS


def add_file(hub: LiveHub, scope: str, content: str) -> str:
    return hub.registry.add_blob(hub.court.id, scope, content.encode())[0]


def test_operations_lost_are_looked_up_at_once(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, 1)
    desk.push(*(desk.operation("case:k0", Kind.NOTE, f"n{n}", a_note(f"n{n}", case_id="k0")) for n in range(MANY)))
    assert len(costs(live_hub, lambda: desk.http.post(http.LOST, json={"mids": [1]}))) == LOST_STATEMENTS
    all_and_more = {"mids": [*range(1, 2 * MANY + 1)]}
    assert len(costs(live_hub, lambda: desk.http.post(http.LOST, json=all_and_more))) == LOST_STATEMENTS


def test_a_download_costs_the_same_for_a_file_of_one_case_and_of_many(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, MANY)
    path = http.blob_path(add_file(live_hub, "case:k0", "file"))
    one = costs(live_hub, lambda: desk.http.get(path))
    live_hub.registry.register_blobs(
        live_hub.court.id, [(f"case:k{n}", path.rpartition("/")[2], len("file")) for n in range(MANY)]
    )
    many = costs(live_hub, lambda: desk.http.get(path))
    part = costs(live_hub, lambda: desk.http.get(path, headers={"range": "bytes=1-2"}))
    assert len(one) == len(many) == len(part) == DOWNLOAD_STATEMENTS


def test_a_session_costs_the_same_for_a_judge_of_one_case_and_of_many(live_hub: LiveHub) -> None:
    desk = court_of(live_hub, 1)

    def sign_in() -> httpx2.Response:
        return desk.http.post(http.SESSION, json=desk.session_request())

    few = costs(live_hub, sign_in)
    live_hub.put(*((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")) for n in range(1, MANY)))
    assert len(few) == len(costs(live_hub, sign_in)) == SESSION_STATEMENTS


@pytest.mark.usefixtures("hasty")
def test_an_upload_costs_the_same_at_each_step_for_one_part_and_for_many(
    live_hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun, each part, begun again with all of them there, and put together."""
    monkeypatch.setattr(limits, "PART_BYTES", 8)
    desk = court_of(live_hub, 1)
    few, many = upload_costs(live_hub, desk, 1), upload_costs(live_hub, desk, MANY)
    assert few == many == [{BEGIN_STATEMENTS}, {PART_STATEMENTS}, {BEGIN_STATEMENTS}, {DONE_STATEMENTS}]


def upload_costs(hub: LiveHub, desk: TestDesk, parts: int) -> list[set[int]]:
    """How many statements each step took, over all requests of the step."""
    pieces = [f"{n:08}".encode() for n in range(parts)]
    content = b"".join(pieces)
    sha256 = hashlib.sha256(content).hexdigest()

    def begin() -> httpx2.Response:
        return desk.ask_upload(sha256, len(content), "case:k0")

    begun = {len(costs(hub, begin))}
    sent = {
        len(costs(hub, partial(desk.http.put, http.part_path(sha256, n), content=piece)))
        for n, piece in enumerate(pieces)
    }
    again = {len(costs(hub, begin))}
    return [begun, sent, again, {len(costs(hub, lambda: desk.http.post(http.done_path(sha256))))}]
