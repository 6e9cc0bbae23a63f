"""Seconds of a whole analysis as the ratings grow tenfold."""

from __future__ import annotations

import time

from judge_desk.analytics.review_analysis import analyse
from judge_desk.domain.ratings import Rating
from tests.unit.analytics.made_ratings import normal_reviews

SIZES = (400, 4000)
"""Judges who review each other, three forms of five criteria: 6,000 and 60,000 ratings."""


def rounded(subjects: int) -> list[Rating]:
    made, _ = normal_reviews(subjects=subjects, forms=3)
    return [
        Rating(each.subject, each.rater, each.criterion, min(5.0, max(1.0, float(round(each.score))))) for each in made
    ]


def table() -> list[str]:
    lines = ["| ratings | s |", "|---|---|"]
    for subjects in SIZES:
        made = rounded(subjects)
        started = time.perf_counter()
        analyse(made)
        lines.append(f"| {len(made)} | {time.perf_counter() - started:.1f} |")
    return lines
