"""Proof that the case file is whole: how many documents are here, when their hashes were checked, and checking anew."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.i18n import formats
from judge_desk.services.manifest import ManifestReceipt


class ReceiptSection(QWidget):
    """Signals:
    verify_asked: read every file against its hash.
    stop_asked: enough of that.
    fetch_asked: get the missing documents first.
    """

    verify_asked = Signal()
    stop_asked = Signal()
    fetch_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = SectionHead("documents.receipt")
        self._state = Badge()
        head.add_trailing(self._state)
        self._words = PlainLabel(wrap=True)
        self._checked = PlainLabel(face="caption", tone="muted", wrap=True)
        self._verify = LinkButton("documents.verify", icon_name="shield-check")
        self._verify.clicked.connect(self.verify_asked)
        self._fetch = LinkButton("documents.fetch_case", icon_name="download")
        self._fetch.clicked.connect(self.fetch_asked)
        self._progress = ProgressRow(cancellable=True)
        self._progress.cancel_asked.connect(self.stop_asked)
        self._progress.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        for widget in (head, self._words, self._checked, self._progress):
            column.addWidget(widget)
        for button in (self._fetch, self._verify):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_receipt(self, receipt: ManifestReceipt) -> None:
        """What is proven now."""
        self._progress.hide()
        self._verify.setVisible(receipt.present > 0)
        self._fetch.setVisible(not receipt.complete)
        self._state.set_tone("ok" if receipt.complete else "warn")
        self._state.say("documents.whole" if receipt.complete else "documents.not_whole")
        say(self._words.setText, "documents.receipt.here", present=receipt.present, n=receipt.total)
        if receipt.checked_at is None:
            say(self._checked.setText, "documents.receipt.unchecked")
        else:
            when = formats.date_and_time(receipt.checked_at, Wording.current().language)
            say_plain(self._checked.setText, t("documents.receipt.checked", when=when))

    def show_progress(self, progress: Progress) -> None:
        """Hashes are being checked."""
        self._verify.hide()
        self._progress.show()
        self._progress.show_progress(progress)

    def sentence(self) -> str:
        """All of it, for a test or a reader."""
        return f"{self._words.text()} {self._checked.text()}"
