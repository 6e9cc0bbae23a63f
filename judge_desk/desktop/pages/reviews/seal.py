"""The strip over a sealed review: when, whether the hub has it, and the receipt that proves it has not changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say_plain, t
from judge_desk.domain.reviews import ReviewState
from judge_desk.i18n import formats
from judge_desk.services.reviews import ReviewWork


class Seal(QFrame):
    """Hidden for a review that is still being written.

    Signals:
        copied: the receipt is on the clipboard.
    """

    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self._receipt = ""
        self._first = PlainLabel(face="strong", wrap=True)
        self._rest = PlainLabel(tone="muted", wrap=True)
        self.copy = QuietButton("reviews.receipt.copy", icon_name="copy")
        self.copy.clicked.connect(self._copy)
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(self._first)
        words.addWidget(self._rest)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD, Space.ROW, Space.CARD, Space.ROW)
        row.setSpacing(Space.GAP)
        row.addWidget(IconLabel("lock", "accent"))
        row.addLayout(words, 1)
        row.addWidget(self.copy)
        self.hide()

    def show_work(self, work: ReviewWork) -> None:
        review = work.review
        self.setVisible(review.is_sealed or work.is_refused)
        self._receipt = work.receipt
        self.copy.setVisible(bool(work.receipt))
        if not review.is_sealed:
            say_plain(self._first.setText, t("reviews.refused"))
            say_plain(self._rest.setText, t("reviews.refused.hint"))
            return
        at = review.submitted_at or review.changed_at
        when = formats.date_and_time(at, Wording.current().language) if at else ""
        declined = review.state is ReviewState.DECLINED
        say_plain(self._first.setText, t("reviews.sealed.declined" if declined else "reviews.sealed", when=when))
        sent = t("reviews.sealed.sent" if work.is_sent else "reviews.sealed.waiting")
        told = t("reviews.sealed.reason", reason=review.decline_reason) if declined else ""
        receipt = t("reviews.receipt", receipt=work.receipt[:16])
        say_plain(self._rest.setText, " ".join(each for each in (told, sent, receipt) if each))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._receipt)
        self.copied.emit()
