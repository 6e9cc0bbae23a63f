"""The opened forms, of which one may be set aside by a recorded decision: words are shown, scores are not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.i18n import formats
from judge_desk.services.review_results import FormRow

SHORT_ID = 8


class FormsPanel(QWidget):
    """Signals:
    aside_asked: (form id) the commission wants to set it aside.
    """

    aside_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, FormRow] = {}
        self._may_decide = False
        hint = PlainLabel(tone="muted", wrap=True)
        say(hint.setText, "campaigns.forms.hint")
        self.list = LazyList("campaigns.forms.list")
        self.list.picked.connect(self._show)
        self.list.setFixedHeight(5 * Theme.current().px(Size.CONTROL))
        self.words = PlainLabel(wrap=True)
        self.aside = QuietButton("campaigns.forms.aside", icon_name="x")
        self.aside.clicked.connect(lambda: self.aside_asked.emit(self.list.current_id()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        for widget in (hint, self.list, self.words):
            column.addWidget(widget)
        column.addWidget(self.aside, 0, Qt.AlignmentFlag.AlignLeft)

    def show_rows(self, rows: Sequence[FormRow], *, may_decide: bool) -> None:
        """``may_decide``: results are not out yet."""
        self._rows, self._may_decide = {each.form_id: each for each in rows}, may_decide
        chosen = self.list.current_id()
        self.list.show_lines([_line(each) for each in rows])
        if rows:
            self.list.select(chosen if chosen in self._rows else rows[0].form_id)
            self._show(self.list.current_id())

    def _show(self, form_id: str) -> None:
        row = self._rows.get(form_id)
        if row is None:
            return
        told = [f"– {each}" for each in row.words] or [t("campaigns.forms.no_words")]
        if row.decision is not None:
            day = formats.date_and_time(row.decision.decided_at, Wording.current().language)
            told.append(
                t("campaigns.forms.decided", name=row.decision.decided_by, when=day, reason=row.decision.reason)
            )
        self.words.setText("\n".join(told))
        self.aside.setEnabled(self._may_decide and row.decision is None)


def _line(row: FormRow) -> Line:
    gone = row.decision is not None
    return Line(
        id=row.form_id,
        title=t("campaigns.forms.title", act=row.act_number, id=row.form_id[:SHORT_ID]),
        icon="x" if gone else "lock-open",
        trailing=t("campaigns.forms.is_aside") if gone else "",
        trailing_tone="warn",
        trailing_icon="triangle-alert" if gone else "",
        strong=not gone,
    )
