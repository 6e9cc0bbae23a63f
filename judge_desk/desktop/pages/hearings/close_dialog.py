"""Adjourning a hearing with a reason and perhaps the next day, writing down that it was held, or calling it off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.pages.hearings.plan_dialog import court_moment
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import DangerButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.time_field import TimeField
from judge_desk.desktop.wording import say, t
from judge_desk.domain.hearings import HearingState

TITLES = {
    HearingState.ADJOURNED: "hearings.adjourn",
    HearingState.HELD: "hearings.hold",
    HearingState.CANCELLED: "hearings.cancel",
}


class CloseDialog(QDialog):
    """``named`` says which hearing it is about.

    Signals:
        closed_as: (reason or outcome, next moment or None).
    """

    closed_as = Signal(str, object)

    def __init__(self, parent: QWidget, state: HearingState, named: str) -> None:
        super().__init__(parent.window())
        theme = Theme.current()
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t(TITLES[state]))
        self.setMinimumWidth(theme.px(Size.DIALOG))
        self.reason = QLineEdit()
        say(self.reason.setAccessibleName, "hearings.field.reason")
        self.day = DateField("hearings.field.next_day")
        self.time = TimeField("hearings.field.next_time")
        make = DangerButton if state is HearingState.CANCELLED else PrimaryButton
        self.do_it = make(TITLES[state], "Ctrl+Return")
        self.do_it.setShortcut("Ctrl+Return")
        self.do_it.clicked.connect(self._take)
        cancel = QuietButton("common.cancel", "Esc")
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(t(TITLES[state]), "title", wrap=True))
        column.addWidget(PlainLabel(named, tone="muted", wrap=True))
        column.addLayout(self._form())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.do_it)
        column.addLayout(row)
        self.reason.textChanged.connect(self._enable)
        self.reason.setFocus()
        self._enable()

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(Theme.current().px(Space.ROW))
        is_held = self._state is HearingState.HELD
        form.addRow(
            PlainLabel(t("hearings.field.outcome" if is_held else "hearings.field.reason"), tone="muted"), self.reason
        )
        if self._state is HearingState.ADJOURNED:
            form.addRow(PlainLabel(t("hearings.field.next_day"), tone="muted"), self.day)
            form.addRow(PlainLabel(t("hearings.field.next_time"), tone="muted"), self.time)
        return form

    def _enable(self) -> None:
        needs_reason = self._state is not HearingState.HELD
        self.do_it.setEnabled(bool(self.reason.text().strip()) or not needs_reason)

    def _take(self) -> None:
        day, at = self.day.value(), self.time.value()
        both = court_moment(day, at) if day is not None and at is not None else None
        reason = self.reason.text().strip()
        self.accept()
        self.closed_as.emit(reason, both)
