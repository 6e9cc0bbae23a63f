"""The tree of errors that are nobody's bug: each carries a message key and plain parameters, never case text.

::

    KnownError                     the user or the surroundings; has a text in every catalog
    ├── BadInput                   a file, form or argument that is not what it must be
    │   └── BadRow                 one row of many: names file, line and field
    ├── NotAllowed                 the person's role does not reach that far
    ├── NotFound                   no such thing, or not for this person
    ├── NotHereYet                 known here, but its file has not come from the hub: ``size`` bytes
    ├── StaleWrite                 somebody saved a newer version first
    ├── Sealed                     sealed, signed or filed: it can no longer change
    ├── Secret                     a deliberation draft was about to leave the desk
    ├── StoreProblem               the local database or its files
    │   ├── WrongPassphrase
    │   ├── DamagedStore
    │   ├── NewerStore             written by a newer program: refused, never touched
    │   └── DiskFull
    ├── SignInProblem              the store may not be opened now
    │   ├── StoreLocked            nobody has unlocked it, or it was locked again
    │   ├── TriesExhausted         too many wrong passphrases: wait ``seconds``
    │   ├── ClockBehind            this PC's clock stands before the hub's last word
    │   └── LeaseEnded             offline for longer than the court allows
    ├── DeviceWiped                this device was shut out by the court: nothing is left on it
    ├── KeyringProblem             the operating system's keyring did not serve
    │   └── DeviceSecretMissing    it serves, but the half of the key that it kept is gone
    ├── SigningProblem             an act could not be signed; nothing half-made was kept
    │   ├── WrongPin
    │   ├── CertificateProblem     expired, not valid yet, or not meant for signing
    │   ├── TokenGone              not plugged in, or pulled out in the middle
    │   ├── StampUnreachable       the time stamp server did not answer: it is asked again later
    │   └── StampRefused           it answered with a stamp that cannot be believed
    └── HubProblem                 the hub did not serve
        ├── HubUnreachable
        ├── HubRefused             it answered, and said no: ``code`` is in protocol/codes.py
        └── HubVersion             it speaks another version of the protocol
"""

from __future__ import annotations


class KnownError(Exception):
    """A failure with a sentence for the user: ``key`` in the catalogs, ``params`` to fill it (ids, counts, names of
    fields)."""

    default_key = "errors.known"

    def __init__(self, key: str | None = None, **params: str | int | float) -> None:
        self.key = key or self.default_key
        self.params = params
        super().__init__(self.key)

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in sorted(self.params.items()))
        return f"{self.key}({inside})"


class BadInput(KnownError):
    default_key = "errors.bad_input"


class BadRow(BadInput):
    """One bad row; the good ones beside it are kept. ``line`` counts from 1."""

    default_key = "errors.bad_row"

    def __init__(
        self, key: str | None = None, *, file: str, line: int, field: str, **params: str | int | float
    ) -> None:
        super().__init__(key, file=file, line=line, field=field, **params)
        self.file, self.line, self.field = file, line, field


class NotAllowed(KnownError):
    default_key = "errors.not_allowed"


class NotFound(KnownError):
    default_key = "errors.not_found"


class NotHereYet(KnownError):
    """``made_room``: it was here, and comes again only when it is asked for."""

    default_key = "errors.not_here_yet"

    def __init__(self, size: int, *, made_room: bool = False) -> None:
        super().__init__("errors.on_hub" if made_room else None, size=size)
        self.size, self.made_room = size, made_room


class StaleWrite(KnownError):
    default_key = "errors.stale_write"


class Sealed(KnownError):
    default_key = "errors.sealed"


class Secret(KnownError):
    default_key = "errors.secret"


class StoreProblem(KnownError):
    default_key = "errors.store"


class WrongPassphrase(StoreProblem):
    default_key = "errors.wrong_passphrase"


class DamagedStore(StoreProblem):
    default_key = "errors.damaged_store"


class NewerStore(StoreProblem):
    default_key = "errors.newer_store"


class DiskFull(StoreProblem):
    default_key = "errors.disk_full"


class SignInProblem(KnownError):
    default_key = "security.sign_in"


class StoreLocked(SignInProblem):
    default_key = "security.locked"


class TriesExhausted(SignInProblem):
    default_key = "security.tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class ClockBehind(SignInProblem):
    default_key = "security.clock_behind"


class LeaseEnded(SignInProblem):
    default_key = "security.lease_ended"


class DeviceWiped(KnownError):
    default_key = "errors.device_wiped"


class KeyringProblem(KnownError):
    default_key = "errors.keyring"


class DeviceSecretMissing(KeyringProblem):
    default_key = "security.device_secret.missing"


class SigningProblem(KnownError):
    default_key = "signing.problem"


class WrongPin(SigningProblem):
    default_key = "signing.pin.wrong"


class CertificateProblem(SigningProblem):
    default_key = "signing.certificate.usage"


class TokenGone(SigningProblem):
    default_key = "signing.token.gone"


class StampUnreachable(SigningProblem):
    default_key = "signing.stamp.unreachable"


class StampRefused(SigningProblem):
    default_key = "signing.stamp.refused"


class HubProblem(KnownError):
    default_key = "errors.hub"


class HubUnreachable(HubProblem):
    default_key = "errors.hub_unreachable"


class HubRefused(HubProblem):
    """The hub answered and said no; ``code`` is a member of protocol.codes.Code."""

    default_key = "errors.hub_refused"

    def __init__(self, code: str, key: str | None = None, **params: str | int | float) -> None:
        super().__init__(key, code=code, **params)
        self.code = code


class HubVersion(HubProblem):
    default_key = "errors.hub_version"
