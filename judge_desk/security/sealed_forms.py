"""Seals a reviewer's form to the commission's key: neither the hub nor whoever holds its database can read it.

HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), each form with a fresh key; the text is padded to whole blocks, so
that its size does not tell how much was written.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from judge_desk.domain.errors import BadInput
from judge_desk.domain.reviews import SealedAnswers
from judge_desk.protocol import codec

BLOCK = 16_384
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"judge-desk review 1 "


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
