"""Planning a hearing, or moving one: day, time, room; says at once with which other hearing it clashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.pages.hearings.case_chooser import CaseChooser
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.time_field import TimeField
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.hearings import Hearing
from judge_desk.i18n import formats
from judge_desk.runtime.clock import COURT_ZONE, court_time
from judge_desk.services.cases import CaseRow
from judge_desk.services.hearings import LONGEST_MINUTES, HearingRow

PAUSE_MS = 200
MORNING = time(9, 0)
USUAL_MINUTES = 60


class PlanDialog(DialogFrame):
    """``PlanDialog(context, page, day)`` with a chooser for the case, beginning on a day; or ``hearing`` to move it.

    Signals:
        planned: (Hearing) save it.
    """

    planned = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget, day: date, hearing: Hearing | None = None) -> None:
        super().__init__(parent, "hearings.plan" if hearing is None else "hearings.move")
        self._context, self._hearing, self._day = context, hearing, day
        self._is_new = hearing is None
        self._chooser: CaseChooser | None = None
        self.setMinimumWidth(Theme.current().px(Size.POPOVER + Size.SIDE // 2))
        self._make_fields()
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look_for_clashes)
        for signal in (self.day.picked, self.time.picked, self.minutes.textChanged, self.room.textChanged):
            signal.connect(self._changed)
        if hearing is not None:
            self._show_hearing(hearing)
        self._changed()

    def plan_for(self, case_id: str) -> None:
        """The case is known: nothing to choose."""
        if self._chooser is not None:
            self._chooser.hide()
        self.choose_case(case_id)

    def choose_case(self, case_id: str) -> None:
        """Plan for this case; what is usual for it is filled in."""
        at = self._moment() or court_moment(self._day, MORNING)
        hearings = self._context.desk.hearings
        self._context.tasks.run(lambda: hearings.new(case_id, at), self._show_hearing, key="hearings:new")

    def _make_fields(self) -> None:
        self.case_name = PlainLabel(face="strong", elide=True, keeps_end=False)
        self.day = DateField("hearings.field.day")
        self.time = TimeField("hearings.field.time")
        self.minutes = QLineEdit(str(USUAL_MINUTES))
        self.minutes.setValidator(QIntValidator(1, LONGEST_MINUTES, self))
        say(self.minutes.setAccessibleName, "hearings.field.minutes")
        self.room, self.purpose = QLineEdit(), QLineEdit()
        say(self.room.setAccessibleName, "hearings.field.room")
        say(self.purpose.setAccessibleName, "hearings.field.purpose")
        self.video = QPushButton()
        self.video.setProperty("kind", "chip")
        self.video.setCheckable(True)
        self.video.setAutoDefault(False)
        self.video.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        say(self.video.setText, "hearings.field.video")
        self.clash = Banner()
        self.clash.set_closable(False)
        self.save = PrimaryButton("hearings.plan.save" if self._is_new else "hearings.move.save", "Ctrl+Return")
        self.save.setShortcut("Ctrl+Return")
        self.save.clicked.connect(self._take)

    def _lay_out(self) -> None:
        if self._is_new:
            chooser = self._chooser = CaseChooser(self._context.desk.cases, self._context.tasks)
            chooser.chosen.connect(self._take_case)
            self.column.addWidget(chooser)
            chooser.words.setFocus()
        self.column.addWidget(self.case_name)
        form = QFormLayout()
        form.setSpacing(Theme.current().px(Space.ROW))
        for key, field in (
            ("hearings.field.day", self.day),
            ("hearings.field.time", self.time),
            ("hearings.field.minutes", self.minutes),
            ("hearings.field.room", self.room),
            ("hearings.field.purpose", self.purpose),
        ):
            form.addRow(PlainLabel(t(key), tone="muted"), field)
        form.addRow("", self.video)
        self.column.addLayout(form)
        self.column.addWidget(self.clash)
        self.add_buttons(self.save)

    def _take_case(self, row: CaseRow) -> None:
        self.case_name.setText(joined(row.number, row.title))
        self.choose_case(row.id)

    def _show_hearing(self, hearing: Hearing) -> None:
        self._hearing = hearing
        at = court_time(hearing.starts_at)
        self.day.set_value(at.date())
        self.time.set_value(at.time())
        self.minutes.setText(str(hearing.minutes))
        self.room.setText(hearing.room)
        self.purpose.setText(hearing.purpose)
        self.video.setChecked(hearing.by_video)
        cases, case_id = self._context.desk.cases, hearing.case_id
        self._context.tasks.run(lambda: cases.row_of(case_id), self._name_case, key="hearings:case")
        self._changed()

    def _name_case(self, row: CaseRow) -> None:
        self.case_name.setText(joined(row.number, row.title))

    def _moment(self) -> datetime | None:
        day, at = self.day.value(), self.time.value()
        return court_moment(day, at) if day is not None and at is not None else None

    def _result(self) -> Hearing | None:
        at = self._moment()
        if self._hearing is None or at is None or not self.minutes.hasAcceptableInput():
            return None
        return replace(
            self._hearing,
            starts_at=at,
            minutes=int(self.minutes.text()),
            room=self.room.text().strip(),
            purpose=self.purpose.text().strip(),
            by_video=self.video.isChecked(),
        )

    def _changed(self) -> None:
        self.save.setEnabled(self._result() is not None)
        self._pause.start()

    def _look_for_clashes(self) -> None:
        hearing = self._result()
        if hearing is not None:
            hearings = self._context.desk.hearings
            self._context.tasks.run(lambda: hearings.clashing(hearing), self._show_clashes, key="hearings:clash")

    def _show_clashes(self, rows: list[HearingRow]) -> None:
        if not rows:
            self.clash.hide()
            return
        self.clash.say_text("hearings.clash", "warn", "hearings.clash.with", others="; ".join(map(_named, rows)))
        self.fit()

    def _take(self) -> None:
        hearing = self._result()
        if hearing is not None:
            self.accept()
            self.planned.emit(hearing)


def _named(row: HearingRow) -> str:
    when = formats.date_and_time(row.hearing.starts_at, Wording.current().language)
    return joined(when, row.case_title, row.case_number, row.hearing.room)


def court_moment(day: date, at: time) -> datetime:
    """A day and time on the court's wall as a moment in UTC, as hearings keep it."""
    return datetime.combine(day, at, COURT_ZONE).astimezone(UTC)
