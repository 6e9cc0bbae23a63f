"""Asks once more before an act is closed for good, and says what will happen to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.drafting.no_break import bound
from judge_desk.services.drafts import DraftWork
from judge_desk.services.finalising import FinalOffer

MOST_ERRORS = 3


class FinaliseDialog(DialogFrame):
    """Number and date, and what follows from them. Opens with ``open()``.

    Signals:
        agreed: (number, date, id of the act that this one corrects or "").
    """

    agreed = Signal(str, object, str)

    def __init__(self, work: DraftWork, offer: FinalOffer, blanks: int, parent: QWidget) -> None:
        super().__init__(parent, "drafts.finalise.title")
        key = "drafts.finalise.body" if work.draft.may_leave_desk else "drafts.finalise.body_secret"
        case = bound(work.case.number if work.case else "", "")
        self.add_sentence(key, title=bound(work.draft.title, ""), case=case)
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
        self.errors = PlainLabel(tone="bad", wrap=True)
        self.errors.hide()
        self._do = PrimaryButton("drafts.finalise.do")
        self._do.setEnabled(not blanks)
        self.add_field("drafts.finalise.number", self.number)
        self.add_field("drafts.finalise.date", self.date)
        if offer.correctable:
            self.add_field("drafts.finalise.correcting", self.corrects)
        self.column.addWidget(self.message)
        self.column.addWidget(self.check)
        self.column.addWidget(self.errors)
        still_open = sum(each.is_open for each in work.draft.remarks)
        if still_open:
            self.add_sentence("drafts.finalise.remarks", "warn", n=still_open)
        self._do.clicked.connect(self._agree)
        self._do.setDefault(True)
        self.add_buttons(self._do)
        self.number.setFocus()

    def tell_check(self, words: str, errors: Sequence[str] = ()) -> None:
        """What the linter has against the text, and what was left with a reason; "" says nothing. ``errors`` are said
        in full: nobody should close an act over one unread."""
        self.check.setVisible(bool(words))
        if words:
            say(self.check.setText, "lint.summary", words=words)
        self.errors.setVisible(bool(errors))
        self.errors.setText("\n".join(errors[:MOST_ERRORS]) + ("\n…" if len(errors) > MOST_ERRORS else ""))
        if self.isVisible():
            self.fit()

    def _agree(self) -> None:
        day = self.date.value()
        problem = "drafts.finalise.no_number" if not self.number.text().strip() else ""
        problem = problem or ("drafts.finalise.no_date" if day is None else "")
        if problem:
            say(self.message.setText, problem)
            self.message.show()
            self.fit()
            return
        self.agreed.emit(self.number.text().strip(), day, self.corrects.currentData() or "")
        self.accept()
