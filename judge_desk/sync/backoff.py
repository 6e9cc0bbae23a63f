"""When to try the hub again after a failure: longer each time, and never all desks at once."""

from __future__ import annotations

FIRST_SECONDS = 2.0
MOST_SECONDS = 300.0


def delay_seconds(failures: int, chance: float, *, told: float = 0.0) -> float:
    """Seconds to wait after ``failures`` (1 or more) failures in a row.

    Exponential with full jitter: between half of and the whole of 2, 4, 8 … 300 s, by ``chance`` in [0, 1). What the
    hub
    itself asked for (``told``, its Retry-After) is never undercut.
    """
    whole = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 16))
    return max(told, whole * (0.5 + chance / 2))
