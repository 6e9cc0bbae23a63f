"""The one secret behind everything on this disk: a value that hides itself and hands out keys by purpose only."""

from __future__ import annotations

import hmac
import secrets
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judge_desk.domain.errors import DamagedStore, StoreLocked

KEY_BYTES = 32
_NONCE_BYTES = 12


class StoreKey:
    """256 random bits. Never shown, compared in constant time, not copied into pickles; useless after `forget`."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("a store key has 32 bytes")
        self._secret = bytearray(secret)

    @classmethod
    def random(cls) -> StoreKey:
        return cls(secrets.token_bytes(KEY_BYTES))

    def derive(self, purpose: str) -> bytes:
        """The 32-byte key for one purpose; the same every time, and no purpose's key tells another's.

        Raises:
            StoreLocked: after `forget`.
        """
        return HKDF(SHA256(), KEY_BYTES, None, b"judge-desk " + purpose.encode()).derive(self.reveal())

    def database_key(self) -> bytes:
        """The raw key of the SQLCipher database (32 bytes)."""
        return self.derive("database")

    def seal(self, purpose: str, plain: bytes, bound_to: bytes = b"") -> bytes:
        """AES-256-GCM under the purpose's key: 12 bytes nonce, cipher text, 16 bytes tag; bound to ``bound_to``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, plain, bound_to)

    def unseal(self, purpose: str, sealed: bytes, bound_to: bytes = b"") -> bytes:
        """What was sealed.

        Raises:
            DamagedStore: changed, cut, sealed for another purpose or by another store.
            StoreLocked: after `forget`.
        """
        try:
            return AESGCM(self.derive(purpose)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise DamagedStore("security.sealed.damaged", purpose=purpose) from None

    def reveal(self) -> bytes:
        """The bytes themselves; for the key record, which wraps them."""
        if not self._secret:
            raise StoreLocked
        return bytes(self._secret)

    def forget(self) -> None:
        """Overwrite the buffer and drop it."""
        self._secret[:] = bytes(len(self._secret))
        self._secret = bytearray()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoreKey) and hmac.compare_digest(self._secret, other._secret)

    __hash__ = None  # type: ignore[assignment]  # a key is no dictionary key

    def __repr__(self) -> str:
        return "StoreKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a store key is not serialised")
