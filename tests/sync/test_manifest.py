"""Hub and desk compute the same roots, the hub signs them, and the doctor names every single difference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from judge_desk.domain.cases import Case
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest
from judge_desk.services.doctor import Check, check_files, check_manifest, repair
from judge_desk.services.manifest import BadSignature, Change, ManifestService, receipt_of
from judge_desk.store import attachments_table
from judge_desk.store.tables import RECORD_TABLES, attachment, scope
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk, SyncedDesk
from tests.sync.sticks import (
    JUDGE,
    add_document,
    case_at_hub,  # noqa: F401
    from_hub,
)

NOTE = RECORD_TABLES[Kind.NOTE]
DOCUMENT = RECORD_TABLES[Kind.DOCUMENT]


@pytest.fixture
def desk(live_hub: LiveHub, case: Case, new_desk: NewDesk) -> SyncedDesk:
    made = new_desk(live_hub, JUDGE)
    made.sync()
    made.desk.notes.save(made.desk.notes.new(case.id, "one"))
    made.sync()
    return made


def named(desk: SyncedDesk) -> list[dict[str, Any]]:
    (manifest,) = [each for each in check_manifest(desk.desk.manifest) if each.id == "manifest"]
    return [dict(each) for each in manifest.named]


def test_a_level_desk_agrees_in_one_short_answer(desk: SyncedDesk) -> None:
    hub, asked = desk.opened.hub, desk.opened.hub.manifest
    answers: list[ManifestAnswer] = []

    def counted(request: ManifestRequest) -> ManifestAnswer:
        answers.append(asked(request))
        return answers[-1]

    hub.manifest = counted  # type: ignore[method-assign]  # to look at what comes
    found = desk.desk.manifest.compare()
    assert found.same
    assert [len(answer.scopes) for answer in answers] == [0]
    assert found.scopes == answers[0].count > 3


def test_what_is_not_sent_yet_is_no_difference(desk: SyncedDesk, case: Case) -> None:
    """Hub and desk are compared by what the hub has; unsent work stands beside that."""
    desk.desk.notes.save(desk.desk.notes.new(case.id, "unsent"))
    (note, *_) = desk.desk.notes.of_case(case.id)
    desk.desk.notes.save(replace(note.note, text="edited"))
    assert desk.desk.manifest.compare().same


def test_each_difference_is_named_and_cured(desk: SyncedDesk, case: Case, live_hub: LiveHub) -> None:
    store = desk.opened.context.store
    with store.writing() as connection:
        lost = connection.execute(sa.select(NOTE.c.id)).scalar_one()
        connection.execute(sa.delete(NOTE))
        connection.execute(sa.update(DOCUMENT).values(rev=7))
        document = connection.execute(sa.select(DOCUMENT.c.id)).scalar_one()
        extra = {"id": "extra", "scope": case_scope(case.id), "rev": 1, "body": "{}"}
        connection.execute(sa.insert(RECORD_TABLES[Kind.TERM]).values(extra))
        gone = connection.execute(sa.select(scope.c.scope).where(scope.c.scope.like("dossier:%"))).scalar_one()
        connection.execute(sa.delete(scope).where(scope.c.scope == gone))
    found = {(each.get("id", each["scope"]), each["reason"]) for each in named(desk)}
    assert found == {
        (lost, "missing"),
        (document, "revision"),
        ("extra", "extra"),
        (gone, "missing_scope"),
    }
    repair(desk.opened.context, check_manifest(desk.desk.manifest))
    desk.sync()
    assert named(desk) == []


def test_a_missing_and_a_damaged_file_are_named_and_fetched_again(
    desk: SyncedDesk, case: Case, live_hub: LiveHub
) -> None:
    add_document(live_hub, case, b"second" * 5000)
    desk.sync()
    context = desk.opened.context
    assert check_files(context, deep=True).ok
    with context.store.reading() as connection:
        first, second = connection.execute(sa.select(attachment).order_by(attachment.c.size)).all()
    folder = desk.profile.folder / "files"
    (folder / first.file_name).unlink()
    content = bytearray((folder / second.file_name).read_bytes())
    content[-20] ^= 1
    (folder / second.file_name).write_bytes(content)
    assert {each["reason"] for each in check_files(context, deep=False).named} == {"missing_file"}
    bad = check_files(context, deep=True)
    assert {(each["sha256"], each["reason"]) for each in bad.named} == {
        (first.sha256, "missing_file"),
        (second.sha256, "damaged_file"),
    }
    repair(context, [bad])
    desk.sync()
    assert check_files(context, deep=True).ok


def test_the_receipt_bears_the_hubs_signature_and_ages(desk: SyncedDesk, case: Case, live_hub: LiveHub) -> None:
    with desk.opened.context.store.reading() as connection:
        assert receipt_of(connection, case.id).hub_at is None
    receipt = desk.desk.manifest.confirm(case.id)
    assert receipt.agrees
    assert len(receipt.signature) == 128
    add_document(live_hub, case, b"newer")
    desk.sync()
    with desk.opened.context.store.reading() as connection:
        aged = receipt_of(connection, case.id)
    assert (aged.agrees, aged.hub_at) == (False, receipt.hub_at)
    assert [(each.kind, each.change, each.record.size) for each in aged.differences] == [
        (Kind.DOCUMENT, Change.EXTRA, len(b"newer"))
    ]
    again = desk.desk.manifest.confirm(case.id)
    assert (again.agrees, again.differences) == (True, ())


def test_a_receipt_names_what_this_desk_has_not_and_what_is_another_one(
    desk: SyncedDesk, case: Case, live_hub: LiveHub
) -> None:
    with desk.opened.context.store.writing() as connection:
        connection.execute(sa.update(DOCUMENT).values(rev=7))
        connection.execute(sa.delete(NOTE))
    live_hub.put(
        (case_scope(case.id), Kind.NOTE, "shared", factories.a_note(case.id, id="shared", reach=NoteReach.SHARED))
    )
    live_hub.put((case_scope(case.id), Kind.CASE, case.id, replace(case, title="Іс бойынша")))
    receipt = desk.desk.manifest.confirm(case.id)
    assert not receipt.agrees
    assert [(each.kind, each.change, each.record is None) for each in receipt.differences] == [
        (Kind.CASE, Change.OLDER, False),
        (Kind.DOCUMENT, Change.NEWER, False),
        (Kind.NOTE, Change.MISSING, True),
    ]


def test_a_stick_brings_signed_receipts_too(desk: SyncedDesk, case: Case, live_hub: LiveHub, tmp_path: Path) -> None:
    from_hub(live_hub, desk, tmp_path / "x.jdc")
    desk.desk.courier.read([tmp_path / "x.jdc"])
    with desk.opened.context.store.reading() as connection:
        assert receipt_of(connection, case.id).agrees
    add_document(live_hub, case, b"newer")
    desk.sync()
    with desk.opened.context.store.reading() as connection:
        aged = receipt_of(connection, case.id)
    assert (aged.agrees, aged.differences) == (False, ()), "a stick brings roots alone"


@pytest.mark.parametrize("what", ["signature", "total", "scope", "records", "other hub"])
def test_an_answer_that_somebody_else_made_is_not_believed(desk: SyncedDesk, case: Case, what: str) -> None:
    service = desk.desk.manifest
    side = service._side
    assert side is not None

    def forged(request: ManifestRequest) -> ManifestAnswer:
        true = desk.opened.hub.manifest(request)
        if what == "signature":
            return msgspec.structs.replace(true, signature="0" * 128)
        if what == "total":
            return msgspec.structs.replace(true, total="0" * 64)
        first, *rest = true.scopes
        if what == "records":
            return msgspec.structs.replace(
                true, scopes=(msgspec.structs.replace(first, leaves=first.leaves[1:]), *rest)
            )
        return msgspec.structs.replace(true, scopes=(msgspec.structs.replace(first, documents=99), *rest))

    keys = replace(side.keys, hub_key="ab" * 32) if what == "other hub" else side.keys
    hub: Any = side.hub if what == "other hub" else type("Forger", (), {"manifest": staticmethod(forged)})()
    false = ManifestService(desk.opened.context, replace(side, keys=keys, hub=hub))
    with pytest.raises(BadSignature):
        false.confirm(case.id)
    with desk.opened.context.store.reading() as connection:
        assert receipt_of(connection, case.id).hub_at is None
    if what not in ("scope", "records"):
        assert check_manifest(false) == [Check("signature", False)]


def test_without_a_link_the_doctor_says_nothing_of_it(desk: SyncedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_request: ManifestRequest) -> ManifestAnswer:
        raise HubUnreachable

    monkeypatch.setattr(desk.opened.hub, "manifest", away)
    assert check_manifest(desk.desk.manifest) == []


def test_a_stranger_is_told_nothing_of_other_scopes(
    desk: SyncedDesk, case: Case, live_hub: LiveHub, new_desk: NewDesk
) -> None:
    other = new_desk(live_hub, "judge9")
    answer = other.opened.hub.manifest(ManifestRequest(scopes=(case_scope(case.id), "case:none"), detailed=True))
    assert (answer.scopes, answer.count) == ((), 0)


def test_attachments_are_a_part_of_the_root(desk: SyncedDesk, case: Case) -> None:
    """A document whose file was exchanged under the same revision is a difference."""
    with desk.opened.context.store.writing() as connection:
        connection.execute(sa.update(DOCUMENT).values(sha256="0" * 64))
        attachments_table.expect(connection, "0" * 64, 1)
    assert {each["reason"] for each in named(desk)} == {"revision"}
