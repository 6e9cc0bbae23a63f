"""The crossed mixed model against the whole matrix written out, and against balanced analysis of variance."""

from __future__ import annotations

import numpy as np
import pytest

from judge_desk.analytics import mixed_model
from judge_desk.analytics.mixed_model import fit_mixed
from judge_desk.analytics.table import Floats, Whole


def made(subjects: int, raters: int, share: float, seed: int) -> tuple[Whole, Whole, Floats]:
    rng = np.random.default_rng(seed)
    subject, rater = np.meshgrid(np.arange(subjects), np.arange(raters), indexing="ij")
    kept = rng.random(subject.shape) < share
    kept[:, 0] = kept[0, :] = True
    merit, severity = rng.normal(0, 0.8, subjects), rng.normal(0, 0.5, raters)
    score = 3 + merit[subject] - severity[rater] + rng.normal(0, 0.5, subject.shape)
    return subject[kept], rater[kept], score[kept]


def restricted(subject: Whole, rater: Whole, score: Floats, variances: tuple[float, float, float]) -> float:
    """-2 log of the restricted likelihood, from the covariance of all forms."""
    same_subject, same_rater = subject[:, None] == subject[None, :], rater[:, None] == rater[None, :]
    whole = variances[0] * same_subject + variances[1] * same_rater + variances[2] * np.eye(len(score))
    inverse = np.linalg.inv(whole)
    weight = inverse.sum()
    centred = score - (inverse @ score).sum() / weight
    return float(np.linalg.slogdet(whole)[1] + np.log(weight) + centred @ inverse @ centred)


@pytest.mark.parametrize(("subjects", "raters"), [(30, 7), (7, 30)])
def test_no_neighbouring_variances_are_more_likely(subjects: int, raters: int) -> None:
    subject, rater, score = made(subjects, raters, 0.5, 1)
    fit = fit_mixed(subject, rater, score)
    best = (fit.subject_variance, fit.rater_variance, fit.rest_variance)
    least = restricted(subject, rater, score, best)
    for index in range(3):
        for factor in (0.97, 1.03):
            near = tuple(value * (factor if at == index else 1) for at, value in enumerate(best))
            assert restricted(subject, rater, score, near) > least  # type: ignore[arg-type]


def test_scores_and_errors_are_those_of_the_whole_matrix() -> None:
    subject, rater, score = made(20, 6, 0.6, 2)
    fit = fit_mixed(subject, rater, score)
    ones = np.ones((len(score), 1))
    design = np.hstack([ones, np.eye(20)[subject], np.eye(6)[rater]])
    penalty = np.diag([0.0] + [fit.rest_variance / fit.subject_variance] * 20)
    whole = np.zeros((27, 27))
    whole[:21, :21] = penalty
    whole[21:, 21:] = np.eye(6) * fit.rest_variance / fit.rater_variance
    inverse = np.linalg.inv(design.T @ design + whole)
    effects = inverse @ design.T @ score
    assert [fit.level, *fit.subjects.effect, *fit.raters.effect] == pytest.approx(effects, abs=1e-8)
    assert fit.subjects.se == pytest.approx(np.sqrt(np.diag(inverse)[1:21] * fit.rest_variance), rel=1e-6)
    assert fit.raters.se == pytest.approx(np.sqrt(np.diag(inverse)[21:] * fit.rest_variance), rel=1e-6)


def test_a_complete_table_gives_the_variances_of_the_analysis_of_variance() -> None:
    subject, rater, score = made(25, 5, 1.1, 3)
    table = score.reshape(25, 5)
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    rest = ((table - rows[:, None] - columns + table.mean()) ** 2).sum() / (24 * 4)
    fit = fit_mixed(subject, rater, score)
    assert fit.rest_variance == pytest.approx(rest, rel=1e-4)
    assert fit.subject_variance == pytest.approx(rows.var(ddof=1) - rest / 5, rel=1e-4)
    assert fit.rater_variance == pytest.approx(columns.var(ddof=1) - rest / 25, rel=1e-4)


def test_subjects_that_seem_alike_keep_an_honest_interval() -> None:
    rng = np.random.default_rng(7)
    subject, rater = np.repeat(np.arange(30), 3), np.tile(np.arange(3), 30)
    score = rng.normal(3, 1, 90) + rater
    score -= (np.bincount(subject, score) / 3)[subject]
    fit = fit_mixed(subject, rater, score)
    assert fit.subject_variance == 0
    assert fit.subjects.se.min() > 0.05
    assert mixed_model.NO_DIFFERENCE > 0
