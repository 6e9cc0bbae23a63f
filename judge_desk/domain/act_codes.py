"""The short code on an act: drawn by chance, easy to read aloud, and worth nothing without the act it stands on."""

from __future__ import annotations

import secrets

LENGTH = 16
"""Letters of a code; five bits each, so that nobody finds one by trying."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", " -\u00a0\u2010\u2011\u2013")


def new_code() -> str:
    """A fresh code of 80 random bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As it is printed: four groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(text: str) -> str:
    """What somebody typed or scanned as a code; empty when it is none. Case, spaces and hyphens do not count."""
    code = text.strip().upper().translate(_READ_AS)
    return code if len(code) == LENGTH and all(letter in _LETTERS for letter in code) else ""
