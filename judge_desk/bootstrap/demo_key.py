"""A key to sign with in the demo: an authority that nobody outside believes, a judge's key file, a PIN in its name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.security.private_file import replace_file

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

YEARS = 3
DAY = timedelta(days=1)
ROOT_NAME = "JUDGE DESK DEMO ROOT"
HOLDER = "ЕРМЕКОВ АСҚАР (DEMO)"
_PATTERN = "demo-key-PIN-*.p12"


@dataclass(frozen=True, slots=True)
class DemoKey:
    """``file`` is a PKCS#12 file that opens with ``pin``; ``root`` the certificate (PEM) that vouches for it."""

    file: Path
    pin: str
    root: Path


def make_key(folder: Path) -> DemoKey:
    """The demo's key in ``folder``, made once."""
    root = folder / "demo-root.pem"
    for found in folder.glob(_PATTERN):
        if root.is_file():
            return DemoKey(found, found.stem.rpartition("-")[2], root)
    pin = f"{secrets.randbelow(10**6):06}"
    file = folder / _PATTERN.replace("*", pin)
    content, certificate = _issued(pin)
    replace_file(root, certificate)
    replace_file(file, content)
    return DemoKey(file, pin, root)


def _issued(pin: str) -> tuple[bytes, bytes]:
    """The key file, and the root as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root = _certificate(ROOT_NAME, root_key, None, root_key)
    mine = _certificate(HOLDER, key, root, root_key)
    protection = serialization.BestAvailableEncryption(pin.encode())
    content = pkcs12.serialize_key_and_certificates(HOLDER.encode(), key, mine, [root], protection)
    return content, root.public_bytes(serialization.Encoding.PEM)


def _certificate(
    name: str, key: RSAPrivateKey, issuer: x509.Certificate | None, issuer_key: RSAPrivateKey
) -> x509.Certificate:
    """Signed by ``issuer_key``; without an issuer an authority of its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ")])
    now, is_authority = datetime.now(UTC), issuer is None
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + YEARS * 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())
