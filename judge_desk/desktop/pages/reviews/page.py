"""The page of peer reviews: what is assigned, and one form beside its act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.reviews.act_pane import ActPane
from judge_desk.desktop.pages.reviews.assigned_list import AssignedList
from judge_desk.desktop.pages.reviews.deeds import ReviewDeeds
from judge_desk.desktop.pages.reviews.form_pane import FormPane
from judge_desk.desktop.pages.reviews.quote_key import QuoteKey
from judge_desk.desktop.pages.reviews.reminder_banner import ReminderBanner
from judge_desk.desktop.pages.reviews.scenes import samples_of, scenes_of
from judge_desk.desktop.pages.reviews.seal import Seal
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Answer
from judge_desk.i18n import formats
from judge_desk.services.desk import Desk
from judge_desk.services.reviews import ReviewRow, ReviewService, ReviewWork

SAVE_MS: Final = 800
"""After the last change; with the write itself a change is safe well within 2 seconds."""
MOST_FORM: Final = 0.5
"""Of the width: the act must stay readable beside its form."""
SCORES: Final = (1, 2, 3, 4, 5)


class ReviewsPage(Page):
    """A list, and over it one review. What is on screen is saved at each change and on leaving."""

    id = "reviews"
    title_key = "reviews.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return samples_of(desk)

    def scenes(self) -> Sequence[Scene]:
        return scenes_of(self)

    def build(self) -> None:
        self.deeds = ReviewDeeds(self)
        self._rows: Sequence[ReviewRow] = ()
        self._work: ReviewWork | None = None
        self._wanted = ""
        self._is_dirty = False
        self.list = AssignedList()
        self.list.opened.connect(lambda review_id: self.context.window.open_page(self.id, review_id=review_id))
        self.act, self.form, self.seal = ActPane(), FormPane(), Seal()
        self.act.quote.clicked.connect(self._quote)
        criterion = self.form.criterion
        self._quote_key = QuoteKey(self, self.act.search, self.act.text, criterion.comment, criterion.evidence)
        self.form.changed.connect(self._on_changed)
        self.seal.copied.connect(lambda: self.context.window.toast("reviews.receipt.copied"))
        self._splitter = FoldingSplitter(None, self.act, self.form)
        self._splitter.set_side_widths(right=Size.DIALOG + Size.READING // 7, most=MOST_FORM)
        review = QWidget()
        column = QVBoxLayout(review)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.GAP))
        column.addWidget(self.seal)
        column.addWidget(self._splitter, 1)
        self.reminder = ReminderBanner(self.context)
        self.content.addWidget(self.reminder)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.list)
        self._faces.addWidget(review)
        self.content.addWidget(self._faces, 1)
        self._build_head()
        self._pause = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._pause.timeout.connect(self.save)
        self.states.retry_asked.connect(self._read)
        self._show_list()

    def activate(self, params: Mapping[str, str]) -> None:
        self.save()
        wanted = params.get("review_id", "")
        if wanted:
            self._open(wanted)
        else:
            self._show_list()
            self._read()

    def leave(self) -> None:
        self.save()

    def refresh(self, changes: Changes) -> None:
        if not changes.touches(Kind.REVIEW) and not changes.touches(Kind.REVIEW_ASSIGNMENT):
            return
        if self._work is None:
            self._read()
        elif not self._is_dirty:
            self._open(self._work.assignment.id)

    def retranslate(self) -> None:
        self.list.show_rows(self._rows, self._service.today)
        if self._work is not None:
            self.form.retranslate()
            self._say_head(self._work)

    def page_actions(self) -> Sequence[Action]:
        def writing() -> bool:
            return self._work is not None and not self._work.review.is_sealed

        def reading() -> bool:
            return self._work is not None

        scores = [
            Action(
                id=f"reviews.score.{score}",
                text_key=f"reviews.score.{score}",
                handler=lambda score=score: self._score(score),  # type: ignore[misc]  # the default binds the number
                shortcut=str(score),
                enabled_when=writing,
                in_palette=False,
            )
            for score in SCORES
        ]
        form, act = self.form, self.act
        return (
            *scores,
            _action("quote", self._quote, "Ctrl+E", "quote", writing),
            _action("after", lambda: form.step(1), "Ctrl+PgDown", "chevron-right", reading),
            _action("before", lambda: form.step(-1), "Ctrl+PgUp", "chevron-left", reading),
            _action("act.search", act.search.setFocus, "Ctrl+F", "search", reading),
            _action("act.after", act.find_next, "F3", "chevron-down", reading),
            _action("act.before", lambda: act.find_next(-1), "Shift+F3", "chevron-up", reading),
            _action("submit", self.deeds.ask_submit, "Ctrl+Return", "lock", writing),
            _action("decline", self.deeds.ask_decline, "", "x", writing),
            _action("print", self.deeds.ask_place, "Ctrl+P", "printer", reading),
        )

    def set_reading(self, on: bool) -> None:
        self._splitter.set_reading(on)

    def focus_first(self) -> None:
        if self._work is None:
            self.list.list.setFocus()
        else:
            self.form.criterion.focus_scale()

    @property
    def work(self) -> ReviewWork | None:
        """The review on screen; None while the list is."""
        return self._work

    @property
    def _service(self) -> ReviewService:
        return self.context.desk.reviews

    def _build_head(self) -> None:
        self._back = IconButton("arrow-left", "common.back", "Esc")
        self._back.clicked.connect(lambda: self.context.window.go_back())
        self._decline = QuietButton("reviews.decline")
        self._decline.clicked.connect(self.deeds.ask_decline)
        self._submit = PrimaryButton("reviews.submit", "Ctrl+Return", "lock")
        self._submit.clicked.connect(self.deeds.ask_submit)
        self.head.add_leading(self._back)
        self._print = IconButton("printer", "reviews.print", "Ctrl+P")
        self._print.clicked.connect(self.deeds.ask_place)
        self.head.add_button(self._print)
        self.head.add_button(self._decline)
        self.head.add_button(self._submit)

    def _read(self) -> None:
        if not self._rows:
            self.states.show_loading()
        self.context.tasks.run(self._service.assigned, self._show_rows, self.states.show_failure, key="review_rows")

    def _show_rows(self, rows: Sequence[ReviewRow]) -> None:
        self._rows = rows
        if self._work is not None:
            return
        if not rows:
            self.states.show_empty("scale", "reviews.empty.title", "reviews.empty.hint")
            return
        self.states.show_ready()
        self.list.show_rows(rows, self._service.today)
        self.reminder.read()

    def _show_list(self) -> None:
        self._work, self._wanted = None, ""
        self._faces.setCurrentIndex(0)
        self.head.set_compact(False)
        self.head.set_title("reviews.title")
        self.head.set_subtitle("reviews.subtitle")
        for widget in (self._back, self._print, self._decline, self._submit):
            widget.hide()
        self.context.actions.refresh()

    def _open(self, assignment_id: str) -> None:
        # Read anew under the writer's hands, the form must not give way to a sentence.
        if self._work is None or self._work.assignment.id != assignment_id:
            self.states.show_loading()
        self._wanted = assignment_id
        job = self._service.open

        def show(work: ReviewWork) -> None:
            # Whoever has gone back to the list meanwhile is not called into the form again.
            if self._wanted == work.assignment.id:
                self._show(work)

        self.context.tasks.run(lambda: job(assignment_id), show, self.states.show_failure, key="review_form")

    def _show(self, work: ReviewWork) -> None:
        self.states.show_ready()
        before = self._work
        is_same = before is not None and before.assignment.id == work.assignment.id
        if is_same and self._is_dirty:
            # Typed while the answer was on its way: the words on screen are the newer ones.
            return
        self._work = work
        if before is None or not is_same or before.assignment != work.assignment:
            self.act.show_act(work.assignment.act_text)
        on_screen = (self.form.answers(), self.form.general_comment())
        is_sealed_anew = is_same and before is not None and before.review.is_sealed != work.review.is_sealed
        if not is_same or is_sealed_anew or on_screen != (work.review.answers, work.review.general_comment):
            self.form.show_work(work)
        else:
            self.form.take_stamp(work)
        self._faces.setCurrentIndex(1)
        self.reminder.hide()
        self._say_head(work)
        if not is_same:
            self.focus_first()
        self.context.actions.refresh()

    def _say_head(self, work: ReviewWork) -> None:
        language, sealed = Wording.current().language, work.review.is_sealed
        self.head.set_compact(True)
        self.head.set_title_text(work.title)
        told = [t("reviews.blinded")]
        if not sealed:
            due = t("reviews.due", day=formats.date_short(work.assignment.due_on, language))
            told += [due, _saved_words(work)]
        self.head.set_subtitle_text(" · ".join(each for each in told if each))
        self._back.show()
        self._print.show()
        self._decline.setVisible(not sealed)
        self._submit.setVisible(not sealed)
        self.act.quote.setVisible(not sealed)
        self.seal.show_work(work)

    def _score(self, score: int) -> None:
        if not self.form.is_at_end():
            self.form.criterion.set_score(score)

    def _quote(self) -> None:
        words = self.act.selected()
        if not words or self.form.is_at_end():
            self.context.window.toast("reviews.quote.select_first")
            return
        self.form.criterion.add_evidence(words)

    def _on_changed(self) -> None:
        self._is_dirty = True
        self._pause.start()

    def save(self) -> None:
        """Hand over what is on screen; runs whatever happens to the window."""
        self._pause.stop()
        work = self._work
        if work is None or work.review.is_sealed or not self._is_dirty:
            return
        self._is_dirty = False
        service, review_id = self._service, work.assignment.id
        answers: tuple[Answer, ...] = self.form.answers()
        general = self.form.general_comment()

        def save() -> tuple[Changes, ReviewWork]:
            changes = service.save(review_id, answers, general)
            return changes, service.open(review_id)

        self.context.tasks.run(save, self._saved, keep=True)

    def _saved(self, answer: tuple[Changes, ReviewWork]) -> None:
        changes, work = answer
        if self._work is not None and self._work.assignment.id == work.assignment.id:
            self._show(work)
        self.context.events.announce(changes, self)

    def forget_typed(self) -> None:
        """What was typed is not to be saved any more: the review was given back."""
        self._pause.stop()
        self._is_dirty = False


def _saved_words(work: ReviewWork) -> str:
    at = work.review.changed_at
    return t("reviews.saved", when=formats.clock_time(at)) if at is not None else ""


def _action(name: str, handler: object, shortcut: str, icon_name: str, when: object) -> Action:
    key = f"reviews.{name}"
    return Action(id=key, text_key=key, handler=handler, shortcut=shortcut, icon=icon_name, enabled_when=when)  # type: ignore[arg-type]  # as Action declares them


PAGE = ReviewsPage
