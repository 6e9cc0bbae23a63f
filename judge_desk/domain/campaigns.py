"""Campaigns of peer review: who may review whom, what was drawn, and how anybody can draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DrawingRule(StrEnum):
    """Hard rules of the drawing; only the lower bound of the load gives way by itself, and the protocol says so."""

    SELF = "self"
    COURT = "court"
    REGION = "region"
    PANEL = "panel"
    BRANCH = "branch"
    LANGUAGE = "language"
    CONFLICT = "conflict"
    RECIPROCAL = "reciprocal"
    LOAD = "load"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMember:
    """One judge of a drawing. ``load``: the most forms this judge may be asked for, None for the common bound.

    ``languages`` are those the judge reads and writes acts in; an empty field rules nothing out.
    """

    id: str
    court: str = ""
    region: str = ""
    branch: str = ""
    panel: str = ""
    languages: frozenset[str] = frozenset()
    load: int | None = None
    is_subject: bool = True
    is_reviewer: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two judges who may not review each other: kin, appeal, dispute, friendship, the last two campaigns, one post."""

    one: str
    other: str
    reason: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    reviewer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Why a judge cannot be given reviewers: the rule that stands in the way, and how many it leaves."""

    judge: str
    rule: DrawingRule
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What was drawn and by what. The same members, conflicts, seed and versions give the same pairs.

    ``low`` and ``high`` bound the load; ``relaxed`` says that the lower bound gave way; ``bridges`` are forms beyond
    ``per_judge`` that link parts of a branch; ``reserves`` step in for reviewers who declare a conflict.
    """

    pairs: tuple[Pair, ...]
    reserves: tuple[Pair, ...]
    bridges: tuple[Pair, ...]
    violations: tuple[Violation, ...]
    is_optimal: bool
    gap: float | None
    seconds: float
    solver_seconds: float
    seed: int
    attempt: int
    per_judge: int
    candidates: int
    low: int
    high: int
    relaxed: bool
    components: dict[str, int]
    input_sha256: str
    solver: str
