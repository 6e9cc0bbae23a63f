"""Ratings with a known truth: from the many-facet model itself, or from the reviews that the note simulates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judge_desk.analytics.table import Floats
from judge_desk.domain.ratings import Rating


@dataclass(frozen=True, slots=True)
class Truth:
    """What the ratings were made from, in the order of the names."""

    merit: Floats
    severity: Floats
    difficulty: Floats
    steps: Floats


def many_facet(
    *, subjects: int, raters: int, criteria: int, levels: int = 4, share: float = 1.0, seed: int = 1, lowest: int = 1
) -> tuple[list[Rating], Truth]:
    """Scores from lowest up, drawn from the model; ``share`` of the subject × rater cells are rated."""
    rng = np.random.default_rng(seed)
    severity, difficulty = rng.normal(0, 0.6, raters), rng.normal(0, 0.4, criteria)
    steps = np.linspace(-1.5, 1.5, levels - 1)
    truth = Truth(rng.normal(0, 1.5, subjects), severity - severity.mean(), difficulty, steps)
    made = []
    for subject in range(subjects):
        for rater in range(raters):
            if rng.random() > share:
                continue
            for criterion in range(criteria):
                easy = truth.merit[subject] - truth.severity[rater] - truth.difficulty[criterion]
                weight = np.exp(np.concatenate([[0.0], np.cumsum(easy - steps)]))
                score = lowest + int(rng.choice(levels, p=weight / weight.sum()))
                made.append(Rating(f"s{subject:04d}", f"r{rater:03d}", f"c{criterion}", score))
    return made, truth


def normal_reviews(
    *,
    subjects: int,
    forms: int,
    criteria: int = 5,
    merit: float = 0.6,
    severity: float = 0.45,
    halo: float = 0.3,
    noise: float = 0.6,
    seed: int = 1,
) -> tuple[list[Rating], Floats]:
    """A campaign among peers: every subject reviews too; a form shares a halo; scores 1 to 5 are not rounded."""
    rng = np.random.default_rng(seed)
    true, severe = 3.4 + rng.normal(0, merit, subjects), rng.normal(0, severity, subjects)
    made = []
    for raters in _even_loads(subjects, forms, rng):
        for subject, rater in enumerate(raters):
            whole = true[subject] - severe[rater] + rng.normal(0, halo)
            scores = whole + rng.normal(0, noise, criteria)
            made += [Rating(f"j{subject:03d}", f"j{rater:03d}", f"c{at}", float(x)) for at, x in enumerate(scores)]
    return made, true


def _even_loads(number: int, forms: int, rng: np.random.Generator) -> list[list[int]]:
    """Permutations of the subjects: everybody writes as many forms as he gets, nobody meets himself or one twice."""
    found: list[list[int]] = []
    while len(found) < forms:
        dealt = rng.permutation(number).tolist()
        if all(rater not in {at, *(each[at] for each in found)} for at, rater in enumerate(dealt)):
            found.append(dealt)
    return found
