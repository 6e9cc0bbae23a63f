"""Asks once more before an act is closed for good, and says what will happen to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.drafting.no_break import bound
from judge_desk.services.drafts import DraftWork
from judge_desk.services.finalising import FinalOffer


class FinaliseDialog(QDialog):
    """Number and date, and what follows from them. Opens with ``open()``.

    Signals:
        agreed: (number, date, id of the act that this one corrects or "").
    """

    agreed = Signal(str, object, str)

    def __init__(self, work: DraftWork, offer: FinalOffer, blanks: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = Theme.current()
        self.setMinimumWidth(theme.px(Size.DIALOG))
        say(self.setWindowTitle, "drafts.finalise.title")
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "drafts.finalise.title")
        body = PlainLabel(tone="muted", wrap=True)
        key = "drafts.finalise.body" if work.draft.may_leave_desk else "drafts.finalise.body_secret"
        say(body.setText, key, title=bound(work.draft.title, ""), case=bound(work.case.number if work.case else "", ""))
        self.number = QLineEdit(work.draft.number or offer.number)
        self.date = DateField("drafts.finalise.date")
        self.date.set_value(work.draft.dated_on or offer.dated_on)
        self.corrects = Chooser()
        self.corrects.addItem(t("drafts.finalise.corrects_none"), "")
        for draft_id, words in offer.correctable:
            self.corrects.addItem(bound(words, ""), draft_id)
        self.message = PlainLabel(tone="warn", wrap=True)
        self.message.setVisible(blanks > 0)
        if blanks:
            say(self.message.setText, "drafts.finalise.blanks", count=blanks)
        self.check = PlainLabel(tone="warn", wrap=True)
        self.check.hide()
        self._do = PrimaryButton("drafts.finalise.do")
        self._do.setEnabled(not blanks)
        self._column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(theme.px(Space.ROW))
        self._column.addWidget(title)
        self._column.addWidget(body)
        self._add_line("drafts.finalise.number", self.number)
        self._add_line("drafts.finalise.date", self.date)
        if offer.correctable:
            self._add_line("drafts.finalise.correcting", self.corrects)
        self._column.addWidget(self.message)
        self._column.addWidget(self.check)
        self._add_buttons()
        self.number.setFocus()

    def tell_check(self, words: str) -> None:
        """What the linter has against the text, and what was left with a reason; "" says nothing."""
        self.check.setVisible(bool(words))
        if words:
            say(self.check.setText, "lint.summary", words=words)

    def showEvent(self, event: QShowEvent) -> None:
        """Sentences wrap, and only a shown dialog knows how high that makes it."""
        super().showEvent(event)
        width = max(self.width(), self.minimumWidth())
        self.resize(width, max(self._column.totalHeightForWidth(width), self._column.totalSizeHint().height()))

    def _add_line(self, key: str, field: QWidget) -> None:
        label = PlainLabel(face="caption", tone="muted")
        say(label.setText, key)
        label.setBuddy(field)
        if isinstance(field, QLineEdit | Chooser):
            say(field.setAccessibleName, key)
        self._column.addWidget(label)
        self._column.addWidget(field)

    def _add_buttons(self) -> None:
        keep = QuietButton("common.cancel", "Esc")
        keep.clicked.connect(self.reject)
        self._do.clicked.connect(self._agree)
        self._do.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(Theme.current().px(Space.ROW))
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(self._do)
        self._column.addSpacing(Theme.current().px(Space.ROW))
        self._column.addLayout(row)

    def _agree(self) -> None:
        day = self.date.value()
        problem = "drafts.finalise.no_number" if not self.number.text().strip() else ""
        problem = problem or ("drafts.finalise.no_date" if day is None else "")
        if problem:
            say(self.message.setText, problem)
            self.message.show()
            self.resize(self.width(), self._column.totalHeightForWidth(self.width()))
            return
        self.agreed.emit(self.number.text().strip(), day, self.corrects.currentData() or "")
        self.accept()
