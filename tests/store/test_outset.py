"""What a desk holds, told again and again: worked out from what changed, it is what a fresh look would find."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from judge_desk.store.outset import Outset, Outsets
from judge_desk.store.unit_of_work import Store

SCOPES = [f"case:k{number}" for number in range(6)]
held = st.dictionaries(
    st.sampled_from(SCOPES),
    st.tuples(st.integers(0, 3), st.sampled_from(["judge", "chair"]), st.sampled_from([None, "2026-03-02"])),
)


def hold(store: Store, scopes: dict[str, tuple[int, str, str | None]]) -> None:
    rows = [(scope, *values) for scope, values in scopes.items()]
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM scope")
        if rows:
            connection.exec_driver_sql("INSERT INTO scope (scope, cursor, role, checked_at) VALUES (?, ?, ?, ?)", rows)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(held, min_size=1, max_size=5))
def test_what_changed_is_enough_to_know_what_is_held(
    store: Store, moments: list[dict[str, tuple[int, str, str | None]]]
) -> None:
    outsets = Outsets(store)
    for scopes in moments:
        hold(store, scopes)
        told = outsets.now().held
        assert told == Outsets(store).now().held
        assert told.cursors == {scope: cursor for scope, (cursor, *_) in scopes.items()}
        assert told.unchecked == tuple(sorted(scope for scope, (_, _, at) in scopes.items() if at is None))


def test_it_is_read_only_when_something_was_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    whole = Outsets._read

    def told(self: Outsets, connection: Connection) -> Outset:
        read.append(1)
        return whole(self, connection)

    monkeypatch.setattr(Outsets, "_read", told)
    outsets = Outsets(store)
    hold(store, {SCOPES[0]: (1, "judge", None)})
    assert [outsets.now() for _ in range(3)] == [outsets.now()] * 3
    assert len(read) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["operation", "file", "scope", "meta", "look"]), st.booleans()), max_size=8
    )
)
def test_whoever_writes_through_whichever_connection_it_is_the_newest(
    store: Store, steps: list[tuple[str, bool]]
) -> None:
    """``beside``: while another connection is in use, so that the pool gives out a different one."""
    outsets = Outsets(store)
    with ExitStack() as beside:
        for number, (step, is_beside) in enumerate(steps):
            if is_beside:
                beside.enter_context(store.reading())
            if step != "look":
                with store.writing(durable=False) as connection:
                    connection.exec_driver_sql(WRITES[step], (f"{step}{number}-{os.urandom(4).hex()}",))
            assert outsets.now() == Outsets(store).now()


WRITES = {
    "operation": "INSERT INTO outbox (scope, kind, record_id, action, base_rev, made_at, state)"
    " VALUES ('case:k1', 'note', ?, 'put', 0, '', 'waiting')",
    "file": "INSERT INTO attachment (sha256, size, state) VALUES (?, 1, 'to_send')",
    "scope": "INSERT INTO scope (scope, cursor, role) VALUES (?, 1, 'judge')",
    "meta": "INSERT OR REPLACE INTO meta (key, value) VALUES ('hub_generation', length(?))",
}


@pytest.mark.parametrize("role", ["judge", "chair"])
def test_another_role_is_another_level(store: Store, role: str) -> None:
    outsets = Outsets(store)
    hold(store, {SCOPES[0]: (1, "secretary", None), SCOPES[1]: (1, "judge", None)})
    before = outsets.now().held
    hold(store, {SCOPES[0]: (1, role, None), SCOPES[1]: (1, "judge", None)})
    after = outsets.now().held
    assert (after.roles, after.level) != (before.roles, before.level)
    assert after.roles != before.roles
