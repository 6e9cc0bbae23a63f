"""The number of statements does not grow with the number of records: counted at the database driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from tests.contract.records import a_case, a_note
from tests.contract.test_push import a_hearing
from tests.live_hub import LiveHub, TestDesk

PUSH_STATEMENTS = 16
PULL_STATEMENTS = 2


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
