"""Signing in, locking, and what keeps the right passphrase out: a clock set back, a lease that ended."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from judge_desk.domain.errors import (
    BadInput,
    ClockBehind,
    DeviceSecretMissing,
    LeaseEnded,
    SignInProblem,
    StoreLocked,
    WrongPassphrase,
)
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.keyslot import KeySlot
from judge_desk.security.session import SignIn, State
from judge_desk.security.standing import clock_fault
from judge_desk.security.store_key import StoreKey

PASSPHRASE = "Ұзақ жол, ескі қайың"


def test_a_day_from_new_to_locked_and_back(sign_in: SignIn, restarted: Callable[[], SignIn]) -> None:
    states = [sign_in.state]
    made = sign_in.create(PASSPHRASE)
    database_key = made.database_key()
    states.append(sign_in.state)
    assert sign_in.key is made
    sign_in.lock()
    states.append(sign_in.state)
    assert states == [State.NEW, State.UNLOCKED, State.LOCKED]
    with pytest.raises(StoreLocked):
        sign_in.key.database_key()
    with pytest.raises(StoreLocked):
        made.database_key()
    assert restarted().state is State.LOCKED
    assert restarted().unlock(PASSPHRASE).database_key() == database_key


def test_a_wrong_passphrase_leaves_the_desk_locked(sign_in: SignIn, restarted: Callable[[], SignIn]) -> None:
    sign_in.create(PASSPHRASE)
    later = restarted()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            later.unlock("wrong passphrase")
    assert later.state is State.LOCKED
    assert later.seconds_to_wait() == 5


def test_a_first_sign_in_that_stopped_half_way_goes_on(sign_in: SignIn) -> None:
    with pytest.raises(BadInput):
        sign_in.create("short")
    assert sign_in.state is State.NEW
    sign_in.create(PASSPHRASE)
    with pytest.raises(BadInput):
        sign_in.create(PASSPHRASE)


def test_a_new_passphrase_keeps_an_open_desk_open(sign_in: SignIn) -> None:
    made = sign_in.create(PASSPHRASE)
    sign_in.change_passphrase(PASSPHRASE, "Екінші құпия сөз")
    assert sign_in.key is made
    assert made.database_key()
    sign_in.lock()
    sign_in.unlock("Екінші құпия сөз")


def test_a_desk_that_never_met_a_hub_has_no_lease(sign_in: SignIn, clock: FixedClock) -> None:
    sign_in.create(PASSPHRASE)
    assert sign_in.lease_until() is None
    clock.advance(days=4000)
    sign_in.check_standing()


def test_a_lease_ends_and_one_contact_renews_it(
    sign_in: SignIn, clock: FixedClock, restarted: Callable[[], SignIn]
) -> None:
    sign_in.create(PASSPHRASE)
    assert sign_in.hub_heard(clock.now(), lease_days=14) is None
    assert sign_in.lease_until() == clock.now() + timedelta(days=14)
    clock.advance(days=14)
    later = restarted()
    later.unlock(PASSPHRASE)
    later.lock()
    clock.advance(seconds=1)
    with pytest.raises(LeaseEnded):
        later.unlock(PASSPHRASE)
    assert later.state is State.LOCKED
    later.unlock(PASSPHRASE, for_sync_only=True)
    with pytest.raises(LeaseEnded):
        later.check_standing()
    later.hub_heard(clock.now())
    later.check_standing()
    restarted().unlock(PASSPHRASE)


def test_a_clock_set_back_does_not_lengthen_the_lease(
    sign_in: SignIn, clock: FixedClock, restarted: Callable[[], SignIn]
) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    clock.advance(minutes=-10)
    sign_in.check_standing()
    clock.advance(days=-1)
    with pytest.raises(ClockBehind) as raised:
        restarted().unlock(PASSPHRASE)
    assert raised.value.params == {"local": "22.11.2026 08:50", "hub": "23.11.2026 09:00"}


def test_a_hub_whose_clock_jumps_back_does_not_end_the_lease(sign_in: SignIn, clock: FixedClock) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    sign_in.hub_heard(clock.now() - timedelta(days=300), lease_days=7)
    assert sign_in.lease_until() == clock.now() + timedelta(days=7)
    sign_in.check_standing()


def test_a_hub_that_was_a_year_ahead_is_forgiven_once_it_is_right(sign_in: SignIn, clock: FixedClock) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now() + timedelta(days=365))
    with pytest.raises(ClockBehind):
        sign_in.check_standing()
    sign_in.hub_heard(clock.now())
    sign_in.check_standing()
    assert sign_in.lease_until() == clock.now() + timedelta(days=14)


def test_a_key_that_was_opened_in_vain_is_dropped(
    sign_in: SignIn, clock: FixedClock, restarted: Callable[[], SignIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    clock.advance(days=15)
    opened: list[StoreKey] = []
    really = KeySlot.open

    def spy(slot: KeySlot, passphrase: str, device_secret: bytes) -> StoreKey:
        opened.append(really(slot, passphrase, device_secret))
        return opened[-1]

    monkeypatch.setattr(KeySlot, "open", spy)
    with pytest.raises(LeaseEnded):
        restarted().unlock(PASSPHRASE)
    with pytest.raises(StoreLocked):
        opened[0].reveal()


@pytest.mark.parametrize(("days", "kind"), [(-1, ClockBehind), (1, SignInProblem), (365, SignInProblem)])
def test_a_clock_a_day_off_gives_a_sentence_in_each_language(
    sign_in: SignIn, clock: FixedClock, days: int, kind: type[SignInProblem]
) -> None:
    sign_in.create(PASSPHRASE)
    hub_at = clock.now()
    clock.advance(days=days)
    fault = sign_in.hub_heard(hub_at)
    assert type(fault) is kind
    for language in LANGUAGES:
        assert "23.11.2026 09:00" in Translator(language)(fault.key, **fault.params)


def test_a_clock_a_few_minutes_off_is_nobodys_business(clock: FixedClock) -> None:
    assert clock_fault(clock.now() + timedelta(minutes=10), clock.now()) is None
    assert clock_fault(clock.now() - timedelta(minutes=10), clock.now()) is None


def test_the_note_of_the_hub_cannot_be_edited(
    sign_in: SignIn, tmp_path: Path, clock: FixedClock, restarted: Callable[[], SignIn]
) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    note = tmp_path / "standing.sealed"
    content = bytearray(note.read_bytes())
    assert b"2026" not in content
    content[20] ^= 1
    note.write_bytes(content)
    with pytest.raises(LeaseEnded) as raised:
        restarted().unlock(PASSPHRASE)
    assert raised.value.key == "security.lease_unknown"
    sign_in.hub_heard(clock.now())
    restarted().unlock(PASSPHRASE)


def test_a_sync_every_second_does_not_write_every_second(sign_in: SignIn, tmp_path: Path, clock: FixedClock) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    before = (tmp_path / "standing.sealed").read_bytes()
    clock.advance(seconds=59)
    sign_in.hub_heard(clock.now())
    assert (tmp_path / "standing.sealed").read_bytes() == before
    clock.advance(seconds=1)
    sign_in.hub_heard(clock.now())
    assert (tmp_path / "standing.sealed").read_bytes() != before


def test_destroying_leaves_nothing_that_opens(sign_in: SignIn, tmp_path: Path, clock: FixedClock) -> None:
    sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    sign_in.destroy()
    assert list(tmp_path.iterdir()) == []
    assert sign_in.state is State.NEW


def test_a_stolen_laptop_opens_nothing_and_speaks_for_nobody(
    sign_in: SignIn, tmp_path: Path, clock: FixedClock, restarted: Callable[[], SignIn]
) -> None:
    """All files of the profile, without the passphrase; then the passphrase and the record without the PC's half."""
    key = sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    device = DeviceKey.create(tmp_path / "device.json", key)
    secrets = [key.reveal(), key.database_key(), key.derive("standing"), key.derive("device key")]
    secrets.append(device._private.private_bytes_raw())
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert PASSPHRASE.encode() not in content
        assert not any(secret in content or secret.hex().encode() in content for secret in secrets)
    thief = restarted()
    with pytest.raises(WrongPassphrase):
        thief.unlock("password1")
    with pytest.raises(StoreLocked):
        thief.hub_heard(clock.now())
    (tmp_path / "vault.secrets").unlink()
    with pytest.raises(DeviceSecretMissing):
        restarted().unlock(PASSPHRASE)


def test_two_threads_unlock_and_lock_without_a_torn_state(sign_in: SignIn) -> None:
    sign_in.create(PASSPHRASE)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                sign_in.unlock(PASSPHRASE)
                sign_in.lock()
        except BaseException as fault:  # noqa: BLE001 - handed to the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sign_in.state is State.LOCKED
