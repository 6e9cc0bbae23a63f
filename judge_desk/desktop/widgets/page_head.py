"""The top of a page: its title, one line about it, and its buttons with the primary one outermost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain


class PageHead(QWidget):
    """Title and subtitle by key (``set_title``) or as plain text (``set_title_text``); buttons at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel(face="display", elide=True)
        self._subtitle = PlainLabel(face="body", tone="muted", elide=True)
        self._subtitle.hide()
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Theme.current().px(Space.GAP))
        self._row.addLayout(words, 1)

    def set_title(self, key: str, **params: object) -> None:
        say(self._title.setText, key, **params)

    def set_title_text(self, text: str) -> None:
        say_plain(self._title.setText, text)

    def set_subtitle(self, key: str, **params: object) -> None:
        say(self._subtitle.setText, key, **params)
        self._subtitle.show()

    def set_subtitle_text(self, text: str) -> None:
        say_plain(self._subtitle.setText, text)
        self._subtitle.setVisible(bool(text))

    def set_compact(self, on: bool = True) -> None:
        """A smaller title, for pages that need the height (case, draft)."""
        self._title.set_face("title" if on else "display")
        self._subtitle.set_face("caption" if on else "body")

    def add_button(self, widget: QWidget) -> None:
        """Left to right; add the primary one last."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_leading(self, widget: QWidget) -> None:
        """Something before the title, such as a way back."""
        self._row.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignVCenter)
