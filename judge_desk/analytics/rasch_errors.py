"""Standard errors of the many-facet model from the observed information, by Louis' identity.

Information of the data seen = information if merit were known - what not knowing merit costs: the variance of the
slope over the posterior of each subject.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse as sp

from judge_desk.analytics.rasch_model import Design, Grid, Likelihood, Point
from judge_desk.analytics.table import Floats, Whole

LEAST_SPREAD = 0.02
"""Subjects that differ by less differ by nothing: the spread is then no longer estimated."""
FIRM = 1e3
"""Holds the two directions that only the sums to 0 decide, until they are taken out exactly."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Standard errors in logits; NaN where the information is not positive."""

    difficulty: Floats
    severity: Floats


def standard_errors(design: Design, grid: Grid, point: Point, at: Likelihood) -> Errors:
    """Errors of raters and of criteria around their mean, raters and steps summing to 0.

    A single criterion has no mean to stand apart from: its error is that of its distance from the subjects' mean.
    """
    information = _complete(design, grid, point, at) - _lost(design, grid, point, at)
    if point.spread < LEAST_SPREAD * 1.001:
        information[-1, :] = information[:, -1] = 0.0
        information[-1, -1] = 1.0
    fixed = np.zeros((2, design.size))
    fixed[0, design.criteria : design.criteria + design.raters] = 1.0
    fixed[1, design.criteria + design.raters : -1] = 1.0
    fixed = fixed[fixed.any(axis=1)]
    try:
        factor = scipy.linalg.cho_factor(information + FIRM * fixed.T @ fixed)
    except np.linalg.LinAlgError:
        return Errors(np.full(design.criteria, np.nan), np.full(design.raters, np.nan))
    inverse = scipy.linalg.cho_solve(factor, np.eye(design.size))
    across = inverse @ fixed.T
    inverse -= across @ np.linalg.inv(fixed @ across) @ across.T
    _, severity, _, _ = design.parts(np.sqrt(np.maximum(np.diag(inverse), 0.0)))
    criteria = inverse[: design.criteria, : design.criteria]
    if design.criteria > 1:
        middle = np.eye(design.criteria) - 1 / design.criteria
        criteria = middle @ criteria @ middle
    return Errors(np.sqrt(np.maximum(np.diag(criteria), 0.0)), severity)


def _complete(design: Design, grid: Grid, point: Point, at: Likelihood) -> Floats:
    """Information if every subject's merit were known, averaged over the posterior: size × size."""
    theta = grid.nodes * point.spread
    weight = at.pair_weight
    own = (weight * at.variance).sum(axis=1)
    step = np.einsum("pq,pkq->pk", weight, _with_step(at))
    steps = _between_steps(at)
    by_theta = (weight * at.variance) @ theta
    pairs = _indicator(np.concatenate([design.pair_criterion, design.criteria + design.pair_rater]), len(own))
    corner = design.criteria + design.raters
    whole = np.zeros((design.size, design.size))
    whole[:corner, :corner] = (pairs.T @ sp.diags_array(own) @ pairs).toarray()
    whole[:corner, corner:-1] = pairs.T @ step
    whole[corner:-1, corner:-1] = steps
    whole[:corner, -1] = -(pairs.T @ by_theta)
    whole[corner:-1, -1] = -np.einsum("pq,pkq,q->k", weight, _with_step(at), theta)
    # The spread works on merit itself: its second derivative holds the residual too, which sums to the slope, 0.
    whole[-1, -1] = ((weight * at.variance) @ theta**2).sum() - at.spread_slope
    return whole + np.triu(whole, 1).T - np.tril(whole, -1)


def _with_step(at: Likelihood) -> Floats:
    """Covariance of the level with reaching each step: pairs × steps × nodes."""
    above = np.cumsum(at.reach[:, ::-1, :], axis=1)[:, ::-1, :]
    number = np.arange(at.reach.shape[1])[None, :, None]
    return np.asarray(above + (number - at.expected[:, None, :]) * at.reach)


def _between_steps(at: Likelihood) -> Floats:
    """Covariance of reaching one step with reaching another, summed over the posterior: steps × steps."""
    number = at.reach.shape[1]
    found = np.zeros((number, number))
    for one in range(number):
        for other in range(one, number):
            both = at.reach[:, other] * (1 - at.reach[:, one])
            found[one, other] = found[other, one] = (at.pair_weight * both).sum()
    return found


def _lost(design: Design, grid: Grid, point: Point, at: Likelihood) -> Floats:
    """Variance of the slope over each subject's posterior, summed: size × size."""
    theta = grid.nodes * point.spread
    lost = np.zeros((design.size, design.size))
    corner = design.criteria + design.raters
    for number in range(design.subjects):
        pairs = design.met.indices[design.met.indptr[number] : design.met.indptr[number + 1]]
        times = design.met.data[design.met.indptr[number] : design.met.indptr[number + 1]]
        expected = at.expected[pairs] * times[:, None]
        places = np.concatenate([design.pair_criterion[pairs], design.criteria + design.pair_rater[pairs]])
        used, where = np.unique(places, return_inverse=True)
        slope = np.zeros((len(used) + design.levels, len(theta)))
        np.add.at(slope, where, np.concatenate([expected, expected]))
        slope[len(used) : -1] = np.einsum("p,pkq->kq", times, at.reach[pairs])
        slope[-1] = theta * (design.raw[number] - expected.sum(axis=0))
        weight = at.posterior[number]
        slope -= (slope @ weight)[:, None]
        rows = np.concatenate([used, np.arange(corner, design.size)])
        lost[np.ix_(rows, rows)] += (slope * weight) @ slope.T
    return lost


def _indicator(place: Whole, pairs: int) -> sp.csr_array:
    """Pairs × (criteria, raters): 1 where a pair is of the criterion, and where it is of the rater."""
    row = np.concatenate([np.arange(pairs), np.arange(pairs)])
    return sp.csr_array(sp.coo_array((np.ones(len(place)), (row, place))))
