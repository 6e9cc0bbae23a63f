"""How often a 95 % interval holds the true merit, in campaigns where peers review peers."""

from __future__ import annotations

import numpy as np

from judge_desk.analytics.mixed_model import WIDTH, fit_mixed
from judge_desk.analytics.table import forms_of, table_of
from tests.unit.analytics.made_ratings import normal_reviews

DESIGNS = ((40, 3, 60), (40, 5, 60), (100, 3, 40), (300, 3, 15), (300, 6, 15))
"""Judges, forms a judge, repeats."""


def figures(subjects: int, forms: int, repeats: int) -> tuple[float, float, float, float]:
    """Share of intervals that hold the truth, their mean width, correlation with the truth of mean and score."""
    found = []
    for seed in range(repeats):
        made, truth = normal_reviews(subjects=subjects, forms=forms, seed=seed)
        table = table_of(made)
        means = forms_of(table)
        fit = fit_mixed(means.subject, means.rater, means.mean)
        estimate = fit.level + fit.subjects.effect
        half = WIDTH * fit.subjects.se
        raw = np.bincount(means.subject, means.mean) / forms
        close = [np.corrcoef(each, truth)[0, 1] for each in (raw, estimate)]
        found.append([np.mean(np.abs(estimate - truth) <= half), 2 * half.mean(), *close])
    held, width, raw_close, close_score = np.mean(found, axis=0)
    return float(held), float(width), float(raw_close), float(close_score)


def table() -> list[str]:
    lines = ["| n | k | 95 % | width | r: mean | r: score |", "|---|---|---|---|---|---|"]
    for subjects, forms, repeats in DESIGNS:
        held, width, raw, score = figures(subjects, forms, repeats)
        lines.append(f"| {subjects} | {forms} | {held:.3f} | {width:.2f} | {raw:.3f} | {score:.3f} |")
    return lines
