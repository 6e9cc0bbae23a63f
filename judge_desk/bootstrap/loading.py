"""Loads code in one go, undisturbed by the collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Around imports. They make a hundred thousand objects that live to the end: a collector that looks at them again
    and again, while they come and ever after, takes a tenth of the time until the first page."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
