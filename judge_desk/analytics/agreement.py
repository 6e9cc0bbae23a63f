"""How far raters agree: Krippendorff's alpha with a bootstrap over subjects, and the six intraclass correlations.

Sources: K. Krippendorff, Computing Krippendorff's alpha-reliability (2011); P. Shrout and J. Fleiss, Intraclass
correlations: uses in assessing rater reliability, Psychological Bulletin 86 (1979).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from judge_desk.analytics.table import Floats, Whole

METRICS = ("nominal", "ordinal", "interval", "ratio")
DRAWS = 1000
BOUNDS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha and its 95 % bounds; None where no two scores can be compared or nothing varies."""

    alpha: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Coincidences:
    """How often two values met in one unit, subject by subject: ``pairs`` is sparse, subjects × (values squared)."""

    values: Floats
    pairs: sp.csr_array
    subjects: int


def coincidences(subject: Whole, unit: Whole, score: Floats) -> Coincidences:
    """Count the pairs of values within units, weighted by 1 / (values of the unit - 1), per subject."""
    values, value = np.unique(score, return_inverse=True)
    width = len(values)
    _, unit = np.unique(unit, return_inverse=True)
    counts = sp.csr_array((np.ones(len(score)), (unit, value)), shape=(unit.max() + 1, width))
    counts.sum_duplicates()
    owner = np.zeros(unit.max() + 1, dtype=np.int64)
    owner[unit] = subject
    size = np.asarray(counts.sum(axis=1)).reshape(-1)
    rows, columns, weights = [], [], []
    for index in np.flatnonzero(size > 1):
        held = counts.indices[counts.indptr[index] : counts.indptr[index + 1]]
        number = counts.data[counts.indptr[index] : counts.indptr[index + 1]]
        met = (np.outer(number, number) - np.diag(number)) / (size[index] - 1)
        rows.append(np.full(met.size, owner[index]))
        columns.append((held[:, None] * width + held[None, :]).reshape(-1))
        weights.append(met.reshape(-1))
    if not rows:
        return Coincidences(values, sp.csr_array((1, width * width)), 0)
    data, where = np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))
    pairs = sp.csr_array(sp.coo_array((data, where), shape=(int(subject.max()) + 1, width * width)))
    kept = np.diff(pairs.indptr) > 0
    return Coincidences(values, pairs[kept], int(kept.sum()))


def alpha_of(met: Coincidences, metric: str) -> float | None:
    """Alpha over all subjects together, or None where it is not defined."""
    total = np.asarray(met.pairs.sum(axis=0)).reshape(-1)
    return _alpha(total.reshape(len(met.values), -1), met.values, metric)


def alpha_with_bounds(met: Coincidences, metric: str, seed: int) -> Agreement:
    """Alpha with a percentile bootstrap that draws whole subjects, as another campaign would draw other judges."""
    alpha = alpha_of(met, metric)
    if alpha is None or met.subjects < 2:
        return Agreement(alpha)
    rng = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(DRAWS):
        weight = rng.multinomial(met.subjects, np.full(met.subjects, 1 / met.subjects)).astype(float)
        total = np.asarray(met.pairs.T @ weight)
        again = _alpha(total.reshape(len(met.values), -1), met.values, metric)
        # A draw in which nothing varies is one in which nobody disagreed.
        drawn.append(1.0 if again is None else again)
    low, high = np.percentile(drawn, BOUNDS)
    return Agreement(alpha, float(low), float(high))


def _alpha(met: Floats, values: Floats, metric: str) -> float | None:
    margin = met.sum(axis=1)
    number = margin.sum()
    if number <= 1:
        return None
    distance = _distances(values, margin, metric)
    expected = (np.outer(margin, margin) * distance).sum() / (number - 1)
    if expected <= 0:
        return None
    return float(1 - (met * distance).sum() / expected)


def _distances(values: Floats, margin: Floats, metric: str) -> Floats:
    """Squared distances between values, as Krippendorff defines them for each level of measurement."""
    if metric == "nominal":
        return np.asarray(values[:, None] != values[None, :], dtype=float)
    if metric == "ordinal":
        middle: Floats = np.cumsum(margin) - margin / 2
        return np.asarray((middle[:, None] - middle[None, :]) ** 2)
    apart = values[:, None] - values[None, :]
    if metric == "interval":
        return np.asarray(apart**2)
    together = values[:, None] + values[None, :]
    return np.asarray(np.divide(apart, together, out=np.zeros_like(apart), where=together != 0) ** 2)


def correlations(scores: Floats) -> Mapping[str, float | None]:
    """The six forms of Shrout and Fleiss over a complete table of subjects × raters, keyed "1,1" to "3,k"."""
    subjects, raters = scores.shape
    overall = scores.mean()
    between = raters * ((scores.mean(axis=1) - overall) ** 2).sum()
    columns = subjects * ((scores.mean(axis=0) - overall) ** 2).sum()
    rest = ((scores - overall) ** 2).sum() - between - columns
    bms = between / (subjects - 1)
    wms = (columns + rest) / (subjects * (raters - 1))
    jms = columns / (raters - 1)
    ems = max(rest, 0.0) / ((subjects - 1) * (raters - 1))
    return {
        "1,1": _share(bms - wms, bms + (raters - 1) * wms),
        "2,1": _share(bms - ems, bms + (raters - 1) * ems + raters * (jms - ems) / subjects),
        "3,1": _share(bms - ems, bms + (raters - 1) * ems),
        "1,k": _share(bms - wms, bms),
        "2,k": _share(bms - ems, bms + (jms - ems) / subjects),
        "3,k": _share(bms - ems, bms),
    }


def correlations_of_parts(subject: float, rater: float, rest: float, forms: float) -> Mapping[str, float | None]:
    """The same six from variances, for a design with gaps; ``forms`` is the mean number of forms of a subject."""
    return {
        "1,1": _share(subject, subject + rater + rest),
        "2,1": _share(subject, subject + rater + rest),
        "3,1": _share(subject, subject + rest),
        "1,k": _share(subject, subject + (rater + rest) / forms),
        "2,k": _share(subject, subject + (rater + rest) / forms),
        "3,k": _share(subject, subject + rest / forms),
    }


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0 else None
