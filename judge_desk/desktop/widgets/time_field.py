"""A time of day, typed as HH:MM."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from judge_desk.desktop.wording import say


class TimeField(QLineEdit):
    """``value()`` is None for an empty or unfinished one.

    Signals:
        picked: (time or None) another time stands there.
    """

    picked = Signal(object)

    def __init__(self, name_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say(self.setAccessibleName, name_key)
        self.setPlaceholderText("00:00")
        self.setMaxLength(5)
        self.textChanged.connect(self._tell)

    def value(self) -> time | None:
        return parse_time(self.text())

    def set_value(self, at: time | None) -> None:
        self.setText(f"{at:%H:%M}" if at else "")

    def _tell(self) -> None:
        at = self.value()
        self.setProperty("invalid", bool(self.text()) and at is None)
        self.style().unpolish(self)
        self.style().polish(self)
        self.picked.emit(at)


def parse_time(text: str) -> time | None:
    """``9:05``, ``09.05`` or ``0905`` to a time; None for anything else."""
    plain = text.strip().replace(".", ":")
    if plain.isascii() and plain.isdigit() and len(plain) in (3, 4):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    hours, colon, minutes = plain.partition(":")
    if (
        not colon
        or not (hours + minutes).isascii()
        or not hours.isdigit()
        or not minutes.isdigit()
        or len(minutes) != 2
    ):
        return None
    return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None
