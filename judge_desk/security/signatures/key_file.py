"""Signs with a key in a file (PKCS#12: .p12, .pfx), opened by its password."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12 as key_files
from pyhanko.sign.signers import Signer, SimpleSigner

from judge_desk.domain.errors import BadInput, CertificateProblem, WrongPin
from judge_desk.security.signatures.certificates import check_for_signing
from judge_desk.security.signatures.signer import SignerFacts

MOST_BYTES = 1 << 20
DIGEST = "sha256"


class KeyFileSigner:
    """A key held in memory until ``close``; see ``signer.ActSigner``."""

    def __init__(self, path: Path, password: str, now: datetime) -> None:
        """Open the file; raises BadInput for what is none, WrongPin, CertificateProblem."""
        data = _read(path)
        self._signer: Signer | None = _opened(data, password, path.name)
        assert self._signer.signing_cert is not None
        self._facts = check_for_signing(self._signer.signing_cert, now)

    @property
    def facts(self) -> SignerFacts:
        return self._facts

    def signatures(self, contents: Sequence[bytes]) -> Iterator[bytes]:
        for content in contents:
            assert self._signer is not None, "the key was closed"
            yield cms_of(self._signer, content)

    def close(self) -> None:
        self._signer = None


def cms_of(signer: Signer, content: bytes) -> bytes:
    """A detached PAdES CMS over the content, without any network."""
    digest = hashlib.sha256(content).digest()
    made = asyncio.run(signer.async_sign(digest, digest_algorithm=DIGEST, use_pades=True))
    return bytes(made.dump())


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("signing.key_file.none", file=path.name)
        return path.read_bytes()
    except OSError:
        raise BadInput("signing.key_file.missing", file=path.name) from None


def _opened(data: bytes, password: str, file: str) -> Signer:
    try:
        # The password is asked about only where the outer form is sound, so that a damaged file is called so.
        pkcs12.Pfx.load(data, strict=True).authenticated_safe  # noqa: B018 - reading it is the test
    except (ValueError, TypeError, KeyError):
        raise BadInput("signing.key_file.none", file=file) from None
    try:
        key, certificate, _ = key_files.load_key_and_certificates(data, password.encode())
    except ValueError:
        raise WrongPin("signing.password.wrong", file=file) from None
    except UnsupportedAlgorithm:
        raise CertificateProblem("signing.key.unknown", file=file) from None
    if key is None or certificate is None:
        raise BadInput("signing.key_file.none", file=file)
    if key.public_key() != certificate.public_key():
        raise CertificateProblem("signing.key.other", file=file)
    made: Signer | None = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode())
    if made is None:
        raise BadInput("signing.key_file.none", file=file)
    return made
