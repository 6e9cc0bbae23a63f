"""Every role in every scope, before, under and after a grant, at every endpoint: what the hub takes, sends and tells is
what domain.permissions says, nothing more and nothing less. Nothing here is drawn by lot: all of it is walked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import ScopeKind
from judge_desk.hub.db import tables
from judge_desk.protocol import http, manifest
from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest
from judge_desk.protocol.operations import Outcome
from tests.contract.rights_world import (
    STATES,
    Place,
    World,
    changed,
    file_brought,
    file_there,
    is_allowed,
    prepare,
    readable,
    sha256_of,
    touch,
    with_file,
)
from tests.contract.test_rights import a_record, scopes_of
from tests.live_events import Stream
from tests.live_hub import good, refused

WHERE = sorted(scopes_of(Role.JUDGE, 0))


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
    world.sent[place.role] += len(results)
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
            record = with_file(a_record(kind, place.parsed, place.person, name, variant), place.number)
            # Some kinds have one record in a scope, whatever it is called.
            if (place.scope, kind, record.id) not in world.model and (kind, record.id) not in seen:
                seen.add((kind, record.id))
                yield kind, record.id, 0, record


def changes(world: World, place: Place) -> Iterator[Attempt]:
    for kind, name, rev, record in there(world, place):
        yield kind, name, rev, changed(record)


def removals(world: World, place: Place) -> Iterator[Attempt]:
    for kind, name, rev, _ in there(world, place):
        yield kind, name, rev, None


def there(world: World, place: Place) -> Iterator[Attempt]:
    for (scope, kind, name), (rev, record) in list(world.model.items()):
        if scope == place.scope and record is not None:
            yield kind, name, rev, record


def check_lost(world: World) -> None:
    """A desk is told about its own operations alone: somebody else's are as unknown as those never sent."""
    for role, desk in world.desks.items():
        asked = sorted({1, *world.sent.values(), world.sent[role] + 1} - {0})
        told = good(desk.http.post(http.LOST, json={"mids": asked})).json()["mids"]
        assert told == [mid for mid in asked if mid > world.sent[role]]


def check_files(world: World, place: Place) -> None:
    """A file is for the readers of its scope; for anybody else it is as if there were none."""
    desk, content = world.desks[place.role], file_there(place.number)
    sha256, nothing = sha256_of(content), "0" * 64
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
    again = desk.ask_upload(sha256, len(content), place.scope)
    assert (again.is_success and again.json()["complete"]) == is_there, "the hub told that it has the file"


def check_uploads(world: World, place: Place) -> None:
    """Who holds the scope brings a file; for anybody else it is as if none had been begun, even where one had."""
    desk, content = world.desks[place.role], file_brought(place.number)
    sha256 = sha256_of(content)
    begun = desk.ask_upload(sha256, len(content), place.scope)
    part = desk.http.put(http.part_path(sha256, 0), content=content)
    done = desk.http.post(http.done_path(sha256))
    assert (begun.is_success, part.is_success, done.is_success) == (place.may_file,) * 3
    assert desk.http.get(http.blob_path(sha256)).is_success == place.may_file
    if place.may_file:
        world.files.add((place.scope, sha256))
        return
    had_begun = place.was_held and place.takes_files
    assert refused(begun) == (404, "no_such_scope")
    assert refused(part) == refused(done) == (404, "no_such_scope" if had_begun else "not_found")


@pytest.mark.parametrize("where", WHERE)
def test_each_role_gets_and_does_what_the_rules_say(world: World, where: str) -> None:
    for state, role in product(STATES, Role):
        place = prepare(world, role, where, state)
        check_pull(world, place)
        check_files(world, place)
        check_uploads(world, place)
        check_manifest(world, place)
        check_push(world, place)
        check_pull(world, place)
        check_manifest(world, place)
    check_lost(world)
    assert_hub_holds(world)


def assert_hub_holds(world: World) -> None:
    """What the hub stores is what the rules let through, and what itself wrote: looks at dossiers, seals of entries,
    logs of contests."""
    entity = tables.entity
    with world.hub.engine.connect() as connection:
        rows = connection.execute(select(entity.c.scope, entity.c.kind, entity.c.id, entity.c.rev, entity.c.deleted))
        refs = {(row.scope, row.sha256) for row in connection.execute(select(tables.blob_ref))}
        found = {(row.scope, Kind(row.kind), row.id): (row.rev, row.deleted) for row in rows}
    own = {key for key in found if key[1] is Kind.DOSSIER_ACCESS and key[2].startswith("look-")}
    entries = [(scope, record_id) for scope, kind, record_id in found if kind is Kind.DOSSIER_ENTRY]
    own |= {(scope, Kind.DOSSIER_SEAL, record_id) for scope, record_id in entries}
    own |= {key for key in found if key[1] is Kind.CONTEST_LINK and key not in world.model}
    wanted = {key: (rev, record is None) for key, (rev, record) in world.model.items()}
    assert {key: value for key, value in found.items() if key not in own} == wanted
    assert refs == world.files


def test_the_walk_meets_both_answers(world: World) -> None:
    """A check that only ever saw refusals would prove nothing."""
    applied = {role: 0 for role in Role}
    for role in Role:
        for where in scopes_of(role, 0):
            applied[role] += check_push(world, prepare(world, role, where, "granted"))
    writers = {Role.JUDGE, Role.SECRETARY, Role.CHAIR, Role.REVIEWER, Role.COMMISSION, Role.COUNCIL}
    assert {role for role, number in applied.items() if number} >= writers - {Role.REVIEWER}


def test_each_role_is_told_of_changes_where_the_rules_say(world: World) -> None:
    """Who has just lost a scope is told too, once more: that is how the desk comes to forget it."""
    places = [prepare(world, role, where, state) for where, state, role in product(WHERE, STATES, Role)]
    streams = {role: Stream(desk) for role, desk in world.desks.items()}
    for scope in sorted({scope for scope, _, _ in world.model} - {"court:court1"}):
        told = {each.role for each in places if each.scope == scope and (each.held or each.was_held)}
        touch(world, scope)
        for role in told:
            assert streams[role].poke(), (role, scope)
        # The hub rings in the order of the changes: when all are told of this one, nobody waits for the one before.
        touch(world, "court:court1")
        for role, stream in streams.items():
            assert stream.poke(), role
    assert streams[Role.JUDGE].is_quiet()
    assert [role for role, stream in streams.items() if not stream.lines.empty()] == [], "told too much"
