"""A profile backed up, lost, and restored on another PC: it opens by the two halves of its key alone, goes on with the
hub, and nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.bootstrap import backup
from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.errors import BadInput, WrongPassphrase
from judge_desk.domain.kinds import Kind
from judge_desk.hub.auth import revoke_device
from judge_desk.protocol.limits import PUSH_OPERATIONS
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import attachments_table, outbox, records, settled
from judge_desk.store.tables import attachment
from tests.live_hub import PASSWORD, LiveHub
from tests.sync.conftest import CHEAP, PASSPHRASE, NewDesk, SyncedDesk
from tests.sync.sticks import (
    JUDGE,
    audit_lines,
    case_at_hub,  # noqa: F401
    device_of,
    hub_note,
    owed,
    own_document,
    round_trip,
)

CLOCK = SystemClock()


def backed_up(desk: SyncedDesk, path: Path, **values: bool) -> str:
    return backup.make(desk.profile, desk.opened, PASSPHRASE, path, CLOCK, cost=CHEAP, **values).code


def restored(file: Path, folder: Path, code: str, *, passphrase: str = PASSPHRASE, new_device: bool = False) -> Profile:
    backup.restore(file, folder, passphrase, code, CLOCK, new_device=new_device, use_keyring=False, cost=CHEAP)
    return Profile(folder, CLOCK, cost=CHEAP, use_keyring=False)


def opened(profile: Profile) -> SyncedDesk:
    return SyncedDesk(profile, profile.unlock(PASSPHRASE, with_loop=False))


def test_a_restored_desk_uses_no_number_again(live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path) -> None:
    """Behind the backup the first PC went on: edited what waited, and made more, all under numbers of this device."""
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    notes = desk.desk.notes
    waiting, sent = notes.new(case.id, "waiting"), notes.new(case.id, "sent")
    notes.save(sent)
    with desk.opened.context.store.writing() as connection:
        settled.mark_sent(connection, [row.mid for row in outbox.next_batch(connection, PUSH_OPERATIONS)])
    notes.save(waiting)
    code = backed_up(desk, tmp_path / "x.backup")
    notes.save(replace(waiting, text="waiting, edited behind the backup"))
    for number in range(5):
        notes.save(notes.new(case.id, f"later {number}"))
    desk.sync()
    used = [line.device_id for line in audit_lines(live_hub, waiting.id)]
    desk.close()

    again = opened(restored(tmp_path / "x.backup", tmp_path / "other", code))
    try:
        old = {row.mid for row in owed(again) if row.state == "sent"}
        fresh = {row.mid for row in owed(again) if row.state == "waiting"}
        assert (len(old), len(fresh)) == (1, 1)
        assert min(fresh) > 1 << 39
        again.desk.notes.save(again.desk.notes.new(case.id, "made after the restore"))
        report = again.sync()
        assert (report.mismatches, [row.state for row in owed(again) if row.state == "sent"]) == (0, [])
        assert device_of(again) == used[0], "the same device goes on"
        assert [line.outcome for line in audit_lines(live_hub, sent.id)] == ["applied"], "exactly once"
        assert "edited behind" in hub_note(live_hub, waiting.id).text, "the newer text is not overwritten"
        with again.opened.context.store.reading() as connection:
            texts = {note.text for note in records.where(connection, Kind.NOTE)}
        assert {"made after the restore", "later 4", "sent"} <= texts
    finally:
        again.close()


def test_two_restores_of_one_backup_do_not_meet(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    code = backed_up(desk, tmp_path / "x.backup")
    desk.close()
    for name in ("one", "two"):
        again = opened(restored(tmp_path / "x.backup", tmp_path / name, code))
        try:
            again.desk.notes.save(again.desk.notes.new(case.id, name))
            assert (again.sync().pushed, again.sync().mismatches) == (1, 0)
        finally:
            again.close()


def test_a_lost_pc_is_shut_out_and_its_backup_lives_on_another(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    unsent = desk.desk.notes.new(case.id, "unsent")
    desk.desk.notes.save(unsent)
    code = backed_up(desk, tmp_path / "x.backup")
    revoke_device(live_hub.engine, device_of(desk), CLOCK.now())
    profile = restored(tmp_path / "x.backup", tmp_path / "new", code, new_device=True)
    assert not profile.is_enrolled
    profile.enrol(live_hub.url, JUDGE, PASSWORD, PASSPHRASE)
    again = opened(profile)
    try:
        assert device_of(again) != device_of(desk)
        again.sync()
        assert hub_note(live_hub, unsent.id).text == "unsent"
        assert owed(again) == []
    finally:
        again.close()


def test_files_come_along_or_are_fetched_again(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    desk.sync()
    own = own_document(desk, case, b"filed here" * 1000)
    code = backed_up(desk, tmp_path / "all.backup")
    assert backed_up(desk, tmp_path / "own.backup", own_files_only=True) == code, "one code for a profile"
    desk.close()
    for name, missing in (("all", 0), ("own", 1)):
        again = opened(restored(tmp_path / f"{name}.backup", tmp_path / name, code))
        try:
            with again.opened.context.store.reading() as connection:
                rows = connection.execute(sa.select(attachment)).all()
                row = attachments_table.find(connection, own.sha256)
            assert sum(each.state == "missing" for each in rows) == missing
            assert row is not None
            assert row.stored is not None
            assert again.opened.context.files.read_all(row.stored) == b"filed here" * 1000
            again.sync()
            with again.opened.context.store.reading() as connection:
                assert set(connection.execute(sa.select(attachment.c.state)).scalars()) == {"here"}
        finally:
            again.close()


def test_a_restored_desk_goes_on_by_stick(live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    code = backed_up(desk, tmp_path / "x.backup")
    desk.desk.notes.save(desk.desk.notes.new(case.id, "behind the backup"))
    round_trip(live_hub, desk, tmp_path / "two")
    desk.close()
    again = opened(restored(tmp_path / "x.backup", tmp_path / "other", code))
    try:
        again.desk.notes.save(again.desk.notes.new(case.id, "after the restore"))
        taken = round_trip(live_hub, again, tmp_path / "three")
        assert (taken.report.pushed, taken.waiting, owed(again)) == (1, 0, [])
        with again.opened.context.store.reading() as connection:
            texts = {note.text for note in records.where(connection, Kind.NOTE)}
        assert texts == {"behind the backup", "after the restore"}
    finally:
        again.close()


def test_neither_half_of_the_key_opens_it_alone(sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    code = backed_up(desk, tmp_path / "x.backup")
    other = "0" * 28 + "-" + code[-4:]
    with pytest.raises(BadInput, match=r"backup\.bad_code"):
        restored(tmp_path / "x.backup", tmp_path / "a", other)
    with pytest.raises(WrongPassphrase):
        restored(tmp_path / "x.backup", tmp_path / "b", code, passphrase="a wrong passphrase")
    assert [path.name for path in tmp_path.iterdir() if path.is_dir() and path.name in "ab"] == []
    content = (tmp_path / "x.backup").read_bytes()
    assert [word for word in (JUDGE, "Ахметова", code, "desk.db", "device") if word.encode() in content] == []


@pytest.mark.parametrize("how", ["cut", "flipped", "head", "other"])
def test_a_broken_backup_restores_nothing(how: str, sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    path = tmp_path / "x.backup"
    code = backed_up(desk, path)
    content = path.read_bytes()
    broken = {
        "cut": content[: len(content) // 2],
        "flipped": content[:-5000] + bytes([content[-5000] ^ 1]) + content[-4999:],
        "head": content[:20],
        "other": b"something else",
    }
    path.write_bytes(broken[how])
    with pytest.raises(BadInput) as told:
        restored(path, tmp_path / "other", code)
    assert told.value.key in {"backup.damaged", "backup.no_backup"}
    assert not (tmp_path / "other").exists()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".judge-desk-")] == []


def test_a_profile_is_never_overwritten(sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    code = backed_up(desk, tmp_path / "x.backup")
    with pytest.raises(BadInput, match=r"backup\.not_empty"):
        restored(tmp_path / "x.backup", desk.profile.folder, code)


def test_a_backup_that_cannot_be_written_leaves_nothing(
    sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)

    def cut(*_arguments: object, **_more: object) -> object:
        raise BadInput("backup.damaged")

    monkeypatch.setattr("judge_desk.security.backup_file.read", cut)
    with pytest.raises(BadInput):
        backed_up(desk, tmp_path / "x.backup")
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["hub.db"] or not (
        tmp_path / "x.backup"
    ).exists()
    assert [each for each in tmp_path.glob(".*") if each.name.endswith(".tmp")] == []
