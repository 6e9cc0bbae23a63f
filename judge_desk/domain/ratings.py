"""Ratings of subjects by raters on criteria, and what may be said about them: scores, severities, remarks in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rating:
    """One score; ``act`` tells several acts of one subject apart and may be empty."""

    subject: str
    rater: str
    criterion: str
    score: float
    act: str = ""


@dataclass(frozen=True, slots=True)
class Island:
    """Subjects and raters that no rating links with the rest: their severities cannot be compared with others'."""

    subjects: tuple[str, ...]
    raters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What must be said in words beside a figure: a key of the catalogs, its parameters, and whom it is about."""

    key: str
    about: str = ""
    params: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectScore:
    """A score on the scale of the form; ``low`` and ``high`` bound 95 %, None where no interval can be given.

    ``measure`` and ``measure_se`` are the same subject in logits; ``infit`` and ``outfit`` tell how far the raters'
    scores of this subject fit together (1 as expected).
    """

    subject: str
    score: float
    low: float | None
    high: float | None
    forms: int
    raw: float
    measure: float | None = None
    measure_se: float | None = None
    infit: float | None = None
    outfit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterSeverity:
    """``severity`` in logits, positive is severe, with its standard error; ``points`` the same on the form's scale."""

    rater: str
    severity: float | None
    se: float | None
    infit: float | None
    outfit: float | None
    forms: int
    points: float | None = None
    points_se: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionDifficulty:
    """``difficulty`` in logits, with its standard error and fit; ``alpha`` the agreement of raters on it alone."""

    criterion: str
    difficulty: float | None
    se: float | None
    infit: float | None = None
    outfit: float | None = None
    alpha: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How much one group of raters favours one group of subjects, in points, after merit and severity are taken out.

    ``p`` is the share of random groupings that differ as much.
    """

    grouping: str
    rater_group: str
    subject_group: str
    points: float
    p: float
    forms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """One test for each grouping: ``p`` for all its pairs of groups together, and the pairs themselves."""

    grouping: str
    p: float
    differences: tuple[Difference, ...]

    @property
    def is_found(self) -> bool:
        return self.p <= FAIRNESS_LEVEL


FAIRNESS_LEVEL = 0.05
MISFIT = 1.5
"""An infit beyond it is erratic; 1 is as expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything that may be said about a set of ratings; what may not stands in ``remarks``."""

    subjects: tuple[SubjectScore, ...]
    raters: tuple[RaterSeverity, ...]
    criteria: tuple[CriterionDifficulty, ...]
    steps: tuple[float, ...]
    deviance: float | None
    spread: float | None
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    alphas: dict[str, float | None]
    icc: float | None
    iccs: dict[str, float | None]
    variances: dict[str, float | None]
    separation: float | None
    separation_reliability: float | None
    fairness: tuple[Fairness, ...]
    remarks: tuple[Remark, ...]


def misfits(measures: Iterable[SubjectScore | RaterSeverity]) -> int:
    """How many raters, or subjects, have scores that do not fit the others'."""
    return sum(each.infit is not None and each.infit > MISFIT for each in measures)


def islands(ratings: Iterable[Rating]) -> tuple[Island, ...]:
    """The parts of a design that no rating links; one part is what can be scored. The largest comes first."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for each in ratings:
        parent[root(("subject", each.subject))] = root(("rater", each.rater))
    parts: defaultdict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for node in list(parent):
        subjects, raters = parts[root(node)]
        (subjects if node[0] == "subject" else raters).append(node[1])
    found = [Island(tuple(sorted(subjects)), tuple(sorted(raters))) for subjects, raters in parts.values()]
    return tuple(sorted(found, key=lambda each: (-len(each.subjects), each.subjects)))
