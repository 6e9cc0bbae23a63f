"""The many-facet model on a made set whose figures were checked once; a change of any digit must be meant."""

from __future__ import annotations

import numpy as np
import pytest

from judge_desk.analytics.rasch import fit_rasch
from judge_desk.analytics.table import table_of
from tests.unit.analytics.made_ratings import many_facet

DEVIANCE = 2484.944
SEVERITY = [-0.3105, -0.0028, -0.1239, 0.4576, -0.5736, 0.5532]
ERRORS = [0.0894, 0.0882, 0.0884, 0.0913, 0.0924, 0.0926]
SPREAD = 1.7462


def test_the_figures_of_a_known_set_stay() -> None:
    made, _ = many_facet(subjects=60, raters=6, criteria=3, levels=5, seed=8)
    table = table_of(made)
    fit = fit_rasch(table.subject, table.rater, table.criterion, np.unique(table.score, return_inverse=True)[1])
    assert fit.deviance == pytest.approx(DEVIANCE, abs=0.01)
    assert fit.severity == pytest.approx(SEVERITY, abs=0.001)
    assert fit.severity_se == pytest.approx(ERRORS, abs=0.001)
    assert fit.spread == pytest.approx(SPREAD, abs=0.001)
