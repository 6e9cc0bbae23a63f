"""Posts in the dossier: which office was held where, and since when a judge's time in office counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Office(StrEnum):
    """JUDGE and CHAIR are time in office, OTHER (assistant, secretary, prosecutor) is not."""

    JUDGE = "judge"
    CHAIR = "chair"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What an entry on a post says beside its title and days: it is what the drawing of reviewers goes by.

    ``languages`` are those in which the judge writes acts.
    """

    office: Office = Office.JUDGE
    court: str = ""
    region: str = ""
    branch: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post with its first and last day; no last day: it is held."""

    post: Post
    from_on: date
    to_on: date | None = None


def in_office_since(held: Iterable[HeldPost], on: date) -> date | None:
    """The day from which the time in office counts without a gap, or None for who is not in office.

    Years before an interruption count: they move the day back by as much.
    """
    terms = sorted((each.from_on, each.to_on or on) for each in held if _counts(each, on))
    if not terms:
        return None
    merged = [terms[0]]
    for first, last in terms[1:]:
        if first <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    if merged[-1][1] < on:
        return None
    earlier = sum((last - first + ONE_DAY for first, last in merged[:-1]), timedelta())
    return merged[-1][0] - earlier


def present_post(held: Iterable[HeldPost], on: date) -> Post | None:
    """The judge's post held on a day, the latest where there are several."""
    now = [each for each in held if _counts(each, on) and (each.to_on is None or each.to_on >= on)]
    return max(now, key=lambda each: each.from_on).post if now else None


def _counts(held: HeldPost, on: date) -> bool:
    return held.post.office is not Office.OTHER and held.from_on <= on
