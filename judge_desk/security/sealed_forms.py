"""Seals a reviewer's form to the commission's key: neither the hub nor whoever holds its database can read it.

HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), each form with a fresh key; the text is padded to whole blocks, so
that its size does not tell how much was written.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from judge_desk.domain.errors import BadInput
from judge_desk.domain.reviews import SealedAnswers
from judge_desk.protocol import codec

BLOCK = 16_384
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"judge-desk review 1 "
_SHARE = b"judge-desk review key 1 "


def new_key() -> tuple[str, str]:
    """(secret, public) halves of a campaign's key, in hex; the secret never leaves the commission's desk."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex()


def seal(answers: SealedAnswers, public_key: str) -> str:
    """The form as text that only the secret half opens; raises BadInput for a key that is none."""
    try:
        key = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        raise BadInput("campaigns.key.bad") from None
    plain = codec.encode(answers)
    # JSON may end in spaces: the padding needs no mark of its own.
    plain += b" " * (-len(plain) % BLOCK)
    return base64.b64encode(_SUITE.encrypt(plain, key, _PURPOSE + answers.campaign_id.encode())).decode()


def open_form(sealed: str, campaign_id: str, secret: str) -> SealedAnswers:
    """What was sealed; raises BadInput for another key, another campaign, or a bit that was changed."""
    try:
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        plain = _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, _PURPOSE + campaign_id.encode())
    except (InvalidTag, ValueError, binascii.Error):
        raise BadInput("campaigns.form.unreadable") from None
    answers = codec.decode_as(SealedAnswers, plain)
    if answers.campaign_id != campaign_id:
        raise BadInput("campaigns.form.unreadable")
    return answers


def seal_secret(secret: str, campaign_id: str, holder_key: str) -> str:
    """A campaign's secret half sealed to another desk's public key; raises BadInput for a key that is none."""
    try:
        key = X25519PublicKey.from_public_bytes(bytes.fromhex(holder_key))
    except ValueError:
        raise BadInput("campaigns.key.bad") from None
    return base64.b64encode(_SUITE.encrypt(bytes.fromhex(secret), key, _SHARE + campaign_id.encode())).decode()


def open_secret(sealed: str, campaign_id: str, own_secret: str, public_key: str) -> str:
    """The secret half that was handed over; raises BadInput unless it fits the campaign's public half."""
    try:
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(own_secret))
        plain = _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, _SHARE + campaign_id.encode())
        found = X25519PrivateKey.from_private_bytes(plain)
    except (InvalidTag, ValueError, binascii.Error):
        raise BadInput("campaigns.form.unreadable") from None
    if found.public_key().public_bytes_raw().hex() != public_key:
        raise BadInput("campaigns.form.unreadable")
    return plain.hex()


def digits(public_key: str) -> str:
    """What two people compare by telephone: 24 decimal digits of the key's hash, in six groups."""
    number = int.from_bytes(hashlib.sha256(_SHARE + public_key.encode()).digest(), "big") % 10**24
    told = f"{number:024d}"
    return " ".join(told[start : start + 4] for start in range(0, 24, 4))
