"""The many-facet model at one point: likelihood, slope and posterior of the subjects, over a grid of nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.special import logsumexp

from judge_desk.analytics.table import Floats, Whole


@dataclass(frozen=True, slots=True)
class Point:
    """Where the model stands: ``severity`` and ``steps`` sum to 0; ``log_spread`` is that of the subjects."""

    difficulty: Floats
    severity: Floats
    steps: Floats
    log_spread: float

    @property
    def spread(self) -> float:
        return float(np.exp(self.log_spread))


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes in units of the spread, and the log of their normal weights."""

    nodes: Floats
    log_weight: Floats

    @classmethod
    def over(cls, reach: float, number: int) -> Grid:
        nodes = np.linspace(-reach, reach, number)
        log_weight = -(nodes**2) / 2
        return cls(nodes, log_weight - logsumexp(log_weight))


@dataclass(frozen=True, slots=True)
class Design:
    """Who rated whom on what; a ``pair`` is a criterion seen by one rater."""

    subject: Whole
    level: Whole
    pair: Whole
    pair_rater: Whole
    pair_criterion: Whole
    subjects: int
    raters: int
    criteria: int
    levels: int
    scores: sp.csr_array
    met: sp.csr_array
    raw: Floats
    pair_sum: Floats
    criterion_sum: Floats
    criterion_count: Floats
    at_least: Floats

    @classmethod
    def of(cls, subject: Whole, rater: Whole, criterion: Whole, level: Whole) -> Design:
        raters, criteria, subjects = int(rater.max()) + 1, int(criterion.max()) + 1, int(subject.max()) + 1
        levels = int(level.max()) + 1
        pairs, pair = np.unique(criterion * raters + rater, return_inverse=True)
        ones = np.ones(len(level))
        scores = sp.coo_array((ones, (subject, pair * levels + level)), shape=(subjects, len(pairs) * levels))
        met = sp.coo_array((ones, (subject, pair)), shape=(subjects, len(pairs)))
        return cls(
            subject=subject,
            level=level,
            pair=pair,
            pair_rater=pairs % raters,
            pair_criterion=pairs // raters,
            subjects=subjects,
            raters=raters,
            criteria=criteria,
            levels=levels,
            scores=sp.csr_array(scores),
            met=sp.csr_array(met),
            raw=_sums(subject, level, subjects),
            pair_sum=_sums(pair, level, len(pairs)),
            criterion_sum=_sums(criterion, level, criteria),
            criterion_count=np.bincount(criterion, minlength=criteria).astype(float),
            at_least=np.array([(level >= step).sum() for step in range(1, levels)], dtype=float),
        )

    @property
    def size(self) -> int:
        return self.criteria + self.raters + self.levels

    def pack(self, point: Point) -> Floats:
        return np.concatenate([point.difficulty, point.severity, point.steps, [point.log_spread]])

    def unpack(self, packed: Floats) -> Point:
        """Raters and steps are brought back to sum 0; the level stays with the criteria."""
        difficulty, severity, steps, spread = self.parts(packed)
        return Point(difficulty, severity - severity.mean(), steps - steps.mean(), float(spread[0]))

    def parts(self, packed: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        first, second = self.criteria, self.criteria + self.raters
        return packed[:first], packed[first:second], packed[second:-1], packed[-1:]

    def scale(self) -> Floats:
        """Square roots of rough information, so that every direction is about equally steep."""
        rater_count = np.bincount(self.pair_rater, self.met.sum(axis=0), self.raters)
        whole = float(len(self.level))
        last = np.array([float(self.subjects)])
        parts = [self.criterion_count, rater_count, np.full(self.levels - 1, whole), last]
        return np.sqrt(np.concatenate(parts) / 3 + 1)

    def pack_slope(self, at: Likelihood) -> Floats:
        """The slope of the log-likelihood in packed order, along what the sums to 0 leave free."""
        residual = self.pair_sum - at.pair_expected
        severity = -np.bincount(self.pair_rater, residual, self.raters)
        difficulty = -np.bincount(self.pair_criterion, residual, self.criteria)
        steps = -(self.at_least - at.steps_expected)
        return np.concatenate([difficulty, severity - severity.mean(), steps - steps.mean(), [at.spread_slope]])


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Over pairs × nodes: ``expected`` level, its ``variance``, chance of reaching each step (``reach``: pairs × steps
    × nodes); ``posterior``: subjects × nodes; ``pair_weight``: posterior mass of those whom a pair rated."""

    deviance: float
    posterior: Floats
    expected: Floats
    variance: Floats
    reach: Floats
    pair_weight: Floats
    pair_expected: Floats
    steps_expected: Floats
    spread_slope: float


def _sums(group: Whole, values: Whole, number: int) -> Floats:
    return np.bincount(group, values.astype(float), number).astype(float)


def likelihood(design: Design, grid: Grid, point: Point) -> Likelihood:
    """Everything that the climb and the errors need at ``point``."""
    theta = grid.nodes * point.spread
    levels = np.arange(design.levels, dtype=float)
    easy = theta[None, :] - (point.difficulty[design.pair_criterion] + point.severity[design.pair_rater])[:, None]
    cumulated = np.concatenate([[0.0], np.cumsum(point.steps)])
    logit = levels[None, :, None] * easy[:, None, :] - cumulated[None, :, None]
    logit -= logit.max(axis=1, keepdims=True)
    chance = np.exp(logit)
    total = chance.sum(axis=1, keepdims=True)
    logit -= np.log(total)
    chance /= total
    own = design.scores @ logit.reshape(-1, len(theta)) + grid.log_weight
    each = logsumexp(own, axis=1, keepdims=True)
    posterior = np.exp(own - each)
    # The level is the number of steps reached, so its moments follow from the chances of reaching them.
    reach = np.cumsum(chance[:, :0:-1, :], axis=1)[:, ::-1, :]
    expected = reach.sum(axis=1)
    variance = np.tensordot(reach, 2 * levels[1:] - 1, axes=(1, 0)) - expected**2
    pair_weight = design.met.T @ posterior
    held = pair_weight * expected
    return Likelihood(
        deviance=float(-2 * each.sum()),
        posterior=posterior,
        expected=expected,
        variance=variance,
        reach=reach,
        pair_weight=pair_weight,
        pair_expected=held.sum(axis=1),
        steps_expected=np.einsum("pq,pkq->k", pair_weight, reach),
        spread_slope=float(design.raw @ (posterior @ theta) - (held @ theta).sum()),
    )
