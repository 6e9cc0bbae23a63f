"""The kept versions of a draft: choose one, see what differs, take it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.drafts import VersionReason
from judge_desk.i18n import formats
from judge_desk.services.drafts import VersionHead

ICONS = {
    VersionReason.AUTOSAVE: "clock",
    VersionReason.NAMED: "bookmark",
    VersionReason.BEFORE_MERGE: "git-compare",
    VersionReason.RESTORE: "history",
    VersionReason.FINALISE: "file-check",
}


class HistoryPanel(Card):
    """``show_versions(heads)``.

    Signals:
        picked: (version id) compare it with the present text.
        restore_asked: (version id).
        closed: back to writing.
    """

    picked = Signal(str)
    restore_asked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("drafts.history.list", parent)
        self._heads: Sequence[VersionHead] = ()
        self.list = LazyList("drafts.history.list")
        self.states = StateStack()
        self.states.content.addWidget(self.list, 1)
        self.count = PlainLabel(face="caption", tone="muted", wrap=True)
        self.restore = QuietButton("drafts.history.restore", icon_name="rotate-ccw")
        close = IconButton("x", "common.close", "Esc")
        self.add_trailing(close)
        self.body.addWidget(self.states, 1)
        self.body.addWidget(self.count)
        self.body.addWidget(self.restore)
        close.clicked.connect(self.closed)
        self.list.picked.connect(self._pick)
        self.restore.clicked.connect(lambda: self.restore_asked.emit(self.list.current_id()))
        Wording.current().changed.connect(self._fill)

    def show_versions(self, heads: Sequence[VersionHead], *, may_restore: bool) -> None:
        """Newest first; the newest is chosen if none was."""
        self._heads = heads
        self.restore.setVisible(may_restore)
        self._fill()

    def show_count(self, count: int) -> None:
        """How many blocks of the chosen version differ from the present text."""
        if count:
            say(self.count.setText, "drafts.history.differs", n=count)
        else:
            say(self.count.setText, "drafts.history.same")

    def version(self, version_id: str) -> VersionHead | None:
        return next((head for head in self._heads if head.id == version_id), None)

    def _fill(self) -> None:
        if not self._heads:
            self.states.show_empty("history", "drafts.history.empty", "drafts.history.empty.hint")
        else:
            self.list.show_lines([_line(head) for head in self._heads])
            self.states.show_ready()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.lines.index(0))
        self.count.setVisible(bool(self._heads))
        self.restore.setEnabled(bool(self._heads))

    def _pick(self, version_id: str) -> None:
        if version_id:
            self.picked.emit(version_id)


def _line(head: VersionHead) -> Line:
    when = formats.date_and_time(head.saved_at, Wording.current().language)
    reason = t(f"drafts.history.reason.{head.reason}")
    title, detail = (head.label, f"{when} · {reason}") if head.label else (when, reason)
    return Line(id=head.id, title=title, detail=detail, icon=ICONS[head.reason], wraps=True)
