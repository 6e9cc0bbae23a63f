"""Fairness: a planted favour is found in points, good judges and severe reviewers alone are not."""

from __future__ import annotations

import numpy as np
import pytest

from judge_desk.analytics import fairness
from judge_desk.analytics.fairness import differences, grouping_of
from judge_desk.analytics.table import Floats, forms_of, table_of
from judge_desk.domain.ratings import Fairness, Rating
from tests.unit.analytics.made_ratings import normal_reviews


def halves(number: int) -> dict[str, str]:
    return {f"j{at:03d}": "north" if at % 2 else "south" for at in range(number)}


def outcome(made: list[Rating], groups: dict[str, str], favour: float) -> Fairness:
    shifted = [
        Rating(each.subject, each.rater, each.criterion, each.score + favour)
        if groups[each.subject] == groups[each.rater] == "north"
        else each
        for each in made
    ]
    table = table_of(shifted)
    forms = forms_of(table)
    grouping = grouping_of("region", groups, table.subjects, table.raters)
    assert grouping is not None
    found = differences(forms.subject, forms.rater, forms.mean, grouping, 1)
    assert found is not None
    return found


def test_a_favour_is_found_and_measured() -> None:
    made, _ = normal_reviews(subjects=300, forms=4, seed=2)
    found = outcome(made, halves(300), 0.3)
    assert found.is_found
    cell = next(each for each in found.differences if each.rater_group == each.subject_group == "north")
    # Favour of one of four cells: its own shift against what the three others lead one to expect.
    assert cell.points == pytest.approx(0.3, abs=0.12)
    assert cell.p <= 0.01


def test_better_judges_and_severer_reviewers_of_one_group_are_no_bias() -> None:
    made, _ = normal_reviews(subjects=200, forms=3, seed=4)
    groups = halves(200)
    moved = [
        Rating(
            each.subject,
            each.rater,
            each.criterion,
            each.score + 0.5 * (groups[each.subject] == "north") - 0.5 * (groups[each.rater] == "north"),
        )
        for each in made
    ]
    plain, found = outcome(made, groups, 0), outcome(moved, groups, 0)
    assert found.p == pytest.approx(plain.p, abs=0.02)
    assert not found.is_found


def test_small_cells_and_single_groups_are_not_tested() -> None:
    made, _ = normal_reviews(subjects=12, forms=3)
    groups = {each: "north" for each in halves(12)} | {"j000": "south"}
    table = table_of(made)
    forms = forms_of(table)
    grouping = grouping_of("region", groups, table.subjects, table.raters)
    assert grouping is not None
    found = differences(forms.subject, forms.rater, forms.mean, grouping, 1)
    assert found is not None
    assert {(each.rater_group, each.subject_group) for each in found.differences} == {("north", "north")}
    assert grouping_of("region", dict.fromkeys(groups, "north"), table.subjects, table.raters) is None


def test_the_residuals_hold_neither_facet() -> None:
    rng = np.random.default_rng(1)
    subject, rater = np.arange(80) % 20, rng.permutation(np.arange(80) % 9)
    left: Floats = fairness.two_way_residuals(subject, rater, rng.normal(size=80))
    assert np.abs(np.bincount(subject, left)).max() < 1e-6
    assert np.abs(np.bincount(rater, left)).max() < 1e-6
