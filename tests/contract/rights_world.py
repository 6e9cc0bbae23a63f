"""The court that the walks over all rights go through: a device of each role, scopes in every state, and what the rules
alone say about them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from judge_desk.domain import permissions
from judge_desk.domain.errors import BadInput
from judge_desk.domain.holdings import following
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.scopes import Scope, ScopeKind
from judge_desk.runtime.clock import FixedClock
from tests.contract.contests import NEEDS_CONTEST
from tests.contract.test_rights import FILE, a_record, scopes_of
from tests.live_hub import COURT, LiveHub, TestDesk, hub_over

STATES = ("never", "granted", "withdrawn")
GIVING = frozenset({Kind.CASE, Kind.REVIEW_ASSIGNMENT})
"""Kinds whose records open scopes by themselves."""
Key = tuple[str, Kind, str]
_numbers = iter(range(1, 1 << 30))


@dataclass
class World:
    """A hub, a device of each role, and what the hub must hold by the rules alone."""

    hub: LiveHub
    clock: FixedClock
    desks: dict[Role, TestDesk] = field(default_factory=dict)
    model: dict[Key, tuple[int, Any]] = field(default_factory=dict)
    """Revision and record (None: deleted) of everything that was ever put."""
    files: set[tuple[str, str]] = field(default_factory=set)
    """Scope and SHA-256 of every file that the hub must hold."""
    sent: Counter[Role] = field(default_factory=Counter)
    """How many operations each role's desk has sent; they have the numbers from 1 on."""

    def put(self, scope: str, kind: Kind, record: Any) -> None:
        self.hub.put((scope, kind, record.id, record))
        rev = self.model.get((scope, kind, record.id), (0, None))[0]
        self.model[scope, kind, record.id] = rev + 1, record

    def live(self, scope: str) -> set[tuple[str, str, int]]:
        """Kind, id and revision of what a reader of the scope must be sent."""
        return {
            (kind.value, record_id, rev)
            for (where, kind, record_id), (rev, record) in self.model.items()
            if where == scope and record is not None
        }


@contextmanager
def world_over(database_url: str, folder: Path) -> Iterator[World]:
    """A hub over this database with one person and one device of each role."""
    clock = FixedClock(datetime.now(UTC))
    with hub_over(database_url, folder, clock) as hub:
        made = World(hub, clock)
        for role in Role:
            person = hub.add_person(f"p-{role}", role)
            made.model["court:court1", Kind.PERSON, person.id] = 1, person
        made.model["court:court1", Kind.COURT, COURT.id] = 1, COURT
        for role in Role:
            made.desks[role] = hub.desk(f"p-{role}")
        yield made


@dataclass(frozen=True)
class Place:
    """One person before one scope in one state of the right to it."""

    role: Role
    scope: str
    held: bool
    number: int
    was_held: bool = False
    """The right ended just now; where it was given to be tried, behind a pull and in the middle of an upload."""

    @property
    def person(self) -> str:
        return f"p-{self.role}"

    @property
    def parsed(self) -> Scope:
        return Scope.parse(self.scope)

    @property
    def may_file(self) -> bool:
        return self.held and self.takes_files

    @property
    def takes_files(self) -> bool:
        return self.parsed.kind in permissions.KIND_SCOPES[Kind.DOCUMENT]


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_there(number: int) -> bytes:
    """What the registry filed in the scope with this number."""
    return FILE + str(number).encode()


def file_brought(number: int) -> bytes:
    """What the role's own desk brings to it."""
    return b"brought " + str(number).encode()


def prepare(world: World, role: Role, where: str, state: str) -> Place:
    """A scope with a record of each kind that may stand in it, and the right to it in this state."""
    number = next(_numbers)
    scope = scopes_of(role, number)[where]
    parsed, person, hub = Scope.parse(scope), f"p-{role}", world.hub
    _, record = world.model["court:court1", Kind.PERSON, person]
    own = scope in {each.scope for each in following("court:court1", record)}
    may_read = permissions.may_read(person, role, parsed)
    if parsed.kind is ScopeKind.CASE:
        sha256, _ = hub.registry.add_blob("court1", scope, file_there(number))
        world.files.add((scope, sha256))
    for kind in Kind:
        if parsed.kind in permissions.KIND_SCOPES[kind] and parsed.kind is not ScopeKind.COURT:
            record = a_record(kind, parsed, person, f"there{number}{kind.value}", 1)
            world.put(scope, kind, with_file(record, number))
    if parsed.kind is ScopeKind.REVIEW:
        # The assignment gives the right by itself; here the test gives it, or not.
        hub.registry.withdraw_many("court1", [(person, scope)])
    if state != "never" and not own:
        with nullcontext() if may_read else pytest.raises(BadInput, match="bad_grant"):
            hub.registry.grant_many("court1", [(person, scope, role)])
    held = own or (state != "never" and may_read)
    place = Place(role, scope, held, number, was_held=not held and parsed.kind is ScopeKind.REVIEW)
    return _withdrawn(world, place) if state == "withdrawn" and not own else place


def _withdrawn(world: World, place: Place) -> Place:
    desk, content = world.desks[place.role], file_brought(place.number)
    desk.pull()
    begun = desk.ask_upload(sha256_of(content), len(content), place.scope)
    assert begun.is_success == place.may_file
    world.hub.registry.withdraw_many("court1", [(place.person, place.scope)])
    return replace(place, held=False, was_held=place.held or place.was_held)


def with_file(record: Any, number: int) -> Any:
    content = file_there(number)
    return replace(record, sha256=sha256_of(content), size=len(content)) if hasattr(record, "sha256") else record


def readable(world: World, place: Place) -> set[tuple[str, str, int]]:
    """Kind, id and revision of all that the person may be told of this scope, but for the looks at it."""
    expected = world.live(place.scope) if place.held else set()
    # The hub seals every entry of a dossier, under the entry's id.
    seals = {(Kind.DOSSIER_SEAL.value, record_id, 1) for kind, record_id, _ in expected if kind == Kind.DOSSIER_ENTRY}
    return expected | seals


def is_allowed(place: Place, kind: Kind, stored: Any, after: Any, *, exists: bool) -> bool:
    # The chair assigns cases without holding them, the registry opens those that nobody holds yet.
    reaches = place.held or (
        kind is Kind.CASE and (place.role is Role.CHAIR or (place.role is Role.SECRETARY and not exists))
    )
    actor = Actor(place.person, "court1", place.role)
    reaches = reaches and kind not in NEEDS_CONTEST
    return reaches and permissions.may_write(actor, kind, place.parsed, stored, after)


def changed(record: Any, text: str = "өзгерді") -> Any:
    """The same record with one innocent field changed, where it has one."""
    for name in ("subject", "text", "title", "name", "comment", "nonce"):
        if hasattr(record, name):
            return replace(record, **{name: text})
    return record


def touch(world: World, scope: str) -> None:
    """Change something in the scope that gives nobody a right, nor takes one."""
    found = [(kind, record) for (where, kind, _), (_, record) in world.model.items() if where == scope]
    kind, record = next(each for each in found if each[0] not in GIVING and changed(each[1]) != each[1])
    world.put(scope, kind, changed(record, f"touched {next(_numbers)}"))
