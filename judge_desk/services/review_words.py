"""Results of peer review in words, in the language of whoever reads them: on screen, on paper and in a contest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto

from judge_desk.domain.dossier import DossierEntry
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult
from judge_desk.domain.reviews import Criterion
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator

Names = dict[str, dict[str, str]]
"""Of each criterion, by language."""


class Part(Enum):
    """A finding stands over the reviewers' comments on it; ``NEXT`` is what the judge may do, and how to check."""

    FINDING = auto()
    COMMENT = auto()
    NEXT = auto()


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
    """``said`` line by line, for where all lines look alike."""
    return [f"– {text}" if part is Part.COMMENT else text for part, text in said(result, t)]


def said(result: ReviewResult, t: Translator) -> Iterator[tuple[Part, str]]:
    """What the judge hears: each criterion in words, the comments, how to contest it, the seal of the drawing."""
    yield from _first_heard(result, t) if result.first is None else _after_appeal(result, result.first, t)


def _first_heard(result: ReviewResult, t: Translator) -> Iterator[tuple[Part, str]]:
    for each in result.found.criteria:
        yield Part.FINDING, criterion_in_words(each, result.names, t)
        yield from _comments(each.comments)
    yield from _on_the_whole(result.found, t)
    if result.appeal_by is not None:
        yield Part.NEXT, t("campaigns.entry.appeal", day=formats.date_short(result.appeal_by, t.language))
    if result.drawing_sha256:
        seal = seal_in_groups(result.drawing_sha256)
        yield Part.NEXT, t("campaigns.entry.drawing", seed=result.seed, seal=seal)


def _after_appeal(result: ReviewResult, first: PanelResult, t: Translator) -> Iterator[tuple[Part, str]]:
    for line in panels_in_words(first, result.found, result.names, t):
        yield Part.FINDING, line
    for each in result.found.criteria:
        yield from _comments(each.comments)
    yield from _on_the_whole(result.found, t)
    yield Part.NEXT, t("campaigns.appeal.entry.next")


def _on_the_whole(panel: PanelResult, t: Translator) -> Iterator[tuple[Part, str]]:
    if panel.comments:
        yield Part.FINDING, t("campaigns.entry.comments")
        yield from _comments(panel.comments)


def _comments(comments: Iterable[str]) -> Iterator[tuple[Part, str]]:
    return ((Part.COMMENT, each) for each in comments)
