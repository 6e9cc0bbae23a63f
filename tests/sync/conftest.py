"""Real desks at a real hub: each has its own encrypted store and its own device key, and syncs over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.keyslot import Cost
from judge_desk.services.desk import Desk
from judge_desk.sync.report import SyncReport
from tests import factories
from tests.live_hub import PASSWORD, LiveHub, live_hub, postgresql, postgresql_hub, sqlite_hub  # noqa: F401

PASSPHRASE = "құпия сөз тіркесі"
CHEAP = Cost(128, 1, 1)


@dataclass
class SyncedDesk:
    """An enrolled, unlocked desk without a loop: the test says when it syncs."""

    profile: Profile
    opened: OpenProfile

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    @property
    def person_id(self) -> str:
        return self.opened.context.person.id

    def sync(self) -> SyncReport:
        return self.opened.engine_for(lambda _progress: None).cycle(threading.Event())

    def close(self) -> None:
        self.opened.close()
        self.profile.sign_in.lock()


def enrolled(hub_url: str, person_id: str, folder: Path) -> SyncedDesk:
    profile = Profile(folder, SystemClock(), cost=CHEAP, use_keyring=False)
    if not profile.is_enrolled:
        profile.enrol(hub_url, person_id, PASSWORD, PASSPHRASE)
    return SyncedDesk(profile, profile.unlock(PASSPHRASE, with_loop=False))


NewDesk = Callable[..., SyncedDesk]


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[NewDesk]:
    """``new_desk(hub, "judge1")``: the person's account is made if need be; a second desk of a person gets a name."""
    made: list[SyncedDesk] = []

    def make(hub: LiveHub, person_id: str, name: str = "", *, role: Role = Role.JUDGE) -> SyncedDesk:
        if all(each.person_id != person_id for each in made):
            hub.add_person(person_id, role)
        made.append(enrolled(hub.url, person_id, tmp_path / f"desk-{person_id}{name}"))
        return made[-1]

    yield make
    for each in made:
        each.close()


def put_cases(hub: LiveHub, judge_id: str, number: int) -> None:
    """So many new cases of a judge, as a registry would send them."""
    made = [factories.a_case(court_id=hub.court.id, judge_id=judge_id) for _ in range(number)]
    hub.put(*((case_scope(each.id), Kind.CASE, each.id, each) for each in made))
