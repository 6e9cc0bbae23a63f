"""May this desk still be read offline? The hub's latest time, and the lease that it renews at every contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from judge_desk.domain.errors import ClockBehind, DamagedStore, KnownError, LeaseEnded, SignInProblem
from judge_desk.runtime.clock import Clock, court_time
from judge_desk.security.private_file import read_file, replace_file
from judge_desk.security.store_key import StoreKey

TOLERANCE = timedelta(minutes=10)
DEFAULT_LEASE_DAYS = 14
_PURPOSE = "standing"
# Each write is flushed to the disk; a sync every few seconds need not do so.
_WORTH_WRITING = timedelta(minutes=1)


class _Seen(msgspec.Struct, frozen=True):
    hub_at: datetime
    lease_days: int


class Standing:
    """Sealed under the store's key, so that only its owner can read it and nobody can edit it.

    Without the file (a desk that never met a hub) there is no lease and nothing to end.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock

    def observe(self, key: StoreKey, hub_at: datetime, lease_days: int = DEFAULT_LEASE_DAYS) -> KnownError | None:
        """Note the hub's time (aware, UTC) and renew the lease; gives the sentence to show if this PC's clock is off.

        The latest hub time goes back only where hub and PC agree on the earlier one: then it was the hub that had been
        ahead, and without this every desk that heard it would stay shut until that day.
        """
        try:
            seen = self._read(key)
        except DamagedStore:
            seen = None
        fault = clock_fault(self._clock.now(), hub_at)
        latest = hub_at if seen is None or fault is None else max(hub_at, seen.hub_at)
        if seen is None or abs(latest - seen.hub_at) >= _WORTH_WRITING or seen.lease_days != lease_days:
            plain = msgspec.json.encode(_Seen(latest, lease_days))
            replace_file(self._path, key.seal(_PURPOSE, plain))
        return fault

    def check(self, key: StoreKey) -> None:
        """Whether the case files may be opened now.

        Raises:
            ClockBehind: this PC's clock stands more than 10 minutes before a time at which the hub was heard.
            LeaseEnded: the last contact is too long ago, or the note of it is damaged; one contact cures both.
        """
        try:
            seen = self._read(key)
        except DamagedStore:
            raise LeaseEnded("security.lease_unknown") from None
        if seen is None:
            return
        now = self._clock.now()
        if now < seen.hub_at - TOLERANCE:
            raise ClockBehind(**_both(now, seen.hub_at))
        if now > _end(seen):
            raise LeaseEnded(days=seen.lease_days, last=_shown(seen.hub_at), local=_shown(now))

    def lease_until(self, key: StoreKey) -> datetime | None:
        """The last moment without a contact (aware, UTC); None without a lease. Raises DamagedStore."""
        seen = self._read(key)
        return _end(seen) if seen else None

    def destroy(self) -> None:
        self._path.unlink(missing_ok=True)

    def _read(self, key: StoreKey) -> _Seen | None:
        content = read_file(self._path)
        return msgspec.json.decode(key.unseal(_PURPOSE, content), type=_Seen) if content is not None else None


def clock_fault(local_at: datetime, hub_at: datetime) -> KnownError | None:
    """The sentence for a clock that is more than 10 minutes off at the moment of a contact; to show, not to raise."""
    if abs(local_at - hub_at) <= TOLERANCE:
        return None
    if local_at < hub_at:
        return ClockBehind(**_both(local_at, hub_at))
    return SignInProblem("security.clock_ahead", **_both(local_at, hub_at))


def _end(seen: _Seen) -> datetime:
    return seen.hub_at + timedelta(days=seen.lease_days)


def _both(local_at: datetime, hub_at: datetime) -> dict[str, str]:
    return {"local": _shown(local_at), "hub": _shown(hub_at)}


def _shown(moment: datetime) -> str:
    return court_time(moment).strftime("%d.%m.%Y %H:%M")
