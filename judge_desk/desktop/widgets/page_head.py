"""The top of a page: its title, one line about it, and its buttons with the primary one outermost."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, say_plain

# A longer title is a party's name out of a register: cut it, or it takes the page.
WRAPPED_LETTERS = 80
# So many lines of the subtitle beside the buttons; a longer one gets the whole width.
LINES_BELOW = 2


class PageHead(QWidget):
    """Title and subtitle by key (``set_title``) or as plain text (``set_title_text``); buttons at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel(face="display", elide=True, keeps_end=False)
        self._subtitle = PlainLabel(face="body", tone="muted", elide=True)
        self._subtitle.hide()
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._buttons = FlowRow()
        self._buttons.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._space()
        Theme.current().changed.connect(self._space)
        self._grid.setColumnStretch(1, 1)
        self._grid.addLayout(words, 0, 1)
        self._is_stacked = False
        self._grid.addWidget(self._buttons, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    def set_title(self, key: str, **params: object) -> None:
        say(self._title.setText, key, **params)
        self._title.set_elide(False)

    def set_title_text(self, text: str) -> None:
        say_plain(self._title.setText, text)
        self._title.set_elide(len(text) > WRAPPED_LETTERS)

    def set_subtitle(self, key: str, **params: object) -> None:
        say(self._subtitle.setText, key, **params)
        self._subtitle.set_elide(False)
        self._subtitle.show()

    def set_subtitle_text(self, text: str) -> None:
        say_plain(self._subtitle.setText, text)
        self._subtitle.set_elide(len(text) > 2 * WRAPPED_LETTERS)
        self._subtitle.setVisible(bool(text))

    def set_compact(self, on: bool = True) -> None:
        """A smaller title, for pages that need the height (case, draft)."""
        self._title.set_face("title" if on else "display")
        self._subtitle.set_face("caption" if on else "body")

    def add_button(self, widget: QWidget) -> None:
        """Left to right; add the primary one last."""
        self._buttons.add(widget)
        self._buttons.show()
        self._arrange()

    def add_leading(self, widget: QWidget) -> None:
        """Something before the title, such as a way back."""
        self._grid.addWidget(widget, 0, 0)

    def event(self, event: QEvent) -> bool:
        # A button that says more, or comes and goes, needs other room than before.
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _space(self) -> None:
        self._grid.setSpacing(Theme.current().px(Space.GAP))

    def _arrange(self) -> None:
        """Buttons beside the words, or under them where the window is narrow and the letters are large."""
        words = self._title.fontMetrics().horizontalAdvance(self._title.text())
        room = self.width() - self._buttons.sizeHint().width() - 2 * Space.PAGE
        below = self._subtitle.fontMetrics().horizontalAdvance(self._subtitle.text())
        stacked = words > room or below > LINES_BELOW * room
        if stacked == self._is_stacked:
            return
        self._is_stacked = stacked
        self._grid.removeWidget(self._buttons)
        if stacked:
            self._grid.addWidget(self._buttons, 1, 1, 1, 2)
        else:
            self._grid.addWidget(self._buttons, 0, 2, Qt.AlignmentFlag.AlignVCenter)
