"""The end of a form and the questions of the page, for pictures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from judge_desk.desktop.page import Scene
from judge_desk.services.desk import Desk

if TYPE_CHECKING:
    from judge_desk.desktop.pages.reviews.page import ReviewsPage


def samples_of(desk: Desk) -> Sequence[Mapping[str, str]]:
    """The list, a form that is not begun or half-done, and a sealed one."""
    rows = desk.reviews.assigned()
    shown = {each.is_sealed: each.assignment_id for each in reversed(rows)}
    return ({}, *({"review_id": shown[sealed]} for sealed in (False, True) if sealed in shown))


def scenes_of(page: ReviewsPage) -> Sequence[Scene]:
    """What may be opened from the form on screen."""
    if page.work is None:
        return ()
    form = page.form

    def show_end() -> None:
        form.go_to(len(form.gaps()) + len(form.answers()))

    if page.work.review.is_sealed:
        return (("sealed-end", show_end),)
    # Nobody is asked about the seal while something is missing; a picture of that would show what never happens.
    submit = () if form.gaps() else (("submit", page.deeds.ask_submit),)
    return (("decline", page.deeds.ask_decline), *submit, ("end", show_end))
