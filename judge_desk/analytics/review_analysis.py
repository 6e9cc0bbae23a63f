"""A whole set of ratings from start to end: scores with intervals, severities, agreement, fairness, and what to say
where there is no figure to give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from judge_desk.analytics.agreement import (
    METRICS,
    Agreement,
    alpha_of,
    alpha_with_bounds,
    coincidences,
    correlations,
    correlations_of_parts,
)
from judge_desk.analytics.fairness import differences, grouping_of
from judge_desk.analytics.mixed_model import WIDTH, MixedFit, fit_mixed
from judge_desk.analytics.rater_measures import Measures, measures_of
from judge_desk.analytics.table import Forms, Table, forms_of, table_of
from judge_desk.domain.errors import BadInput
from judge_desk.domain.ratings import (
    Analysis,
    CriterionDifficulty,
    Fairness,
    RaterSeverity,
    Rating,
    Remark,
    SubjectScore,
    islands,
)

SEED = 1
ADVISED_ALPHA = 0.6
"""Below it the reference advises to show comments instead of scores."""

Groups = Mapping[str, Mapping[str, str]]
"""By grouping (region, language, sex …): the group of each subject and rater, by name."""


@dataclass(slots=True)
class _Work:
    """One analysis while it runs."""

    table: Table
    forms: Forms
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, key: str, about: str = "", **params: str | int | float) -> None:
        self.remarks.append(Remark(key, about, tuple(params.items())))


def analyse(
    ratings: Sequence[Rating], groups: Groups | None = None, metric: str = "ordinal", seed: int = SEED
) -> Analysis:
    """Everything that may be said; raises BadInput for no ratings and for a design that is not connected."""
    if not ratings:
        raise BadInput("ratings.none")
    parts = islands(ratings)
    if len(parts) > 1:
        raise BadInput("ratings.not_connected", count=len(parts))
    table = table_of(ratings)
    work = _Work(table, forms_of(table))
    mixed = _mixed(work)
    measures = measures_of(table, work.remarks)
    agreement, alphas = _agreement(work, metric, seed)
    iccs = _iccs(work, mixed)
    separation, reliability = _separation(mixed)
    return Analysis(
        subjects=_subjects(work, mixed, measures),
        raters=_raters(work, mixed, measures),
        criteria=_criteria(work, measures, metric),
        steps=measures.steps,
        deviance=measures.deviance,
        spread=measures.spread,
        alpha=agreement.alpha,
        alpha_low=agreement.low,
        alpha_high=agreement.high,
        alphas=alphas,
        icc=iccs["2,1"],
        iccs=dict(iccs),
        variances=_variances(mixed),
        separation=separation,
        separation_reliability=reliability,
        fairness=_fairness(work, groups or {}, seed),
        remarks=tuple(work.remarks),
    )


def _mixed(work: _Work) -> MixedFit | None:
    """The mixed model, or None with the reason in words."""
    table, forms = work.table, work.forms
    if len(table.raters) == 1:
        work.remark("ratings.remark.one_rater", table.raters[0])
    elif len(table.subjects) == 1:
        work.remark("ratings.remark.one_subject", table.subjects[0])
    elif np.ptp(forms.mean) == 0:
        work.remark("ratings.remark.all_same")
    elif len(forms.mean) <= max(len(table.subjects), len(table.raters)):
        work.remark("ratings.remark.one_form_each")
    else:
        fit = fit_mixed(forms.subject, forms.rater, forms.mean)
        if _has_no_noise(fit):
            work.remark("ratings.remark.no_noise")
        elif fit.subject_variance == 0:
            work.remark("ratings.remark.no_merit")
        return fit
    return None


def _has_no_noise(fit: MixedFit) -> bool:
    return fit.rest_variance <= 1e-4 * (fit.subject_variance + fit.rater_variance)


def _subjects(work: _Work, mixed: MixedFit | None, measures: Measures) -> tuple[SubjectScore, ...]:
    forms = work.forms
    number = np.bincount(forms.subject)
    raw = np.bincount(forms.subject, forms.mean) / number
    found = []
    for index, name in enumerate(work.table.subjects):
        score, low, high = float(raw[index]), None, None
        if mixed is not None:
            score = mixed.level + float(mixed.subjects.effect[index])
        if mixed is not None and not _has_no_noise(mixed):
            half = WIDTH * float(mixed.subjects.se[index])
            low, high = score - half, score + half
        found.append(
            SubjectScore(
                subject=name,
                score=score,
                low=low,
                high=high,
                forms=int(number[index]),
                raw=float(raw[index]),
                measure=measures.of("measure", index),
                measure_se=measures.of("measure_se", index),
                infit=measures.of("subject_infit", index),
                outfit=measures.of("subject_outfit", index),
            )
        )
    return tuple(found)


def _raters(work: _Work, mixed: MixedFit | None, measures: Measures) -> tuple[RaterSeverity, ...]:
    number = np.bincount(work.forms.rater)
    return tuple(
        RaterSeverity(
            rater=name,
            severity=measures.of("severity", index),
            se=measures.of("severity_se", index),
            infit=measures.of("rater_infit", index),
            outfit=measures.of("rater_outfit", index),
            forms=int(number[index]),
            # A rater whose forms lie above the level is lenient: severity has the other sign.
            points=None if mixed is None else -float(mixed.raters.effect[index]),
            points_se=None if mixed is None else float(mixed.raters.se[index]),
        )
        for index, name in enumerate(work.table.raters)
    )


def _criteria(work: _Work, measures: Measures, metric: str) -> tuple[CriterionDifficulty, ...]:
    table = work.table
    found = []
    for index, name in enumerate(table.criteria):
        part = table.only(table.criterion == index)
        alpha = alpha_of(coincidences(part.subject, part.act, part.score), metric)
        if alpha is not None and alpha < ADVISED_ALPHA:
            work.remark("ratings.remark.low_alpha", name, alpha=round(alpha, 2), least=ADVISED_ALPHA)
        found.append(
            CriterionDifficulty(
                criterion=name,
                difficulty=measures.of("difficulty", index),
                se=measures.of("difficulty_se", index),
                infit=measures.of("criterion_infit", index),
                outfit=measures.of("criterion_outfit", index),
                alpha=alpha,
            )
        )
    return tuple(found)


def _agreement(work: _Work, metric: str, seed: int) -> tuple[Agreement, dict[str, float | None]]:
    """A unit is an act under one criterion; all criteria count together."""
    table = work.table
    met = coincidences(table.subject, table.act * len(table.criteria) + table.criterion, table.score)
    alphas = {each: alpha_of(met, each) for each in METRICS}
    if alphas[metric] is None:
        work.remark("ratings.remark.no_alpha")
    return alpha_with_bounds(met, metric, seed), alphas


def _iccs(work: _Work, mixed: MixedFit | None) -> Mapping[str, float | None]:
    """By analysis of variance over a complete table, from the mixed model's variances over one with gaps."""
    forms, subjects, raters = work.forms, len(work.table.subjects), len(work.table.raters)
    nothing = dict.fromkeys(("1,1", "2,1", "3,1", "1,k", "2,k", "3,k"))
    if mixed is None:
        return nothing
    table = np.full((subjects, raters), np.nan)
    table[forms.subject, forms.rater] = forms.mean
    if len(forms.mean) == table.size and not np.isnan(table).any():
        return correlations(table)
    mean_forms = subjects / float((1 / np.bincount(forms.subject)).sum())
    return correlations_of_parts(mixed.subject_variance, mixed.rater_variance, mixed.rest_variance, mean_forms)


def _separation(mixed: MixedFit | None) -> tuple[float | None, float | None]:
    """How many times the spread of merit exceeds its error, and the same as a reliability between 0 and 1."""
    if mixed is None or mixed.subject_variance <= 0:
        return None, None
    error = float((mixed.subjects.se**2).mean())
    reliability = max(0.0, 1 - error / mixed.subject_variance)
    return (float(np.sqrt(reliability / (1 - reliability))) if reliability < 1 else None), reliability


def _variances(mixed: MixedFit | None) -> dict[str, float | None]:
    if mixed is None:
        return dict.fromkeys(("subject", "rater", "rest"))
    return {"subject": mixed.subject_variance, "rater": mixed.rater_variance, "rest": mixed.rest_variance}


def _fairness(work: _Work, groups: Groups, seed: int) -> tuple[Fairness, ...]:
    table, forms = work.table, work.forms
    found = []
    for name in sorted(groups):
        grouping = grouping_of(name, groups[name], table.subjects, table.raters)
        tested = None if grouping is None else differences(forms.subject, forms.rater, forms.mean, grouping, seed)
        if tested is None:
            work.remark("ratings.remark.not_tested", name)
        else:
            found.append(tested)
    return tuple(found)
