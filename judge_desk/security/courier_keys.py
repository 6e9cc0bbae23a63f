"""What a desk needs to send by stick: to seal for its hub, to sign as this device, and to open what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from judge_desk.protocol.courier import public_half
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.store_key import StoreKey


@dataclass(frozen=True, kw_only=True)
class CourierKeys:
    """``secret`` is the device's half (X25519) of the key that the hub seals to; ``hub_key`` (Ed25519) and
    ``hub_courier_key`` (X25519) are the hub's, in hex, empty for a desk that enrolled before there were any.
    ``device_key`` reads the signing key when it is needed."""

    court_id: str
    device_id: str
    secret: bytes = field(repr=False)
    device_key: Callable[[], DeviceKey]
    hub_key: str
    hub_courier_key: str

    @cached_property
    def public_key(self) -> str:
        return public_half(self.secret)

    def sign(self, message: bytes) -> str:
        """The device's signature (Ed25519) in hex. Raises DamagedStore, NotFound as DeviceKey.load."""
        return self.device_key().sign(message)


def courier_secret(key: StoreKey) -> bytes:
    """The secret half for a profile: it comes from the store's key, so nothing more needs to be kept or backed up."""
    return key.derive("courier")
