"""What peer review found about one judge: figures and the reviewers' words, which each reader is told in the own
language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """Where the interval lies; the first three mean that there is no score, and why."""

    FEW = "few"
    DISAGREE = "disagree"
    SAME = "same"
    BELOW = "below"
    MEETS = "meets"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """A criterion of one judge: the score with its interval of 95 %, None where the forms do not carry one.

    ``comments`` are the reviewers', each with the words of the act that it rests on, in an order that tells nothing.
    """

    criterion_id: str
    verdict: Verdict
    score: float | None = None
    low: float | None = None
    high: float | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelResult:
    """What one panel found; ``comments`` are on the acts as a whole."""

    forms: int
    criteria: tuple[CriterionResult, ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewResult:
    """What a judge is told. ``first`` stands beside ``found`` where another panel was asked for, without its words,
    which the judge has in the entry that was contested.

    ``names`` are those of each criterion by language. ``seed`` and ``drawing_sha256`` tell how reviewers were drawn.
    """

    found: PanelResult
    first: PanelResult | None = None
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    appeal_by: date | None = None
    seed: int = 0
    drawing_sha256: str = ""
