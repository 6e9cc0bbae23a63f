"""Who was shut out, has left or belongs to another court is refused by every endpoint, whatever is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import auth
from judge_desk.hub.registry import Registry
from judge_desk.protocol import http, manifest
from judge_desk.protocol.manifest import ManifestRequest
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_case, a_note
from tests.contract.rights_world import World
from tests.contract.test_push import a_document
from tests.contract.test_rights import FILE
from tests.live_hub import COURT, PASSWORD, TestDesk, good, refused


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
    registry = Registry(hub.engine, hub.blobs, world.clock)
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
