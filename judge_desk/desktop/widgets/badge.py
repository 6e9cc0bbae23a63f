"""A state in a word, with a shape for those who do not see its colour."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain

SHAPES: Final = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "gold": "cloud-off",
    "accent": "",
    "muted": "",
}


class Badge(QFrame):
    """``Badge(tone="ok"); badge.say("today.ready")``. Tones: ok, warn, bad, gold (offline), accent, muted."""

    def __init__(
        self, key: str = "", tone: str = "accent", shape: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shape = IconLabel("", tone, Size.ICON_SMALL)
        self._word = PlainLabel(face="caption", tone=tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 1, Space.ROW, 1)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._shape)
        row.addWidget(self._word)
        row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setProperty("kind", "badge")
        self.set_tone(tone, shape)
        Theme.current().changed.connect(self.updateGeometry)
        if key:
            self.say(key)

    def say(self, key: str, **params: object) -> None:
        say(self._word.setText, key, **params)

    def set_text(self, text: str) -> None:
        say_plain(self._word.setText, text)

    def set_tone(self, tone: str, shape: str | None = None) -> None:
        """Another state; ``shape`` is an icon's name, else the tone's own."""
        name = SHAPES.get(tone, "") if shape is None else shape
        self.setProperty("tone", tone)
        self._word.set_tone("text" if tone == "gold" else tone)
        self._shape.setVisible(bool(name))
        self._shape.set_icon(name, tone)
        self.style().unpolish(self)
        self.style().polish(self)

    def text(self) -> str:
        return self._word.text()
