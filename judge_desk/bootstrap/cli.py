"""Entry of ``judge-desk``: loads the program's code in one go, then hands over to its commands or its window."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Run one command, or the desktop; returns its exit code."""
    given = sys.argv[1:] if words is None else list(words)
    load(window=not given)
    from judge_desk.bootstrap.commands import run

    return run(given)


def load(*, window: bool) -> None:
    """Import what the commands need, and what the window needs as well.

    Loading makes a hundred thousand objects that live to the end: a collector that looks at them again and again
    while they come takes a tenth of the time until the first page.
    """
    gc.disable()
    try:
        import judge_desk.bootstrap.commands

        if window:
            import judge_desk.bootstrap.desktop  # noqa: F401  run_desktop imports it again, at no cost
    finally:
        gc.freeze()
        gc.enable()
