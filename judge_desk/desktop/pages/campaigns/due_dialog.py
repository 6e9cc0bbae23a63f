"""Who is due for peer review and why, by the rule of the day; a campaign begins with those that stay ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line, row_height
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.widgets.tick_list import TickList
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.review_periods import DueReason, ReviewPeriods
from judge_desk.i18n import formats
from judge_desk.services.due_judges import DueRow

MOST_DUE = 5
"""Rows that are seen at once; the rest is scrolled to."""
ICONS = {
    DueReason.NOT_YET: "calendar-clock",
    DueReason.EXEMPT: "circle-check",
    DueReason.NOT_IN_OFFICE: "user-round",
}


class DueDialog(DialogFrame):
    """``on_chosen(ids)`` runs with the judges that are ticked."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[DueRow],
        rule: ReviewPeriods,
        on_chosen: Callable[[list[str]], object],
    ) -> None:
        super().__init__(parent, "campaigns.due.title", wide=True)
        due = [each for each in rows if each.is_due]
        others = [each for each in rows if not each.is_due]
        self.add_sentence("campaigns.due.rule", tone="text", **_rule_in_words(rule))
        self.add_sentence("campaigns.due.norm", norm=rule.norm, certainty=t(f"law.certainty.{rule.certainty}"))
        self.list = TickList("campaigns.due.list")
        self.list.show_rows([(each.judge_id, due_in_words(each)) for each in due])
        self.list.setFixedHeight(min(len(due), MOST_DUE) * row_height(two_lines=True))
        self.column.addWidget(SectionHead("campaigns.due.list"))
        self.column.addWidget(self.list)
        if not due:
            self.add_sentence("campaigns.due.nobody")
            self.list.hide()
        self.others = LazyList("campaigns.due.others")
        self.others.show_lines([_line(each) for each in others])
        self.others.setMinimumHeight(3 * Theme.current().px(Size.CONTROL))
        self.others.setVisible(bool(others))
        if others:
            self.column.addWidget(SectionHead("campaigns.due.others"))
        self.column.addWidget(self.others, 1)
        lacking = sum(each.lacks_court for each in rows if each.in_office_since is not None)
        if lacking:
            self.add_sentence("campaigns.due.no_court", tone="warn", n=lacking)
        self.make = PrimaryButton("campaigns.due.make", icon_name="plus")
        self.make.clicked.connect(self.accept)
        self.accepted.connect(lambda: on_chosen(self.list.chosen()))
        self.add_buttons(self.make, close_key="common.close")
        self.list.ticked.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        self.make.setEnabled(bool(self.list.chosen()))


def due_in_words(row: DueRow) -> str:
    """Name and court, why, since or from when, how long in office, the last review."""
    language = Wording.current().language

    def day(value: object) -> str:
        return formats.date_short(value, language) if value else "—"  # type: ignore[arg-type]  # a date or None

    told = [due_name(row), t(f"campaigns.due.reason.{row.reason}", day=day(row.on))]
    if row.in_office_since is not None:
        told.append(t("campaigns.due.office", day=day(row.in_office_since)))
    if row.last_reviewed_on is not None:
        told.append(t("campaigns.due.last", day=day(row.last_reviewed_on)))
    return " · ".join(told)


def due_name(row: DueRow) -> str:
    """The judge and the court."""
    return f"{row.name}, {row.post.court}" if row.post is not None and row.post.court else row.name


def _line(row: DueRow) -> Line:
    name, _, rest = due_in_words(row).partition(" · ")
    return Line(id=row.judge_id, title=name, detail=rest, icon=ICONS.get(row.reason, "user-round"), strong=False)


def _rule_in_words(rule: ReviewPeriods) -> dict[str, object]:
    return {"first": rule.first_after_years, "every": rule.every_years, "exempt": rule.exempt_after_years}
