"""Reads the dated forms of peer review, with their behavioural anchors in three languages."""

from __future__ import annotations

import tomllib
from functools import cache

from judge_desk.domain.reviews import Anchor, Criterion, ReviewForm
from judge_desk.runtime import paths


@cache
def review_form(name: str = "act_quality") -> ReviewForm:
    """A form of ``resources/review_forms``."""
    told = tomllib.loads(paths.resource("review_forms", f"{name}.toml").read_text(encoding="utf-8"))
    criteria = tuple(
        Criterion(
            id=each["id"],
            names=each["names"],
            questions=each["questions"],
            anchors=tuple(Anchor(score=int(score), texts=texts) for score, texts in sorted(each["anchors"].items())),
        )
        for each in told["criterion"]
    )
    return ReviewForm(
        id=told["id"],
        version=told["version"],
        names=told["names"],
        low=told["low"],
        high=told["high"],
        comment_at=tuple(told["comment_at"]),
        criteria=criteria,
        evidence_at=tuple(told["evidence_at"]),
    )
