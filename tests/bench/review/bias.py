"""How often the fairness test finds a favour that is there, and how often one that is not."""

from __future__ import annotations

import numpy as np

from judge_desk.analytics.fairness import Grouping, differences
from judge_desk.analytics.table import Floats, Whole
from judge_desk.domain.ratings import Fairness
from tests.bench.review import severity
from tests.unit.analytics.made_ratings import normal_reviews

JUDGES, FORMS = 372, 3
REPEATS = 200
FAVOURS = (0.0, 0.15, 0.30)
DESIGNS = ("panel", "peers")
"""A panel of 21 reads all judges, three of it each one; or all judges review each other."""


def forms_of_panel(seed: int) -> tuple[Whole, Whole, Floats]:
    """Subject, rater and mean score of each form, three of the panel's 21 raters a judge."""
    rng = np.random.default_rng(seed)
    panel = severity.full_panel(seed)
    rater = np.concatenate([rng.choice(panel.shape[1], FORMS, replace=False) for _ in range(JUDGES)])
    subject = np.repeat(np.arange(JUDGES), FORMS)
    return subject, rater, panel[subject, rater]


def forms_of_peers(seed: int) -> tuple[Whole, Whole, Floats]:
    """The same where every judge writes three forms; what is left besides merit and severity has a spread of 0.27."""
    made, _ = normal_reviews(subjects=JUDGES, forms=FORMS, criteria=1, halo=0.0, noise=0.27, seed=seed)
    return (
        np.array([int(each.subject[1:]) for each in made]),
        np.array([int(each.rater[1:]) for each in made]),
        np.array([each.score for each in made]),
    )


def one(design: str, favour: float, seed: int) -> Fairness:
    """A campaign in which half the reviewers give half the judges ``favour`` points more than they earn."""
    subject, rater, score = (forms_of_panel if design == "panel" else forms_of_peers)(seed)
    rng = np.random.default_rng(seed)
    subjects, raters = rng.permutation(JUDGES) % 2, rng.permutation(int(rater.max()) + 1) % 2
    grouping = Grouping("group", subjects, raters, ("a", "b"), ("a", "b"))
    inside = (subjects[subject] == 0) & (raters[rater] == 0)
    found = differences(subject, rater, score + favour * inside, grouping, seed)
    assert found is not None
    return found


def figures(design: str, favour: float, repeats: int = REPEATS) -> tuple[float, float]:
    """Share of campaigns in which a bias is reported, and its mean estimate."""
    found = [one(design, favour, seed) for seed in range(repeats)]
    own = [each for test in found for each in test.differences if each.rater_group == each.subject_group == "a"]
    return float(np.mean([each.is_found for each in found])), float(np.mean([each.points for each in own]))


def table() -> list[str]:
    lines = [f"{JUDGES} × {FORMS}, {REPEATS} repeats", "", "| | bias, points | found | mean estimate |"]
    lines.append("|---|---|---|---|")
    for design in DESIGNS:
        for favour in FAVOURS:
            found, points = figures(design, favour)
            lines.append(f"| {design} | {favour:.2f} | {found:.3f} | {points:.3f} |")
    return lines
