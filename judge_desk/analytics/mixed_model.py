"""Scores of subjects with honest intervals: a linear mixed model with subjects and raters crossed, fitted by REML.

    form mean = level + subject + rater + rest

The larger of the two facets is eliminated on paper (its block is diagonal), so that only a matrix as large as the
smaller one is factored. Sources: C. Henderson's mixed model equations; D. Bates and others, Fitting linear
mixed-effects models using lme4, J. Statistical Software 67 (2015), for the profiled criterion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import brentq, minimize

from judge_desk.analytics.table import Floats, Whole

WIDTH = 1.959963984540054
LARGEST_RATIO = 1e3
NO_DIFFERENCE = 1e-2


@dataclass(frozen=True, slots=True)
class Facet:
    """Deviations from the common level with their standard errors.

    The error of the level itself is not in them: it moves every score of a campaign alike.
    """

    effect: Floats
    se: Floats


@dataclass(frozen=True, slots=True)
class MixedFit:
    """Variances of subjects, raters and the rest; a variance of 0 means that the data show none beyond chance."""

    level: float
    subject_variance: float
    rater_variance: float
    rest_variance: float
    subjects: Facet
    raters: Facet


def fit_mixed(subject: Whole, rater: Whole, score: Floats) -> MixedFit:
    """Fit subjects and raters, numbered from 0 without gaps, to the form means; needs two of each and some spread."""
    turned = rater.max() > subject.max()
    many, few = (rater, subject) if turned else (subject, rater)
    equations = _Equations(many, few, score)
    # Square roots of the variance ratios, as in lme4: zero lies inside reach.
    found = minimize(
        equations.criterion,
        np.array([1.0, 1.0]),
        method="L-BFGS-B",
        bounds=[(0.0, LARGEST_RATIO)] * 2,
        options={"ftol": 1e-11, "gtol": 1e-6},
    )
    own = 1 if turned else 0
    used = equations.cautious(found.x, own)
    level, rest, first, second = equations.solution(used)
    variances = rest * np.where(used == found.x, used, 0.0) ** 2
    if turned:
        first, second, variances = second, first, variances[::-1]
    return MixedFit(level, float(variances[0]), float(variances[1]), rest, first, second)


class _Equations:
    """Henderson's equations in scaled effects: ``many`` is eliminated, the level and ``few`` stay."""

    def __init__(self, many: Whole, few: Whole, score: Floats) -> None:
        self.count = len(score)
        self.mean = float(score.mean())
        centred = score - self.mean
        shape = (int(many.max()) + 1, int(few.max()) + 1)
        self.met = sp.csr_array(sp.coo_array((np.ones(self.count), (many, few)), shape=shape))
        self.many = np.bincount(many, minlength=shape[0]).astype(float)
        self.few = np.bincount(few, minlength=shape[1]).astype(float)
        self.many_sum = np.bincount(many, centred, minlength=shape[0])
        self.few_sum = np.bincount(few, centred, minlength=shape[1])
        self.total = float(centred.sum())
        self.squares = float(centred @ centred)

    def _reduced(self, root: Floats) -> tuple[Floats, Floats, Floats, sp.csr_array]:
        """Diagonal of ``many``; matrix and right side over (level, few); the coupling of the two."""
        diagonal = root[0] ** 2 * self.many + 1
        level = sp.csr_array(self.many[:, None])
        coupling = sp.csr_array(sp.hstack([level, self.met * root[1]]) * root[0])
        matrix = np.diag(np.concatenate([[float(self.count)], root[1] ** 2 * self.few + 1]))
        matrix[0, 1:] = matrix[1:, 0] = root[1] * self.few
        scaled = sp.csr_array(sp.diags_array(1 / diagonal) @ coupling)
        matrix -= (coupling.T @ scaled).toarray()
        right = np.concatenate([[self.total], root[1] * self.few_sum])
        right -= scaled.T @ (root[0] * self.many_sum)
        return diagonal, matrix, right, coupling

    def criterion(self, root: Floats) -> float:
        """-2 log of the restricted likelihood, the rest variance profiled out, but for a constant."""
        diagonal, matrix, right, _ = self._reduced(root)
        factor = cho_factor(matrix, lower=True)
        left = self.squares - root[0] ** 2 * float((self.many_sum**2 / diagonal).sum())
        left -= float(right @ cho_solve(factor, right))
        volume = np.log(diagonal).sum() + 2 * np.log(np.diag(factor[0])).sum()
        return float((self.count - 1) * np.log(max(left, 1e-300)) + volume)

    def cautious(self, root: Floats, own: int) -> Floats:
        """``root``, but for subjects that seem all alike the most difference within one unit of the criterion.

        Variance zero is often chance; taken at its word, it would give every subject the narrow interval of the level.
        """
        if root[own] > NO_DIFFERENCE:
            return root
        least = self.criterion(root)

        def above(value: float) -> float:
            return self.criterion(np.where(np.arange(2) == own, value, root)) - least - 1

        if above(1.0) <= 0:
            return np.where(np.arange(2) == own, 1.0, root)
        return np.where(np.arange(2) == own, brentq(above, 0.0, 1.0), root)

    def solution(self, root: Floats) -> tuple[float, float, Facet, Facet]:
        """Level, rest variance, and the two facets at the given roots."""
        diagonal, matrix, right, coupling = self._reduced(root)
        factor = cho_factor(matrix, lower=True)
        held = cho_solve(factor, right)
        left = self.squares - root[0] ** 2 * float((self.many_sum**2 / diagonal).sum()) - float(right @ held)
        rest = max(left, 0.0) / (self.count - 1)
        inverse = cho_solve(factor, np.eye(len(matrix)))
        first = (root[0] * self.many_sum - coupling @ held) / diagonal
        share = sp.csr_array(sp.diags_array(1 / diagonal) @ coupling)
        own = 1 / diagonal + np.asarray(share.multiply(share @ inverse).sum(axis=1)).reshape(-1)
        few = _facet(root[1], held[1:], np.diag(inverse)[1:], rest)
        many = _facet(root[0], first, own, rest)
        return self.mean + float(held[0]), rest, many, few


def _facet(root: float, scaled: Floats, own: Floats, rest: float) -> Facet:
    return Facet(root * scaled, np.sqrt(rest * root**2 * own))
