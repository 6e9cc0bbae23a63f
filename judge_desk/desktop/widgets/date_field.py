"""A day, typed as the court writes it (dd.mm.yyyy) or picked from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.wording import Wording, say


class DateField(QWidget):
    """Empty or a day; ``value()`` is None for an empty or unfinished one.

    Signals:
        picked: (date or None) another day stands there.
    """

    picked = Signal(object)

    def __init__(self, name_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last: date | None = None
        self.line = QLineEdit()
        say(self.line.setAccessibleName, name_key)
        say(self.line.setPlaceholderText, "widgets.date.placeholder")
        self.line.textChanged.connect(self._tell)
        self._button = IconButton("calendar", "widgets.date.pick")
        self._button.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.line, 1)
        row.addWidget(self._button)
        self.setFocusProxy(self.line)
        self._popup: QFrame | None = None

    def value(self) -> date | None:
        return parse_day(self.line.text())

    def set_value(self, day: date | None) -> None:
        self.line.setText(day.strftime("%d.%m.%Y") if day else "")

    def _tell(self) -> None:
        day = self.value()
        self.line.setProperty("invalid", bool(self.line.text()) and day is None)
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)
        if day != self._last:
            self._last = day
            self.picked.emit(day)

    def _open(self) -> None:
        self._popup = QFrame(self, Qt.WindowType.Popup)
        calendar = QCalendarWidget()
        calendar.setLocale(Wording.current().locale())
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = self.value()
        if day is not None:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        calendar.activated.connect(self._take)
        calendar.clicked.connect(self._take)
        column = QVBoxLayout(self._popup)
        column.addWidget(calendar)
        self._popup.move(self.mapToGlobal(QPoint(0, self.height())))
        self._popup.show()
        calendar.setFocus()

    def _take(self, day: QDate) -> None:
        self.set_value(date(day.year(), day.month(), day.day()))
        if self._popup is not None:
            self._popup.close()
            self._popup.deleteLater()
            self._popup = None


def parse_day(text: str) -> date | None:
    """``5.3.2026`` or ``05.03.2026`` to a date; None for anything else."""
    parts = text.strip().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None
