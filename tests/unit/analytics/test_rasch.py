"""The many-facet model: the truth comes back, its slope and information are right, and no grid is too coarse."""

from __future__ import annotations

import numpy as np
import pytest

from judge_desk.analytics import rasch, rasch_errors
from judge_desk.analytics.rasch import fit_rasch
from judge_desk.analytics.rasch_model import Design, Grid, Likelihood, Point, likelihood
from judge_desk.analytics.table import Floats, Table, table_of
from tests.unit.analytics.made_ratings import many_facet


def fitted(table: Table) -> rasch.RaschFit:
    level = np.unique(table.score, return_inverse=True)[1]
    return fit_rasch(table.subject, table.rater, table.criterion, level)


def free_slope(design: Design, at: Likelihood) -> Floats:
    """The slope before raters and steps are held to sum 0."""
    residual = design.pair_sum - at.pair_expected
    criteria = np.bincount(design.pair_criterion, residual, design.criteria)
    raters = np.bincount(design.pair_rater, residual, design.raters)
    return np.concatenate([-criteria, -raters, at.steps_expected - design.at_least, [at.spread_slope]])


@pytest.fixture(scope="module")
def small() -> tuple[Design, Grid, Point]:
    made, _ = many_facet(subjects=80, raters=5, criteria=3, share=0.7)
    table = table_of(made)
    design = Design.of(table.subject, table.rater, table.criterion, (table.score - 1).astype(np.int64))
    grid = Grid.over(6.0, 121)
    return design, grid, rasch._climb(design, grid, rasch._start(design))[0]


def test_the_truth_comes_back_within_its_errors() -> None:
    made, truth = many_facet(subjects=400, raters=12, criteria=4, share=0.5, seed=3)
    fit = fitted(table_of(made))
    far = (fit.severity - truth.severity) / fit.severity_se
    assert np.abs(fit.severity - truth.severity).max() < 0.25
    assert 0.5 < np.sqrt((far**2).mean()) < 1.6
    apart = (fit.difficulty - fit.difficulty.mean()) - (truth.difficulty - truth.difficulty.mean())
    assert np.abs(apart / fit.difficulty_se).max() < 3.5
    assert fit.steps == pytest.approx(truth.steps, abs=0.15)
    assert fit.spread == pytest.approx(1.5, abs=0.2)
    assert np.corrcoef(fit.measure, truth.merit)[0, 1] > 0.95


def test_the_slope_is_the_likelihoods(small: tuple[Design, Grid, Point]) -> None:
    design, grid, point = small
    packed = design.pack(point) + np.linspace(-0.2, 0.2, design.size)
    at = likelihood(design, grid, Point(*design.parts(packed)[:3], float(packed[-1])))
    for index in range(design.size):
        step = np.zeros(design.size)
        step[index] = 1e-5
        sides = [
            likelihood(design, grid, Point(*design.parts(each)[:3], float(each[-1]))).deviance
            for each in (packed - step, packed + step)
        ]
        assert free_slope(design, at)[index] == pytest.approx(-(sides[1] - sides[0]) / 4e-5, rel=1e-4, abs=1e-3)


def test_the_information_is_the_curvature(small: tuple[Design, Grid, Point]) -> None:
    design, grid, point = small
    at = likelihood(design, grid, point)
    found = rasch_errors._complete(design, grid, point, at) - rasch_errors._lost(design, grid, point, at)
    packed = design.pack(point)
    for index in range(design.size):
        step = np.zeros(design.size)
        step[index] = 1e-4
        sides = [
            free_slope(design, likelihood(design, grid, Point(*design.parts(each)[:3], float(each[-1]))))
            for each in (packed - step, packed + step)
        ]
        assert found[index] == pytest.approx(-(sides[1] - sides[0]) / 2e-4, rel=1e-3, abs=2e-2)


def test_the_order_of_rows_and_the_lowest_score_do_not_matter() -> None:
    made, _ = many_facet(subjects=60, raters=5, criteria=2)
    from_zero, _ = many_facet(subjects=60, raters=5, criteria=2, lowest=0)
    one, other = fitted(table_of(made)), fitted(table_of(from_zero[::-1]))
    assert one.severity == pytest.approx(other.severity, abs=1e-5)
    assert one.deviance == pytest.approx(other.deviance, abs=1e-6)


def test_the_grid_is_refined_for_subjects_that_are_known_well() -> None:
    made, _ = many_facet(subjects=40, raters=40, criteria=4, seed=2)
    fit = fitted(table_of(made))
    assert fit.nodes > rasch.FEWEST_NODES


def test_a_noisy_rater_stands_out_by_infit_and_a_copier_by_the_lack_of_it() -> None:
    made, _ = many_facet(subjects=150, raters=6, criteria=4, seed=5)
    rng = np.random.default_rng(1)
    table = table_of(made)
    table.score[table.rater == 0] = rng.integers(1, 5, int((table.rater == 0).sum()))
    fit = fitted(table)
    infit = fit.infit(table.rater, 6)
    assert infit[0] > 1.5
    assert infit[1:].max() < 1.3
