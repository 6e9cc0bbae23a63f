"""What stands where nothing is yet: what will be here, and the one thing to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class EmptyState(QWidget):
    """An icon, a sentence, a quieter sentence, and perhaps one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = IconLabel("inbox", "muted", Size.ICON_LARGE)
        self._title = PlainLabel(face="title", wrap=True)
        self._hint = PlainLabel(tone="muted", wrap=True)
        middle = QWidget()
        middle.setMaximumWidth(Theme.current().px(Size.READING))
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self._column = QVBoxLayout(middle)
        self._column.setSpacing(Theme.current().px(Space.ROW))
        self._column.addStretch(2)
        self._column.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label)
        self._column.addStretch(3)
        self._button: QWidget | None = None

    def say(self, icon: str, title_key: str, hint_key: str = "", tone: str = "muted", **params: object) -> None:
        self._shape.set_icon(icon, tone)
        say(self._title.setText, title_key, **params)
        self._hint.setVisible(bool(hint_key))
        if hint_key:
            say(self._hint.setText, hint_key, **params)

    def say_text(self, icon: str, title: str, hint: str, tone: str = "muted") -> None:
        """The same with finished sentences."""
        self._shape.set_icon(icon, tone)
        say_plain(self._title.setText, title)
        say_plain(self._hint.setText, hint)
        self._hint.setVisible(bool(hint))

    def set_button(self, button: QWidget | None) -> None:
        """The one thing to do first; None takes it away."""
        if self._button is not None:
            self._button.hide()
            self._button.deleteLater()
        self._button = button
        if button is not None:
            self._column.insertWidget(4, button, 0, Qt.AlignmentFlag.AlignHCenter)
