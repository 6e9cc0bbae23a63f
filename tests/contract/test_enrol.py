"""Who gets in, and how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from judge_desk.domain.people import Role
from judge_desk.hub.auth import revoke_device
from judge_desk.protocol import http
from judge_desk.protocol.version import HEADER
from tests.live_hub import LiveHub, good, refused


def test_a_device_enrols_and_is_told_who_it_serves(live_hub: LiveHub) -> None:
    person = live_hub.add_person("p1", Role.JUDGE, Role.CHAIR)
    desk = live_hub.desk("p1")
    pulled = desk.pull()
    assert {each.scope for each in pulled.grants} == {"user:p1", "court:court1", "dossier:p1"}
    assert person in [record for _, record in pulled.rows]


def test_user_names_know_no_case(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    live_hub.stranger().enrol(" P1 ")


def test_a_wrong_password_and_an_unknown_name_look_alike(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    asked = {"password": "wrong password", "device_name": "x", "public_key": "11" * 32}
    desk = live_hub.stranger()
    known = desk.http.post(http.DEVICES, json={"user": "p1", **asked})
    unknown = desk.http.post(http.DEVICES, json={"user": "nobody", **asked})
    assert refused(known) == refused(unknown) == (401, "bad_credentials")
    assert known.content == unknown.content


@pytest.mark.parametrize("name", ["p1", "nobody"])
def test_guessing_is_slowed_for_every_name(live_hub: LiveHub, name: str) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    desk = live_hub.stranger()
    asked = {"user": name, "password": "wrong password", "device_name": "x", "public_key": "11" * 32}
    answers = [desk.http.post(http.DEVICES, json=asked) for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]
    assert refused(answers[-1])[1] == "too_many_requests"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 31


def test_a_key_that_is_none_is_refused(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    asked = {"user": "p1", "password": "a long password", "device_name": "x", "public_key": "zz"}
    assert refused(live_hub.stranger().http.post(http.DEVICES, json=asked)) == (400, "bad_request")


def test_only_the_devices_own_key_gets_a_token(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    desk, thief = live_hub.desk("p1"), live_hub.stranger()
    thief.device_id = desk.device_id
    assert refused(thief.http.post(http.SESSION, json=thief.session_request())) == (401, "bad_credentials")
    thief.device_id = "unknown"
    assert refused(thief.http.post(http.SESSION, json=thief.session_request())) == (401, "bad_credentials")


def test_an_old_signature_is_no_way_in(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    desk = live_hub.desk("p1")
    for off in (timedelta(minutes=-11), timedelta(days=1)):
        request = desk.session_request(datetime.now(UTC) + off)
        assert refused(desk.http.post(http.SESSION, json=request)) == (401, "token_expired")


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x.y", "Basic abc", "Bearer e30=.x"])
def test_what_is_no_token_is_refused(live_hub: LiveHub, token: str) -> None:
    desk = live_hub.stranger()
    desk.http.headers["authorization"] = token
    assert refused(desk.ask_pull()) == (401, "bad_credentials")


def test_a_token_cannot_be_changed(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    live_hub.add_person("p2", Role.JUDGE)
    one, other = live_hub.desk("p1"), live_hub.desk("p2")
    payload = other.http.headers["authorization"].partition(".")[0]
    seal = one.http.headers["authorization"].partition(".")[2]
    one.http.headers["authorization"] = f"{payload}.{seal}"
    assert refused(one.ask_pull()) == (401, "bad_credentials")


def test_a_revoked_device_is_out_from_the_next_request(live_hub: LiveHub) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    desk, other = live_hub.desk("p1"), live_hub.desk("p1")
    good(desk.ask_pull())
    assert revoke_device(live_hub.engine, desk.device_id, datetime.now(UTC))
    assert not revoke_device(live_hub.engine, desk.device_id, datetime.now(UTC))
    answers = [
        desk.ask_pull(),
        desk.ask_push(),
        desk.ask_upload("0" * 64, 1, "user:p1"),
        desk.http.get(http.blob_path("0" * 64)),
        desk.http.put(http.part_path("0" * 64, 0), content=b"x"),
        desk.http.post(http.done_path("0" * 64)),
        desk.http.post(http.SESSION, json=desk.session_request()),
    ]
    assert {refused(each) for each in answers} == {(403, "device_revoked")}
    good(other.ask_pull())


@pytest.mark.parametrize(("number", "code"), [("0", "old_protocol"), ("2", "new_protocol")])
def test_another_protocol_is_refused_politely(live_hub: LiveHub, number: str, code: str) -> None:
    live_hub.add_person("p1", Role.JUDGE)
    desk = live_hub.desk("p1")
    desk.http.headers[HEADER] = number
    assert refused(desk.ask_pull()) == (426, code)
    assert good(desk.http.get(http.VERSION)).json()["oldest_spoken"] == 1


def test_without_a_protocol_number_nothing_is_served(live_hub: LiveHub) -> None:
    desk = live_hub.stranger()
    del desk.http.headers[HEADER]
    assert refused(desk.ask_pull()) == (400, "bad_request")
    assert good(desk.http.get(http.HEALTH)).json() == {"ok": True}


def test_an_unknown_path_and_an_unknown_method_are_refusals(live_hub: LiveHub) -> None:
    desk = live_hub.stranger()
    assert refused(desk.http.get("/v1/nothing")) == (404, "not_found")
    assert refused(desk.http.get(http.PUSH)) == (405, "bad_request")
