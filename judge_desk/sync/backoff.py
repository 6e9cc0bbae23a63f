"""When to go to the hub again: after a failure longer each time, and never all desks at once."""

from __future__ import annotations

FIRST_SECONDS = 2.0
MOST_SECONDS = 300.0
UNTOLD_SECONDS = (30.0, 120.0)
"""Between two looks of a desk to which the hub cannot tell that something changed."""
USUAL_SECONDS = 300.0
"""Whoever sets a longer time than this between two looks wants the link to be left alone."""


def delay_seconds(failures: int, chance: float, *, told: float = 0.0) -> float:
    """Seconds to wait after ``failures`` (1 or more) failures in a row.

    Exponential with full jitter: between half of and the whole of 2, 4, 8 … 300 s, by ``chance`` in [0, 1). What the
    hub itself asked for (``told``, its Retry-After) is never undercut.
    """
    whole = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 16))
    return max(told, whole * (0.5 + chance / 2))


def look_seconds(usual: float, chance: float, *, is_told: bool) -> float:
    """Seconds until the next look at a hub that answers well, by ``chance`` in [0, 1).

    ``usual`` is the person's own setting, a tenth more or less; where a proxy keeps the hub from telling of changes
    (``is_told`` False), sooner than that.
    """
    spread = usual * (0.9 + chance / 5)
    if is_told or usual > USUAL_SECONDS:
        return spread
    least, most = UNTOLD_SECONDS
    return min(spread, least + (most - least) * chance)
