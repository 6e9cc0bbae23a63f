"""One contract, run over SQLite and over a real PostgreSQL, with the real server in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from tests.contract.records import a_case
from tests.contract.rights_world import World, world_over
from tests.live_hub import LiveHub, fresh_database, live_hub, postgresql, postgresql_hub, sqlite_hub
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


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A court with a person and a device of each role, over each database in turn."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'hub.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgresql")))
        yield stack.enter_context(world_over(url, tmp_path))
