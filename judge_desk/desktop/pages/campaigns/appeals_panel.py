"""Appeals against results: what the judge wrote, what was decided and why, the second panel, and both results."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line, row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.review_appeals import AppealState
from judge_desk.i18n import formats
from judge_desk.services.review_appeals import AppealRow

ACTIONS = ("grant", "refuse", "open", "tell", "both", "first", "second")
MOST_ROWS = 3
PRIMARY = frozenset({"grant", "open", "tell"})
TONES = {AppealState.REFUSED: "muted", AppealState.DECIDED: "ok"}


class AppealsPanel(QWidget):
    """Signals:
    asked: (one of ACTIONS, appeal id).
    """

    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, AppealRow] = {}
        self.list = LazyList("campaigns.appeal.list")
        self.list.picked.connect(self._show)
        self.words = PlainLabel(wrap=True)
        self.both = PlainLabel(wrap=True)
        self.buttons = {name: _button(name) for name in ACTIONS}
        ways = FlowRow()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name, self.list.current_id()))
            ways.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        for widget in (self.list, self.words, self.both, ways):
            column.addWidget(widget)
        self.both.hide()

    def show_rows(self, rows: Sequence[AppealRow]) -> None:
        """The appeals, those without a decision first."""
        self._rows = {each.reply.id: each for each in rows}
        chosen = self.list.current_id()
        self.list.show_lines([_line(each) for each in rows])
        self.list.setFixedHeight(min(len(rows), MOST_ROWS) * row_height(two_lines=True))
        if rows:
            self.list.select(chosen if chosen in self._rows else rows[0].reply.id)
            self._show(self.list.current_id())

    def show_both(self, lines: Sequence[str]) -> None:
        """Both results in words, under the appeal that is chosen."""
        self.both.setText("\n".join(lines))
        self.both.setVisible(bool(lines))

    def _show(self, appeal_id: str) -> None:
        row = self._rows.get(appeal_id)
        if row is None:
            return
        self.show_both(())
        self.words.setText("\n".join(appeal_in_words(row)))
        state = None if row.appeal is None else row.appeal.state
        allowed = {
            "grant": state is None,
            "refuse": state is None,
            "open": row.may_open,
            "tell": state is AppealState.OPENED,
            "both": row.may_decide or state is AppealState.DECIDED,
            "first": row.may_decide,
            "second": row.may_decide,
        }
        for name, button in self.buttons.items():
            button.setVisible(allowed[name])


def appeal_in_words(row: AppealRow) -> list[str]:
    """The judge's reasons, the decision, how far the second panel is, and what stands."""
    language = Wording.current().language
    told = [f"«{row.reply.text}»"]
    if row.is_late:
        told.append(t("campaigns.appeal.is_late"))
    appeal, panel = row.appeal, row.panel
    if appeal is None:
        return [*told, t("campaigns.appeal.waits")]
    when = formats.date_and_time(appeal.decided_at, language)
    told.append(t("campaigns.appeal.begun", name=appeal.decided_by, when=when, reason=appeal.reason))
    if panel is not None:
        due = formats.date_short(appeal.due_on, language) if appeal.due_on else "—"
        told.append(t("campaigns.appeal.panel", received=panel.received, asked=panel.asked, day=due))
        if panel.short:
            told.append(t("campaigns.appeal.short", n=panel.short))
    if appeal.outcome is not None and appeal.outcome_at is not None:
        when = formats.date_and_time(appeal.outcome_at, language)
        told.append(
            t(
                f"campaigns.appeal.stands.{appeal.outcome}",
                name=appeal.outcome_by,
                when=when,
                reason=appeal.outcome_reason,
            )
        )
    return told


def _line(row: AppealRow) -> Line:
    when = formats.date_short(row.reply.written_at.date(), Wording.current().language)
    state = "waits" if row.appeal is None else row.appeal.state.value
    tone = "warn" if row.appeal is None else TONES.get(row.appeal.state, "accent")
    return Line(
        id=row.reply.id,
        title=row.judge_name,
        detail=when,
        icon="scale",
        trailing=t(f"campaigns.appeal.state.{state}"),
        trailing_tone=tone,
        trailing_icon="triangle-alert" if row.appeal is None else "",
        strong=row.appeal is None or row.appeal.is_open,
    )


def _button(name: str) -> QuietButton:
    made = PrimaryButton if name in PRIMARY else QuietButton
    return made(f"campaigns.appeal.do.{name}")
