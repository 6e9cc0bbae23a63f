"""Names of things: every record's id is made where the record is made, on a desk that may be offline for days."""

from __future__ import annotations

import os
import re
import time

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A fresh id: 26 characters, 48 bits of milliseconds and 80 random bits, so that ids sort roughly by age.

    Layout as in the ULID specification, in lower case. The time in it orders nothing that matters: order comes from the
    hub's feed alone.
    """
    number = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Whether a text from outside may serve as an id: 1 to 64 of ``a-z A-Z 0-9 . _ -``, so that it is safe in a path
    or a log."""
    return _ID.fullmatch(text) is not None


_ID = re.compile("[A-Za-z0-9._-]{1,64}")
