"""The system's keyring behind one narrow door: chosen by name only, its failures turned into errors that have a text.

=========================================  ======================================
what the keyring library says              what leaves this module
=========================================  ======================================
no session bus: `fail.Keyring`             `find` gives None: there is no keyring
`null.Keyring`, keyrings.alt, unknown      `find` gives None: not trusted
`NoKeyringError` later on                  KeyringProblem ``security.keyring.gone``
`KeyringLocked`                            KeyringProblem ``security.keyring.locked``
`InitError` (prompt dismissed)             KeyringProblem ``security.keyring.dismissed``
bus or daemon breaks off, Windows error    KeyringProblem ``security.keyring.refused``
more than 1,280 characters                 KeyringProblem ``security.keyring.too_long``
=========================================  ======================================
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from judge_desk.domain.errors import KeyringProblem

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Judge Desk"
# Windows holds 2,560 bytes of UTF-16 for one secret; keep to it everywhere, so that a profile fits every system.
LONGEST_SECRET = 1280

_TRUSTED = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
    }
)
# Raised past the keyring library by what lies under it on one system or another.
_FOREIGN_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
    ("win32ctypes.pywin32.pywintypes", "error"),
    ("pywintypes", "error"),
)


class KeyringPlace:
    """Secrets of one account in one trusted back-end. Slow, and may ask the user: not for the window's thread."""

    def __init__(self, backend: KeyringBackend, account: str) -> None:
        self._backend, self._account = backend, account
        if type(backend).__name__ == "WinVaultKeyring":
            # The default roams with the domain profile; half of a device's key belongs to the device.
            backend.persist = "local machine"  # type: ignore[attr-defined]  # a descriptor of this back-end

    def get(self, name: str) -> str | None:
        with _failures():
            return self._backend.get_password(self._service(name), self._account)

    def put(self, name: str, value: str) -> None:
        if len(value) > LONGEST_SECRET:
            raise KeyringProblem("security.keyring.too_long", most=LONGEST_SECRET)
        with _failures():
            self._backend.set_password(self._service(name), self._account, value)

    def drop(self, name: str) -> None:
        with _failures():
            if self._backend.get_password(self._service(name), self._account) is not None:
                self._backend.delete_password(self._service(name), self._account)

    def _service(self, name: str) -> str:
        # One service a secret: Windows keeps a single account under a service name and moves the others about.
        return f"{SERVICE}/{name}/{self._account}"


def find() -> KeyringBackend | None:
    """The trusted back-end that the system offers, or None. The user's own choice of none (`null`) is respected."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    with _failures():
        chosen = keyring.get_keyring()
        # The chain would fall through to whatever plugin is installed, plaintext ones too.
        offered = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
        return next((backend for backend in offered if is_trusted(backend)), None)


def is_trusted(backend: KeyringBackend) -> bool:
    """Whether the back-end is one of the four by its full name; a subclass or a namesake is not."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}" in _TRUSTED


Find = Callable[[], "KeyringBackend | None"]


@contextmanager
def _failures() -> Iterator[None]:
    from keyring import errors

    try:
        yield
    except errors.NoKeyringError:
        raise KeyringProblem("security.keyring.gone") from None
    except errors.KeyringLocked:
        raise KeyringProblem("security.keyring.locked") from None
    except errors.InitError:
        raise KeyringProblem("security.keyring.dismissed") from None
    except _other_failures() as fault:
        raise KeyringProblem("security.keyring.refused", kind=type(fault).__name__) from None


def _other_failures() -> tuple[type[Exception], ...]:
    from keyring.errors import KeyringError

    found: list[type[Exception]] = [KeyringError, OSError]
    for module, name in _FOREIGN_ERRORS:
        try:
            found.append(getattr(importlib.import_module(module), name))
        except (ImportError, AttributeError):
            continue
    return tuple(found)
