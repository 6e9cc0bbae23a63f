"""What uneven raters do to a mean, and what is left of it in the corrected score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judge_desk.analytics.agreement import correlations
from judge_desk.analytics.mixed_model import WIDTH, fit_mixed
from judge_desk.analytics.table import Floats

REPEATS = 20
FORMS = 3
SUBJECTS, RATERS, CRITERIA = 372, 21, 4
# Variances of form means as the published set of essays has them; scores 1 to 4.
MERIT, OWN_SEVERITY, REST = 0.58, 0.007, 0.107
SHARE_UNEVEN = 0.4


def full_panel(seed: int) -> Floats:
    """Form means, subjects × raters: everybody rated by everybody, in quarters of a point between 1 and 4."""
    rng = np.random.default_rng(seed)
    mean = 2.7 + rng.normal(0, MERIT**0.5, (SUBJECTS, 1)) - rng.normal(0, OWN_SEVERITY**0.5, (1, RATERS))
    whole = mean + rng.normal(0, REST**0.5, (SUBJECTS, RATERS))
    return np.asarray(np.clip(np.round(whole * CRITERIA) / CRITERIA, 1, 4))


def order(values: Floats) -> Floats:
    """Mean places, ties shared: what Spearman's correlation correlates."""
    unique, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    assert len(unique) == len(count)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[inverse])


def one(panel: Floats, seed: int, *, uneven: bool) -> tuple[float, float, float]:
    """Spearman with the full panel of the raw mean and of the score, and the share of intervals that hold its mean."""
    rng = np.random.default_rng(1000 + seed)
    subjects, raters = panel.shape
    off = np.zeros(raters)
    if uneven:
        moved = rng.choice(raters, round(SHARE_UNEVEN * raters), replace=False)
        off[moved] = rng.choice((-1.0, 1.0), len(moved))
    rater = np.concatenate([rng.choice(raters, FORMS, replace=False) for _ in range(subjects)])
    subject = np.repeat(np.arange(subjects), FORMS)
    score = panel[subject, rater] + off[rater]
    truth = panel.mean(axis=1)
    fit = fit_mixed(subject, np.unique(rater, return_inverse=True)[1], score)
    estimate = fit.level + fit.subjects.effect
    # The level itself moves when raters move; the truth is moved along.
    level = truth + (off.mean() if uneven else 0.0)
    held = np.abs(estimate - level) <= WIDTH * fit.subjects.se
    raw = np.bincount(subject, score) / FORMS
    wanted = order(truth)
    spearman = [float(np.corrcoef(order(each), wanted)[0, 1]) for each in (raw, estimate)]
    return spearman[0], spearman[1], float(held.mean())


def figures(panels: Sequence[Floats], *, uneven: bool) -> tuple[float, float, float]:
    """Means over the repeats."""
    found = np.array([one(panel, seed, uneven=uneven) for seed, panel in enumerate(panels)])
    raw, score, held = found.mean(axis=0)
    return float(raw), float(score), float(held)


def table() -> list[str]:
    panels = [full_panel(seed) for seed in range(REPEATS)]
    single = float(np.mean([correlations(each)["2,1"] or 0.0 for each in panels]))
    lines = [
        f"372 × 21, {FORMS} forms, {REPEATS} repeats, ICC(2,1) {single:.2f}",
        "",
        "| | Spearman: mean | Spearman: score | 95 % |",
        "|---|---|---|---|",
    ]
    for name, uneven in (("±0", False), ("±1, 40 %", True)):
        raw, score, held = figures(panels, uneven=uneven)
        lines.append(f"| {name} | {raw:.3f} | {score:.3f} | {held:.3f} |")
    return lines
