"""Results of peer review in words, in the language of whoever reads them: on screen, on paper and in a contest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from judge_desk.domain.dossier import DossierEntry
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult
from judge_desk.domain.reviews import Criterion
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator

Names = dict[str, dict[str, str]]
"""Of each criterion, by language."""


def names_of(criteria: Iterable[Criterion]) -> Names:
    return {each.id: dict(each.names) for each in criteria}


def title_in_words(entry: DossierEntry, t: Translator) -> str:
    """What an entry is about; of a second panel's result, that it is one."""
    is_second = entry.review is not None and entry.review.first is not None
    return t("campaigns.appeal.entry.title", title=entry.title) if is_second else entry.title


def criterion_in_words(result: CriterionResult, names: Names, t: Translator) -> str:
    """A criterion as the judge reads it: the score never without its interval and its words."""
    known = names.get(result.criterion_id, {})
    name = known.get(t.language, result.criterion_id)
    if result.score is None or result.low is None or result.high is None:
        return t(f"campaigns.verdict.{result.verdict}", name=name)
    told = {"score": result.score, "low": result.low, "high": result.high}
    figures = {key: formats.number(value, t.language, 1) for key, value in told.items()}
    return t(f"campaigns.verdict.{result.verdict}", name=name, **figures)


def panels_in_words(first: PanelResult, second: PanelResult, names: Names, t: Translator) -> list[str]:
    """Criterion by criterion, what each of two panels found."""
    lines = []
    for key, panel in (("first", first), ("second", second)):
        lines.append(t(f"campaigns.appeal.panel.{key}", n=panel.forms))
        lines += [criterion_in_words(each, names, t) for each in panel.criteria]
    return lines


def result_in_words(result: ReviewResult, t: Translator) -> list[str]:
    """What the judge hears: each criterion in words, the comments, how to contest it, the seal of the drawing."""
    return list(_after_appeal(result, result.first, t) if result.first is not None else _first_heard(result, t))


def _first_heard(result: ReviewResult, t: Translator) -> Iterator[str]:
    for each in result.found.criteria:
        yield criterion_in_words(each, result.names, t)
        yield from (_comment(comment) for comment in each.comments)
    yield from _on_the_whole(result.found, t)
    if result.appeal_by is not None:
        yield t("campaigns.entry.appeal", day=formats.date_short(result.appeal_by, t.language))
    if result.drawing_sha256:
        yield t("campaigns.entry.drawing", seed=result.seed, seal=seal_in_groups(result.drawing_sha256))


def _after_appeal(result: ReviewResult, first: PanelResult, t: Translator) -> Iterator[str]:
    yield from panels_in_words(first, result.found, result.names, t)
    yield from (_comment(comment) for each in result.found.criteria for comment in each.comments)
    yield from _on_the_whole(result.found, t)
    yield t("campaigns.appeal.entry.next")


def _on_the_whole(panel: PanelResult, t: Translator) -> Iterator[str]:
    if panel.comments:
        yield t("campaigns.entry.comments")
        yield from (_comment(comment) for comment in panel.comments)


def _comment(text: str) -> str:
    return f"– {text}"
