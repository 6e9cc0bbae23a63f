"""The square code of an address as rectangles, so that it prints sharp at any size and needs no picture in the file."""

from __future__ import annotations

from functools import lru_cache

QUIET = 4
"""Empty modules around the code, as the standard asks."""


@lru_cache(maxsize=64)
def strips(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """(modules along a side with the quiet zone, dark strips as (column, row from the top, length))."""
    import segno

    rows = list(segno.make(text, error="m", micro=False, boost_error=False).matrix)
    found: list[tuple[int, int, int]] = []
    for number, row in enumerate(rows):
        start = -1
        for column, dark in enumerate([*row, 0]):
            if dark and start < 0:
                start = column
            elif not dark and start >= 0:
                found.append((start + QUIET, number + QUIET, column - start))
                start = -1
    return len(rows) + 2 * QUIET, tuple(found)
