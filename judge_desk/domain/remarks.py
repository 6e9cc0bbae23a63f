"""Remarks on a draft: what judge and secretary say to each other beside the text, and words proposed for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

LONGEST_WORDS = 4_000
MOST_REMARKS = 500


class RemarkState(StrEnum):
    """OPEN waits for somebody. A proposal is ACCEPTED or REJECTED, a mere comment is CLOSED."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark. It hangs on a block and quotes the words that it is about, so that it is found again after edits.

    ``proposal``: what is to stand in the place of ``quote`` (empty: nothing, the words go); None: only a comment.
    """

    id: str
    block_id: str
    quote: str
    author_id: str
    author_name: str
    made_at: datetime
    text: str = ""
    proposal: str | None = None
    state: RemarkState = RemarkState.OPEN
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state is RemarkState.OPEN


def answered(
    remarks: Iterable[Remark], remark_id: str, state: RemarkState, by: str, at: datetime
) -> tuple[Remark, ...]:
    """The remarks with one of them answered; the first answer stands."""
    return tuple(
        replace(each, state=state, answered_by=by, answered_at=at) if each.id == remark_id and each.is_open else each
        for each in remarks
    )


def merged(base: Iterable[Remark], mine: Iterable[Remark], theirs: Iterable[Remark]) -> tuple[Remark, ...]:
    """Both sides' remarks, in the order in which they were made: nothing is in conflict.

    What one side took away stays away; of two answers the earlier one stands.
    """
    before = {each.id: each for each in base}
    ours, other = {each.id: each for each in mine}, {each.id: each for each in theirs}
    kept: list[Remark] = []
    for remark_id in dict.fromkeys((*before, *ours, *other)):
        left, right = ours.get(remark_id), other.get(remark_id)
        if remark_id in before and (left is None or right is None):
            continue
        kept.append(_earlier(left, right))
    return tuple(sorted(kept, key=lambda each: (each.made_at, each.id)))


def _earlier(left: Remark | None, right: Remark | None) -> Remark:
    found = [each for each in (left, right) if each is not None]
    answers = [each for each in found if each.answered_at is not None]
    return min(answers, key=lambda each: (each.answered_at, each.state)) if answers else found[0]
