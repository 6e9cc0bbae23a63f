"""One thing to choose: what it is and why, with its control at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class SettingRow(QWidget):
    """``SettingRow("common.setting.theme", "settings.theme.hint", control)``; without a control it only tells."""

    def __init__(
        self, key: str, hint_key: str = "", control: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = PlainLabel(face="strong", wrap=True)
        say(title.setText, key)
        self._hint = PlainLabel(face="caption", tone="muted", wrap=True)
        self._hint.setVisible(bool(hint_key))
        if hint_key:
            say(self._hint.setText, hint_key)
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT // 2)
        words.addWidget(title)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.TIGHT, 0, Space.TIGHT)
        row.setSpacing(Theme.current().px(Space.PAGE))
        row.addLayout(words, 1)
        if control is not None:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_hint_text(self, text: str) -> None:
        """A plain text in place of the hint: an address, a path."""
        say_plain(self._hint.setText, text)
        self._hint.show()
