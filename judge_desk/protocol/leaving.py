"""What a desk says when it forgets: unsent work sealed for the court, and the receipt that nothing is left.

Both are signed by the device's own key and need no session, because a device that was shut out gets none. Sealing is
HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) to the court's recovery key; the desk cannot open it again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from judge_desk.domain.errors import DamagedStore
from judge_desk.protocol.operations import Operation

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"judge-desk rescue 1 "


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What is inside: operations of one scope that the hub had not confirmed when the right to it ended."""

    scope: str
    person_id: str
    operations: tuple[Operation, ...]


class Rescue(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the SHA-256 of ``sealed`` (64 hex digits), so that sending it twice stores it once."""

    device_id: str
    id: str
    scope: str
    reason: str
    key_id: str
    sealed: bytes
    signature: str = ""


class Wiped(msgspec.Struct, frozen=True, kw_only=True):
    """Rows and files of ``scope`` are gone from the device; an empty scope: everything, its key first."""

    device_id: str
    scope: str
    reason: str
    at: datetime
    rows: int
    files: int
    signature: str = ""


def seal(bundle: Bundle, public_key: str) -> bytes:
    """Bytes that only the court's recovery key (hex) opens."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    return _SUITE.encrypt(msgspec.json.encode(bundle), key, _PURPOSE + bundle.scope.encode())


def unseal(sealed: bytes, scope: str, secret: bytes) -> Bundle:
    """Open with the recovery key's secret half; raises DamagedStore for another key, or a bit that was changed."""
    try:
        plain = _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(secret), _PURPOSE + scope.encode())
        return msgspec.json.decode(plain, type=Bundle)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        raise DamagedStore("hub.rescue.unreadable") from None


def rescue_id(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def signed_text(message: Rescue | Wiped) -> bytes:
    """What the device's key signs: everything but the signature, the sealed bytes by their hash."""
    if isinstance(message, Rescue):
        parts = ["rescue", message.device_id, message.id, message.scope, message.reason, message.key_id]
    else:
        numbers = [message.at.isoformat(), str(message.rows), str(message.files)]
        parts = ["wiped", message.device_id, message.scope, message.reason, *numbers]
    return " ".join(parts).encode()
