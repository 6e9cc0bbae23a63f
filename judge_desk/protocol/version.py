"""Which protocol this build speaks, and how far back it still understands another."""

from __future__ import annotations

PROTOCOL = 1
OLDEST_SPOKEN = 1
HEADER = "x-judge-desk-protocol"


def is_spoken(number: int) -> bool:
    """Whether a peer with this protocol number can be served."""
    return OLDEST_SPOKEN <= number <= PROTOCOL
