"""Whom a court believes: roots of authorities, given as files; without any, nobody."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from asn1crypto import x509

from judge_desk.domain.errors import BadInput
from judge_desk.runtime import paths
from judge_desk.security.signatures.certificates import MOST_BYTES, read_certificates

ENDINGS = frozenset({".pem", ".crt", ".cer", ".der"})


@cache
def shipped() -> tuple[x509.Certificate, ...]:
    """The roots that the court's IT put beside the program, in ``resources/trust``."""
    return read_roots(paths.resource("trust"))


def read_roots(*places: Path) -> tuple[x509.Certificate, ...]:
    """Every certificate in the files and folders; a folder that is not there holds none. Raises BadInput."""
    found: dict[bytes, x509.Certificate] = {}
    for file in _files(places):
        try:
            data = file.read_bytes()[: MOST_BYTES + 1]
        except OSError:
            raise BadInput("signing.bad.trust", file=file.name) from None
        if len(data) > MOST_BYTES:
            raise BadInput("signing.bad.trust", file=file.name)
        try:
            certificates = read_certificates(data)
        except BadInput:
            raise BadInput("signing.bad.trust", file=file.name) from None
        found.update({each.dump(): each for each in certificates})
    return tuple(found.values())


def _files(places: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for place in places:
        if place.is_dir():
            files += sorted(each for each in place.iterdir() if each.suffix.lower() in ENDINGS)
        elif place.suffix or place.exists():
            files.append(place)
    return files
