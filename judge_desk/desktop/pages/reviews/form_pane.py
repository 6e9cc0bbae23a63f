"""The form: one criterion at a time, the way through them all, and at the end what is still missing."""

from __future__ import annotations

import itertools
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from judge_desk.desktop.icons import icon
from judge_desk.desktop.pages.reviews.criterion_view import CriterionView, seal
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.reviews import Answer, Criterion, Gap, Review, gaps
from judge_desk.services.reviews import ReviewWork, has_halo, is_straight_lined


class FormPane(QFrame):
    """Holds the answers as they stand on screen; ``place`` is the criterion shown, past the last one is the end.

    Signals:
        changed: an answer or the general comment is another one now.
        moved: another criterion, or the end, is on screen.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setMinimumWidth(Theme.current().px(Size.SIDE))
        self._work: ReviewWork | None = None
        self._answers: dict[str, Answer] = {}
        self.place = 0
        self._strip = FlowRow()
        self.criterion = CriterionView()
        self.criterion.changed.connect(self._take)
        self._faces = QStackedWidget()
        self._faces.addWidget(_scrolled(self.criterion))
        self._faces.addWidget(_scrolled(self._end_face()))
        column = QVBoxLayout(self)
        side = Theme.current().px(Space.CARD)
        column.setContentsMargins(side, Space.GAP, Space.ROW, Space.GAP)
        column.setSpacing(Theme.current().px(Space.ROW))
        column.addWidget(self._strip)
        column.addWidget(self._faces, 1)
        column.addWidget(self._way())

    def show_work(self, work: ReviewWork) -> None:
        """A review to fill, or a sealed one to read; the place is kept within the same review."""
        is_other = self._work is None or self._work.assignment.id != work.assignment.id
        self._work = work
        self._answers = {each.criterion_id: each for each in work.review.answers}
        self.general.blockSignals(True)
        self.general.setPlainText(work.review.general_comment)
        self.general.blockSignals(False)
        sealed = work.review.is_sealed
        seal(self.general, sealed)
        say(self._general_head.setText, "reviews.general.sealed" if sealed else "reviews.general")
        for widget in (self._general_head, self.general):
            widget.setVisible(not sealed or bool(work.review.general_comment))
        self.go_to(self._first_open() if is_other else self.place)

    def take_stamp(self, work: ReviewWork) -> None:
        """What was written is on disk now; nothing on screen changes."""
        self._work = work

    def retranslate(self) -> None:
        if self._work is not None:
            self.go_to(self.place)

    def answers(self) -> tuple[Answer, ...]:
        """Every answer that says something, in the order of the form."""
        found = (self._answers.get(each.id) for each in self._criteria())
        return tuple(
            each for each in found if each is not None and (each.score is not None or each.comment or each.evidence)
        )

    def general_comment(self) -> str:
        return self.general.toPlainText()

    def gaps(self) -> tuple[Gap, ...]:
        """What is missing on screen, saved or not."""
        if self._work is None:
            return ()
        return gaps(self._work.assignment.form, self._as_review(), self._work.assignment.act_text)

    def is_at_end(self) -> bool:
        return self.place >= len(self._criteria())

    def go_to(self, place: int) -> None:
        """Show a criterion by its place, or the end."""
        if self._work is None:
            return
        self.place = max(0, min(place, len(self._criteria())))
        if self.is_at_end():
            self._show_end()
        else:
            criterion = self._criteria()[self.place]
            answer = self._answers.get(criterion.id, Answer(criterion_id=criterion.id))
            form, sealed = self._work.assignment.form, self._work.review.is_sealed
            act_text = self._work.assignment.act_text
            self.criterion.show_criterion(form, criterion, answer, act_text=act_text, sealed=sealed)
        self._faces.setCurrentIndex(1 if self.is_at_end() else 0)
        self._fill_strip()
        self._before.setEnabled(self.place > 0)
        self._after.setEnabled(not self.is_at_end())
        self.moved.emit()

    def step(self, by: int) -> None:
        """To the next criterion, or the one before."""
        self.go_to(self.place + by)
        if not self.is_at_end():
            self.criterion.focus_scale()

    def _criteria(self) -> tuple[Criterion, ...]:
        return () if self._work is None else self._work.assignment.form.criteria

    def _as_review(self) -> Review:
        assert self._work is not None
        return replace(self._work.review, answers=self.answers(), general_comment=self.general_comment())

    def _first_open(self) -> int:
        """Where the work goes on: the first criterion with something missing, else the end."""
        missing = {gap.criterion_id for gap in self.gaps()}
        places = (place for place, each in enumerate(self._criteria()) if each.id in missing)
        return next(places, 0 if self._work is not None and self._work.review.is_sealed else len(self._criteria()))

    def _take(self, answer: Answer) -> None:
        self._answers[answer.criterion_id] = answer
        self._fill_strip()
        self.changed.emit()

    def _fill_strip(self) -> None:
        had_focus = self._strip.isAncestorOf(self.focusWidget() or self)
        self._strip.clear()
        missing = {gap.criterion_id for gap in self.gaps()}
        for place, criterion in enumerate(self._criteria()):
            name = criterion.names.get(Wording.current().language, criterion.id)
            state = "reviews.strip.open" if criterion.id in missing else "reviews.strip.done"
            chip = self._chip(str(place + 1), place, t(state, number=place + 1, name=name))
            if criterion.id not in missing:
                chip.setIcon(icon("check", "ok"))
        self._chip(t("reviews.strip.end"), len(self._criteria()), t("reviews.strip.end"))
        if had_focus:
            self._after.setFocus()
        self._set_tab_order()

    def _set_tab_order(self) -> None:
        """As one reads; what is made anew at each step would otherwise come last of the whole window."""
        chips: list[QWidget] = [each for each in self._strip.findChildren(QPushButton) if not each.isHidden()]
        face = self.criterion.in_order() if not self.is_at_end() else [self.summary, self.general]
        order = [*chips, *face, self._before, self._after]
        for one, other in itertools.pairwise(order):
            QWidget.setTabOrder(one, other)

    def _chip(self, text: str, place: int, name: str) -> QPushButton:
        chip = QPushButton(text)
        chip.setProperty("kind", "segment")
        chip.setCheckable(True)
        chip.setChecked(place == self.place)
        chip.setAccessibleName(name)
        chip.setToolTip(name)
        chip.clicked.connect(lambda: self.go_to(place))
        self._strip.add(chip)
        return chip

    def _end_face(self) -> QWidget:
        face = QWidget()
        column = QVBoxLayout(face)
        column.setContentsMargins(0, 0, Space.ROW, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        self._told = PlainLabel(face="title", wrap=True)
        self._same = PlainLabel(tone="muted", wrap=True)
        self.summary = LazyList("reviews.summary", open_on_click=True)
        self.summary.set_grows()
        self.summary.opened.connect(lambda place: self.go_to(int(place)))
        self._general_head = PlainLabel(face="caption", tone="muted", wrap=True)
        self.general = QPlainTextEdit()
        self.general.setTabChangesFocus(True)
        say(self.general.setAccessibleName, "reviews.general")
        self.general.setMinimumHeight(3 * Theme.current().px(Size.CONTROL))
        self.general.textChanged.connect(self.changed)
        for widget in (self._told, self._same, self.summary, self._general_head, self.general):
            column.addWidget(widget)
        column.addStretch(1)
        return face

    def _show_end(self) -> None:
        assert self._work is not None
        missing = {gap.criterion_id: gap.reason for gap in self.gaps()}
        sealed = self._work.review.is_sealed
        key = "reviews.end.sealed" if sealed else "reviews.end.gaps" if missing else "reviews.end.ready"
        say(self._told.setText, key, n=len(missing))
        form, answers = self._work.assignment.form, self.answers()
        straight = is_straight_lined(form, answers)
        say(self._same.setText, "reviews.straight" if straight else "reviews.halo")
        self._same.setVisible(not sealed and (straight or has_halo(form, answers, self._work.others)))
        self.summary.show_lines(
            [self._line(place, each, missing.get(each.id, "")) for place, each in enumerate(self._criteria())]
        )

    def _line(self, place: int, criterion: Criterion, gap: str) -> Line:
        answer = self._answers.get(criterion.id)
        return Line(
            id=str(place),
            title=criterion.names.get(Wording.current().language, criterion.id),
            leading="–" if answer is None or answer.score is None else str(answer.score),
            trailing=t(f"reviews.gap.{gap}") if gap else "",
            trailing_tone="warn",
            trailing_icon="circle-dot" if gap else "",
            strong=False,
        )

    def _way(self) -> FlowRow:
        row = FlowRow(to_end=True)
        self._before = IconButton("chevron-left", "reviews.before", "Ctrl+PgUp")
        self._before.clicked.connect(lambda: self.step(-1))
        self._after = QuietButton("reviews.after", "Ctrl+PgDown", "chevron-right")
        self._after.clicked.connect(lambda: self.step(1))
        row.add(self._before)
        row.add(self._after)
        return row


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
