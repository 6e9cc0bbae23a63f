"""Sealed work and receipts: taken once from the device that signed them, opened by the key alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from judge_desk.domain.errors import DamagedStore, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import admin, auth, leaving
from judge_desk.hub.db import tables
from judge_desk.protocol import http
from judge_desk.protocol.api import SessionAnswer
from judge_desk.protocol.leaving import Bundle, Rescue, Wiped, rescue_id, seal, signed_text
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, TestDesk, good, refused

SCOPE = "case:k1"
NOW = datetime.now(UTC)


@pytest.fixture
def desk(live_hub: LiveHub) -> TestDesk:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put((SCOPE, Kind.CASE, "k1", a_case("k1", secretary_id="")))
    made = live_hub.desk("judge")
    live_hub.put((SCOPE, Kind.CASE, "k1", replace(a_case("k1", secretary_id=""), judge_id="other")))
    return made


def a_rescue(desk: TestDesk, scope: str = SCOPE) -> Rescue:
    answer = good(desk.http.post(http.SESSION, json=desk.session_request()))
    session = msgspec.json.decode(answer.content, type=SessionAnswer)
    operation = desk.operation(scope, Kind.NOTE, "n1", a_note("n1", case_id="k1"))
    sealed = seal(Bundle(scope=scope, person_id="judge", operations=(operation,)), session.recovery_key)
    return Rescue(
        device_id=desk.device_id,
        id=rescue_id(sealed),
        scope=scope,
        reason="reassigned",
        key_id=session.recovery_key_id,
        sealed=sealed,
    )


def send(desk: TestDesk, message: Rescue | Wiped, **forged: str) -> tuple[int, str]:
    """Signed by the desk; then what is ``forged`` is put in. Status and code (empty: taken)."""
    signed = msgspec.structs.replace(message, signature=desk.key.sign(signed_text(message)).hex())
    body = msgspec.json.encode(msgspec.structs.replace(signed, **forged))
    desk.http.headers.pop("authorization", None)
    answer = desk.http.post(http.RESCUE if isinstance(message, Rescue) else http.WIPED, content=body)
    return (answer.status_code, "") if answer.is_success else refused(answer)


def test_a_device_that_was_shut_out_still_hands_its_work_over_once(live_hub: LiveHub, desk: TestDesk) -> None:
    rescue = a_rescue(desk)
    auth.revoke_device(live_hub.engine, desk.device_id, NOW)
    assert send(desk, rescue) == send(desk, rescue) == (204, "")
    (row,) = leaving.rescued(live_hub.engine, live_hub.court.id)
    assert (row.id, row.person_id, row.scope) == (rescue.id, "judge", SCOPE)
    bundle = leaving.open_rescue(live_hub.engine, live_hub.court.id, row.id, actor="chair", at=NOW)
    assert [each.id for each in bundle.operations] == ["n1"]


def test_what_is_forged_is_not_taken(live_hub: LiveHub, desk: TestDesk) -> None:
    rescue = a_rescue(desk)
    assert send(desk, rescue, reason="another") == (401, "bad_credentials")
    assert send(desk, rescue, device_id="somebody") == (401, "bad_credentials")
    assert send(desk, rescue, id="0" * 64) == (400, "bad_request")
    assert send(desk, a_rescue(desk, "case:never-mine")) == (404, "no_such_scope")
    assert leaving.rescued(live_hub.engine, live_hub.court.id) == []


def test_a_wiped_device_says_so_and_the_audit_keeps_it(live_hub: LiveHub, desk: TestDesk) -> None:
    auth.revoke_device(live_hub.engine, desk.device_id, NOW)
    wiped = Wiped(device_id=desk.device_id, scope="", reason="device_revoked", at=NOW, rows=7, files=2)
    assert send(desk, wiped) == send(desk, wiped) == (204, "")
    assert send(desk, wiped, reason="x") == (401, "bad_credentials")
    assert send(desk, msgspec.structs.replace(wiped, scope=SCOPE)) == (204, "")
    with live_hub.engine.connect() as connection:
        assert connection.scalar(select(tables.device.c.wiped_at)) is not None
        lines = connection.execute(select(tables.audit.c.scope).where(tables.audit.c.action == "wiped")).scalars()
        assert sorted(lines) == ["", SCOPE]


def test_only_the_key_from_the_safe_opens_it(
    live_hub: LiveHub, desk: TestDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rescue = a_rescue(desk)
    send(desk, rescue)
    places = ["--database", live_hub.database_url, "--court", live_hub.court.id]
    safe, out = tmp_path / "safe.json", tmp_path / "work.json"
    assert admin.main(["rescued", "take-keys", *places, "--out", str(safe)]) == 0
    assert safe.stat().st_mode & 0o077 == 0
    with pytest.raises(NotFound):
        leaving.open_rescue(live_hub.engine, live_hub.court.id, rescue.id, actor="chair", at=NOW)
    wrong = {rescue.key_id: "11" * 32}
    with pytest.raises(DamagedStore):
        leaving.open_rescue(live_hub.engine, live_hub.court.id, rescue.id, actor="chair", at=NOW, secrets=wrong)
    opening = ["rescued", "open", rescue.id, *places, "--by", "chair", "--keys", str(safe), "--out", str(out)]
    assert admin.main(opening) == 0
    assert json.loads(out.read_text())["operations"][0]["id"] == "n1"
    capsys.readouterr()
    assert admin.main(["rescued", "list", *places, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rescued"][0]["id"] == rescue.id


def test_the_hub_tells_what_it_holds_whole_and_nothing_else(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put((SCOPE, Kind.CASE, "k1", a_case("k1", secretary_id="")))
    desk = live_hub.desk("judge")
    mine, lost, others = (
        live_hub.registry.add_blob(live_hub.court.id, scope, content)[0]
        for scope, content in ((SCOPE, b"mine"), (SCOPE, b"lost"), ("case:k2", b"others"))
    )
    from judge_desk.hub.blobs import blob_key

    live_hub.blobs.delete([blob_key(live_hub.court.id, lost)])
    answer = good(desk.http.post(http.HELD, json={"hashes": [mine, lost, others, "0" * 64]}))
    assert answer.json() == {"sizes": {mine: 4}}
    assert refused(desk.http.post(http.HELD, json={"hashes": ["../x"]})) == (400, "bad_request")
