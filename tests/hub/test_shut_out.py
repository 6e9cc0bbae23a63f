"""A device that is shut out while its push runs: either all of the push came before, or none of it is taken."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.auth import revoke_device
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, refused

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def test_who_shuts_a_device_out_waits_for_its_push(postgresql_hub: LiveHub) -> None:
    hub = postgresql_hub
    hub.add_person("judge", Role.JUDGE)
    hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    desk = hub.desk("judge")
    shutting: list[Future[bool]] = []
    waited: list[bool] = []

    def shut_out(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """When all is written and nothing committed."""
        if "INTO mutation" not in statement or shutting:
            return
        shutting.append(pool.submit(revoke_device, hub.engine, desk.device_id, datetime.now(UTC)))
        with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
            while not shutting[0].done() and not watch.scalar(WAITING):
                pass
        waited.append(not shutting[0].done())

    event.listen(hub.engine, "after_cursor_execute", shut_out)
    try:
        with ThreadPoolExecutor(1) as pool:
            assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note("n1")).rev == 1
            assert shutting[0].result()
    finally:
        event.remove(hub.engine, "after_cursor_execute", shut_out)
    assert waited == [True]
    operation = desk.operation("case:k1", Kind.NOTE, "n2", a_note("n2"))
    assert refused(desk.ask_push(operation)) == (403, "device_revoked")
