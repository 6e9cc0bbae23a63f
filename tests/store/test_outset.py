"""What a desk holds, told again and again: worked out from what changed, it is what a fresh look would find."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.store.outset import Outsets
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


@pytest.mark.parametrize("role", ["judge", "chair"])
def test_another_role_is_another_level(store: Store, role: str) -> None:
    outsets = Outsets(store)
    hold(store, {SCOPES[0]: (1, "secretary", None), SCOPES[1]: (1, "judge", None)})
    before = outsets.now().held
    hold(store, {SCOPES[0]: (1, role, None), SCOPES[1]: (1, "judge", None)})
    after = outsets.now().held
    assert (after.roles, after.level) != (before.roles, before.level)
    assert after.roles != before.roles
