"""Where a long word may part at the end of a line; which words may not is data, asked of ``no_break``."""

from __future__ import annotations

import re

from judge_desk.drafting.no_break import holds

__all__ = ["at_hyphens", "holds"]

# Long words joined by a hyphen may part behind it, as процедурно-процессуального does; numbers and endings may not.
_HYPHEN = re.compile(r"(?<=[^\W\d_]{4}-)(?=[^\W\d_]{4})")


def at_hyphens(word: str) -> list[tuple[str, bool]]:
    """The word in pieces between which a line may end, each with whether a space follows."""
    pieces = _HYPHEN.split(word)
    return [(piece, at == len(pieces)) for at, piece in enumerate(pieces, start=1)]
