"""Opens what a person signs with: a key file, a token, or NCALayer; and knows whom the court believes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.domain.errors import BadInput

if TYPE_CHECKING:
    from asn1crypto import x509

    from judge_desk.security.signatures.signer import ActSigner


class MeansKind(StrEnum):
    KEY_FILE = "key_file"
    TOKEN = "token"  # noqa: S105 - the name of a thing, not a secret
    NCALAYER = "ncalayer"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMeans:
    """With what to sign. ``path`` is the key file, or the driver of a token; ``token`` its label (empty: the only one);
    ``address`` NCALayer's, where it is not the usual one, and ``trust`` the root that vouches for it there."""

    kind: MeansKind
    path: Path | None = None
    token: str = ""
    address: str = ""
    trust: Path | None = None
    language: str = "kk"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An opened key, for the services alone; ``close`` it at once when the last act is signed."""

    signer: ActSigner

    @property
    def holder(self) -> str:
        """Who signs; empty where NCALayer asks the person itself."""
        return self.signer.facts.name if self.signer.facts else ""

    def close(self) -> None:
        self.signer.close()

    def __enter__(self) -> SigningKey:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_key(means: KeyMeans, pin: str, now: datetime) -> SigningKey:
    """Raises BadInput, WrongPin, CertificateProblem, TokenGone, SigningProblem."""
    if means.kind is MeansKind.NCALAYER:
        return SigningKey(_ncalayer(means))
    if means.path is None:
        raise BadInput("signing.no_path")
    if means.kind is MeansKind.TOKEN:
        from judge_desk.security.signatures.token import TokenSigner

        return SigningKey(TokenSigner(means.path, means.token, pin, now))
    from judge_desk.security.signatures.key_file import KeyFileSigner

    return SigningKey(KeyFileSigner(means.path, pin, now))


def _ncalayer(means: KeyMeans) -> ActSigner:
    import ssl

    from judge_desk.security.signatures.ncalayer import ADDRESS, NcaLayerSigner

    trust = ssl.create_default_context(cafile=str(means.trust)) if means.trust else None
    return NcaLayerSigner(means.address or ADDRESS, language=means.language, trust=trust)


def tokens_of(module: Path) -> list[str]:
    """Labels of the tokens that are plugged in; raises BadInput for a driver that cannot be loaded."""
    from judge_desk.security.signatures.token import tokens

    return [token.label for token in tokens(module)]


def roots_of(*places: Path | None) -> tuple[x509.Certificate, ...]:
    """Whom to believe: what the court's IT shipped, and what lies in the given files and folders; raises BadInput."""
    from judge_desk.security.signatures.trust import read_roots, shipped

    return (*shipped(), *read_roots(*(each for each in places if each is not None)))
