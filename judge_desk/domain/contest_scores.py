"""Scores of a contest: whether a vacancy can be run and a sheet is whole, and what the panel's scores say in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from judge_desk.domain.contests import ContestCriterion, ScoreSheet, Vacancy
from judge_desk.domain.reviews import Anchor


def whole_sheet(vacancy: Vacancy, sheet: ScoreSheet) -> bool:
    """Whether a sheet scores each criterion of its step once, on the scale, with a reason each."""
    wanted = sorted(each.id for each in vacancy.criteria_of(sheet.step_id))
    given = sorted(each.criterion_id for each in sheet.scores)
    on_scale = all(vacancy.low <= each.score <= vacancy.high and each.reason.strip() for each in sheet.scores)
    return bool(wanted) and wanted == given and on_scale


def is_sound(vacancy: Vacancy) -> bool:
    """Whether a contest can be run by what a vacancy says: steps in order, each with criteria, a panel, a scale."""
    steps = [each.id for each in vacancy.steps]
    dates = [vacancy.apply_until_on, *(day for each in vacancy.steps for day in (each.from_on, each.to_on))]
    seats = [each.person_id for each in vacancy.panel]
    criteria = [each.id for each in vacancy.criteria]
    return (
        bool(vacancy.title.strip() and vacancy.post.strip() and vacancy.norm.strip())
        and len(set(steps)) == len(steps) > 0
        and all("." not in each and 0 < len(each) <= 24 and vacancy.criteria_of(each) for each in steps)
        and {each.step for each in vacancy.criteria} <= set(steps)
        and len(set(criteria)) == len(criteria)
        and all(each.weight > 0 for each in vacancy.criteria)
        and dates == sorted(dates)
        and 0 < len(set(seats)) == len(seats) < 100
        and vacancy.low < vacancy.high
        and vacancy.late_days >= 0
        and vacancy.steps[0].from_on > vacancy.last_taken_on
        and vacancy.consent_until_on >= vacancy.steps[-1].to_on
    )


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    """What the panel gave for one criterion: the middle, the ends, and how many gave it."""

    criterion: ContestCriterion
    mean: float
    low: int
    high: int
    sheets: int

    @property
    def anchor(self) -> Anchor | None:
        """The words of the score that lies nearest to the middle; of two as near, the lower."""
        near = sorted(self.criterion.anchors, key=lambda each: (abs(each.score - self.mean), each.score))
        return near[0] if near else None


def spreads(vacancy: Vacancy, sheets: Iterable[ScoreSheet]) -> tuple[CriterionSpread, ...]:
    """Criterion by criterion in the vacancy's order; those without a sheet are left out. No sum, no place."""
    given: dict[str, list[int]] = {}
    for sheet in sheets:
        for each in sheet.scores:
            given.setdefault(each.criterion_id, []).append(each.score)
    return tuple(
        CriterionSpread(each, sum(scores) / len(scores), min(scores), max(scores), len(scores))
        for each in vacancy.criteria
        if (scores := given.get(each.id))
    )


def weighted(found: Iterable[CriterionSpread]) -> tuple[float, float, float] | None:
    """(middle, lowest, highest) by the weights of the criteria; None without any. For the panel that decides alone."""
    listed = list(found)
    total = sum(each.criterion.weight for each in listed)
    if not total:
        return None
    middle = sum(each.mean * each.criterion.weight for each in listed) / total
    low = sum(each.low * each.criterion.weight for each in listed) / total
    return middle, low, sum(each.high * each.criterion.weight for each in listed) / total
