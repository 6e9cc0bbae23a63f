"""The device's own signature: an Ed25519 key known to the hub by its public half, useless without the open store."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.domain.errors import BadInput, DamagedStore, NotFound
from judge_desk.protocol.api import EnrolRequest, SessionRequest
from judge_desk.security.private_file import read_file, replace_file
from judge_desk.security.store_key import StoreKey

_PURPOSE = "device key"


class _Stored(msgspec.Struct, frozen=True):
    """``public_key`` in hex; ``sealed`` is the private half under the store's key, bound to the public one."""

    public_key: str
    sealed: bytes


class DeviceKey:
    """The key of this device, ready to sign."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes_raw().hex()

    @classmethod
    def create(cls, path: Path, store_key: StoreKey) -> DeviceKey:
        """Make a key and keep it in ``path``, its private half sealed.

        Raises:
            BadInput: there is one already; the hub knows the device by it.
            DiskFull, StoreProblem: it could not be written.
        """
        if path.exists():
            raise BadInput("security.device_key.exists")
        made = cls(Ed25519PrivateKey.generate())
        sealed = store_key.seal(_PURPOSE, made._private.private_bytes_raw(), made.public_key.encode())
        replace_file(path, msgspec.json.encode(_Stored(made.public_key, sealed)))
        return made

    @classmethod
    def load(cls, path: Path, store_key: StoreKey) -> DeviceKey:
        """The key that `create` made.

        Raises:
            NotFound: this desk was never enrolled.
            DamagedStore: the file is damaged, or belongs to another store; enrol again.
        """
        content = read_file(path)
        if content is None:
            raise NotFound("security.device_key.missing")
        try:
            stored = msgspec.json.decode(content, type=_Stored)
            private = store_key.unseal(_PURPOSE, stored.sealed, stored.public_key.encode())
            return cls(Ed25519PrivateKey.from_private_bytes(private))
        except (msgspec.DecodeError, UnicodeDecodeError, DamagedStore, ValueError):
            raise DamagedStore("security.device_key.damaged") from None

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone before a device is approved: six groups of four hex digits."""
        digest = hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, 24, 4))

    def sign(self, message: bytes) -> str:
        """The signature in hex (128 digits)."""
        return self._private.sign(message).hex()

    def enrol_request(self, user: str, password: str, device_name: str) -> EnrolRequest:
        """The first message to the hub."""
        return EnrolRequest(user=user, password=password, device_name=device_name, public_key=self.public_key)

    def session_request(self, device_id: str, now: datetime) -> SessionRequest:
        """A request for a short session, signed for this moment (aware, UTC)."""
        signed_at = now.isoformat()
        signature = self.sign(f"session {device_id} {signed_at}".encode())
        return SessionRequest(device_id=device_id, signed_at=signed_at, signature=signature)

    def __repr__(self) -> str:
        return f"DeviceKey({self.fingerprint})"
