"""Every role in every scope, before, under and after a grant, at every endpoint: what the hub takes and sends is what
domain.permissions says, nothing more and nothing less. Nothing here is drawn by lot: all of it is walked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from judge_desk.domain import permissions
from judge_desk.domain.errors import BadInput
from judge_desk.domain.holdings import following
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.scopes import Scope, ScopeKind
from judge_desk.hub import auth
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db import tables
from judge_desk.hub.registry import Registry
from judge_desk.protocol import http, manifest
from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest
from judge_desk.protocol.operations import Outcome
from judge_desk.runtime.clock import FixedClock
from tests.contract.contests import NEEDS_CONTEST
from tests.contract.records import a_case, a_note
from tests.contract.test_push import a_document
from tests.contract.test_rights import FILE, a_record, scopes_of
from tests.live_hub import COURT, PASSWORD, LiveHub, TestDesk, good, hub_over, refused

STATES = ("never", "granted", "withdrawn")
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


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = FixedClock(datetime.now(UTC))
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, clock) as hub:
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

    @property
    def person(self) -> str:
        return f"p-{self.role}"

    @property
    def parsed(self) -> Scope:
        return Scope.parse(self.scope)


def prepare(world: World, role: Role, where: str, state: str) -> Place:
    """A scope with a record of each kind that may stand in it, and the right to it in this state."""
    number = next(_numbers)
    scope = scopes_of(role, number)[where]
    parsed, person, hub = Scope.parse(scope), f"p-{role}", world.hub
    _, record = world.model["court:court1", Kind.PERSON, person]
    own = scope in {each.scope for each in following("court:court1", record)}
    may_read = permissions.may_read(person, role, parsed)
    if parsed.kind is ScopeKind.CASE:
        hub.registry.add_blob("court1", scope, FILE + str(number).encode())
    for kind in Kind:
        if parsed.kind in permissions.KIND_SCOPES[kind] and parsed.kind is not ScopeKind.COURT:
            record = a_record(kind, parsed, person, f"there{number}{kind.value}", 1)
            world.put(scope, kind, _with_file(record, number))
    if parsed.kind is ScopeKind.REVIEW:
        # The assignment gives the right by itself; here the test gives it, or not.
        hub.registry.withdraw_many("court1", [(person, scope)])
    if state != "never" and not own:
        with nullcontext() if may_read else pytest.raises(BadInput, match="bad_grant"):
            hub.registry.grant_many("court1", [(person, scope, role)])
    if state == "withdrawn" and not own:
        world.desks[role].pull()
        hub.registry.withdraw_many("court1", [(person, scope)])
    return Place(role, scope, own or (state == "granted" and may_read), number)


def _with_file(record: Any, number: int) -> Any:
    content = FILE + str(number).encode()
    if not hasattr(record, "sha256"):
        return record
    return replace(record, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def check_pull(world: World, place: Place) -> None:
    """The device holds exactly what stands in the scopes that it may read."""
    desk = world.desks[place.role]
    before = set(desk.cursors)
    pulled = desk.pull()
    assert (place.scope in desk.cursors) == place.held
    assert {row.scope for row, _ in pulled.rows} <= set(desk.cursors)
    held = {(*key[1:], rev) for key, (rev, _) in desk.held.items() if key[0] == place.scope}
    # Whoever takes somebody else's dossier leaves a line in it, and is sent that line too.
    looks = {each for each in held if each[1].startswith("look-")}
    is_watched = place.held and place.parsed.kind is ScopeKind.DOSSIER and place.parsed.owner_id != place.person
    assert bool(looks) == is_watched
    assert held - looks == readable(world, place)
    if place.scope in before and not place.held:
        assert place.scope in {each.scope for each in pulled.revokes}


def readable(world: World, place: Place) -> set[tuple[str, str, int]]:
    """Kind, id and revision of all that the person may be told of this scope, but for the looks at it."""
    expected = world.live(place.scope) if place.held else set()
    # The hub seals every entry of a dossier, under the entry's id.
    seals = {(Kind.DOSSIER_SEAL.value, record_id, 1) for kind, record_id, _ in expected if kind == Kind.DOSSIER_ENTRY}
    return expected | seals


def check_manifest(world: World, place: Place) -> None:
    """What the hub signs about a scope names to its readers what they are sent, and to nobody else that it is there."""
    asked = msgspec.json.encode(ManifestRequest(scopes=(place.scope,), detailed=True))
    content = good(world.desks[place.role].http.post(manifest.PATH, content=asked)).content
    answer = msgspec.json.decode(content, type=ManifestAnswer)
    assert [each.scope for each in answer.scopes] == ([place.scope] if place.held else [])
    told = {(leaf.kind, leaf.id, leaf.rev) for each in answer.scopes for leaf in each.leaves}
    assert {each for each in told if not each[1].startswith("look-")} == readable(world, place)


def check_push(world: World, place: Place) -> int:
    """Each kind of record: new ones, a changed one, one removed; each answer is what the rules say beforehand. How many
    were taken."""
    return sum(push_all(world, place, list(attempts(world, place))) for attempts in (new_ones, changes, removals))


Attempt = tuple[Kind, str, int, Any]
"""Kind, id, base revision, and the record (None: remove it)."""


def push_all(world: World, place: Place, attempts: list[Attempt]) -> int:
    desk = world.desks[place.role]
    results = desk.push(*[desk.operation(place.scope, kind, name, after, rev) for kind, name, rev, after in attempts])
    applied = 0
    for (kind, name, _, after), result in zip(attempts, results, strict=True):
        key = (place.scope, kind, name)
        rev, stored = world.model.get(key, (0, None))
        expected = is_allowed(place, kind, stored, after, exists=key in world.model)
        assert (result.outcome is Outcome.APPLIED) == expected, (place, kind, after, result)
        if expected:
            world.model[key] = rev + 1, after
            applied += 1
        if not place.held:
            assert bytes(result.body) == b"null", "a copy was sent to somebody who may not read it"
    return applied


def new_ones(world: World, place: Place) -> Iterator[Attempt]:
    seen: set[tuple[Kind, str]] = set()
    for kind in Kind:
        for variant in range(4):
            name = f"new{place.number}{kind.value}{variant}"
            record = _with_file(a_record(kind, place.parsed, place.person, name, variant), place.number)
            # Some kinds have one record in a scope, whatever it is called.
            if (place.scope, kind, record.id) not in world.model and (kind, record.id) not in seen:
                seen.add((kind, record.id))
                yield kind, record.id, 0, record


def changes(world: World, place: Place) -> Iterator[Attempt]:
    for kind, name, rev, record in there(world, place):
        yield kind, name, rev, _changed(record)


def removals(world: World, place: Place) -> Iterator[Attempt]:
    for kind, name, rev, _ in there(world, place):
        yield kind, name, rev, None


def there(world: World, place: Place) -> Iterator[Attempt]:
    for (scope, kind, name), (rev, record) in list(world.model.items()):
        if scope == place.scope and record is not None:
            yield kind, name, rev, record


def _changed(record: Any) -> Any:
    """The same record with one innocent field changed, where it has one."""
    for name in ("subject", "text", "title", "name"):
        if hasattr(record, name):
            return replace(record, **{name: "өзгерді"})
    return record


def is_allowed(place: Place, kind: Kind, stored: Any, after: Any, *, exists: bool) -> bool:
    # The chair assigns cases without holding them, the registry opens those that nobody holds yet.
    reaches = place.held or (
        kind is Kind.CASE and (place.role is Role.CHAIR or (place.role is Role.SECRETARY and not exists))
    )
    actor = Actor(place.person, "court1", place.role)
    reaches = reaches and kind not in NEEDS_CONTEST
    return reaches and permissions.may_write(actor, kind, place.parsed, stored, after)


def check_files(world: World, place: Place) -> None:
    """A file is for the readers of its scope; for anybody else it is as if there were none."""
    desk, content = world.desks[place.role], FILE + str(place.number).encode()
    sha256, nothing = hashlib.sha256(content).hexdigest(), "0" * 64
    is_there = place.parsed.kind is ScopeKind.CASE and place.held
    path, of_nothing = http.blob_path(sha256), desk.http.get(http.blob_path(nothing))
    for answer in (desk.http.get(path), desk.http.get(path, headers={"range": "bytes=0-3"})):
        if is_there:
            assert good(answer).content in (content, content[:4])
        else:
            assert (answer.status_code, answer.content) == (of_nothing.status_code, of_nothing.content)
    assert desk.http.head(path).is_success == is_there
    held = good(desk.http.post(http.HELD, json={"hashes": [sha256, nothing]})).json()["sizes"]
    assert held == ({sha256: len(content)} if is_there else {})
    may_file = place.held and place.parsed.kind in permissions.KIND_SCOPES[Kind.DOCUMENT]
    begun = desk.ask_upload(nothing, 4, place.scope)
    assert begun.is_success == may_file
    if not may_file:
        assert refused(begun) == (404, "no_such_scope")
    again = desk.ask_upload(sha256, len(content), place.scope)
    assert (again.is_success and again.json()["complete"]) == is_there, "the hub told that it has the file"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("where", sorted(scopes_of(Role.JUDGE, 0)))
def test_each_role_gets_and_does_what_the_rules_say(world: World, where: str, state: str) -> None:
    for role in Role:
        place = prepare(world, role, where, state)
        check_pull(world, place)
        check_files(world, place)
        check_manifest(world, place)
        check_push(world, place)
        check_pull(world, place)
        check_manifest(world, place)
    assert_hub_holds(world)


def assert_hub_holds(world: World) -> None:
    """What the hub stores is what the rules let through, and what itself wrote: looks at dossiers, seals of entries,
    logs of contests."""
    entity = tables.entity
    with world.hub.engine.connect() as connection:
        rows = connection.execute(select(entity.c.scope, entity.c.kind, entity.c.id, entity.c.rev, entity.c.deleted))
        found = {(row.scope, Kind(row.kind), row.id): (row.rev, row.deleted) for row in rows}
    own = {key for key in found if key[1] is Kind.DOSSIER_ACCESS and key[2].startswith("look-")}
    entries = [(scope, record_id) for scope, kind, record_id in found if kind is Kind.DOSSIER_ENTRY]
    own |= {(scope, Kind.DOSSIER_SEAL, record_id) for scope, record_id in entries}
    own |= {key for key in found if key[1] is Kind.CONTEST_LINK and key not in world.model}
    wanted = {key: (rev, record is None) for key, (rev, record) in world.model.items()}
    assert {key: value for key, value in found.items() if key not in own} == wanted


def test_the_walk_meets_both_answers(world: World) -> None:
    """A check that only ever saw refusals would prove nothing."""
    applied = {role: 0 for role in Role}
    for role in Role:
        for where in scopes_of(role, 0):
            applied[role] += check_push(world, prepare(world, role, where, "granted"))
    writers = {Role.JUDGE, Role.SECRETARY, Role.CHAIR, Role.REVIEWER, Role.COMMISSION, Role.COUNCIL}
    assert {role for role, number in applied.items() if number} >= writers - {Role.REVIEWER}


def asks(desk: TestDesk) -> dict[str, Callable[[], Any]]:
    """Every endpoint that needs a device, asked for something that is there."""
    sha256 = hashlib.sha256(FILE).hexdigest()
    document = a_document(FILE, case_id="k1")
    return {
        "pull": desk.ask_pull,
        "push": lambda: desk.ask_push(desk.operation("case:k1", Kind.NOTE, "x1", a_note("x1", author_id="p-judge"))),
        "lost": lambda: desk.http.post(http.LOST, json={"mids": [1]}),
        "begin": lambda: desk.ask_upload(sha256, len(FILE), "case:k1"),
        "part": lambda: desk.http.put(http.part_path(sha256, 0), content=FILE),
        "done": lambda: desk.http.post(http.done_path(sha256)),
        "download": lambda: desk.http.get(http.blob_path(document.sha256)),
        "head": lambda: desk.http.head(http.blob_path(document.sha256)),
        "held": lambda: desk.http.post(http.HELD, json={"hashes": [sha256]}),
        "events": lambda: desk.http.get(http.EVENTS),
        "manifest": lambda: desk.http.post(manifest.PATH, content=msgspec.json.encode(ManifestRequest())),
    }


def refuse_all(desk: TestDesk, status: int, code: str) -> None:
    for name, ask in asks(desk).items():
        answer = ask()
        assert answer.status_code == status, name
        assert name == "head" or answer.json()["code"] == code, name


def test_a_device_that_was_shut_out_gets_a_wipe_order_and_nothing_else(world: World) -> None:
    hub, desk = world.hub, world.desks[Role.JUDGE]
    hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="p-judge", secretary_id="")))
    hub.registry.add_blob("court1", "case:k1", FILE)
    stranger = hub.stranger()
    enrolled = {"user": "p-judge", "password": PASSWORD, "device_name": "d", "public_key": "00" * 32}
    hub_key = good(stranger.http.post(http.DEVICES, json=enrolled)).json()["hub_key"]
    assert auth.revoke_device(hub.engine, desk.device_id, world.clock.now())
    refuse_all(desk, 403, "device_revoked")
    answer = desk.http.post(http.SESSION, json=desk.session_request())
    assert refused(answer) == (403, "device_revoked")
    order = answer.json()["wipe"]
    assert order["device_id"] == desk.device_id
    signed = http.wipe_text(order["device_id"], order["ordered_at"])
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key)).verify(bytes.fromhex(order["signature"]), signed)
    # Nobody gets an order for a device whose key is not theirs.
    forged = {**desk.session_request(), "signature": "00" * 64}
    assert "wipe" not in desk.http.post(http.SESSION, json=forged).json()
    good(world.desks[Role.SECRETARY].ask_pull())


def test_without_a_session_that_holds_nothing_is_said(world: World) -> None:
    hub, desk = world.hub, world.desks[Role.JUDGE]
    hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="p-judge", secretary_id="")))
    world.clock.advance(minutes=16)
    refuse_all(desk, 401, "token_expired")
    del desk.http.headers["authorization"]
    refuse_all(desk, 401, "bad_credentials")


def test_who_left_the_court_and_whose_case_was_given_away_keep_nothing(world: World) -> None:
    hub, desk = world.hub, world.desks[Role.JUDGE]
    hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="p-judge", secretary_id="p-secretary")))
    hub.registry.add_blob("court1", "case:k1", FILE)
    desk.pull()
    assert good(asks(desk)["download"]()).content == FILE
    hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="another", secretary_id="p-secretary")))
    pulled = desk.pull()
    assert [(each.scope, each.reason) for each in pulled.revokes] == [("case:k1", "reassigned")]
    assert asks(desk)["download"]().status_code == 404
    assert asks(desk)["push"]().json()["results"][0]["code"] == "not_allowed"
    person = hub.add_person("p-judge", Role.JUDGE)
    hub.put(("court:court1", Kind.PERSON, "p-judge", replace(person, active=False)))
    left = desk.pull()
    assert {each.scope for each in left.revokes} == {"user:p-judge", "court:court1", "dossier:p-judge"}
    assert desk.held == {}
    assert world.desks[Role.SECRETARY].pull().ids


def test_another_court_with_the_same_names_is_another_court(world: World) -> None:
    """The same person's id, case's id and file in a second court: not a row, not a file, not a number goes over."""
    hub = world.hub
    other = replace(COURT, id="court2")
    hub.put(("case:k1", Kind.CASE, "k1", a_case(judge_id="p-judge", secretary_id="")))
    hub.registry.add_blob("court1", "case:k1", FILE)
    registry = Registry(hub.engine, FolderBlobs(Path(str(hub.engine.url.database)).parent / "blobs"), world.clock)
    registry.add_court(other)
    person = replace(hub.add_person("p-judge", Role.JUDGE), court_id="court2")
    registry.add_account("court2", "judge-there", PASSWORD, person)
    registry.put_many(
        "court2", [("case:k1", Kind.CASE, "k1", a_case(judge_id="p-judge", court_id="court2", title="2"))]
    )
    here, there = world.desks[Role.JUDGE], hub.desk("judge-there")
    here.pull()
    there.pull()
    assert here.held["case:k1", "case", "k1"] != there.held["case:k1", "case", "k1"]
    assert {key[0] for key in there.held} == {"case:k1", "court:court2"}
    assert asks(there)["download"]().status_code == 404
    assert there.http.post(http.HELD, json={"hashes": [hashlib.sha256(FILE).hexdigest()]}).json()["sizes"] == {}
    applied = there.push_one("case:k1", Kind.NOTE, "n1", a_note(author_id="p-judge"))
    assert applied.outcome is Outcome.APPLIED
    assert here.pull().rows == []
