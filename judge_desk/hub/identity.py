"""The hub's own key: by it a desk knows that an order to destroy its store is truly the court's."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, select

from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from judge_desk.hub.db.dialect import add_missing
from judge_desk.protocol.api import WipeOrder
from judge_desk.protocol.http import wipe_text
from judge_desk.runtime.clock import Clock

_ONE = "hub"


class Identity:
    """Reads the key when it is first needed; the first hub process of all makes it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._key: Ed25519PrivateKey | None = None

    def public_key(self) -> str:
        """32 bytes in hex, as EnrolAnswer carries them."""
        return _hex(self._private())

    def wipe_order(self, device_id: str) -> WipeOrder:
        """Tells a device that was shut out to destroy its store."""
        at = self._clock.now().isoformat()
        signature = self._private().sign(wipe_text(device_id, at)).hex()
        return WipeOrder(device_id=device_id, ordered_at=at, signature=signature)

    def sign(self, message: bytes) -> str:
        """The signature in hex: of courier bundles and of statements about a case file."""
        return self._private().sign(message).hex()

    def courier_secret(self) -> bytes:
        """The secret half (X25519) of the key that desks seal courier bundles to; the same every time."""
        return HKDF(SHA256(), 32, None, b"judge-desk courier").derive(self._private().private_bytes_raw())

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            with self._engine.connect() as connection:
                secret = _secret(connection)
            if secret is not None:
                self._key = Ed25519PrivateKey.from_private_bytes(secret)
            else:
                at = self._clock.now()
                self._key = database.write(self._engine, lambda connection: key_within(connection, at))
        return self._key


def key_within(connection: Connection, at: datetime) -> Ed25519PrivateKey:
    """The hub's key inside a transaction that is under way; makes it where no process has yet."""
    secret = _secret(connection)
    if secret is None:
        new = Ed25519PrivateKey.generate()
        row = {"id": _ONE, "secret": new.private_bytes_raw(), "public_key": _hex(new), "created_at": at}
        # Of two processes that start at once the first one's key holds.
        add_missing(connection, tables.identity_key, [row])
        secret = _secret(connection)
    assert secret is not None
    return Ed25519PrivateKey.from_private_bytes(secret)


def _secret(connection: Connection) -> bytes | None:
    secret: bytes | None = connection.scalar(
        select(tables.identity_key.c.secret).where(tables.identity_key.c.id == _ONE)
    )
    return secret


def _hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
