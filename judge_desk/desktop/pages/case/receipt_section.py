"""Proof that the case file is whole: how many documents are here, when their hashes were checked, and checking anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.notes import Note
from judge_desk.i18n import formats
from judge_desk.services.manifest import ManifestReceipt, NamedDifference

MOST_NAMED: Final = 12
"""Differences in a narrow column: of a case that the hub signed long ago there may be a hundred."""
FIRST_WORDS: Final = 40
"""Letters of a note."""


class ReceiptSection(QWidget):
    """Signals:
    verify_asked: read every file against its hash.
    stop_asked: enough of that.
    fetch_asked: get the missing documents first.
    keep_asked: keep the case on this computer, or let it go.
    """

    verify_asked = Signal()
    stop_asked = Signal()
    fetch_asked = Signal()
    keep_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = SectionHead("documents.receipt")
        self._state = Badge()
        head.add_trailing(self._state)
        self._words = PlainLabel(wrap=True)
        self._checked = PlainLabel(face="caption", tone="muted", wrap=True)
        self._signed = PlainLabel(face="caption", tone="muted", wrap=True)
        self._differences = PlainLabel(face="caption", tone="warn", wrap=True)
        self._verify = LinkButton("documents.verify", icon_name="shield-check")
        self._verify.clicked.connect(self.verify_asked)
        self._fetch = LinkButton("documents.fetch_case", icon_name="download")
        self._fetch.clicked.connect(self.fetch_asked)
        self._kept = PlainLabel(face="caption", tone="muted", wrap=True)
        self.keep = LinkButton("documents.keep", icon_name="hard-drive")
        self.keep.clicked.connect(self.keep_asked)
        self._progress = ProgressRow(cancellable=True)
        self._progress.cancel_asked.connect(self.stop_asked)
        self._progress.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        for widget in (head, self._words, self._checked, self._signed, self._differences, self._kept, self._progress):
            column.addWidget(widget)
        for button in (self._fetch, self._verify, self.keep):
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
        self._show_signed(receipt)

    def show_kept(self, is_kept: bool, size: int, offered: bool) -> None:
        """Whether the case stays here, and how much that is."""
        room = formats.file_size(size, Wording.current().language)
        say_plain(self._kept.setText, t("documents.kept.state" if is_kept else "documents.size", size=room))
        self.keep.setVisible(offered)
        self.keep.say("documents.let_go" if is_kept else "documents.keep")

    def _show_signed(self, receipt: ManifestReceipt) -> None:
        """What the hub last signed for the whole case, with the beginning of its root to compare by telephone, and what
        is here otherwise."""
        self._differences.setVisible(bool(receipt.differences))
        say_plain(self._differences.setText, "\n".join(f"– {each}" for each in _in_words(receipt.differences)))
        if receipt.hub_at is None:
            say(self._signed.setText, "manifest.unsigned")
            return
        when = formats.date_and_time(receipt.hub_at, Wording.current().language)
        said = t("manifest.agreed" if receipt.agrees else "manifest.differs", when=when)
        root = t("manifest.root", root=receipt.hub_root[:16])
        say_plain(self._signed.setText, f"{said}. {root}")
        self._signed.setToolTip(f"{receipt.hub_root}\n{receipt.signature}")

    def show_progress(self, progress: Progress) -> None:
        """Hashes are being checked."""
        self._verify.hide()
        self._progress.show()
        self._progress.show_progress(progress)

    def sentence(self) -> str:
        """All of it, for a test or a reader."""
        return f"{self._words.text()} {self._checked.text()} {self._signed.text()} {self._differences.text()}".strip()


def _in_words(differences: Sequence[NamedDifference]) -> Iterator[str]:
    for each in differences[:MOST_NAMED]:
        yield t(f"manifest.difference.{each.change.value}", what=joined(t(f"sync.kind.{each.kind.value}"), _name(each)))
    if len(differences) > MOST_NAMED:
        yield t("manifest.difference.more", n=len(differences) - MOST_NAMED)


def _name(difference: NamedDifference) -> str:
    """What the record calls itself; a hearing is known by its time, a note by its first words."""
    record, language = difference.record, Wording.current().language
    if isinstance(record, Hearing):
        return formats.date_and_time(record.starts_at, language)
    if isinstance(record, Note):
        return shorten(record.text, FIRST_WORDS, placeholder="…")
    return str(getattr(record, "title", ""))
