"""The key record: the store's key, wrapped under the passphrase and the device's secret together."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judge_desk.domain.errors import BadInput, DamagedStore, DeviceSecretMissing, NewerStore, WrongPassphrase
from judge_desk.domain.ids import new_id
from judge_desk.runtime.clock import Clock
from judge_desk.security.private_file import read_file, replace_file
from judge_desk.security.store_key import KEY_BYTES, StoreKey
from judge_desk.security.tries import Tries

VERSION = 1
MIN_PASSPHRASE_LENGTH = 8
_SALT_BYTES = 16
_NONCE_BYTES = 12


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess costs. The bounds keep a doctored record from eating the PC's memory."""

    memory_kib: Annotated[int, msgspec.Meta(ge=128, le=1 << 20)] = 64 << 10
    iterations: Annotated[int, msgspec.Meta(ge=1, le=64)] = 3
    lanes: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4


STANDARD = Cost()


class _Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All but the wrapped key; authenticated. ``device_check`` tells the wrong PC from the wrong passphrase."""

    format: Literal["judge-desk-key"] = "judge-desk-key"
    version: int = VERSION
    slot: str
    kdf: Literal["argon2id+hkdf-sha256"] = "argon2id+hkdf-sha256"
    cipher: Literal["aes-256-gcm"] = "aes-256-gcm"
    cost: Cost
    salt: Annotated[bytes, msgspec.Meta(min_length=_SALT_BYTES, max_length=64)]
    nonce: Annotated[bytes, msgspec.Meta(min_length=_NONCE_BYTES, max_length=_NONCE_BYTES)]
    device_check: str


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``checksum`` (SHA-256 of the rest) tells a damaged file from a wrong passphrase; it protects nothing."""

    header: _Header
    wrapped: bytes
    checksum: str


class _AnyHeader(msgspec.Struct):
    version: int


class _AnyRecord(msgspec.Struct):
    header: _AnyHeader


class KeySlot:
    """One record for one user of one store.

    ``path`` is the record's file; the failures are counted beside it. Every call that derives takes about 0.3 s and
    64 MiB at the standard cost: call it off the window's thread. ``cost`` is for new records; an old one names its own.
    """

    def __init__(self, path: Path, clock: Clock, cost: Cost = STANDARD) -> None:
        self._path, self._cost = path, cost
        self.tries = Tries(path.with_suffix(".tries"), clock)

    def exists(self) -> bool:
        return self._path.exists()

    def create(self, passphrase: str, device_secret: bytes) -> StoreKey:
        """Make a new store key and its record.

        Raises:
            BadInput: the passphrase is too short, or a record is there already.
            DiskFull, StoreProblem: the record could not be written.
        """
        if self.exists():
            raise BadInput("security.record.exists")
        key = StoreKey.random()
        self._write(key, passphrase, device_secret)
        return key

    def wrap(self, key: StoreKey, passphrase: str, device_secret: bytes) -> None:
        """Make a record for a key that is there already: for a backup, and for the PC that it is restored on. Raises as
        `create`."""
        if self.exists():
            raise BadInput("security.record.exists")
        self._write(key, passphrase, device_secret)

    def open(self, passphrase: str, device_secret: bytes) -> StoreKey:
        """The store's key.

        Raises:
            WrongPassphrase: that; the failure is counted.
            TriesExhausted: too many of them; wait.
            DeviceSecretMissing: the secret is another device's, so that no passphrase can fit.
            DamagedStore: there is no record, or it is no longer what was written.
            NewerStore: a newer program wrote it.
        """
        record = self._read()
        if not hmac.compare_digest(record.header.device_check, _device_check(device_secret)):
            raise DeviceSecretMissing("security.device_secret.other")
        self.tries.admit()
        key = _unwrap(record, passphrase, device_secret)
        self.tries.clear()
        return key

    def change_passphrase(self, old: str, new: str, device_secret: bytes) -> None:
        """Wrap the same key under another passphrase; database and files stay. Raises as `open` and `create`."""
        key = self.open(old, device_secret)
        try:
            self._write(key, new, device_secret)
        finally:
            key.forget()

    def destroy(self) -> None:
        """Remove the record: from now on the store is noise, also for its owner."""
        self._path.unlink(missing_ok=True)
        self.tries.clear()

    def _write(self, key: StoreKey, passphrase: str, device_secret: bytes) -> None:
        if len(_normal(passphrase)) < MIN_PASSPHRASE_LENGTH:
            raise BadInput("security.passphrase.short", least=MIN_PASSPHRASE_LENGTH)
        header = _Header(
            slot=new_id(),
            cost=self._cost,
            salt=secrets.token_bytes(_SALT_BYTES),
            nonce=secrets.token_bytes(_NONCE_BYTES),
            device_check=_device_check(device_secret),
        )
        bound_to = msgspec.json.encode(header)
        wrapped = AESGCM(_wrapping_key(header, passphrase, device_secret)).encrypt(header.nonce, key.reveal(), bound_to)
        replace_file(self._path, msgspec.json.encode(_Record(header, wrapped, _checksum(header, wrapped))))

    def _read(self) -> _Record:
        content = read_file(self._path)
        if content is None:
            raise DamagedStore("security.record.missing")
        try:
            if msgspec.json.decode(content, type=_AnyRecord).header.version > VERSION:
                raise NewerStore("security.record.newer")
            record = msgspec.json.decode(content, type=_Record)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise DamagedStore("security.record.damaged") from None
        if record.checksum != _checksum(record.header, record.wrapped):
            raise DamagedStore("security.record.damaged")
        return record


def _normal(passphrase: str) -> str:
    # "й" comes as one code point or as two, by keyboard and system; both are the same passphrase.
    return unicodedata.normalize("NFC", passphrase)


def _wrapping_key(header: _Header, passphrase: str, device_secret: bytes) -> bytes:
    known = Argon2id(
        salt=header.salt,
        length=KEY_BYTES,
        iterations=header.cost.iterations,
        lanes=header.cost.lanes,
        memory_cost=header.cost.memory_kib,
    ).derive(_normal(passphrase).encode(errors="surrogatepass"))
    return HKDF(SHA256(), KEY_BYTES, None, b"judge-desk key record").derive(known + device_secret)


def _unwrap(record: _Record, passphrase: str, device_secret: bytes) -> StoreKey:
    header = record.header
    cipher = AESGCM(_wrapping_key(header, passphrase, device_secret))
    try:
        return StoreKey(cipher.decrypt(header.nonce, record.wrapped, msgspec.json.encode(header)))
    except InvalidTag:
        raise WrongPassphrase from None


def _device_check(device_secret: bytes) -> str:
    return hmac.digest(device_secret, b"judge-desk device check", "sha256")[:8].hex()


def _checksum(header: _Header, wrapped: bytes) -> str:
    return hashlib.sha256(msgspec.json.encode(header) + wrapped).hexdigest()
