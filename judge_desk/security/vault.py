"""Where this PC keeps its half of the key, and other short secrets: the system's keyring, else a 0600 file."""

from __future__ import annotations

import base64
import binascii
import secrets
from enum import StrEnum
from pathlib import Path

import msgspec

from judge_desk.domain.errors import BadInput, DamagedStore, DeviceSecretMissing, KeyringProblem
from judge_desk.domain.ids import is_id
from judge_desk.security import keyring_place
from judge_desk.security.keyring_place import LONGEST_SECRET, Find, KeyringPlace
from judge_desk.security.private_file import read_file, replace_file

DEVICE_SECRET_BYTES = 32
_DEVICE_SECRET = "device-secret"  # noqa: S105 - the name of a secret


class Place(StrEnum):
    KEYRING = "keyring"
    FILE = "file"


class _Choice(msgspec.Struct, frozen=True):
    place: Place
    account: str


class FilePlace:
    """Secrets in one file that only its owner may read; for a PC without a keyring, and for demos."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        if len(value) > LONGEST_SECRET:
            raise KeyringProblem("security.keyring.too_long", most=LONGEST_SECRET)
        replace_file(self._path, msgspec.json.encode({**self._read(), name: value}))

    def drop(self, name: str) -> None:
        kept = self._read()
        if kept.pop(name, None) is not None:
            replace_file(self._path, msgspec.json.encode(kept))

    def _read(self) -> dict[str, str]:
        content = read_file(self._path)
        if content is None:
            return {}
        try:
            return msgspec.json.decode(content, type=dict[str, str])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise DamagedStore("security.vault.damaged") from None


class Vault:
    """The secrets of the profile in ``folder``.

    The place is chosen once, when the device's secret is made, and written down: a keyring that does not answer later
    is an error with a cure, never a reason to make a second, useless secret in a file. Calls may take seconds and may
    make the system ask the user for the keyring's password: never on the window's thread. ``use_keyring=False`` keeps
    to the file.
    """

    def __init__(self, folder: Path, *, use_keyring: bool = True, find: Find = keyring_place.find) -> None:
        self._choice_file, self._secrets_file = folder / "vault.json", folder / "vault.secrets"
        self._find: Find = find if use_keyring else _no_keyring
        self._opened: KeyringPlace | FilePlace | None = None

    @property
    def place(self) -> Place | None:
        """Where the secrets are; None before the first was made. Raises DamagedStore."""
        choice = self._choice()
        return choice.place if choice else None

    def make_device_secret(self) -> bytes:
        """Choose the place, make 32 random bytes and keep them there.

        Raises:
            BadInput: there is a secret already; another would make the store unreadable.
            KeyringProblem: a trusted keyring is there but locked, or its prompt was dismissed. Nothing was made.
        """
        if self._choice() is not None:
            raise BadInput("security.device_secret.exists")
        secret = secrets.token_bytes(DEVICE_SECRET_BYTES)
        text = base64.b64encode(secret).decode()
        backend = self._find()
        choice = _Choice(Place.KEYRING if backend else Place.FILE, secrets.token_hex(8))
        place = KeyringPlace(backend, choice.account) if backend else FilePlace(self._secrets_file)
        place.put(_DEVICE_SECRET, text)
        if place.get(_DEVICE_SECRET) != text:
            raise KeyringProblem("security.keyring.forgetful")
        replace_file(self._choice_file, msgspec.json.encode(choice))
        self._opened = place
        return secret

    def device_secret(self) -> bytes:
        """This PC's half of the key.

        Raises:
            DeviceSecretMissing: none was ever made here, or it is gone from its place.
            KeyringProblem: the keyring does not serve now; the secret may well be there.
            DamagedStore: the file that holds it is no longer what was written.
        """
        text = self._place().get(_DEVICE_SECRET)
        if text is None:
            raise DeviceSecretMissing
        try:
            secret = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != DEVICE_SECRET_BYTES:
            raise DamagedStore("security.vault.damaged")
        return secret

    def get(self, name: str) -> str | None:
        """A secret by its name, or None. Raises as `device_secret`."""
        return self._place().get(_checked(name))

    def put(self, name: str, value: str) -> None:
        """Keep a secret of at most 1,280 characters; replaces an older one. Raises as `device_secret`."""
        self._place().put(_checked(name), value)

    def drop(self, name: str) -> None:
        """Forget a secret; no error if there is none. Raises as `device_secret`."""
        self._place().drop(_checked(name))

    def destroy(self) -> None:
        """Forget the device's secret and the place: no passphrase opens this store any more. Raises KeyringProblem."""
        if self._choice() is not None:
            self._place().drop(_DEVICE_SECRET)
        self._secrets_file.unlink(missing_ok=True)
        self._choice_file.unlink(missing_ok=True)
        self._opened = None

    def _choice(self) -> _Choice | None:
        content = read_file(self._choice_file)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=_Choice)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise DamagedStore("security.vault.damaged") from None

    def _place(self) -> KeyringPlace | FilePlace:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> KeyringPlace | FilePlace:
        choice = self._choice()
        if choice is None:
            raise DeviceSecretMissing
        if choice.place is Place.FILE:
            return FilePlace(self._secrets_file)
        backend = self._find()
        if backend is None:
            raise KeyringProblem("security.keyring.gone")
        return KeyringPlace(backend, choice.account)


def _no_keyring() -> None:
    return None


def _checked(name: str) -> str:
    if not is_id(name) or name == _DEVICE_SECRET:
        raise ValueError("not a name for a secret")
    return name
