"""The key record opens for the right passphrase on the right PC, and says which of the two was wrong."""

import hashlib
import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain.errors import (
    BadInput,
    DamagedStore,
    DeviceSecretMissing,
    DiskFull,
    KnownError,
    NewerStore,
    StoreProblem,
    WrongPassphrase,
)
from judge_desk.runtime.clock import FixedClock
from judge_desk.security import keyslot, private_file
from judge_desk.security.keyslot import STANDARD, Cost, KeySlot

PASSPHRASE = "Ұзақ жол, ескі қайың"
SECRET = bytes(range(32))


def rewritten(path: Path, change: dict[str, Any], *, honest: bool) -> None:
    """Change header fields in the record; ``honest`` mends the checksum, as an attacker would."""
    record = json.loads(path.read_bytes())
    record["header"].update(change)
    if honest:
        decoded = msgspec.convert(record, type=keyslot._Record, builtin_types=())
        record["checksum"] = keyslot._checksum(decoded.header, decoded.wrapped)
    path.write_text(json.dumps(record))


def test_what_was_made_opens_again(slot: KeySlot) -> None:
    assert not slot.exists()
    made = slot.create(PASSPHRASE, SECRET)
    assert slot.exists()
    assert slot.open(PASSPHRASE, SECRET) == made


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(passphrase=st.text(min_size=8, max_size=60), other=st.text(min_size=8, max_size=60))
def test_any_passphrase_opens_and_no_other_does(tmp_path: Path, clock: FixedClock, passphrase: str, other: str) -> None:
    if len(unicodedata.normalize("NFC", passphrase)) < 8:
        return
    slot = KeySlot(tmp_path / "any.json", clock, Cost(memory_kib=128, iterations=1, lanes=1))
    slot.destroy()
    made = slot.create(passphrase, SECRET)
    assert slot.open(passphrase, SECRET) == made
    if unicodedata.normalize("NFC", other) != unicodedata.normalize("NFC", passphrase):
        with pytest.raises(WrongPassphrase):
            slot.open(other, SECRET)


def test_a_letter_typed_as_two_code_points_is_the_same_letter(slot: KeySlot) -> None:
    made = slot.create(unicodedata.normalize("NFC", "Мой ёлочный край"), SECRET)
    assert slot.open(unicodedata.normalize("NFD", "Мой ёлочный край"), SECRET) == made


def test_another_device_is_told_from_a_wrong_passphrase(slot: KeySlot) -> None:
    slot.create(PASSPHRASE, SECRET)
    with pytest.raises(WrongPassphrase):
        slot.open(PASSPHRASE + " ", SECRET)
    with pytest.raises(DeviceSecretMissing) as raised:
        slot.open(PASSPHRASE, bytes(32))
    assert raised.value.key == "security.device_secret.other"


def test_without_the_device_secret_a_right_passphrase_is_not_enough(
    slot: KeySlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for somebody who takes the check for the device out of the program."""
    slot.create(PASSPHRASE, SECRET)
    check = json.loads((tmp_path / "key.json").read_bytes())["header"]["device_check"]
    monkeypatch.setattr(keyslot, "_device_check", lambda _: check)
    with pytest.raises(WrongPassphrase):
        slot.open(PASSPHRASE, bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        {"cost": {"memory_kib": 128, "iterations": 2, "lanes": 1}},
        {"cost": {"memory_kib": 256, "iterations": 1, "lanes": 1}},
        {"cost": {"memory_kib": 128, "iterations": 1, "lanes": 2}},
        {"slot": "another"},
        {"salt": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"nonce": "AAAAAAAAAAAAAAAA"},
    ],
)
def test_a_changed_parameter_opens_nothing(slot: KeySlot, tmp_path: Path, change: dict[str, Any]) -> None:
    slot.create(PASSPHRASE, SECRET)
    rewritten(tmp_path / "key.json", change, honest=False)
    with pytest.raises(DamagedStore):
        slot.open(PASSPHRASE, SECRET)
    rewritten(tmp_path / "key.json", change, honest=True)
    with pytest.raises(WrongPassphrase):
        slot.open(PASSPHRASE, SECRET)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 1 << 30, "iterations": 1, "lanes": 1},
        {"memory_kib": 128, "iterations": 1 << 30, "lanes": 1},
        {"memory_kib": 1, "iterations": 1, "lanes": 1},
    ],
)
def test_a_doctored_cost_does_not_eat_the_memory(slot: KeySlot, tmp_path: Path, cost: dict[str, int]) -> None:
    slot.create(PASSPHRASE, SECRET)
    rewritten(tmp_path / "key.json", {"cost": cost}, honest=False)
    with pytest.raises(DamagedStore):
        slot.open(PASSPHRASE, SECRET)


def test_every_damaged_byte_gives_a_sentence_or_changes_nothing(slot: KeySlot, tmp_path: Path) -> None:
    """Base64 has a few bits that mean nothing; any other change must be refused."""
    path = tmp_path / "key.json"
    made, refused = slot.create(PASSPHRASE, SECRET), 0
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        path.write_bytes(damaged)
        slot.tries.clear()
        try:
            assert slot.open(PASSPHRASE, SECRET) == made
        except KnownError:
            refused += 1
        path.write_bytes(whole[:place])
        with pytest.raises(DamagedStore):
            slot.open(PASSPHRASE, SECRET)
    assert refused >= len(whole) - 4


def test_a_missing_record_and_a_newer_one_are_told_apart(slot: KeySlot, tmp_path: Path) -> None:
    with pytest.raises(DamagedStore) as raised:
        slot.open(PASSPHRASE, SECRET)
    assert raised.value.key == "security.record.missing"
    slot.create(PASSPHRASE, SECRET)
    rewritten(tmp_path / "key.json", {"version": 2, "kdf": "of tomorrow"}, honest=False)
    before = (tmp_path / "key.json").read_bytes()
    with pytest.raises(NewerStore):
        slot.open(PASSPHRASE, SECRET)
    assert (tmp_path / "key.json").read_bytes() == before


def test_a_new_passphrase_keeps_the_key_and_shuts_out_the_old(slot: KeySlot, tmp_path: Path) -> None:
    made = slot.create(PASSPHRASE, SECRET)
    first = json.loads((tmp_path / "key.json").read_bytes())["header"]
    slot.change_passphrase(PASSPHRASE, "Екінші құпия сөз", SECRET)
    second = json.loads((tmp_path / "key.json").read_bytes())["header"]
    assert slot.open("Екінші құпия сөз", SECRET) == made
    with pytest.raises(WrongPassphrase):
        slot.open(PASSPHRASE, SECRET)
    assert first["salt"] != second["salt"]
    assert first["nonce"] != second["nonce"]


def test_a_refused_change_leaves_the_record(slot: KeySlot, tmp_path: Path) -> None:
    slot.create(PASSPHRASE, SECRET)
    before = (tmp_path / "key.json").read_bytes()
    with pytest.raises(WrongPassphrase):
        slot.change_passphrase("wrong passphrase", "another passphrase", SECRET)
    with pytest.raises(BadInput):
        slot.change_passphrase(PASSPHRASE, "short", SECRET)
    assert (tmp_path / "key.json").read_bytes() == before


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_at_any_step_leaves_the_old_record(
    slot: KeySlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made = slot.create(PASSPHRASE, SECRET)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            *{"write": (private_file, "_write_new"), "fsync": (os, "fsync"), "replace": (os, "replace")}[step], full
        )
        with pytest.raises(DiskFull):
            slot.change_passphrase(PASSPHRASE, "Екінші құпия сөз", SECRET)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []
    slot.tries.clear()
    assert slot.open(PASSPHRASE, SECRET) == made


def test_a_second_record_is_not_made_over_the_first(slot: KeySlot) -> None:
    made = slot.create(PASSPHRASE, SECRET)
    with pytest.raises(BadInput):
        slot.create(PASSPHRASE, SECRET)
    assert slot.open(PASSPHRASE, SECRET) == made


def test_the_record_tells_neither_key_nor_passphrase_nor_device(slot: KeySlot, tmp_path: Path) -> None:
    key = slot.create(PASSPHRASE, SECRET).reveal()
    text = (tmp_path / "key.json").read_text()
    for secret in (key, SECRET, PASSPHRASE.encode(), hashlib.sha256(PASSPHRASE.encode()).digest()):
        assert secret.hex() not in text
        assert msgspec.json.encode(secret).decode() not in text
    assert PASSPHRASE not in text
    if os.name == "posix":
        assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600


def test_the_standard_cost_is_the_one_that_was_decided(tmp_path: Path, clock: FixedClock) -> None:
    assert Cost(memory_kib=64 * 1024, iterations=3, lanes=4) == STANDARD
    slot = KeySlot(tmp_path / "key.json", clock)
    assert slot.create(PASSPHRASE, SECRET) == slot.open(PASSPHRASE, SECRET)
    assert json.loads((tmp_path / "key.json").read_bytes())["header"]["cost"]["memory_kib"] == 65536


def test_a_folder_that_cannot_be_written_is_a_sentence(clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem) as raised:
        KeySlot(tmp_path / "file" / "key.json", clock, Cost(memory_kib=128, iterations=1, lanes=1)).create(
            PASSPHRASE, SECRET
        )
    assert raised.value.key == "security.file.unwritable"
