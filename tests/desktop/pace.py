"""How long the window is held up, so that tests can hold one piece of work against another of the same run."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication


def seconds(work: Callable[[], object]) -> float:
    """Until the work is done, with all that it sets off on the screen at once."""
    started = time.perf_counter()
    work()
    QApplication.processEvents()
    return time.perf_counter() - started
