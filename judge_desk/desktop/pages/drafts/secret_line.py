"""Says above the text, for as long as it is so, that the draft is in the deliberation room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say


class SecretLine(QFrame):
    """A lock and one sentence, which wraps instead of asking for room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self.setProperty("tone", "ok")
        sentence = PlainLabel(face="body", tone="ok", wrap=True)
        say(sentence.setText, "drafts.deliberation")
        say(self.setAccessibleName, "drafts.deliberation")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD, Space.TIGHT, Space.CARD, Space.TIGHT)
        row.setSpacing(Space.ROW)
        row.addWidget(IconLabel("lock", "ok"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(sentence, 1)
        self.hide()
