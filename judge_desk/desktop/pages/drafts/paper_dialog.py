"""Asks on which day printed acts were signed by hand, and says what will stand in the case file."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.date_field import DateField


class PaperDialog(DialogFrame):
    """``day`` is offered.

    Signals:
        agreed: (date) the day on which they were signed.
    """

    agreed = Signal(object)

    def __init__(self, acts: int, day: date | None, parent: QWidget) -> None:
        super().__init__(parent, "signing.paper.title")
        self.add_sentence("signing.paper.body", n=acts)
        self.day = DateField("signing.paper.day")
        self.day.set_value(day)
        self.add_field("signing.paper.day", self.day)
        self._do = PrimaryButton("signing.paper.do")
        self._do.setDefault(True)
        self._do.clicked.connect(self._agree)
        self.add_buttons(self._do)
        self.day.picked.connect(lambda picked: self._do.setEnabled(picked is not None))
        self._do.setEnabled(day is not None)
        self.day.setFocus()

    def _agree(self) -> None:
        if (day := self.day.value()) is not None:
            self.agreed.emit(day)
            self.accept()
