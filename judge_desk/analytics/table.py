"""Ratings as arrays of numbers: what the models compute on, with the names to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge_desk.domain.ratings import Rating

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """One row a rating: ``subject``, ``rater``, ``criterion`` and ``act`` number the sorted names."""

    subjects: tuple[str, ...]
    raters: tuple[str, ...]
    criteria: tuple[str, ...]
    subject: Whole
    rater: Whole
    criterion: Whole
    act: Whole
    score: Floats

    def __len__(self) -> int:
        return len(self.score)

    def only(self, rows: NDArray[np.bool_]) -> Table:
        """The same names over fewer ratings."""
        return Table(
            self.subjects,
            self.raters,
            self.criteria,
            self.subject[rows],
            self.rater[rows],
            self.criterion[rows],
            self.act[rows],
            self.score[rows],
        )


@dataclass(frozen=True, slots=True)
class Forms:
    """One row a form: subject, rater and mean score, criteria of unequal level evened out where some are missing."""

    subject: Whole
    rater: Whole
    mean: Floats
    of_rating: Whole


def table_of(ratings: Sequence[Rating]) -> Table:
    """Number the names; ``ratings`` must not be empty."""
    subjects, subject = _numbered([each.subject for each in ratings])
    raters, rater = _numbered([each.rater for each in ratings])
    criteria, criterion = _numbered([each.criterion for each in ratings])
    _, act = _numbered([f"{each.subject}\0{each.act}" for each in ratings])
    return Table(
        subjects, raters, criteria, subject, rater, criterion, act, np.array([each.score for each in ratings], float)
    )


def forms_of(table: Table) -> Forms:
    """Mean score of each (act, rater); a form that lacks a criterion is not helped by the criterion's being hard."""
    keys = np.stack([table.act, table.rater], axis=1)
    unique, first, of_rating = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    of_rating = of_rating.reshape(-1)
    count = np.bincount(of_rating, minlength=len(unique))
    score = table.score
    if len(set(count)) > 1:
        level = np.bincount(table.criterion, score) / np.bincount(table.criterion)
        score = score - level[table.criterion] + level.mean()
    mean = np.bincount(of_rating, score) / count
    return Forms(table.subject[first], table.rater[first], mean, of_rating)


def _numbered(names: list[str]) -> tuple[tuple[str, ...], Whole]:
    known = tuple(sorted(set(names)))
    number = {name: index for index, name in enumerate(known)}
    return known, np.array([number[name] for name in names], dtype=np.int64)
