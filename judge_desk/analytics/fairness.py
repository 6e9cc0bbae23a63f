"""Whether one group of raters favours one group of subjects: two-way residuals against random groupings.

Merit and severity are taken out first, so that a group of good judges or of severe reviewers alone never counts; what
is left is compared cell by cell. Groups are dealt out anew at random among raters and among subjects to learn how
large such differences are by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from judge_desk.analytics.table import Floats, Whole
from judge_desk.domain.ratings import Difference, Fairness

DRAWS = 999
FEWEST_FORMS = 10
"""A cell of fewer forms is not tested: it would name persons."""
SWEEPS = 200
STILL = 1e-10
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Grouping:
    """``subject`` and ``rater`` give each one's group number, -1 unknown; ``names`` are the groups of both."""

    name: str
    subject: Whole
    rater: Whole
    subject_names: tuple[str, ...]
    rater_names: tuple[str, ...]


def grouping_of(
    name: str, groups: Mapping[str, str], subjects: tuple[str, ...], raters: tuple[str, ...]
) -> Grouping | None:
    """Number the groups of those who have one; None where either side has fewer than two groups."""
    subject_names = tuple(sorted({groups[each] for each in subjects if groups.get(each)}))
    rater_names = tuple(sorted({groups[each] for each in raters if groups.get(each)}))
    if len(subject_names) < 2 or len(rater_names) < 2:
        return None
    number = {group: index for index, group in enumerate(subject_names)}
    subject = np.array([number.get(groups.get(each, ""), -1) for each in subjects])
    number = {group: index for index, group in enumerate(rater_names)}
    rater = np.array([number.get(groups.get(each, ""), -1) for each in raters])
    return Grouping(name, subject, rater, subject_names, rater_names)


def two_way_residuals(subject: Whole, rater: Whole, score: Floats) -> Floats:
    """What neither the subject nor the rater explains: least squares of both as fixed effects, by alternate sweeps."""
    left: Floats = score - score.mean()
    for _ in range(SWEEPS):
        before = left
        left = left - (np.bincount(subject, left) / np.bincount(subject))[subject]
        left = left - (np.bincount(rater, left) / np.bincount(rater))[rater]
        if np.abs(left - before).max() < STILL:
            break
    return left


def differences(subject: Whole, rater: Whole, score: Floats, grouping: Grouping, seed: int) -> Fairness | None:
    """Test a grouping over forms; None where no cell holds enough of them.

    The whole test asks how often chance makes a cell stand out as far as the farthest; each cell's own p is against
    the same cell dealt at random.
    """
    residual = two_way_residuals(subject, rater, score)
    shape = (len(grouping.rater), len(grouping.subject))
    met = sp.csr_array(sp.coo_array((residual, (rater, subject)), shape=shape))
    count = sp.csr_array(sp.coo_array((np.ones(len(residual)), (rater, subject)), shape=shape))
    of_subject = _indicator(grouping.subject, len(grouping.subject_names))
    of_rater = _indicator(grouping.rater, len(grouping.rater_names))
    forms = of_rater.T @ (count @ of_subject)
    tested = forms >= FEWEST_FORMS
    if not tested.any():
        return None
    seen = np.abs(of_rater.T @ (met @ of_subject))
    farthest = (seen / np.sqrt(np.maximum(forms, 1)))[tested].max()
    rng = np.random.default_rng(seed)
    as_large, as_far = np.zeros_like(seen), 0
    for _ in range(DRAWS):
        dealt_rater, dealt_subject = rng.permutation(of_rater), rng.permutation(of_subject)
        drawn = np.abs(dealt_rater.T @ (met @ dealt_subject))
        dealt = np.maximum(dealt_rater.T @ (count @ dealt_subject), 1)
        as_large += drawn >= seen - ROUNDING
        as_far += bool((drawn / np.sqrt(dealt))[tested].max() >= farthest - ROUNDING)
    groups = grouping.rater[rater], grouping.subject[subject]
    cells = tuple(
        Difference(
            grouping=grouping.name,
            rater_group=grouping.rater_names[row],
            subject_group=grouping.subject_names[column],
            points=_points(subject, rater, residual, (groups[0] == row) & (groups[1] == column)),
            p=float((as_large[row, column] + 1) / (DRAWS + 1)),
            forms=int(forms[row, column]),
        )
        for row, column in np.argwhere(tested)
    )
    return Fairness(grouping=grouping.name, p=(as_far + 1) / (DRAWS + 1), differences=cells)


def _points(subject: Whole, rater: Whole, residual: Floats, inside: NDArray[np.bool_]) -> float:
    """Least squares of the cell's own shift: its residuals, over how much of the cell the two facets leave free."""
    free = float(two_way_residuals(subject, rater, inside.astype(float))[inside].sum())
    return float(residual[inside].sum()) / free if free > ROUNDING else 0.0


def _indicator(group: Whole, number: int) -> Floats:
    return np.asarray(group[:, None] == np.arange(number)[None, :], dtype=float)
