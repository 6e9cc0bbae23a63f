"""The many-facet model where it can be fitted, words where it cannot: extreme raters, one rater, an unused scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.sparse.csgraph import connected_components

from judge_desk.analytics.rasch import RaschFit, fit_rasch
from judge_desk.analytics.table import Floats, Table, Whole
from judge_desk.domain.ratings import Remark

MOST_LEVELS = 40
LARGEST_RANK_TEST = 1500
NEAR_EXTREME = 0.3
"""How far inside the end of the scale the total of an extreme rater is taken to lie, as Facets and Winsteps do."""
WIDEST = 30.0
LARGEST_ERROR = 10.0
"""A severity with a larger standard error, in logits, is no estimate: the data let it run away."""
Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Figures by name in the order of the table; NaN where there is none."""

    figures: dict[str, Floats]
    steps: tuple[float, ...] = ()
    deviance: float | None = None
    spread: float | None = None

    def of(self, name: str, index: int) -> float | None:
        values = self.figures.get(name)
        return None if values is None or not np.isfinite(values[index]) else float(values[index])


def measures_of(table: Table, remarks: list[Remark]) -> Measures:
    """Severities, difficulties, measures and fit; what cannot be had is said in ``remarks``."""
    values, level = np.unique(table.score, return_inverse=True)
    reason = _reason_against(table, values)
    if reason:
        remarks.append(Remark(reason))
        return Measures(figures={})
    _remark_gaps(values, remarks)
    bounds: list[Remark] = []
    kept = _without_extremes(table, level, bounds)
    if len(np.unique(level[kept])) < 2 or len(np.unique(table.rater[kept])) < 2:
        remarks.append(Remark("ratings.remark.only_extremes"))
        return Measures(figures={})
    used = _Used.of(table.only(kept), level[kept])
    if not used.links(remarks):
        return Measures(figures={})
    fit = fit_rasch(used.subject, used.rater, used.criterion, used.level)
    has_end = not fit.at_limit and float(np.nan_to_num(fit.severity_se, nan=np.inf).max()) < LARGEST_ERROR
    remarks += bounds if has_end else [Remark("ratings.remark.at_limit")]
    return _measures(table, level, kept, used, fit, has_end=has_end)


def _reason_against(table: Table, values: Floats) -> str:
    if len(values) < 2:
        return "ratings.remark.one_level"
    if len(values) > MOST_LEVELS:
        return "ratings.remark.many_levels"
    return "ratings.remark.no_severity" if len(table.raters) < 2 else ""


def _remark_gaps(values: Floats, remarks: list[Remark]) -> None:
    apart = np.diff(values)
    if not np.allclose(apart, apart[0]):
        remarks.append(Remark("ratings.remark.unused_levels", params=(("levels", len(values)),)))


def _without_extremes(table: Table, level: Whole, remarks: list[Remark]) -> Rows:
    """Which ratings stay: not those of raters or criteria that only know one end of the scale, again and again."""
    kept = np.ones(len(table), dtype=bool)
    while True:
        if not kept.any():
            return kept
        top, bottom = level[kept].max(), level[kept].min()
        before = int(kept.sum())
        for group, names, kind in (
            (table.rater, table.raters, "rater"),
            (table.criterion, table.criteria, "criterion"),
        ):
            for index in np.unique(group[kept]):
                mine = kept & (group == index)
                if (level[mine] == top).all() or (level[mine] == bottom).all():
                    end = "high" if (level[mine] == top).all() else "low"
                    remarks.append(Remark(f"ratings.remark.extreme.{kind}.{end}", names[index]))
                    kept = kept & ~mine
        if int(kept.sum()) == before:
            return kept


@dataclass(frozen=True, slots=True)
class _Used:
    """The ratings that are fitted, numbered without gaps, and which of the table's names they stand for."""

    subject: Whole
    rater: Whole
    criterion: Whole
    level: Whole
    subjects: Whole
    raters: Whole
    criteria: Whole

    @classmethod
    def of(cls, table: Table, level: Whole) -> _Used:
        subjects, subject = np.unique(table.subject, return_inverse=True)
        raters, rater = np.unique(table.rater, return_inverse=True)
        criteria, criterion = np.unique(table.criterion, return_inverse=True)
        _, packed = np.unique(level, return_inverse=True)
        return cls(subject, rater, criterion, packed, subjects, raters, criteria)

    def links(self, remarks: list[Remark]) -> bool:
        """Whether severity, difficulty and merit can be told apart; a remark says so where they cannot."""
        if not _is_linked(self.subject, self.rater):
            remarks.append(Remark("ratings.remark.linked_by_extremes"))
            return False
        form = self.subject * (self.rater.max() + 1) + self.rater
        if _is_linked(form, self.criterion) or self._has_full_rank():
            return True
        remarks.append(Remark("ratings.remark.criteria_confounded"))
        return False

    def _has_full_rank(self) -> bool:
        """Whether the additive design of all three facets lacks only its two trivial directions."""
        width = int(self.rater.max() + self.criterion.max()) + 2
        if width > LARGEST_RANK_TEST:
            return False
        rows = np.arange(len(self.level))
        ones = np.ones(len(rows))
        other = sp.coo_array((ones, (rows, self.rater)), shape=(len(rows), width))
        last = sp.coo_array((ones, (rows, self.criterion + self.rater.max() + 1)), shape=(len(rows), width))
        both = sp.csr_array(other + last)
        owner = sp.csr_array(sp.coo_array((ones, (self.subject, rows))))
        mean = sp.csr_array(sp.diags_array(1 / np.bincount(self.subject)) @ (owner @ both))
        left = (both.T @ both).toarray() - ((owner @ both).T @ mean).toarray()
        return int(np.linalg.matrix_rank(left, hermitian=True)) == width - 2


def _is_linked(one: Whole, other: Whole) -> bool:
    _, one = np.unique(one, return_inverse=True)
    width = int(one.max()) + 1
    size = width + int(other.max()) + 1
    graph = sp.coo_array((np.ones(len(one)), (one, other + width)), shape=(size, size))
    return int(connected_components(graph, directed=False, return_labels=False)) == 1


def _measures(table: Table, level: Whole, kept: Rows, used: _Used, fit: RaschFit, *, has_end: bool) -> Measures:
    figures: dict[str, Floats] = {}

    def spread(name: str, values: Floats, whom: Whole, size: int) -> None:
        figures[name] = np.full(size, np.nan)
        figures[name][whom] = values

    subjects, raters, criteria = len(table.subjects), len(table.raters), len(table.criteria)
    spread("measure", fit.measure, used.subjects, subjects)
    spread("measure_se", fit.measure_se, used.subjects, subjects)
    for name, group, whom, size in (
        ("subject", used.subject, used.subjects, subjects),
        ("rater", used.rater, used.raters, raters),
        ("criterion", used.criterion, used.criteria, criteria),
    ):
        spread(f"{name}_infit", fit.infit(group, len(whom)), whom, size)
        spread(f"{name}_outfit", fit.outfit(group, len(whom)), whom, size)
    if has_end:
        spread("severity", fit.severity, used.raters, raters)
        spread("severity_se", fit.severity_se, used.raters, raters)
        spread("difficulty", fit.difficulty, used.criteria, criteria)
        spread("difficulty_se", fit.difficulty_se, used.criteria, criteria)
        _add_extremes(table, level, kept, figures, fit.steps)
    steps = tuple(float(each) for each in fit.steps) if has_end else ()
    return Measures(figures=figures, steps=steps, deviance=fit.deviance, spread=fit.spread)


def _add_extremes(
    table: Table,
    level: Whole,
    kept: Rows,
    figures: dict[str, Floats],
    steps: Floats,
) -> None:
    """A finite severity for each rater at one end of the scale, from the others' measures; its error is large."""
    cumulated = np.concatenate([[0.0], np.cumsum(steps)])
    top = len(steps)
    for index in np.setdiff1d(np.arange(len(table.raters)), table.rater[kept]):
        mine = (table.rater == index) & np.isfinite(figures["measure"][table.subject])
        mine &= np.isfinite(figures["difficulty"][table.criterion])
        if not mine.any():
            continue
        easy = figures["measure"][table.subject[mine]] - figures["difficulty"][table.criterion[mine]]
        is_low = level[mine].max() <= level[kept].min()
        total = NEAR_EXTREME if is_low else top * len(easy) - NEAR_EXTREME
        ends = float(easy.min() - np.abs(steps).max() - WIDEST), float(easy.max() + np.abs(steps).max() + WIDEST)
        severity = brentq(_expected_less, *ends, args=(easy, cumulated, total))
        figures["severity"][index] = severity
        figures["severity_se"][index] = 1 / np.sqrt(_moments(easy - severity, cumulated)[1])


def _expected_less(severity: float, easy: Floats, cumulated: Floats, total: float) -> float:
    return _moments(easy - severity, cumulated)[0] - total


def _moments(logit: Floats, cumulated: Floats) -> tuple[float, float]:
    """Sum of expected levels and of variances over ratings of the given easiness."""
    number = np.arange(len(cumulated))
    chance = logit[:, None] * number - cumulated
    chance = np.exp(chance - chance.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    expected = chance @ number
    return float(expected.sum()), float((chance @ number**2 - expected**2).sum())
