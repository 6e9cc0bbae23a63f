"""Which acts are signed: Today asks for it behind every change, over all acts that a desk ever made final."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from judge_desk.store import signed_acts
from judge_desk.store.unit_of_work import Store
from tests.factories import JUDGE_ID


def test_whether_an_act_is_signed_is_told_by_an_index(store: Store) -> None:
    asked: list[tuple[str, Any]] = []
    with store.reading() as connection:

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
            asked.append((statement, values))

        event.listen(connection, "before_cursor_execute", note)
        signed_acts.count_unsigned(connection, JUDGE_ID)
        signed_acts.unsigned_drafts(connection, JUDGE_ID)
        signed_acts.signed_drafts(connection)
        event.remove(connection, "before_cursor_execute", note)
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            told = [str(row[-1]) for row in plan]
            assert any("document_signed (code=?)" in each for each in told), told
            assert not any(each.startswith("SCAN") for each in told), told
    assert len(asked) == 3
