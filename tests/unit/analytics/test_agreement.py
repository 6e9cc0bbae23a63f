"""Agreement: the published worked examples to three decimals, and what has no figure."""

from __future__ import annotations

import numpy as np
import pytest

from judge_desk.analytics.agreement import (
    METRICS,
    alpha_of,
    alpha_with_bounds,
    coincidences,
    correlations,
    correlations_of_parts,
)

# Four observers, twelve units, 0 where nobody looked: Krippendorff (2011), section C.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
# Six targets, four judges: Shrout and Fleiss (1979), table 2.
SHROUT = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)


def test_alpha_of_the_worked_example() -> None:
    _, unit = np.nonzero(KRIPPENDORFF)
    met = coincidences(unit, unit, KRIPPENDORFF[KRIPPENDORFF > 0].astype(float))
    found = {metric: alpha_of(met, metric) for metric in METRICS}
    assert found == pytest.approx({"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}, abs=5e-4)


def test_the_bootstrap_tells_how_little_twelve_units_say() -> None:
    _, unit = np.nonzero(KRIPPENDORFF)
    met = coincidences(unit, unit, KRIPPENDORFF[KRIPPENDORFF > 0].astype(float))
    found = alpha_with_bounds(met, "interval", seed=1)
    assert found.low == pytest.approx(0.42, abs=0.06)
    assert found.high == pytest.approx(1.0, abs=0.02)
    assert found == alpha_with_bounds(met, "interval", seed=1)


@pytest.mark.parametrize("metric", METRICS)
def test_alpha_is_the_mean_over_all_pairs(metric: str) -> None:
    """Against the definition with every pair written out, on a random table with gaps."""
    rng = np.random.default_rng(4)
    unit = rng.integers(0, 15, 60)
    score = rng.integers(1, 5, 60).astype(float)
    met = coincidences(unit, unit, score)
    kept = [at for at in range(60) if (unit == unit[at]).sum() > 1]
    values = score[kept]
    number = len(values)

    def apart(one: float, other: float) -> float:
        low, high = min(one, other), max(one, other)
        between = ((values > low) & (values < high)).sum() + ((values == low).sum() + (values == high).sum()) / 2
        return {
            "nominal": float(one != other),
            "ordinal": 0.0 if one == other else float(between) ** 2,
            "interval": (one - other) ** 2,
            "ratio": ((one - other) / (one + other)) ** 2,
        }[metric]

    observed = (
        sum(
            apart(score[i], score[j]) / ((unit == unit[i]).sum() - 1)
            for i in kept
            for j in kept
            if i != j and unit[i] == unit[j]
        )
        / number
    )
    expected = sum(apart(x, y) for i, x in enumerate(values) for j, y in enumerate(values) if i != j)
    expected /= number * (number - 1)
    assert alpha_of(met, metric) == pytest.approx(1 - observed / expected, abs=1e-12)


def test_the_six_correlations_of_shrout_and_fleiss() -> None:
    found = [correlations(SHROUT)[key] for key in ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")]
    assert found == pytest.approx([0.17, 0.29, 0.71, 0.44, 0.62, 0.91], abs=5e-3)
    assert found == pytest.approx([0.166, 0.290, 0.715, 0.443, 0.620, 0.909], abs=5e-4)


def test_what_cannot_be_said_has_no_figure() -> None:
    unit = np.array([0, 1, 2])
    assert alpha_of(coincidences(unit, unit, np.array([1.0, 2.0, 3.0])), "ordinal") is None
    same = coincidences(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), np.full(4, 3.0))
    assert alpha_of(same, "ordinal") is None
    assert set(correlations_of_parts(0, 0, 0, 3).values()) == {None}
