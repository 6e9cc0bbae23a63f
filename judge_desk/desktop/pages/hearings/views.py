"""Two views of the same hearings: four weeks as a list, or one week as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QWidget

from judge_desk.desktop.pages.court_lines import day_title, hearing_line
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import KEY_ROLE, Line, LineDelegate
from judge_desk.desktop.wording import Wording, t
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.hearings import HearingRow

DAY = "day:"
WORK_DAYS, WEEK_DAYS = 5, 7
DAY_AT_LEAST = 148


def by_day(rows: Sequence[HearingRow]) -> dict[date, list[HearingRow]]:
    """The hearings of each day of the court's calendar, by time."""
    days: dict[date, list[HearingRow]] = {}
    for row in rows:
        days.setdefault(court_time(row.hearing.starts_at).date(), []).append(row)
    return days


class WeeksList(LazyList):
    """Hearings under the days they are on; a day itself is a row that does nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("hearings.list", leading_sample="00:00", parent=parent)
        self.painter = _DayPainter(self, "00:00")
        self.setItemDelegate(self.painter)

    def show_hearings(self, rows: Sequence[HearingRow], today: date) -> None:
        lines: list[Line] = []
        for day, hearings in sorted(by_day(rows).items()):
            lines.append(_day_line(day, len(hearings), today))
            lines += [hearing_line(each) for each in hearings]
        place = self.verticalScrollBar().value()
        self.show_lines(lines)
        self.setUniformItemSizes(False)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(place)

    def select(self, key: Any) -> bool:
        """What was out of sight comes up with its day at the top."""
        row = self.lines.cache.position_of(key) if key is not None else -1
        seen = row >= 0 and self.viewport().rect().contains(self.visualRect(self.lines.index(row)))
        found = super().select(key)
        if found and not seen:
            ids = self.lines.cache.ids
            day = next((above for above in range(row, -1, -1) if str(ids[above]).startswith(DAY)), row)
            self.scrollTo(self.lines.index(day), QAbstractItemView.ScrollHint.PositionAtTop)
        return found

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The arrow keys step over the days."""
        found = super().moveCursor(action, modifiers)
        while found.isValid() and str(found.data(KEY_ROLE)).startswith(DAY):
            forward = found.row() > self.currentIndex().row() or found.row() == 0
            found = self.lines.index(found.row() + (1 if forward else -1))
        return found if found.isValid() else self.currentIndex()


class _DayPainter(LineDelegate):
    """A day is a heading at the left edge, quieter than what is under it."""

    def _paint_line(self, painter: QPainter, room: QRect, line: Line) -> None:
        if not line.id.startswith(DAY):
            super()._paint_line(painter, room, line)
            return
        theme = Theme.current()
        flags = int(Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextSingleLine)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.colour("accent" if line.icon else "text"))
        painter.drawText(room, flags | int(Qt.AlignmentFlag.AlignLeft), line.title)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("muted"))
        painter.drawText(room, flags | int(Qt.AlignmentFlag.AlignRight), line.trailing)


class WeekColumns(QWidget):
    """Monday to Friday side by side, and the weekend when something is heard then.

    Signals:
        picked / opened: (hearing id).
    """

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: list[_Day] = []
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Theme.current().px(Space.ROW))
        for number in range(WEEK_DAYS):
            day = _Day(number, self)
            day.rows.picked.connect(self.picked)
            day.rows.opened.connect(self.opened)
            day.sideways.connect(self._go_sideways)
            self._days.append(day)
        Theme.current().changed.connect(self._lay_out)
        self._lay_out()

    def show_hearings(self, rows: Sequence[HearingRow], monday: date, today: date) -> None:
        days = by_day(rows)
        for number, column in enumerate(self._days):
            day = monday + timedelta(days=number)
            column.show_day(day, days.get(day, []), is_today=day == today)
            column.setVisible(number < WORK_DAYS or day in days)
        self._across = 0
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """As many days side by side as can be read; the others go on below."""
        shown = [day for day in self._days if not day.isHidden()] or self._days
        across = max(2, min(len(shown), self.width() // Theme.current().px(DAY_AT_LEAST)))
        if across == self._across:
            return
        self._across = across
        for day in self._days:
            self._grid.removeWidget(day)
        for column in range(WEEK_DAYS):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for place, day in enumerate(shown):
            self._grid.addWidget(day, place // across, place % across)

    def select(self, hearing_id: str) -> bool:
        """Choose a hearing; the other columns let go of theirs."""
        found = False
        for column in self._days:
            if column.rows.select(hearing_id):
                found = True
            else:
                column.rows.clearSelection()
        return found

    def focus_day(self, number: int) -> None:
        self._days[number % len(self._days)].rows.setFocus()

    def _go_sideways(self, number: int, by: int) -> None:
        place = number + by
        while 0 <= place < len(self._days) and self._days[place].isHidden():
            place += by
        if 0 <= place < len(self._days):
            self.focus_day(place)


class _Day(Card):
    """One day of the week; the arrow keys go to the days beside it."""

    sideways = Signal(int, int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._number = number
        self.head.setVisible(True)
        self.set_padding(Space.ROW)
        self.rows = _DayList(self)
        self.body.addWidget(self.rows, 1)

    def show_day(self, day: date, rows: Sequence[HearingRow], *, is_today: bool) -> None:
        language = Wording.current().language
        title = f"{formats.weekday_short(day, language)}, {formats.day_and_month(day, language)}"
        self.head.set_plain_text(t("hearings.today", day=title) if is_today else title)
        self.rows.setAccessibleName(day_title(day))
        self.rows.show_lines([_short_line(each) for each in rows])

    def go(self, by: int) -> None:
        self.sideways.emit(self._number, by)


class _DayList(LazyList):
    def __init__(self, day: _Day) -> None:
        super().__init__("hearings.list")
        self._day = day

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._day.go(1 if event.key() == Qt.Key.Key_Right else -1)
            return
        super().keyPressEvent(event)


def _short_line(row: HearingRow) -> Line:
    """Time and state above, the title below: a column is narrow."""
    line = hearing_line(row)
    return Line(
        id=line.id,
        title=line.leading,
        detail=line.title,
        icon=line.trailing_icon,
        icon_tone=line.trailing_tone,
        strong=line.strong,
        keeps_end=False,
    )


def _day_line(day: date, count: int, today: date) -> Line:
    title = t("hearings.today", day=day_title(day)) if day == today else day_title(day)
    mark = "calendar" if day == today else ""
    return Line(id=f"{DAY}{day.isoformat()}", title=title, icon=mark, trailing=t("common.hearings", n=count))
