"""Our many-facet model against reference software on a published set of ratings."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from judge_desk.analytics.rating_files import read_ratings
from judge_desk.analytics.review_analysis import analyse
from judge_desk.analytics.table import forms_of, table_of
from tests.bench.review import severity

DEVIANCE = 46261.04


def table(ratings: Path, reference: Path) -> list[str]:
    """Agreement of severities and deviance, and the severity experiment on the published panel itself."""
    read = read_ratings(ratings)
    found = analyse(read.ratings)
    with reference.open(encoding="utf-8", newline="") as file:
        known = {(row["facet"], row["parameter"].strip("_")): float(row["xsi"]) for row in csv.DictReader(file)}
    far = [abs((each.severity or np.nan) - known["rater", f"rater_{each.rater}"]) for each in found.raters]
    far += [abs((each.difficulty or np.nan) - known["item", each.criterion]) for each in found.criteria]
    made = table_of(read.ratings)
    forms = forms_of(made)
    panel = np.full((len(made.subjects), len(made.raters)), np.nan)
    panel[forms.subject, forms.rater] = forms.mean
    lines = [
        f"deviance {found.deviance:.2f} (reference {DEVIANCE}), largest difference {max(far):.4f} logit",
        "",
        "| | Spearman: mean | Spearman: score | 95 % |",
        "|---|---|---|---|",
    ]
    whole = panel[~np.isnan(panel).any(axis=1)]
    for name, uneven in (("±0", False), ("±1, 40 %", True)):
        raw, score, held = severity.figures([whole] * severity.REPEATS, uneven=uneven)
        lines.append(f"| {name} | {raw:.3f} | {score:.3f} | {held:.3f} |")
    return lines
