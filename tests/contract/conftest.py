"""One contract, run over SQLite and over a real PostgreSQL, with the real server in between."""

from __future__ import annotations

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from tests.contract.records import a_case
from tests.live_hub import LiveHub, live_hub, postgresql, postgresql_hub, sqlite_hub
from tests.live_s3 import s3_server

__all__ = ["live_hub", "postgresql", "postgresql_hub", "s3_server", "sqlite_hub"]


@pytest.fixture
def court(live_hub: LiveHub) -> LiveHub:
    """A judge, a secretary and a chair; one case of the judge."""
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.add_person("secretary", Role.SECRETARY)
    live_hub.add_person("chair", Role.CHAIR)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case()))
    return live_hub
