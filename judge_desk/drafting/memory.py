"""Remembers what successive renderings of an act being written have in common, so that a keystroke costs one paragraph.

What is remembered is text of acts: ``forget`` lets go of all of it, and is called when a desk is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_all: list[Callable[[], None]] = []


class Remembering(Generic[P, R]):
    """A pure function that remembers its latest answers; arguments must be hashable, answers are shared."""

    def __init__(self, function: Callable[P, R], most: int) -> None:
        self._remembered = lru_cache(most)(function)
        update_wrapper(self, function)
        _all.append(self._remembered.cache_clear)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._remembered(*args, **kwargs)  # type: ignore[arg-type]  # hashable by contract


def remembering(most: int) -> Callable[[Callable[P, R]], Remembering[P, R]]:
    """Decorate a pure function so that it keeps its ``most`` latest answers."""
    return lambda function: Remembering(function, most)


def forget() -> None:
    """Let go of everything remembered."""
    for clear in _all:
        clear()
