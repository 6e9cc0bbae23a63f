"""What is to be made, and the streams of chance that make it the same every time."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date

from judge_desk.domain.ids import CROCKFORD


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPlan:
    """``cases`` open cases of one judge, ``documents`` in each on average; ``anchor`` is the court's "today"."""

    anchor: date
    cases: int = 300
    documents: int = 25
    seed: int = 1

    def stream(self, *names: str | int) -> random.Random:
        """A random stream of its own for each name, so that order of work changes nothing."""
        return random.Random(":".join(map(str, (self.seed, *names))))  # noqa: S311 - repeatable, guards nothing

    def id_of(self, *names: str | int) -> str:
        """The id of a named thing: 26 characters, the same for the same seed."""
        digest = hashlib.sha256(":".join(map(str, ("demo", self.seed, *names))).encode()).digest()
        number = int.from_bytes(digest[:16], "big")
        return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
