"""The other half of a backup's key: a code on paper, in place of this PC's secret, for the PC that comes after."""

from __future__ import annotations

import re
import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from judge_desk.domain.errors import BadInput
from judge_desk.domain.ids import CROCKFORD

LETTERS = 32
GROUP = 4


def new_code() -> str:
    """160 random bits in groups that can be copied by hand: ``ab12-cd34-…``."""
    letters = "".join(secrets.choice(CROCKFORD) for _ in range(LETTERS))
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def secret_of(code: str) -> bytes:
    """What KeySlot takes as the device's secret; forgives spaces, capitals, o, i and l. Raises BadInput."""
    letters = re.sub(r"[\s-]", "", code.lower()).translate(str.maketrans("oil", "011"))
    if len(letters) != LETTERS or not set(letters) <= set(CROCKFORD):
        raise BadInput("backup.bad_code")
    return HKDF(SHA256(), 32, None, b"judge-desk recovery").derive(letters.encode())
