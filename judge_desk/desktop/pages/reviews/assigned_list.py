"""The assigned reviews: whose act it is nobody can tell; when it is due and how far it is, everybody can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.reviews import ReviewState
from judge_desk.i18n import formats
from judge_desk.services.reviews import ReviewRow

SOON_DAYS = 3


class AssignedList(QWidget):
    """Signals:
    opened: (assignment id) one was asked for.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = Card("reviews.assigned")
        self.list = LazyList("reviews.assigned", open_on_click=True)
        self.list.opened.connect(self.opened)
        card.body.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_rows(self, rows: Sequence[ReviewRow], today: date) -> None:
        self.list.show_lines([review_line(each, today) for each in rows])


def review_line(row: ReviewRow, today: date) -> Line:
    """One assignment: what it is, its campaign, when it is due, how far it is."""
    due = formats.date_short(row.due_on, Wording.current().language)
    detail = [t("reviews.campaign", campaign=row.campaign)]
    if not row.is_sealed:
        detail.append(t("reviews.overdue" if row.due_on < today else "reviews.due", day=due))
    trailing, tone, shape = _state(row, today)
    return Line(
        id=row.assignment_id,
        title=row.act_title,
        detail=" · ".join(detail),
        icon="lock" if row.is_sealed else "scale",
        trailing=trailing,
        trailing_tone=tone,
        trailing_icon=shape,
        strong=not row.is_sealed,
        title_keeps_end=True,
    )


def _state(row: ReviewRow, today: date) -> tuple[str, str, str]:
    if row.is_refused:
        return t("reviews.state.refused"), "bad", "circle-alert"
    if row.is_sealed:
        word = t("word.review.declined" if row.state is ReviewState.DECLINED else "word.review.submitted")
        return (word, "ok", "circle-check") if row.is_sent else (t("reviews.state.waiting", state=word), "gold", "")
    days = (row.due_on - today).days
    tone = "bad" if days < 0 else "warn" if days <= SOON_DAYS else "muted"
    shape = {"bad": "circle-alert", "warn": "triangle-alert"}.get(tone, "")
    return t("reviews.progress", done=row.done, total=row.total), tone, shape
