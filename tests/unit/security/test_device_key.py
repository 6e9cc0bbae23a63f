"""The device signs what the hub can check by the public key alone, and only while the store is open."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.errors import BadInput, DamagedStore, NotFound, StoreLocked
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.store_key import StoreKey


def check(public_key: str, signature: str, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)


def test_the_key_made_is_the_key_loaded(tmp_path: Path) -> None:
    store_key = StoreKey.random()
    made = DeviceKey.create(tmp_path / "device.json", store_key)
    loaded = DeviceKey.load(tmp_path / "device.json", store_key)
    assert loaded.public_key == made.public_key
    assert loaded.sign(b"x") == made.sign(b"x")
    with pytest.raises(BadInput):
        DeviceKey.create(tmp_path / "device.json", store_key)


def test_a_session_request_is_signed_over_device_and_moment(tmp_path: Path, clock: FixedClock) -> None:
    key = DeviceKey.create(tmp_path / "device.json", StoreKey.random())
    request = key.session_request("device1", clock.now())
    check(key.public_key, request.signature, b"session device1 2026-11-23T04:00:00+00:00")
    for other in (b"session device2 2026-11-23T04:00:00+00:00", b"session device1 2026-11-23T04:00:01+00:00"):
        with pytest.raises(InvalidSignature):
            check(key.public_key, request.signature, other)


def test_enrolment_carries_the_public_half_only(tmp_path: Path) -> None:
    key = DeviceKey.create(tmp_path / "device.json", StoreKey.random())
    request = key.enrol_request("a.serik", "password", "Desk of room 12")
    assert request.public_key == key.public_key
    assert len(bytes.fromhex(request.public_key)) == 32
    assert key._private.private_bytes_raw().hex() not in repr(request) + repr(key)


def test_the_fingerprint_can_be_read_out_over_the_telephone(tmp_path: Path) -> None:
    fingerprint = DeviceKey.create(tmp_path / "device.json", StoreKey.random()).fingerprint
    assert [len(group) for group in fingerprint.split()] == [4] * 6


def test_another_store_a_damaged_file_or_none_are_told_apart(tmp_path: Path) -> None:
    path, store_key = tmp_path / "device.json", StoreKey.random()
    with pytest.raises(NotFound):
        DeviceKey.load(path, store_key)
    first = DeviceKey.create(path, store_key)
    with pytest.raises(DamagedStore):
        DeviceKey.load(path, StoreKey.random())
    content = path.read_bytes()
    other = DeviceKey.create(tmp_path / "other.json", store_key)
    for damaged in (
        b"",
        b"{}",
        b"\xff",
        content[:-9],
        content.replace(first.public_key.encode(), other.public_key.encode()),
    ):
        path.write_bytes(damaged)
        with pytest.raises(DamagedStore):
            DeviceKey.load(path, store_key)


def test_a_locked_store_has_no_device_key(tmp_path: Path) -> None:
    store_key = StoreKey.random()
    DeviceKey.create(tmp_path / "device.json", store_key)
    store_key.forget()
    with pytest.raises(StoreLocked):
        DeviceKey.load(tmp_path / "device.json", store_key)
