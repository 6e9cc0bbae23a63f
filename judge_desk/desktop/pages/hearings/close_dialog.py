"""Adjourning a hearing with a reason and perhaps the next day, writing down that it was held, or calling it off."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.pages.hearings.plan_dialog import court_moment
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import DangerButton, PrimaryButton
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
TITLES_WHEN_OVER = TITLES | {
    HearingState.ADJOURNED: "hearings.was_adjourned",
    HearingState.CANCELLED: "hearings.not_held",
}


class CloseDialog(DialogFrame):
    """``named`` says which hearing it is about. One that ``is_over`` is not called off: it did not take place.

    Signals:
        closed_as: (reason or outcome, next moment or None).
    """

    closed_as = Signal(str, object)

    def __init__(self, parent: QWidget, state: HearingState, named: str, *, is_over: bool = False) -> None:
        title = (TITLES_WHEN_OVER if is_over else TITLES)[state]
        super().__init__(parent, title)
        self._state = state
        self.reason = QLineEdit()
        say(self.reason.setAccessibleName, "hearings.field.reason")
        self.day = DateField("hearings.field.next_day")
        self.time = TimeField("hearings.field.next_time")
        make = DangerButton if state is HearingState.CANCELLED and not is_over else PrimaryButton
        self.do_it = make(title, "Ctrl+Return")
        self.do_it.setShortcut("Ctrl+Return")
        self.do_it.clicked.connect(self._take)
        self.column.addWidget(PlainLabel(named, tone="muted", wrap=True))
        self.column.addLayout(self._form())
        self.add_buttons(self.do_it)
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
