"""A key, drawn as a key."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from judge_desk.desktop.actions import shortcut_text
from judge_desk.desktop.widgets.plain_label import PlainLabel


class KeyHint(PlainLabel):
    """``KeyHint("Ctrl+K")`` in Qt's portable text."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(shortcut_text(shortcut), "caption", "muted", parent=parent)
        self.setProperty("kind", "key")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
