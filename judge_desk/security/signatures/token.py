"""Signs with a key on a token or card, through the driver of its maker (PKCS#11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import Attribute, ObjectClass
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer

from judge_desk.domain.errors import BadInput, CertificateProblem, TokenGone, WrongPin
from judge_desk.security.signatures.certificates import check_for_signing, may_sign
from judge_desk.security.signatures.key_file import cms_of
from judge_desk.security.signatures.signer import SignerFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """A token that is plugged in."""

    label: str
    maker: str
    serial: str


def tokens(module: Path) -> list[TokenFacts]:
    """What is plugged in; raises BadInput when the driver cannot be loaded."""
    return [
        TokenFacts(label=token.label.strip(), maker=str(token.manufacturer_id).strip(), serial=_text(token.serial))
        for token in _tokens(module)
    ]


class TokenSigner:
    """A session on a token, open until ``close``; see ``signer.ActSigner``."""

    def __init__(self, module: Path, label: str, pin: str, now: datetime) -> None:
        """Open the token ``label`` (empty: the only one); raises BadInput, TokenGone, WrongPin, CertificateProblem."""
        token = _chosen(module, label)
        self._session = _session(token, pin)
        try:
            certificate, key_id = _certificate(self._session, token.label.strip())
            self._facts = check_for_signing(certificate, now)
        except BaseException:
            self.close()
            raise
        self._signer = PKCS11Signer(self._session, signing_cert=certificate, key_id=key_id, other_certs_to_pull=())

    @property
    def facts(self) -> SignerFacts:
        return self._facts

    def signatures(self, contents: Sequence[bytes]) -> Iterator[bytes]:
        for content in contents:
            try:
                yield cms_of(self._signer, content)
            except (pkcs11.PKCS11Error, SigningError):
                raise TokenGone from None

    def close(self) -> None:
        try:
            self._session.close()
        except pkcs11.PKCS11Error:
            return  # the token is out, and its session with it


def _tokens(module: Path) -> list[Any]:
    try:
        driver = pkcs11.lib(str(module))
        return list(driver.get_tokens())
    except (pkcs11.PKCS11Error, RuntimeError, OSError):
        raise BadInput("signing.token.driver", file=module.name) from None


def _chosen(module: Path, label: str) -> Any:
    found = [token for token in _tokens(module) if not label or token.label.strip() == label]
    if not found:
        raise TokenGone("signing.token.none")
    if len(found) > 1:
        raise BadInput("signing.token.many", labels=", ".join(token.label.strip() for token in found))
    return found[0]


def _session(token: Any, pin: str) -> Any:
    try:
        return token.open(user_pin=pin)
    except pkcs11.PinLocked:
        raise WrongPin("signing.pin.locked") from None
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise _wrong_pin(token) from None
    except (pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised, pkcs11.DeviceRemoved, pkcs11.GeneralError):
        raise TokenGone("signing.token.none") from None


def _wrong_pin(token: Any) -> WrongPin:
    """Tokens do not tell how many tries are left, but they say when it is getting dangerous."""
    try:
        flags = token.slot.get_token().flags
    except pkcs11.PKCS11Error:
        return WrongPin("signing.pin.wrong")
    if flags & pkcs11.TokenFlag.USER_PIN_LOCKED:
        return WrongPin("signing.pin.locked")
    if flags & pkcs11.TokenFlag.USER_PIN_FINAL_TRY:
        return WrongPin("signing.pin.final")
    return WrongPin("signing.pin.low" if flags & pkcs11.TokenFlag.USER_PIN_COUNT_LOW else "signing.pin.wrong")


def _certificate(session: Any, label: str) -> tuple[x509.Certificate, bytes]:
    """The certificate whose key lies beside it and may sign; the one that holds longest where there are several."""
    keys = {key[Attribute.ID] for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})}
    found: list[tuple[x509.Certificate, bytes]] = []
    damaged = False
    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            certificate = x509.Certificate.load(each[Attribute.VALUE], strict=True)
            certificate.not_valid_after, certificate.subject.native  # noqa: B018 - reading them is the test
        except (ValueError, TypeError):
            damaged = True
            continue
        if each[Attribute.ID] in keys:
            found.append((certificate, each[Attribute.ID]))
    if not found:
        raise CertificateProblem("signing.token.damaged" if damaged else "signing.token.empty", label=label)
    return max(found, key=lambda pair: (may_sign(pair[0]), pair[0].not_valid_after))


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else value.strip()
