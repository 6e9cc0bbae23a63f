"""A whole analysis: figures where there are any, words where there are none, and never an infinity."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from judge_desk.analytics.review_analysis import analyse
from judge_desk.domain.errors import BadInput
from judge_desk.domain.ratings import Analysis, Rating, islands
from tests.unit.analytics.made_ratings import many_facet, normal_reviews

Score = Callable[[int, int, int], float]


def table(subjects: int, raters: int, criteria: int, score: Score) -> list[Rating]:
    return [
        Rating(f"s{s}", f"r{r}", f"c{c}", score(s, r, c))
        for s in range(subjects)
        for r in range(raters)
        for c in range(criteria)
    ]


def keys(found: Analysis) -> set[str]:
    return {each.key.removeprefix("ratings.remark.") for each in found.remarks}


def noise(seed: int) -> Score:
    rng = np.random.default_rng(seed)
    return lambda _s, _r, _c: float(rng.integers(1, 6))


CASES: dict[str, tuple[list[Rating], str]] = {
    "one rater": (table(8, 1, 2, lambda s, _r, c: s % 3 + c), "one_rater"),
    "one subject": (table(1, 5, 1, lambda _s, r, _c: r), "one_subject"),
    "all the same": (table(8, 3, 2, lambda _s, _r, _c: 3), "all_same"),
    "no noise": (table(8, 3, 2, lambda s, r, _c: s % 4 + r), "no_noise"),
    "full agreement": (table(8, 3, 2, lambda s, _r, _c: s % 4), "at_limit"),
    "only ends": (table(8, 4, 1, lambda _s, r, _c: 5 if r % 2 else 1), "only_extremes"),
    "one form each": ([Rating("a", "x", "c", 1), Rating("a", "y", "c", 2)], "one_subject"),
    "own criteria": (
        [Rating(f"s{s}", f"r{r}", f"c{r}", float((s * 7 + r * 3) % 4)) for s in range(9) for r in range(3)],
        "criteria_confounded",
    ),
    "a hole in the scale": (table(9, 4, 1, lambda s, r, _c: (1, 2, 5)[(s * 5 + r * 3) % 3]), "unused_levels"),
    "too many levels": (table(30, 4, 1, lambda s, r, _c: s * 2.37 + r * 1.1 + (s * r) % 7), "many_levels"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_has_no_figure_has_words(name: str) -> None:
    ratings, word = CASES[name]
    found = analyse(ratings)
    assert word in keys(found)
    # json.dumps refuses infinities and NaN here, wherever they hide.
    json.dumps(asdict(found), allow_nan=False)
    assert all(each.low is None or each.high is None or each.low < each.high for each in found.subjects)


def test_an_extreme_rater_gets_a_bound_and_words() -> None:
    random = noise(3)
    ratings = table(12, 5, 2, lambda s, r, c: 5 if r == 0 else random(s, r, c))
    found = analyse(ratings)
    lenient = next(each for each in found.raters if each.rater == "r0")
    assert lenient.severity is not None
    assert lenient.severity < min(each.severity for each in found.raters[1:] if each.severity is not None) - 1
    assert lenient.se is not None
    assert 1 < lenient.se < 3
    assert ("ratings.remark.extreme.rater.high", "r0") in {(each.key, each.about) for each in found.remarks}


def test_missing_criteria_do_not_help_a_form() -> None:
    made, truth = many_facet(subjects=60, raters=6, criteria=3, levels=5, seed=8)
    hard = f"c{int(np.argmax(truth.difficulty))}"
    holes = [each for each in made if not (each.criterion == hard and each.subject < "s0030")]
    whole, gappy = analyse(made), analyse(holes)
    shift = [one.score - two.score for one, two in zip(gappy.subjects, whole.subjects, strict=True)]
    raw = [one.raw - two.raw for one, two in zip(gappy.subjects, whole.subjects, strict=True)]
    assert abs(np.mean(shift[:30]) - np.mean(shift[30:])) < 0.1
    assert np.isfinite(raw).all()


def test_a_design_in_parts_is_refused_and_its_parts_are_named() -> None:
    ratings = table(8, 3, 1, noise(1))
    split = [
        Rating(each.subject, each.rater + ("x" if each.subject > "s3" else ""), "c", each.score) for each in ratings
    ]
    with pytest.raises(BadInput) as caught:
        analyse(split)
    assert caught.value.key == "ratings.not_connected"
    assert [each.raters for each in islands(split)] == [("r0", "r1", "r2"), ("r0x", "r1x", "r2x")]


def test_nothing_is_ordered_by_score() -> None:
    made, _ = normal_reviews(subjects=30, forms=3)
    found = analyse(made)
    assert [each.subject for each in found.subjects] == sorted(each.subject for each in found.subjects)
    assert not {name for name in dir(found.subjects[0]) if "rank" in name or "percentile" in name}


def test_uneven_raters_are_evened_out() -> None:
    """Three of nine raters a subject, two raters in five a point off: the mean is fooled, the score is not."""
    rng = np.random.default_rng(6)
    merit = rng.normal(3.4, 0.6, 80)
    off = np.where(np.arange(9) % 5 < 2, np.where(np.arange(9) % 2, 1.0, -1.0), 0.0)
    ratings = [
        Rating(f"s{s:02d}", f"r{r}", f"c{c}", merit[s] + off[r] + rng.normal(0, 0.3))
        for s in range(80)
        for r in rng.choice(9, 3, replace=False)
        for c in range(3)
    ]
    found = analyse(ratings)
    raw = np.corrcoef([each.raw for each in found.subjects], merit)[0, 1]
    scored = np.corrcoef([each.score for each in found.subjects], merit)[0, 1]
    assert raw < 0.9
    assert scored > 0.96
    held = [
        each.low <= true <= each.high
        for each, true in zip(found.subjects, merit, strict=True)
        if each.low is not None and each.high is not None
    ]
    assert 0.88 <= np.mean(held) <= 1
    assert not any(math.isnan(each.score) for each in found.subjects)
