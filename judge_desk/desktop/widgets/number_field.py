"""A whole number between two bounds, typed as it is read: a spin box without its buttons hides its number here."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """``value()`` is always within the bounds: an empty or unfinished number counts as the last whole one."""

    def __init__(self, *, minimum: int, maximum: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(str(value), parent)
        self._low, self._high, self._last = minimum, maximum, value
        self.setValidator(QIntValidator(minimum, maximum, self))
        self.textChanged.connect(self._keep)
        self.editingFinished.connect(lambda: self.setText(str(self._last)))

    def value(self) -> int:
        return self._last

    def setValue(self, value: int) -> None:
        self.setText(str(min(max(value, self._low), self._high)))

    def _keep(self, text: str) -> None:
        if text.isdecimal() and self._low <= int(text) <= self._high:
            self._last = int(text)
