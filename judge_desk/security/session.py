"""Signed in or not: opens the store's key for the right passphrase and drops it on lock."""

from __future__ import annotations

import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from judge_desk.domain.errors import KnownError, StoreLocked
from judge_desk.runtime.clock import Clock
from judge_desk.security import file_names
from judge_desk.security.keyslot import STANDARD, Cost, KeySlot
from judge_desk.security.standing import DEFAULT_LEASE_DAYS, Standing
from judge_desk.security.store_key import StoreKey
from judge_desk.security.vault import Vault


class State(StrEnum):
    NEW = "new"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class SignIn:
    """The sign-in of one profile folder.

    May be called from any thread, but not from the window's: `create`, `unlock` and `change_passphrase` derive a key
    (0.3 s, 64 MiB) and ask the keyring. Whoever opened files with the key closes them before `lock`.
    """

    def __init__(self, folder: Path, clock: Clock, *, vault: Vault | None = None, cost: Cost = STANDARD) -> None:
        self.vault = vault or Vault(folder)
        self._slot = KeySlot(folder / file_names.KEY, clock, cost)
        self._standing = Standing(folder / "standing.sealed", clock)
        self._key: StoreKey | None = None
        self._guard = threading.RLock()

    @property
    def state(self) -> State:
        if self._key is not None:
            return State.UNLOCKED
        return State.LOCKED if self._slot.exists() else State.NEW

    @property
    def key(self) -> StoreKey:
        """The open store's key; raises StoreLocked."""
        with self._guard:
            if self._key is None:
                raise StoreLocked
            return self._key

    def seconds_to_wait(self) -> int:
        """How long the passphrase field stays shut after wrong tries; 0 when it is open."""
        return self._slot.tries.seconds_left()

    def create(self, passphrase: str) -> StoreKey:
        """First sign-in on this PC: makes the device's secret, the store's key and its record, and stays unlocked.

        Raises:
            BadInput: the passphrase is too short, or there is a record already.
            KeyringProblem, DiskFull, StoreProblem: as Vault and KeySlot; calling again goes on where it stopped.
        """
        with self._guard:
            # A first try may have ended between the two steps, such as at a passphrase that was too short.
            made = self.vault.place is not None
            secret = self.vault.device_secret() if made else self.vault.make_device_secret()
            self._key = self._slot.create(passphrase, secret)
            return self._key

    def unlock(self, passphrase: str, *, for_sync_only: bool = False) -> StoreKey:
        """Open the key. ``for_sync_only`` lets in a desk whose lease ended, to reach the hub; show no case then.

        Raises:
            WrongPassphrase, TriesExhausted, DamagedStore, NewerStore: as KeySlot.open.
            DeviceSecretMissing, KeyringProblem: as Vault.device_secret.
            ClockBehind, LeaseEnded: the passphrase is right, but the case files stay shut until a contact.
        """
        with self._guard:
            key = self._slot.open(passphrase, self.vault.device_secret())
            try:
                if not for_sync_only:
                    self._standing.check(key)
            except KnownError:
                key.forget()
                raise
            self._key = key
            return key

    def check(self, passphrase: str) -> None:
        """Whether this is the passphrase; nothing changes. Raises as KeySlot.open."""
        with self._guard:
            self._slot.open(passphrase, self.vault.device_secret()).forget()

    def lock(self) -> None:
        """Overwrite and drop the key; whoever still holds it gets StoreLocked. No error if locked already."""
        with self._guard:
            if self._key is not None:
                self._key.forget()
            self._key = None

    def change_passphrase(self, old: str, new: str) -> None:
        """Rewrite the record alone; the state stays as it is. Raises as `unlock` and `create`."""
        with self._guard:
            self._slot.change_passphrase(old, new, self.vault.device_secret())

    def hub_heard(self, hub_at: datetime, lease_days: int = DEFAULT_LEASE_DAYS) -> KnownError | None:
        """Renew the lease with the hub's time (aware, UTC). Gives, not raises, the sentence for a clock that is off.

        Raises:
            StoreLocked: nobody is signed in.
        """
        with self._guard:
            return self._standing.observe(self.key, hub_at, lease_days)

    def check_standing(self) -> None:
        """Whether case files may stay open, after days. Raises ClockBehind, LeaseEnded, StoreLocked."""
        with self._guard:
            self._standing.check(self.key)

    def lease_until(self) -> datetime | None:
        """The last moment without a contact (aware, UTC); None without a lease. Raises StoreLocked, DamagedStore."""
        with self._guard:
            return self._standing.lease_until(self.key)

    def destroy(self) -> None:
        """For a revoked device: the key record first, then the rest; database and files are noise from then on."""
        with self._guard:
            self.lock()
            self._slot.destroy()
            self._standing.destroy()
            self.vault.destroy()
