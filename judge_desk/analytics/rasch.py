"""How severe a rater is: the many-facet Rasch model with a rating scale, by marginal maximum likelihood.

    log P(score k) / P(score k-1) = subject - criterion - rater - step k

Subjects are normal around 0; criteria are free, raters and steps sum to 0. The integral over subjects is a sum over a
grid of nodes in units of the subjects' spread, finer than the surest subject's standard error. Standard errors come
from the observed information (Louis 1982), so they know that merit had to be estimated too. Source: J. Linacre,
Many-facet Rasch measurement (1989); R package TAM 4.3-25 for the reference numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from judge_desk.analytics.rasch_errors import LEAST_SPREAD, standard_errors
from judge_desk.analytics.rasch_model import Design, Grid, Point, likelihood
from judge_desk.analytics.table import Floats, Whole

FEWEST_NODES = 121
MOST_NODES = 961
REACH = 6.0
"""The grid covers so many spreads on both sides."""
COARSEST = 0.9
"""Nodes stand no farther apart than this share of the surest subject's standard error: then the sum is the integral."""
LARGEST_LOGIT = 20.0
MOST_SPREAD = 20.0


@dataclass(frozen=True, slots=True)
class RaschFit:
    """Logits with standard errors; ``at_limit``: the data would push an estimate to infinity.

    ``severity_se`` is of the distance from the mean of raters, ``difficulty_se`` from the mean of criteria.

    ``infit``/``outfit`` by rater, subject, act and criterion are mean squares, 1 as expected.
    """

    severity: Floats
    severity_se: Floats
    difficulty: Floats
    difficulty_se: Floats
    steps: Floats
    spread: float
    measure: Floats
    measure_se: Floats
    deviance: float
    nodes: int
    at_limit: bool
    squared: Floats
    weighted: Floats
    variance: Floats

    def infit(self, group: Whole, number: int) -> Floats:
        """Information-weighted mean square of each of ``number`` groups of ratings."""
        return np.asarray(np.bincount(group, self.squared, number) / np.bincount(group, self.variance, number))

    def outfit(self, group: Whole, number: int) -> Floats:
        """Plain mean square of the standardised residuals of each of ``number`` groups of ratings."""
        return np.asarray(np.bincount(group, self.weighted, number) / np.bincount(group, minlength=number))


def fit_rasch(subject: Whole, rater: Whole, criterion: Whole, level: Whole) -> RaschFit:
    """Fit the model to ratings; ``level`` counts the observed scores from 0, every index runs without gaps.

    Needs two levels; raters with only the lowest or highest level must be left out before.
    """
    design = Design.of(subject, rater, criterion, level)
    point = _start(design)
    nodes = FEWEST_NODES
    while True:
        grid = Grid.over(REACH, nodes)
        point, at_limit = _climb(design, grid, point)
        fit = _described(design, grid, point, at_limit=at_limit)
        spacing = point.spread * 2 * REACH / (nodes - 1)
        if at_limit or nodes >= MOST_NODES or spacing <= COARSEST * float(fit.measure_se.min()):
            return fit
        nodes = 2 * nodes - 1


def _start(design: Design) -> Point:
    """Steps from how often each level is used, criteria and raters from their means, spread 1."""
    used = np.bincount(design.level, minlength=design.levels) + 0.5
    steps = np.log(used[:-1] / used[1:])
    mean = (design.criterion_sum / design.criterion_count + 0.1) / (design.levels - 0.8)
    difficulty = np.log((1 - mean) / mean)
    return Point(difficulty, np.zeros(design.raters), steps - steps.mean(), 0.0)


def _climb(design: Design, grid: Grid, start: Point) -> tuple[Point, bool]:
    """The most likely point near ``start``, and whether it ran into a limit."""
    scale = design.scale()

    def value(packed: Floats) -> tuple[float, Floats]:
        at = likelihood(design, grid, design.unpack(packed / scale))
        return at.deviance / 2, -design.pack_slope(at) / scale

    limit = np.full(design.size, LARGEST_LOGIT)
    low, high = -limit, limit.copy()
    low[-1], high[-1] = np.log([LEAST_SPREAD, MOST_SPREAD])
    found = minimize(
        value,
        design.pack(start) * scale,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low * scale, high * scale, strict=True)),
        options={"ftol": 1e-15, "gtol": 1e-6, "maxiter": 2000, "maxfun": 4000, "maxcor": 30},
    )
    packed = found.x / scale
    near = np.minimum(high - packed, packed - low) < 1e-6
    # No spread at all is an answer, not a flight to infinity.
    near[-1] = high[-1] - packed[-1] < 1e-6
    return design.unpack(packed), bool(near.any())


def _described(design: Design, grid: Grid, point: Point, *, at_limit: bool) -> RaschFit:
    at = likelihood(design, grid, point)
    theta = grid.nodes * point.spread
    measure = at.posterior @ theta
    measure_se = np.sqrt(np.maximum(at.posterior @ theta**2 - measure**2, 0.0))
    held = at.posterior[design.subject]
    residual = design.level[:, None] - at.expected[design.pair]
    squares = residual**2
    variance = at.variance[design.pair]
    errors = standard_errors(design, grid, point, at)
    return RaschFit(
        severity=point.severity,
        severity_se=errors.severity,
        difficulty=point.difficulty,
        difficulty_se=errors.difficulty,
        steps=point.steps,
        spread=point.spread,
        measure=measure,
        measure_se=measure_se,
        deviance=at.deviance,
        nodes=len(grid.nodes),
        at_limit=at_limit,
        squared=(held * squares).sum(axis=1),
        weighted=(held * squares / np.maximum(variance, 1e-9)).sum(axis=1),
        variance=(held * variance).sum(axis=1),
    )
