"""What is done with one review: sealing it for good, giving it back, and its paper."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.desktop.dialogs.ask_text import ask_text
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.pages.reviews.save_paper import ask_place, write
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.wording import Wording
from judge_desk.domain.changes import Changes

if TYPE_CHECKING:
    from judge_desk.desktop.pages.reviews.page import ReviewsPage


class ReviewDeeds:
    """Belongs to one page; each deed asks in a dialog, works in a thread and tells the page what changed."""

    def __init__(self, page: ReviewsPage) -> None:
        self._page = page

    def ask_submit(self) -> None:
        """Seal the form, or show what is still missing."""
        page, work = self._page, self._page.work
        if work is None or work.review.is_sealed:
            return
        missing = len(page.form.gaps())
        if missing:
            page.form.go_to(len(work.assignment.form.criteria))
            page.context.window.toast("reviews.end.gaps", n=missing)
            return
        self.ask_seal()

    def ask_seal(self) -> None:
        """The last question: nothing changes after it."""
        title, do, body = "reviews.submit.title", "reviews.submit.do", "reviews.submit.body"
        confirm(self._page, title, do, self._seal, body_key=body, final=True)

    def ask_place(self) -> None:
        """Where the form goes as PDF."""
        if self._page.work is not None:
            self._page.save()
            ask_place(self._page, partial(self.print_to, self._page.work.assignment.id))

    def print_to(self, review_id: str, path: Path) -> None:
        """Write the form to a file, in the language of the window."""
        context, language = self._page.context, Wording.current().language
        job, done = partial(context.desk.reviews.paper, review_id, language), context.window.toast
        context.tasks.run(lambda: write(path, job()), lambda _none: done("reviews.print.done"), lane=Lane.POOL)

    def ask_decline(self) -> None:
        """Why this act is not reviewed by this person."""
        work = self._page.work
        if work is None or work.review.is_sealed:
            return
        review_id = work.assignment.id
        ask_text(
            self._page,
            "reviews.decline.title",
            "reviews.decline.do",
            lambda reason: self._decline(review_id, reason),
            hint_key="reviews.decline.hint",
        )

    def _seal(self) -> None:
        context, work = self._page.context, self._page.work
        if work is None:
            return
        self._page.save()
        service, review_id = context.desk.reviews, work.assignment.id
        context.tasks.run(lambda: service.submit(review_id), partial(self._told, "reviews.submit.done"))

    def _decline(self, review_id: str, reason: str) -> None:
        context = self._page.context
        self._page.forget_typed()
        service = context.desk.reviews
        context.tasks.run(lambda: service.decline(review_id, reason), partial(self._told, "reviews.decline.done"))

    def _told(self, key: str, changes: Changes) -> None:
        context = self._page.context
        context.events.announce(changes, self._page)
        context.window.toast(key)
